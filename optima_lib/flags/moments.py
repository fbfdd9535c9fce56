"""Periods and delays, from the moments that OCDS writes as text."""

import datetime as dt
import re

RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
SECONDS_OF_A_DAY = 86_400
UP_TO_SECONDS = len("2000-01-01T00:00:00")

# What is known of the moment of a bid against the deadline, as bits.
IN_TIME, LATE, LATE_AS_TEXT = 1, 2, 4


def moment(text: str | None) -> dt.datetime | None:
    """Read a moment, or None when there is none.

    Examples
    --------
    >>> moment("2020-08-03T18:00:00-05:00") == moment("2020-08-03T23:00:00Z")
    True
    """
    if text is None:
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def elapsed_days(start: str | None, end: str | None) -> tuple[int, bool] | None:
    """Return the whole days between two moments, and whether both are written as RFC 3339 demands.

    Days that have begun do not count; an end before the start is below zero. None when a moment is missing or
    not a moment, or only one of the two tells its time zone.

    Examples
    --------
    >>> elapsed_days("2000-01-01T18:00:00Z", "2000-01-16T17:59:59Z")
    (14, True)
    >>> elapsed_days("2000-01-01", "2000-01-16")
    (15, False)
    """
    first, last = moment(start), moment(end)
    if first is None or last is None or (first.tzinfo is None) != (last.tzinfo is None):
        return None
    strict = _is_rfc3339(start) and _is_rfc3339(end)  # type: ignore[arg-type] # moments have a text
    period = last - first
    return period.days if period.days >= 0 else int(period.total_seconds() / SECONDS_OF_A_DAY), strict


def _is_rfc3339(text: str) -> bool:
    usual = len(text) == UP_TO_SECONDS + 1 and text[10] == "T" and text[-1] == "Z"
    return usual or RFC3339.fullmatch(text) is not None


def timing(date: str | None, deadline: str | None) -> int:
    """Tell whether a bid came late: by the moments, and by the order of the texts as Cardinal does.

    Returns
    -------
    int
        ``IN_TIME`` or ``LATE`` or neither when it is not known, plus ``LATE_AS_TEXT``.

    Examples
    --------
    >>> timing("2000-04-01T00:00:00Z", "2000-03-15T00:00:00Z") == LATE | LATE_AS_TEXT
    True
    >>> timing("2000-03-15T00:30:00+01:00", "2000-03-15T00:00:00Z") == IN_TIME | LATE_AS_TEXT
    True
    """
    if date is None or deadline is None:
        return 0
    text = LATE_AS_TEXT if date > deadline else 0
    if len(date) == len(deadline) and date[UP_TO_SECONDS:] == deadline[UP_TO_SECONDS:] == "Z":
        return (LATE if text else IN_TIME) | text
    came, closed = moment(date), moment(deadline)
    if came is None or closed is None or (came.tzinfo is None) != (closed.tzinfo is None):
        return text
    return (LATE if came > closed else IN_TIME) | text
