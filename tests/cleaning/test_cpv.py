"""CPV codes and the kind of purchase that they tell."""

import polars as pl
import pytest

from optima_lib.cleaning.cpv import kinds_by_division, kinds_of_purchase, tidy_cpv


@pytest.mark.parametrize("published", ["45316110-9", "45316110", "453161109", "45.31.61.10-9", " 45316110 - 9 "])
def test_a_code_with_or_without_its_check_digit_is_its_eight_digits(published):
    assert tidy_cpv(pl.Series([published])).to_list() == ["45316110"]


@pytest.mark.parametrize("published", ["4543100-7", "3451000", "45", "99000000-1", "ABCDEFGH", "NC", "", None])
def test_a_code_that_is_too_short_or_of_no_division_is_missing(published):
    assert tidy_cpv(pl.Series([published], dtype=pl.String)).to_list() == [None]


def test_the_divisions_are_those_of_cpv_2008():
    divisions = (
        "03 09 14 15 16 18 19 22 24 30 31 32 33 34 35 37 38 39 41 42 43 44 45 48 "
        "50 51 55 60 63 64 65 66 70 71 72 73 75 76 77 79 80 85 90 92 98"
    )
    assert sorted(kinds_by_division()) == divisions.split()


def test_works_are_division_45_goods_up_to_44_and_48_and_the_rest_services():
    kinds = kinds_by_division()
    works = {division for division, kind in kinds.items() if kind == "Travaux"}
    goods = {division for division, kind in kinds.items() if kind == "Fournitures"}
    assert works == {"45"}
    assert goods == {division for division in kinds if division <= "44" or division == "48"}


def test_the_code_tells_the_kind_of_purchase_rather_than_the_file():
    codes = pl.Series(["45000000", "15000000", None, None])
    declared = pl.Series(["Services", None, "Fournitures", "Autre"])
    assert kinds_of_purchase(codes, declared).cast(pl.String).to_list() == [
        "Travaux", "Fournitures", "Fournitures", None,
    ]  # fmt: skip
