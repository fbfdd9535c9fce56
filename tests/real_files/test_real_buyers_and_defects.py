"""Buyers and defects of the real files, as their READMEs tell them."""

import polars as pl
import pytest

from tests.real_files.facts import NEVERS, PAU, PAU_DISTRICT, contracts_of


def test_the_chair_s_town_and_district_are_buyers_of_the_right_category(tables):
    pau = {row["acheteur_siren"]: row for row in tables["acheteurs"].to_dicts()}
    town, district = pau[PAU], pau[PAU_DISTRICT]
    assert (town["categorie"], town["departement"], town["code_insee"]) == ("commune", "64", "64445")
    assert (town["population"], town["strate"]) == (80_441, "75 000 à 99 999")
    assert town["epci_siren"] == PAU_DISTRICT
    assert (district["categorie"], district["departement"]) == ("EPCI", "64")
    assert district["population"] == pytest.approx(170_000, rel=0.02)


@pytest.mark.parametrize(
    ("siren", "category", "department"),
    [
        ("216403352", "commune", "64"),
        ("215801945", "commune", "58"),
        (NEVERS, "EPCI", "58"),
        ("226500015", "département", "65"),
        ("233500016", "région", None),
        ("286400023", None, "64"),  # named in no file: its SIREN tells the département only
        ("216504407", "commune", "65"),
    ],
)
def test_the_buyers_named_in_the_readme_of_territories_are_what_it_says(tables, siren, category, department):
    (row,) = tables["acheteurs"].filter(pl.col("acheteur_siren") == siren).to_dicts()
    assert row["categorie"] == category
    assert department is None or row["departement"] == department


@pytest.mark.parametrize(
    ("siren", "ids"),
    [(NEVERS, 1), ("226500015", 11), (PAU, 5), ("216504407", 7), (PAU_DISTRICT, 3), ("216403352", 2), ("215801945", 4)],
)
def test_a_buyer_has_the_published_ids_of_the_readme_in_the_second_half_of_2024(tables, siren, ids):
    theirs = contracts_of(tables, "decp_2024H2").filter(pl.col("acheteur_siren") == siren)
    assert theirs["uid_publie"].n_unique() == ids


@pytest.mark.parametrize(("siren", "total"), [("216403352", 142_800), ("215801945", 92_840)])
def test_contracts_of_one_row_each_add_up_to_the_sum_of_the_readme(tables, siren, total):
    theirs = contracts_of(tables, "decp_2024H2").filter(pl.col("acheteur_siren") == siren)
    assert theirs["montant_eur"].sum() == pytest.approx(total, abs=1)


@pytest.mark.parametrize(
    ("pattern", "anomaly", "count"),
    [
        ("marches-publics.info_json", "date_impossible", 2),
        ("marches-publics.info_json", "cpv_malforme", 6),  # the seventh, 031210005, is 03121000-5 without its dash
        ("region-bretagne", "date_absente", 7),
        ("decp_2024H2", "date_impossible", 0),
    ],
)
def test_the_defects_counted_in_the_readmes_are_named(tables, pattern, anomaly, count):
    named = contracts_of(tables, pattern).filter(pl.col("anomalies").str.contains(anomaly))
    assert len(named) == count


def test_the_ten_concessions_of_the_platform_aws_have_no_class_of_amount(tables):
    concessions = contracts_of(tables, "marches-publics.info_json").filter(
        pl.col("nature").str.contains("^(Concession|Délégation)")
    )
    assert len(concessions) == 10
    assert concessions["classe_montant"].null_count() == 10


def test_no_amount_is_a_filler_and_999_999_999_is_in_no_contract(tables):
    amounts = tables["marches"]["montant_eur"].drop_nulls()
    assert (amounts > 1).all()
    assert not amounts.is_in([999_999_999.0, 99_999_999_999_999.0]).any()


def test_the_cp1252_file_of_bretagne_is_read_with_its_accents_and_decimal_commas(tables):
    contracts = contracts_of(tables, "region-bretagne")
    objects = contracts["objet"].drop_nulls()
    assert objects.str.contains("é").sum() > 100
    assert not objects.str.contains("\ufffd").any()
    assert (contracts["montant_eur"].drop_nulls() % 1 != 0).any()
