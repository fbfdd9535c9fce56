"""Buyers: category, population, stratum, département and intercommunality."""

import polars as pl
import pytest

from optima_lib.cleaning.buyers import build_acheteurs, build_territoires, department_of_siren, strata
from optima_lib.sources.territories import COLUMNS

TOWN, VILLAGE, DISTRICT, COUNTY = "210000014", "210000022", "240000018", "220000012"


def territories(*rows, members=()):
    """The table of territories made of some rows: dicts with a ``priorite``, 1 unless told."""
    schema = dict.fromkeys(COLUMNS, pl.String) | {"priorite": pl.Int32}
    authorities = pl.DataFrame([{"priorite": 1} | row for row in rows], schema=schema)
    pairs = pl.DataFrame(list(members), schema={"siren": pl.String, "epci_siren": pl.String}, orient="row")
    return build_territoires(authorities, pairs)


def buyers(names, known=None):
    schema = {"acheteur_siren": pl.String, "acheteur_siret": pl.String, "acheteur_nom": pl.String, "effectif": pl.Int64}
    table = pl.DataFrame([(siren, f"{siren}{nic}", name, n) for siren, nic, name, n in names], schema, orient="row")
    known = territories() if known is None else known
    return {row["acheteur_siren"]: row for row in build_acheteurs(table, known).to_dicts()}


COMMUNE = {"siren": TOWN, "nom": "Ville", "categorie": "commune", "population": "42000", "code_insee": "00001"}


def by_siren(table):
    return {row["siren"]: row for row in table.to_dicts()}


def test_of_two_files_the_first_in_rank_is_right_and_the_other_completes_it():
    other = {
        "siren": TOWN,
        "nom": "VILLE",
        "categorie": "commune",
        "population": "41000",
        "region": "75",
        "priorite": 2,
    }
    (row,) = territories(other, COMMUNE).to_dicts()
    assert (row["nom"], row["population"], row["region"]) == ("Ville", 42_000, "75")


def test_the_departement_comes_from_the_insee_code():
    rows = [
        COMMUNE | {"siren": f"21000000{n}", "code_insee": code} for n, code in enumerate(("64445", "2A004", "97411"))
    ]
    assert territories(*rows)["departement"].to_list() == ["64", "2A", "974"]


def test_an_intercommunality_is_in_the_departement_of_most_of_its_communes():
    sirens = ("210000014", "210000022", "210000030")
    rows = [COMMUNE | {"siren": s, "departement": d} for s, d in zip(sirens, ("64", "64", "65"), strict=True)]
    district = {"siren": DISTRICT, "nom": "Agglomération", "categorie": "EPCI", "population": "90000"}
    found = by_siren(territories(*rows, district, members=[(siren, DISTRICT) for siren in sirens]))
    assert found[DISTRICT]["departement"] == "64"
    assert {found[siren]["epci_siren"] for siren in sirens} == {DISTRICT}


def test_the_population_of_a_departement_is_the_sum_of_its_communes():
    rows = [COMMUNE | {"departement": "00"}, COMMUNE | {"siren": VILLAGE, "departement": "00", "population": "900"}]
    county = {"siren": COUNTY, "nom": "Département", "categorie": "département", "code": "00"}
    assert by_siren(territories(*rows, county))[COUNTY]["population"] == 42_900


@pytest.mark.parametrize(
    ("category", "population", "stratum"),
    [
        ("commune", 0, "0 à 499"),
        ("commune", 499, "0 à 499"),
        ("commune", 500, "500 à 999"),
        ("commune", 3_499, "2 000 à 3 499"),
        ("commune", 19_999, "15 000 à 19 999"),
        ("commune", 20_000, "20 000 à 34 999"),
        ("commune", 80_441, "75 000 à 99 999"),
        ("commune", 200_000, "200 000 et plus"),
        ("EPCI", 170_404, "100 000 à 299 999"),
        ("département", 682_000, "500 000 à 999 999"),
        ("commune", None, None),
        ("région", 6_000_000, None),
        (None, 500, None),
    ],
)
def test_the_stratum_of_a_commune_is_that_of_the_law(category, population, stratum):
    frame = pl.DataFrame({"c": [category], "p": [population]}, schema={"c": pl.String, "p": pl.Int64})
    assert frame.select(strata(pl.col("c"), pl.col("p"))).item() == stratum


@pytest.mark.parametrize(
    ("siren", "department"),
    [("216404459", "64"), ("286400023", "64"), ("219740156", "974"), ("200067254", None), ("130000000", None)],
)
def test_the_siren_of_a_local_body_holds_its_departement(siren, department):
    assert pl.DataFrame({"s": [siren]}).select(department_of_siren(pl.col("s"))).item() == department


@pytest.mark.parametrize(
    ("siren", "name", "category", "source"),
    [
        ("210000014", None, "commune", "siren"),
        ("220000012", None, "département", "siren"),
        ("230000010", None, "région", "siren"),
        ("240000018", None, "EPCI", "siren"),
        ("250000015", None, "syndicat", "siren"),
        ("280000017", None, None, None),
        ("280000017", "Service départemental d'incendie et de secours", "SDIS", "nom"),
        ("260000013", "CCAS de Ville", "CCAS", "nom"),
        ("200000000", "Communauté de communes inventée", "EPCI", "nom"),
        ("200000000", "Lycée inventé", "établissement d'enseignement", "nom"),
        ("200000000", "Une association", None, None),
    ],
)
def test_a_buyer_in_no_territory_is_told_by_its_name_else_by_its_siren(siren, name, category, source):
    row = buyers([(siren, "00019", name, 1)])[siren]
    assert (row["categorie"], row["categorie_source"]) == (category, source)


def test_a_buyer_in_the_territories_takes_everything_from_them():
    row = buyers([(TOWN, "00019", "SYNDICAT DE LA VILLE", 3)], territories(COMMUNE))[TOWN]
    assert (row["nom"], row["nom_publie"]) == ("Ville", "SYNDICAT DE LA VILLE")
    assert (row["categorie"], row["categorie_source"]) == ("commune", "territoire")
    assert (row["population"], row["strate"], row["code_insee"]) == (42_000, "35 000 à 49 999", "00001")


def test_the_most_used_name_is_kept_and_a_budget_is_no_name():
    rows = [(TOWN, "00019", "BUDGET PRINCIPAL", 9), (TOWN, "00019", "Ville", 2), (TOWN, "00027", "Mairie", 5)]
    row = buyers(rows)[TOWN]
    assert (row["nom_publie"], row["nb_sirets"], row["nb_marches"]) == ("Mairie", 2, 16)


def test_a_buyer_without_a_name_stays_without_one():
    assert buyers([(TOWN, "00019", None, 1)])[TOWN]["nom"] is None
