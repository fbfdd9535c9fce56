"""The tree of the CPV is in its digits; the levels of the NAF too."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.cleaning.nomenclatures import build_cpv, build_naf
from optima_lib.sources.nomenclatures import COLUMNS


def cpv(*codes):
    table = build_cpv(pl.DataFrame({"cpv": codes, "libelle": codes, "libelle_en": codes}))
    return {row["cpv"]: row for row in table.to_dicts()}


def test_a_code_hangs_from_the_nearest_beginning_that_exists():
    tree = cpv("03000000", "03100000", "03111000", "03111100", "03111190")
    assert [each["parent"] for each in tree.values()] == [None, "03000000", "03100000", "03111000", "03111100"]
    levels = ["division", "groupe", "catégorie", "sous-catégorie", "sous-catégorie"]
    assert [each["niveau"] for each in tree.values()] == levels


def test_a_division_whose_number_ends_in_zero_is_a_division():
    tree = cpv("30000000", "31000000", "30100000")
    assert [tree[code]["parent"] for code in ("30000000", "31000000", "30100000")] == [None, None, "30000000"]


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("45000000", ("45", None, None, None)),
        ("45200000", ("45", "452", None, None)),
        ("45230000", ("45", "452", "4523", None)),
        ("45233000", ("45", "452", "4523", "45233")),
        ("45233140", ("45", "452", "4523", "45233")),
        ("30190000", ("30", "301", "3019", None)),
    ],
)
def test_a_code_has_the_digits_of_its_upper_levels_and_none_below_its_own(code, digits):
    row = cpv(code)[code]
    assert (row["division"], row["groupe"], row["classe"], row["categorie"]) == digits


@settings(max_examples=25)
@given(
    st.sets(
        st.from_regex(r"[0-4][0-9]{1,4}0{3}[0-9]?", fullmatch=True).map(lambda text: text.ljust(8, "0")[:8]), min_size=1
    )
)
def test_a_parent_exists_is_shorter_and_begins_its_child(codes):
    tree = cpv(*codes)
    for code, row in tree.items():
        if row["parent"]:
            assert row["parent"] in tree
            assert row["parent"] != code
            assert code.startswith(row["parent"].rstrip("0"))
            assert code[:2] == row["parent"][:2]


def test_levels_of_an_activity_that_no_file_tells_are_read_from_its_code():
    missing = dict.fromkeys(COLUMNS["naf"], None)
    table = build_naf(pl.DataFrame([missing | {"naf": "62.01Z", "libelle": "x"}], schema=dict.fromkeys(COLUMNS["naf"], pl.String)))  # fmt: skip
    [row] = table.to_dicts()
    assert (row["classe"], row["groupe"], row["division"], row["section"]) == ("62.01", "62.0", "62", None)
