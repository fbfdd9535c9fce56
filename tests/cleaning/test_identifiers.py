"""Identifiers: tidied, checked, and never dropped because a check fails."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.cleaning.identifiers import (
    are_sirens,
    are_sirets,
    buyer_sirens,
    complete_types,
    sirens_of,
    tidy_identifiers,
)
from tests.cleaning.records import FIRM, TOWN, with_key


def texts(*values):
    return pl.Series(values, dtype=pl.String)


@given(st.integers(min_value=0, max_value=10**8 - 1))
def test_a_number_with_its_luhn_digit_is_a_siren_and_with_any_other_is_not(number):
    valid = with_key(f"{number:08d}")
    others = [valid[:-1] + key for key in "0123456789" if key != valid[-1]]
    assert are_sirens(texts(valid, *others)).to_list() == [True] + [False] * 9


@given(st.integers(min_value=0, max_value=10**8 - 1), st.integers(min_value=0, max_value=7))
def test_one_wrong_digit_is_always_seen(number, place):
    siret = with_key(f"{with_key(f'{number:08d}')}0001")
    wrong = siret[:place] + str((int(siret[place]) + 1) % 10) + siret[place + 1 :]
    assert are_sirets(texts(siret, wrong)).to_list() == [True, False]


def test_the_pau_buyers_have_well_formed_numbers():
    assert are_sirens(texts("216404459", "200067254", "286400023")).all()


def test_an_establishment_of_la_poste_follows_the_rule_of_the_multiple_of_five():
    # 3+5+6+1 = 15; its Luhn sum is 15 too, which fails
    assert are_sirets(texts("35600000000001")).item()
    assert not are_sirets(texts("35600000000002")).item()
    # the head office passes both
    assert are_sirets(texts("35600000000048")).item()


def test_the_rule_of_la_poste_is_for_la_poste_alone():
    # 2+1+1+1 = 5, a multiple of five, in a SIRET of another body
    assert not are_sirets(texts("21000000100001")).item()


@pytest.mark.parametrize("number", ["", "216404459", "2164044590001", "216404459000100", "2164044590001A", "NC"])
def test_what_has_not_fourteen_digits_is_no_siret(number):
    assert not are_sirets(texts(number)).item()


def test_spaces_points_dashes_and_a_decimal_part_are_removed():
    spaced = f"{TOWN[:3]} {TOWN[3:6]}\u00a0{TOWN[6:9]} {TOWN[9:]}"
    dotted = f"{TOWN[:3]}.{TOWN[3:6]}.{TOWN[6:9]}-{TOWN[9:]}"
    assert tidy_identifiers(texts(TOWN, spaced, dotted, f"{TOWN}.0")).to_list() == [TOWN] * 4


def test_lost_leading_zeros_are_given_back_where_the_check_digit_confirms():
    one, two = with_key("0900000000001"), with_key("0090000000001")
    assert tidy_identifiers(texts(one[1:], two[2:])).to_list() == [one, two]


def test_a_short_number_that_its_check_digit_does_not_confirm_stays():
    siret = with_key("0900000000001")
    wrong = siret[1:-1] + str((int(siret[-1]) + 1) % 10)
    assert tidy_identifiers(texts(wrong)).to_list() == [wrong]


def test_a_foreign_identifier_keeps_its_letters_and_is_no_siren():
    foreign = tidy_identifiers(texts("FR 00 000000000", "DE-123"))
    assert foreign.to_list() == ["FR00000000000", "DE-123"]
    assert sirens_of(foreign).to_list() == [None, None]


def test_the_siren_of_a_supplier_is_missing_when_its_check_digit_fails():
    wrong = FIRM[:8] + str((int(FIRM[8]) + 1) % 10) + FIRM[9:]
    assert sirens_of(texts(FIRM, FIRM[:9], wrong, None)).to_list() == [FIRM[:9], FIRM[:9], None, None]


def test_a_buyer_keeps_its_siren_whatever_the_check_digit():
    assert buyer_sirens(texts("21000001400018", "210000014", "2100")).to_list() == ["210000014", "210000014", None]


def test_a_well_formed_siret_without_a_type_is_a_siret():
    types = complete_types(texts(None, None, "TVA", None), texts(FIRM, "123", FIRM, None))
    assert types.to_list() == ["SIRET", None, "TVA", None]
