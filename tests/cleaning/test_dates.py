"""Dates: several ways of writing, what follows left out, impossible years missing."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.cleaning.dates import are_impossible, read_dates, tidy_dates

LATEST = dt.date(2025, 6, 30)


def tidy(*published):
    return tidy_dates(pl.Series(published, dtype=pl.String), LATEST).to_list()


@pytest.mark.parametrize(
    "published",
    [
        "2019-01-30",
        "2019-01-30+01:00",
        "2019-01-30T00:00:00Z",
        "2019-01-30 10:15:00",
        "30/01/2019",
        "20190130",
        "2019/01/30",
        "30-01-2019",
    ],
)
def test_a_date_is_read_however_it_is_written(published):
    assert tidy(published) == [dt.date(2019, 1, 30)]


@pytest.mark.parametrize("published", ["mars 2019", "2019-02-30", "NC", "", None])
def test_what_is_not_a_date_is_missing(published):
    assert tidy(published) == [None]


@pytest.mark.parametrize("published", ["0218-03-01", "2005-11-02", "2009-12-31", "2025-07-01", "2027-04-15"])
def test_a_date_before_2010_or_after_the_day_of_reading_is_impossible(published):
    dates = read_dates(pl.Series([published]))
    assert dates.is_not_null().all()
    assert are_impossible(dates, LATEST).item()
    assert tidy(published) == [None]


def test_the_first_day_of_2010_and_the_day_of_reading_are_possible():
    assert tidy("2010-01-01", "2025-06-30") == [dt.date(2010, 1, 1), LATEST]


@given(st.dates(dt.date(2010, 1, 1), LATEST), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%m-%Y"]))
def test_every_possible_date_is_read_back(date, form):
    assert tidy(date.strftime(form)) == [date]
