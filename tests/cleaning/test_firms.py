"""The company register, cleaned: sizes, states, places, and names of persons masked."""

import datetime as dt

import polars as pl
import pytest

from optima_lib.cleaning.firms import MASKED, clean_sites, clean_units, register_name, with_regions
from optima_lib.sources.layouts import layouts
from tests.register import site, unit

COLUMNS = {each.donnees: each.colonnes for each in layouts()}


def raw(kind, *rows):
    """Rows of a stock file under our names, as the reader gives them."""
    names = COLUMNS[kind]
    values = [{ours: row.get(published) or None for ours, published in names.items()} for row in rows]
    table = pl.DataFrame(values, schema=dict.fromkeys(names, pl.String))
    return table.with_row_index("rang").with_columns(pl.col("rang").cast(pl.Int64))


def cleaned(**fields):
    return clean_units(raw("entreprises", unit("000000018", **fields))).row(0, named=True)


def placed(**fields):
    return clean_sites(raw("etablissements", site("00000001800019", **fields))).row(0, named=True)


def test_a_unit_has_its_size_its_activity_and_its_dates():
    row = cleaned()
    assert (row["siren"], row["nom"]) == ("000000018", "ROUTES INVENTÉES")
    assert (row["categorie"], row["annee_categorie"]) == ("PME", 2022)
    assert (row["naf"], row["nomenclature_naf"], row["categorie_juridique"]) == ("42.11Z", "NAFRev2", "5710")
    assert (row["date_creation"], row["etat"], row["date_cessation"]) == (dt.date(2005, 3, 1), "active", None)
    assert (row["est_personne_physique"], row["est_ess"], row["est_diffusible"]) == (False, False, True)


def test_what_the_register_does_not_tell_is_missing_and_not_no():
    names = ("categorieEntreprise", "anneeCategorieEntreprise", "economieSocialeSolidaireUniteLegale")
    names += ("dateCreationUniteLegale", "etatAdministratifUniteLegale", "activitePrincipaleUniteLegale")
    row = cleaned(**dict.fromkeys(names, ""))
    told = ("categorie", "annee_categorie", "est_ess", "date_creation", "etat", "naf")
    assert [row[name] for name in told] == [None] * 6


def test_a_closed_unit_has_the_day_of_its_closing():
    row = cleaned(etatAdministratifUniteLegale="C", dateDebut="2023-06-30")
    assert (row["etat"], row["date_cessation"]) == ("cessée", dt.date(2023, 6, 30))


@pytest.mark.parametrize(("told", "means"), [("O", True), ("N", False), ("", None)])
def test_the_flags_are_yes_no_or_missing(told, means):
    row = cleaned(economieSocialeSolidaireUniteLegale=told, societeMissionUniteLegale=told)
    assert row["est_ess"] is row["est_societe_mission"] is means


@pytest.mark.parametrize(("status", "means"), [("O", True), ("P", False), ("N", False), ("", None)])
def test_the_name_of_a_unit_is_kept_only_when_it_may_circulate(status, means):
    row = cleaned(statutDiffusionUniteLegale=status)
    assert row["est_diffusible"] is means
    assert row["nom"] == ("ROUTES INVENTÉES" if status == "O" else MASKED)


@pytest.mark.parametrize("category", ["1000", ""])
def test_a_natural_person_is_masked_even_when_its_name_may_circulate(category):
    row = cleaned(
        denominationUniteLegale="",
        nomUniteLegale="INVENTÉ",
        prenom1UniteLegale="Modèle",
        categorieJuridiqueUniteLegale=category,
    )
    assert (row["est_personne_physique"], row["nom"], row["est_diffusible"]) == (True, MASKED, True)


def test_an_activity_gets_its_point_and_another_nomenclature_stays():
    assert cleaned(activitePrincipaleUniteLegale="6201Z")["naf"] == "62.01Z"
    assert cleaned(activitePrincipaleUniteLegale="74.1G")["naf"] == "74.1G"


def test_an_establishment_has_its_place_and_its_state():
    row = placed()
    assert (row["siret"], row["siren"], row["commune"], row["departement"]) == (
        "00000001800019",
        "000000018",
        "64445",
        "64",
    )
    assert (row["etat"], row["est_siege"], row["naf"]) == ("actif", True, "42.11Z")
    assert placed(etatAdministratifEtablissement="F", etablissementSiege="False")["etat"] == "fermé"


@pytest.mark.parametrize(
    ("code", "commune", "department"),
    [("1053", "01053", "01"), ("2A004", "2A004", "2A"), ("97411", "97411", "974"), ("", None, None), ("X", None, None)],
)
def test_the_department_is_that_of_the_commune(code, commune, department):
    row = placed(codeCommuneEtablissement=code)
    assert (row["commune"], row["departement"]) == (commune, department)


def test_the_region_is_that_of_the_department_or_of_the_territory_tables():
    sites = pl.DataFrame({"siret": list("abcd"), "departement": ["01", "00", "975", None]})
    territoires = pl.DataFrame({"departement": ["00", "00", "01"], "region": ["0R", "0R", "99"]})
    assert with_regions(sites, territoires)["region"].to_list() == ["84", "0R", None, None]


def test_the_cases_of_decp_processing_hold(peer_cases):
    """Names, places and activities that decp-processing expects; persons are named there, and masked in our tables."""
    cases = peer_cases("sirene_cases.json")
    for case in cases["unites_legales"]:
        table = raw("entreprises", case["input"])
        assert table.select(register_name()).item() == case["expected_name"], case["case"]
        person = case["case"].startswith("personne physique")
        assert clean_units(table)["nom"].item() == (MASKED if person else case["expected_name"])
    for case in cases["etablissements"]:
        expected = case["expected"]
        siret = expected["siret"]
        row = clean_sites(raw("etablissements", case["input"] | {"siret": siret})).pipe(
            with_regions, pl.DataFrame(schema={"departement": pl.String, "region": pl.String})
        )
        [told] = row.to_dicts()
        assert told["commune"] == expected["commune_code"]
        assert (told["departement"], told["region"]) == (expected["departement_code"], expected["region_code"])
        assert (told["naf"], told["nomenclature_naf"]) == (
            expected["activite_code"],
            expected["activite_nomenclature"],
        )
