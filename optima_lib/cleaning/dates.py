"""Dates, written in several ways, with a time zone behind, or in an impossible year."""

import datetime as dt

import polars as pl

from optima_lib.references import date_bound

FORMATS = ("%d/%m/%Y", "%Y%m%d", "%Y/%m/%d", "%d-%m-%Y")


def read_dates(published: pl.Series) -> pl.Series:
    """Read dates written ``AAAA-MM-JJ``, ``JJ/MM/AAAA`` or ``AAAAMMJJ``; what follows (hour, zone) is left out.

    Examples
    --------
    >>> import polars as pl
    >>> published = pl.Series(["2018-11-06+03:00", "30/01/2019", "2024-06-11T00:00:00", "0218-03-01", "NC", None])
    >>> [str(date) for date in read_dates(published).to_list()]
    ['2018-11-06', '2019-01-30', '2024-06-11', '0218-03-01', 'None', 'None']
    """
    texts = published.str.slice(0, 10)
    dates = texts.str.to_date("%Y-%m-%d", strict=False)
    for form in FORMATS:
        unread = dates.is_null() & texts.is_not_null()
        if unread.any():
            dates = dates.scatter(unread.arg_true(), texts.filter(unread).str.to_date(form, strict=False))
    return dates


def are_impossible(dates: pl.Series, latest: dt.date) -> pl.Series:
    """Tell the dates that no published contract can have: too old, or after the day of reading."""
    return ((dates < date_bound("date_minimale")) | (dates > latest)).fill_null(value=False)


def tidy_dates(published: pl.Series, latest: dt.date) -> pl.Series:
    """Return dates, missing when they are impossible."""
    dates = read_dates(published)
    return dates.set(are_impossible(dates, latest), None)
