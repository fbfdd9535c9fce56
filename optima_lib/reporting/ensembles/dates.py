"""Quarters: their names, and the first whole one after a day."""

import datetime as dt

import pandas as pd

from optima_lib.reporting.french import NO_BREAK


def quarter(number: int) -> str:
    r"""Name a quarter, told as four times the year plus 0 to 3.

    Examples
    --------
    >>> quarter(4 * 2024 + 2)
    'T3\xa02024'
    """
    return f"T{number % 4 + 1}{NO_BREAK}{number // 4}"


def from_to(first: str, last: str) -> str:
    """Say a span.

    Examples
    --------
    >>> from_to("lundi", "mardi")
    'du lundi au mardi'
    """
    return f"du {first} au {last}"


def first_whole(day: dt.date) -> int:
    r"""Return the first whole quarter that begins on a day or after it.

    Examples
    --------
    >>> quarter(first_whole(dt.date(2024, 7, 1))), quarter(first_whole(dt.date(2024, 7, 2)))
    ('T3\xa02024', 'T4\xa02024')
    """
    number = 4 * day.year + (day.month - 1) // 3
    return number + (day != dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1))


def longest_run(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows of the longest run of consecutive numbers, the last one of equal runs.

    Examples
    --------
    >>> longest_run(pd.DataFrame({"t": [1, 2, 4, 5, 9]}), "t")["t"].tolist()
    [4, 5]
    """
    run = (rows[column].diff() != 1).cumsum()
    longest = run.value_counts().sort_index(ascending=False).idxmax()
    return rows[run == longest].reset_index(drop=True)
