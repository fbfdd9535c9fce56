"""What must hold of every indicator, whatever the contracts."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import Phase, given, settings

from optima_lib.errors import TableError, UnknownIndicatorError
from optima_lib.indicators.behind import facts_behind
from optima_lib.indicators.catalogue import CATALOGUE, computable, declare, find
from optima_lib.indicators.facts import Conventions, base_of, build_facts
from optima_lib.indicators.measure import check_grain, measure, unavailable
from optima_lib.schemas import SCHEMAS
from tests.indicators.cases import facts_of_case

BUYER = "210000014"
QUICK = settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
CONTRACTS = st.fixed_dictionaries(
    {
        "annee": st.sampled_from([2023, 2024]),
        "procedure": st.sampled_from(["Procédure adaptée", "Appel d'offres ouvert", None]),
        "offres_recues": st.one_of(st.none(), st.integers(1, 9)),
        "montant_initial_eur": st.one_of(st.none(), st.integers(2, 10_000)),
        "classe_montant": st.sampled_from(["ferme", "plafond", None]),
        "cpv": st.sampled_from(["45000000", "30190000", None]),
        "supplier": st.sampled_from(["000000018", "000000026", "000000034", None]),
    }
)


def facts_of(contracts):
    """Return the facts of some contracts; what they leave out is missing."""
    rows = [{"uid": f"u{number}", "acheteur_siren": BUYER} | each for number, each in enumerate(contracts)]
    types = {name: each.dtype.type for name, each in SCHEMAS["marches"].to_schema().columns.items()}
    filled = [{name: row.get(name) for name in types} for row in rows]
    for row, each in zip(filled, rows, strict=True):
        row |= {"nb_titulaires": int(each.get("supplier") is not None), "montant_eur": each.get("montant_initial_eur")}
    titulaires = [{"uid": row["uid"], "titulaire_id": row["supplier"], "titulaire_siren": row["supplier"]} for row in rows if row.get("supplier")]  # fmt: skip
    base = base_of(
        marches=pl.DataFrame(filled, schema=types),
        titulaires=pl.DataFrame(
            titulaires, schema=dict.fromkeys(("uid", "titulaire_id", "titulaire_siren"), pl.String)
        ),
    )
    facts = build_facts(base, keep=lambda _, table: table.collect().lazy())
    return {name: table.collect() for name, table in facts.items()}


def all_years(table):
    return table[table["annee"].isna()].set_index("indicateur")


@QUICK
@given(st.lists(CONTRACTS, min_size=1, max_size=40))
def test_the_order_of_the_contracts_changes_nothing(contracts):
    pd.testing.assert_frame_equal(measure(facts_of(contracts)), measure(facts_of(contracts[::-1])))


@QUICK
@given(st.lists(CONTRACTS, min_size=1, max_size=40))
def test_a_value_lies_in_its_interval_and_between_its_bounds(contracts):
    table = measure(facts_of(contracts))
    told = table[table["ic_bas"].notna()]
    assert (told["ic_bas"] <= told["valeur"] + 1e-9).all()
    assert (told["valeur"] <= told["ic_haut"] + 1e-9).all()
    shares = table[table["valeur"].notna() & table["borne_basse"].notna() & table["borne_haute"].notna()]
    assert (shares["borne_basse"] <= shares["valeur"] + 1e-9).all()
    assert (shares["valeur"] <= shares["borne_haute"] + 1e-9).all()


@QUICK
@given(st.lists(CONTRACTS, min_size=10, max_size=40))
def test_an_unknown_answer_changes_the_coverage_and_the_bounds_never_the_value(contracts):
    silent = {"annee": 2024, "procedure": "Procédure adaptée"}
    before, after = (
        all_years(measure(facts_of(each), ["C01"])).loc["C01"] for each in (contracts, [*contracts, silent])
    )
    assert np.array_equal(before["valeur"], after["valeur"], equal_nan=True)
    assert after["eligibles"] == before["eligibles"] + 1
    assert after["effectif"] == before["effectif"]
    if before["eligibles"]:
        assert after["borne_basse"] <= before["borne_basse"]
        assert after["borne_haute"] >= before["borne_haute"]


@QUICK
@given(st.lists(CONTRACTS, min_size=1, max_size=40))
def test_the_years_make_the_whole(contracts):
    table = measure(facts_of(contracts), ["S02", "S03"])
    years = table[table["annee"].notna()].groupby("indicateur")[["effectif", "eligibles", "borne_basse"]].sum()
    whole = all_years(table)[["effectif", "eligibles", "borne_basse"]]
    pd.testing.assert_frame_equal(years, whole, check_names=False)


@pytest.mark.parametrize("code", computable())
def test_an_indicator_reads_the_fields_that_it_declares_and_no_other(code):
    entry, facts = find(code), facts_of_case(code)
    facts["marches"] = facts["marches"].select("acheteur_siren", "annee", *entry.champs) if entry.shape.facts == "marches" else facts["marches"]  # fmt: skip
    source = entry.shape.facts
    kept = ["acheteur_siren", "annee", *entry.champs]
    assert "acheteur_siren" in measure(facts | {source: facts[source].select(kept)}, [code])
    for name in entry.champs:
        poor = facts | {source: facts[source].drop(name)}
        assert unavailable(poor, [code]) == {code: [name]}
        assert set(measure(poor, [code])["statut"]) == {"données insuffisantes"}


def test_a_declared_indicator_has_a_status_and_no_number():
    code = "S99"
    declare(code, libelle="x", unite="part", sens="haut", formule="x", besoins="Les mandats.", limites="x", source="x")
    try:
        rows = measure(facts_of_case("C01"), [code])
    finally:
        del CATALOGUE[code]
    assert rows["statut"].unique().tolist() == ["données insuffisantes"]
    assert rows["valeur"].isna().all()
    assert rows["acheteur_siren"].is_unique


def test_the_contracts_behind_a_value_are_as_many_as_its_facts():
    facts = facts_of_case("C01")
    for row in measure(facts, ["C01"]).itertuples():
        year = None if pd.isna(row.annee) else int(row.annee)
        behind = facts_behind(facts, "C01", row.acheteur_siren, year)
        assert len(behind) == row.eligibles
        assert behind["compte"].isin(["oui", "non"]).sum() == row.effectif
        assert behind.loc[behind["compte"] == "oui", "offres_recues"].eq(1).all()


def test_open_data_cannot_open_what_it_does_not_hold():
    with pytest.raises(UnknownIndicatorError, match="n'est pas au catalogue"):
        facts_behind(facts_of_case("C01"), "Z01", BUYER)


def test_a_table_of_the_wrong_grain_is_refused():
    with pytest.raises(TableError, match="2 lignes pour 1 uid"):
        check_grain(pl.DataFrame({"uid": ["a", "a"]}), "uid", "marches")


def test_the_first_supplier_has_all_when_the_convention_says_so():
    base = base_of(
        marches=pl.DataFrame(
            [{"uid": "a", "acheteur_siren": BUYER, "nb_titulaires": 2, "montant_eur": 90.0}],
            schema={name: each.dtype.type for name, each in SCHEMAS["marches"].to_schema().columns.items()},
        ),
        titulaires=pl.DataFrame(
            {"uid": ["a", "a"], "titulaire_id": ["x", "y"], "titulaire_siren": [None, None]},
            schema_overrides={"titulaire_siren": pl.String},
        ),
    )
    for repartition, parts in (("parts_egales", [45, 45]), ("premier_titulaire", [90, 0])):
        told = build_facts(base, Conventions(repartition=repartition))["titulaires"].collect()
        assert told["montant_part_eur"].to_list() == parts
