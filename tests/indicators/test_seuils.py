"""Thresholds by date, as the law's own dates give them."""

import datetime as dt
from itertools import pairwise

import hypothesis.strategies as st
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given

from optima_lib.indicators.seuils import binding, in_force, months_after, months_before, seuils

NAME = "dispense_publicite_mec"
DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2030, 1, 1))


@pytest.mark.parametrize(
    ("type_achat", "day", "expected"),
    [
        ("Services", dt.date(2019, 12, 31), (25_000, 25_000)),  # décret 2015-1163
        ("Services", dt.date(2020, 3, 1), (25_000, 40_000)),  # décret 2019-1344, launch before or after 1 January
        ("Services", dt.date(2020, 7, 1), (40_000, 40_000)),
        ("Services", dt.date(2026, 4, 1), (40_000, 60_000)),  # décret 2025-1386
        ("Fournitures", dt.date(2026, 10, 1), (60_000, 60_000)),
        ("Travaux", dt.date(2021, 2, 1), (70_000, 100_000)),  # décret 2020-893, loi ASAP
        ("Travaux", dt.date(2026, 6, 1), (100_000, 100_000)),
    ],
)
def test_a_contract_is_bound_by_the_thresholds_of_the_months_before_it(type_achat, day, expected):
    assert in_force(NAME, type_achat, day) == expected


@given(DAYS, st.sampled_from(["Travaux", "Fournitures", "Services"]))
def test_the_condition_for_engines_says_the_same_as_the_look_up(day, type_achat):
    frame = nw.from_native(pl.DataFrame({"d": [dt.datetime.combine(day, dt.time())], "t": [type_achat]}))
    bounds = frame.select(
        low=binding(NAME, nw.col("d"), nw.col("t"), highest=False),
        high=binding(NAME, nw.col("d"), nw.col("t"), highest=True),
    )
    assert bounds.row(0) == in_force(NAME, type_achat, day)


@given(DAYS, st.integers(0, 24))
def test_months_before_and_after_agree(day, months):
    last = months_after(day, months)
    assert months_before(last, months) <= day
    assert months_before(last + dt.timedelta(days=1), months) > day


def test_no_day_is_without_a_threshold_or_under_two():
    for scope in ("FS", "T"):
        rows = [each for each in seuils(NAME) if scope in each.champ.split("+")]
        for one, following in pairwise(rows):
            assert one.au is not None
            assert following.du == one.au + dt.timedelta(days=1)
        assert rows[-1].au is None
