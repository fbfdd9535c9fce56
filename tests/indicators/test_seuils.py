"""Thresholds by date, as the law's own dates give them."""

import datetime as dt
from itertools import pairwise

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given

from optima_lib.errors import TableError
from optima_lib.indicators.seuils import binding, check_reach, in_force, seuils

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
def test_the_condition_for_tables_says_the_same_as_the_look_up(day, type_achat):
    frame = pl.DataFrame({"date_notification": [day], "type_achat": [type_achat]})
    bounds = frame.select(low=binding(NAME, highest=False), high=binding(NAME, highest=True))
    assert bounds.row(0) == in_force(NAME, type_achat, day)


def test_a_known_launch_date_leaves_one_threshold():
    # launched before 1 April 2026 (décret 2025-1386, art. 4), notified after
    frame = pl.DataFrame(
        {"date_notification": [dt.date(2026, 6, 1)], "lancement": [dt.date(2026, 3, 1)], "type_achat": ["Services"]}
    )
    told = frame.select(*(binding(NAME, highest=each, launch="lancement").alias(str(each)) for each in (False, True)))
    assert told.row(0) == (40_000, 40_000)


def test_a_date_after_the_last_row_says_which_row_to_add():
    with pytest.raises(TableError, match="seuil=formalise_PA_local, champ=FS, du=2028-01-01"):
        check_reach("formalise_PA_local", dt.date(2028, 1, 2))
    check_reach(NAME, dt.date(2090, 1, 1))


def test_no_day_is_without_a_threshold_or_under_two():
    for scope in ("FS", "T"):
        rows = [each for each in seuils(NAME) if scope in each.champ.split("+")]
        for one, following in pairwise(rows):
            assert one.au is not None
            assert following.du == one.au + dt.timedelta(days=1)
        assert rows[-1].au is None
