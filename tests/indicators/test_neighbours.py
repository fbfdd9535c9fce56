"""Buyers beside each other: what holds of the indexes, and what a body of several buyers shares with others."""

import datetime as dt

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from optima_lib.indicators.facts import together
from optima_lib.indicators.facts.needs import add_needs
from optima_lib.indicators.facts.neighbours import common_needs, common_suppliers
from optima_lib.indicators.facts.times import add_times
from optima_lib.indicators.measure import measure
from tests.indicators.cases import facts_of_case

KEYS = ["301", "302", "303", "304"]
END = dt.date(2024, 12, 31)
NEEDS = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any), min_size=2, max_size=5)


def place(rows):
    """Return the needs of the buyers of one département, nothing left out but zeros."""
    told = [(f"{buyer:09d}", key, float(value)) for buyer, row in enumerate(rows) for key, value in zip(KEYS, row, strict=True)]  # fmt: skip
    table = pl.DataFrame(told, schema=["acheteur_siren", "cle", "valeur"], orient="row")
    return table.filter(pl.col("valeur") > 0).sort("acheteur_siren", "cle")


@settings(max_examples=40)
@given(NEEDS)
def test_the_overlap_of_needs_is_that_of_its_definition(rows):
    found = common_needs(place(rows), len(rows))
    for i, one in enumerate(rows):
        for j, other in enumerate(rows):
            smaller, larger = np.minimum(one, other).sum(), np.maximum(one, other).sum()
            assert found["recouvrement_besoins"][i, j] == pytest.approx(smaller / larger, abs=1e-9)
            assert found["besoin_commun_eur"][i, j] == pytest.approx(smaller, abs=1e-9)


@settings(max_examples=40)
@given(NEEDS)
def test_the_overlap_of_suppliers_is_that_of_sets(rows):
    held = place(rows).with_columns(valeur=pl.lit(1.0))
    found = common_suppliers(held, len(rows))["recouvrement_fournisseurs"]
    sets = [{key for key, value in zip(KEYS, row, strict=True) if value} for row in rows]
    expected = [[len(one & other) / len(one | other) for other in sets] for one in sets]
    np.testing.assert_allclose(found, expected)


def test_the_buyers_of_one_body_are_no_partners_of_one_another():
    facts = {name: table.to_pandas() for name, table in facts_of_case("G03").items()}
    pair = {"210000014", "210000022"}
    own = {name: table[table["acheteur_siren"].isin(pair)] for name, table in facts.items()}
    row = measure(together(own, "ensemble"), ["G03"]).iloc[0]
    assert (row["eligibles"], row["effectif"], row["statut"]) == (2, 0, "données insuffisantes")


def needs(start, months, amount=48_000.0, *, committed=True):
    """Return the facts of one contract, in a base that ends on 31 December 2024."""
    told = {"uid": "a", "acheteur_siren": "210000014", "departement": "01", "famille": "301"}
    told |= {"date_notification": start, "duree_mois": months, "montant_eur": amount, "est_engage": committed}
    frame = pl.LazyFrame([told], schema_overrides={"duree_mois": pl.Int32})
    return add_needs(add_times(frame, END), END).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (dt.date(2023, 12, 31), 12, 48_000 / 4),  # all of it runs in the four years
        (dt.date(2020, 12, 31), 48, 48_000 / 4),
        (dt.date(2016, 12, 31), 96, 48_000 / 8),  # half of its eight years, over four
        (dt.date(2024, 12, 31), 12, 0),
        (dt.date(2015, 1, 1), 12, 0),
    ],
)
def test_a_need_is_what_runs_in_the_window_per_year(start, months, expected):
    assert needs(start, months)["besoin_annuel_eur"] == pytest.approx(expected, rel=1e-3)


def test_a_need_without_amount_duration_or_commitment_is_not_known():
    day = dt.date(2023, 12, 31)
    assert needs(day, None)["besoin_annuel_eur"] is None
    assert needs(day, 12, None)["besoin_annuel_eur"] is None
    assert needs(day, 12, committed=False)["besoin_annuel_eur"] is None
    assert needs(day, None)["est_en_cours"] is None
