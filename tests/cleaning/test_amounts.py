"""Amounts and counts: what can be read is read, and what stands for none is missing, never zero."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.cleaning.amounts import are_fillers, read_numbers, tidy_counts, tidy_shares


@pytest.mark.parametrize(
    ("published", "number"),
    [
        ("1500", 1500.0),
        ("1500.5", 1500.5),
        ("1500,5", 1500.5),
        ("1 500,50", 1500.5),
        ("1\u00a0500,50", 1500.5),
        ("1\u202f500,50 €", 1500.5),
        ("1'500", 1500.0),
        ("1.234.567,89", 1_234_567.89),
        ("1,234,567.89", 1_234_567.89),
        ("-250", -250.0),
        ("1e5", 100_000.0),
        ("voir BPU", None),
        ("", None),
        ("NaN", None),
        ("inf", None),
        (None, None),
    ],
)
def test_a_number_is_read_the_french_or_the_english_way(published, number):
    assert read_numbers(pl.Series([published], dtype=pl.String)).to_list() == [number]


def test_numbers_that_are_already_numbers_stay_as_they_are():
    assert read_numbers(pl.Series([12.5, 0.0, None])).to_list() == [12.5, 0.0, None]


@given(st.integers(min_value=0, max_value=10**13))
def test_cents_written_the_french_way_are_read_back(cents):
    euros, rest = divmod(cents, 100)
    written = f"{euros:,}".replace(",", " ") + f",{rest:02d}"
    assert read_numbers(pl.Series([written])).item() == pytest.approx(cents / 100, abs=0.005)


@pytest.mark.parametrize(
    "amount",
    [-5.0, 0.0, 1.0, 9_999_999.0, 999_999_999.0, 99_999_999_999.99, 12_311_111_111.0, 99_999_999_999_999.0, 1e300],
)
def test_an_amount_that_stands_for_none_is_a_filler(amount):
    assert are_fillers(pl.Series([amount])).item()


@pytest.mark.parametrize("amount", [1.01, 10.0, 999.0, 99_999.0, 999_999.0, 9_999_998.0, 17_092_000.0, 89_999_999.0])
def test_an_amount_that_is_possible_is_kept(amount):
    assert not are_fillers(pl.Series([amount])).item()


def test_a_missing_amount_is_no_filler():
    assert are_fillers(pl.Series([None], dtype=pl.Float64)).to_list() == [False]


def test_a_count_is_at_least_one_and_zero_is_missing():
    published = pl.Series(["0", "-1", "1", "12.0", "220", "100001", "trois", None])
    assert tidy_counts(published).to_list() == [None, None, 1, 12, 220, None, None, None]


def test_a_share_is_between_zero_and_one():
    assert tidy_shares(pl.Series(["0", "0,3", "1", "1.1", "-0.1", None])).to_list() == [0.0, 0.3, 1.0, None, None, None]
