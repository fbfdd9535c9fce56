"""What the register says of each supplier, joined to the rows of contracts without changing their number."""

import datetime as dt

import polars as pl
import pytest

from optima_lib.cleaning.suppliers import count_by_activity, label_suppliers
from optima_lib.schemas import SCHEMAS

SIEGE, AGENCE, ABSENT = "00000001800019", "00000001800027", "00000002600012"


def table(name, *rows):
    types = {"est_siege": pl.Boolean, "date_creation": pl.Date, "date_cessation": pl.Date, "annee_categorie": pl.Int32}
    names = SCHEMAS[name].to_schema().columns
    types = {each: types.get(each, pl.Boolean if each.startswith("est_") else pl.String) for each in names}
    return pl.DataFrame([dict.fromkeys(names) | row for row in rows], schema=types)


def held(uid, siret, siren="000000018"):
    return {"uid": uid, "titulaire_id": siret, "titulaire_siren": siren}


FIRMS = table(
    "entreprises",
    {
        "siren": "000000018",
        "categorie": "ETI",
        "est_ess": True,
        "etat": "active",
        "naf": "42.11Z",
        "date_creation": dt.date(2023, 1, 1),
    },
)
SITES = table(
    "etablissements",
    {"siret": SIEGE, "siren": "000000018", "commune": "75101", "departement": "75", "region": "11", "est_siege": True},
    {"siret": AGENCE, "siren": "000000018", "commune": "64445", "departement": "64", "region": "75", "etat": "fermé"},
)


def labelled(*rows):
    return label_suppliers(table("titulaires", *rows), FIRMS, SITES).to_dicts()


def test_a_supplier_has_what_the_register_says_of_its_unit():
    [row] = labelled(held("u", SIEGE))
    assert (row["categorie"], row["est_ess"], row["etat"]) == ("ETI", True, "active")
    assert row["date_creation"] == dt.date(2023, 1, 1)


def test_the_place_is_that_of_the_establishment_that_holds_the_contract():
    [row] = labelled(held("u", AGENCE))
    assert (row["commune"], row["departement"], row["region"]) == ("64445", "64", "75")
    assert (row["lieu_source"], row["etat_etablissement"]) == ("établissement", "fermé")


def test_the_place_is_that_of_the_head_office_when_the_establishment_is_unknown():
    [row] = labelled(held("u", "00000001899999"))
    assert (row["commune"], row["lieu_source"], row["etat_etablissement"]) == ("75101", "siège", None)


def test_a_supplier_that_is_not_in_the_register_is_missing_and_still_there():
    [row] = labelled(held("u", ABSENT, "000000026"))
    told = ("categorie", "est_ess", "commune", "lieu_source", "date_creation", "etat")
    assert [row[name] for name in told] == [None] * 6


def test_rows_stay_as_many_and_in_their_order():
    rows = [held("b", AGENCE), held("a", ABSENT, "000000026"), held("c", "FR1", None), held("a", SIEGE)]
    assert [(row["uid"], row["titulaire_id"]) for row in labelled(*rows)] == [
        (each["uid"], each["titulaire_id"]) for each in rows
    ]


def test_two_head_offices_of_one_unit_make_no_row_twice():
    sites = pl.concat([SITES, SITES.filter(siret=SIEGE).with_columns(siret=pl.lit("00000001800035"))])
    assert len(label_suppliers(table("titulaires", held("u", ABSENT)), FIRMS, sites)) == 1


def test_a_contract_counts_once_per_activity_however_many_suppliers_have_it():
    suppliers = pl.DataFrame({"uid": ["u", "u", "u", "v"], "naf": ["A", "A", "B", None], "nomenclature_naf": "NAFRev2"})
    marches = pl.DataFrame({"uid": ["u", "v"], "cpv": ["45000000", "45000000"]})
    counts = count_by_activity(marches, suppliers)
    assert counts.select("naf", "cpv", "nb_marches").rows() == [("A", "45000000", 1), ("B", "45000000", 1)]


def test_the_cases_of_decp_processing_hold(peer_cases):
    none, thirty = peer_cases("naf_cpv_cases.json")
    given = none["input"]
    suppliers = pl.DataFrame(
        {"uid": given["uid"], "naf": given["activite_code"], "nomenclature_naf": None}, strict=False
    )
    suppliers = suppliers.with_columns(pl.col("naf", "nomenclature_naf").cast(pl.String))
    marches = pl.DataFrame({"uid": given["uid"], "cpv": given["codeCPV"]})
    assert len(count_by_activity(marches, suppliers)) == none["expected_rows"]
    uids, expected = [f"M{number}" for number in range(30)], thirty["expected_pair"]
    suppliers = pl.DataFrame(
        {"uid": uids * 2, "naf": [None] * 30 + [expected["activite_code"]] * 30, "nomenclature_naf": "NAFREV2"}
    )
    counts = count_by_activity(pl.DataFrame({"uid": uids, "cpv": expected["cpv"]}), suppliers)
    assert counts.select("naf", "cpv", "nb_marches").rows() == [
        (expected["activite_code"], expected["cpv"], expected["nb_marches"])
    ]


@pytest.mark.parametrize("empty", [FIRMS.clear(), FIRMS])
def test_a_base_without_a_register_gives_rows_without_labels(empty):
    rows = label_suppliers(table("titulaires", held("u", SIEGE)), empty.clear(), SITES.clear()).to_dicts()
    assert rows[0]["categorie"] is None
