"""The records of the real files, one by one: each defect that a README counts is met by its rule as often."""

import datetime as dt

import polars as pl
import pytest

from optima_lib.cleaning.publications import clean_modifications, clean_publications, clean_titulaires
from optima_lib.running.jobs import Share, number
from optima_lib.sources.files import walk
from optima_lib.sources.recognition import recognise
from tests.real_files.facts import H2

LATEST = dt.date(2026, 11, 23)
FILES = {
    "AWS": "decp-2019/marches-publics.info_json.zip",
    "e-mp": "decp-2019/e-marchespublics_json.zip",
    "Croix": "decp-2019/marches-securises_croix_2019-2021.json.gz",
    "Bretagne": "decp-2019/region-bretagne_rendu-compte_2019.csv.gz",
    "H2": f"decp-2022/{H2}",
    "6": "decp-2022/decp_staging_2017-2026_6colonnes.csv.gz",
}


class Records:
    """The records of a file as published (``raw``) and cleaned, before contracts are made of them."""

    def __init__(self, path):
        (file,) = walk([path])
        numbered = number(Share(file.label, 1, list(recognise(file).pieces())))
        texts = pl.selectors.categorical().cast(pl.String)
        self.raw = numbered.publications
        self.records = clean_publications(self.raw, LATEST).with_columns(texts)
        self.titulaires = clean_titulaires(numbered.titulaires).filter(version=0).with_columns(texts)
        self.modifications = clean_modifications(numbered.modifications, LATEST)

    def flagged(self, anomaly):
        return self.records["anomalies"].str.contains(rf"\b{anomaly}\b").fill_null(value=False)

    def several(self):
        return (self.titulaires.group_by("lu").len()["len"] > 1).sum()


@pytest.fixture(scope="session")
def files(shared):
    return {name: Records(shared / "data" / path) for name, path in FILES.items()}


@pytest.mark.parametrize(
    ("name", "anomaly", "rows"),
    [
        ("AWS", "date_impossible", 2),
        ("AWS", "siret_acheteur_invalide", 8),
        ("Bretagne", "date_absente", 7),
        ("H2", "siret_acheteur_invalide", 4 + 8),
        ("6", "siret_acheteur_invalide", 1),
        ("e-mp", "date_impossible", 0),
        ("e-mp", "cpv_malforme", 0),
        ("e-mp", "montant_de_remplissage", 0),
        ("Croix", "date_absente", 0),
        ("H2", "montant_de_remplissage", 0),
    ],
)
def test_an_anomaly_is_named_as_often_as_the_readme_counts_it(files, name, anomaly, rows):
    assert files[name].flagged(anomaly).sum() == rows


@pytest.mark.parametrize(("name", "zeros"), [("AWS", 55), ("Croix", 10), ("e-mp", 0)])
def test_every_amount_of_zero_is_missing_and_said_to_be_a_filler(files, name, zeros):
    file = files[name]
    published = file.raw["montant"].cast(pl.Float64) == 0
    assert published.sum() == zeros
    assert file.records.filter(published)["montant_eur"].null_count() == zeros
    assert file.flagged("montant_de_remplissage").filter(published).all()


def test_the_999_999_999_euros_that_dominate_the_sum_of_aws_are_missing(files):
    published = files["AWS"].raw["montant"].cast(pl.Float64)
    assert published.max() == 999_999_999
    assert files["AWS"].records["montant_eur"].max() < 100_000_000
    assert round(published.median()) == 50_822


def test_the_99_999_999_999_999_euros_of_the_six_columns_are_missing(files):
    assert files["6"].raw["montant"].cast(pl.Float64).max() == 99_999_999_999_999
    assert files["6"].records["montant_eur"].max() < 10**11


def test_the_173_dates_with_a_time_zone_are_their_day(files):
    published = files["AWS"].raw["date_notification"]
    zoned = published.str.contains(r"^\d{4}-\d\d-\d\d\+0\d:00$")
    assert zoned.sum() == 173
    days = files["AWS"].records["date_notification"].filter(zoned)
    expected = published.filter(zoned).str.slice(0, 10)
    assert days.cast(pl.String).to_list() == [day if day[:2] == "20" else None for day in expected]


def test_the_impossible_years_0218_2005_and_2027_are_missing(files):
    for name, years in (("AWS", ("0218",)), ("6", ("2005", "2027"))):
        published = files[name].raw["date_notification"].str.slice(0, 4).is_in(years)
        assert published.sum() == 2
        assert files[name].records.filter(published)["date_notification"].null_count() == 2


def test_amounts_and_durations_stored_as_text_are_numbers(files):
    croix = files["Croix"]
    assert croix.raw["montant"].dtype == croix.raw["duree_mois"].dtype == pl.String
    assert len(croix.records) == 159
    assert croix.records["montant_eur"].null_count() == 10  # the zeros
    assert (croix.records["duree_mois"].drop_nulls() >= 1).all()


@pytest.mark.parametrize(("name", "with_key", "without"), [("AWS", 238, 4264), ("e-mp", 0, 470), ("Croix", 14, 114)])
def test_a_cpv_with_a_check_digit_and_one_without_come_to_eight_digits(files, name, with_key, without):
    file = files[name]
    published = file.raw["cpv"]
    keyed, bare = (published.str.contains(form) for form in (r"^\d{8}-\d$", r"^\d{8}$"))
    assert (keyed.sum(), bare.sum()) == (with_key, without)
    codes = file.records.filter(keyed | bare)["cpv"]
    assert codes.to_list() == published.filter(keyed | bare).str.slice(0, 8).to_list()


def test_the_33_missing_ids_of_croix_are_named(files):
    published = files["Croix"].raw["marche_id"] == ""
    assert published.sum() == 33
    assert files["Croix"].flagged("identifiant_absent").filter(published).all()


def test_the_kinds_of_identifier_written_three_ways_are_one(files):
    croix = files["Croix"].titulaires
    assert dict(croix["titulaire_type_id_publie"].value_counts().iter_rows()) == {"Siret": 95, "siret": 12, None: 69}
    known = croix.filter(pl.col("titulaire_siren").is_not_null() | pl.col("titulaire_type_id_publie").is_not_null())
    assert set(known["titulaire_type_id"]) == {"SIRET"}


@pytest.mark.parametrize(("name", "rows"), [("AWS", 225), ("e-mp", 34), ("Croix", 15)])
def test_records_with_several_suppliers_are_those_of_the_readme(files, name, rows):
    assert files[name].several() == rows


@pytest.mark.parametrize(("name", "rows"), [("AWS", 0), ("e-mp", 0), ("Croix", 3), ("H2", 2)])
def test_records_without_a_supplier_are_those_of_the_readme(files, name, rows):
    assert len(files[name].records) - files[name].titulaires["lu"].n_unique() == rows


@pytest.mark.parametrize(("name", "rows"), [("AWS", 81), ("e-mp", 8), ("Croix", 25)])
def test_records_with_modifications_are_those_of_the_readme(files, name, rows):
    assert files[name].modifications["lu"].n_unique() == rows


def test_the_second_half_of_2024_lacks_what_its_readme_says_and_keeps_its_long_durations(files):
    records = files["H2"].records
    assert records["procedure"].null_count() == 14
    assert records["duree_mois"].null_count() == 2
    assert records["acheteur_nom"].null_count() == 21
    assert ((records["duree_mois"] > 120).sum(), records["duree_mois"].max()) == (37, 220)
    assert (~records["cpv"].str.starts_with("4521")).sum() == 2


def test_the_12_labels_of_before_2022_are_harmonised_and_stay_beside(files):
    old = files["H2"].records.filter(pl.col("procedure") != pl.col("procedure_publiee"))
    assert len(old) == 12
    assert set(old["procedure"]) <= set(files["H2"].records["procedure_publiee"])


def test_the_misnamed_column_of_the_six_columns_is_a_place_of_any_kind(files):
    lengths = files["6"].records["lieu_code"].str.len_chars()
    assert ((lengths == 5).sum(), (lengths == 2).sum()) == (4_522, 657)
    assert files["6"].records["lieu_type"].null_count() == 5_301


def test_no_c1_control_and_no_mojibake_is_left_in_an_object(files):
    published, cleaned = files["6"].raw["objet"], files["6"].records["objet"]
    controls = published.str.contains("[\u0080-\u009f]")
    assert controls.sum() == 30
    assert not cleaned.str.contains("[\u0080-\u009f]").any()
    assert not cleaned.str.contains("Ã[\u0080-\u00bf]|â€").any()
    assert files["6"].flagged("texte_repare").filter(controls).all()


def test_an_inverted_question_mark_between_two_letters_is_an_apostrophe(files):
    between = r"\pL¿\pL"
    published, cleaned = files["6"].raw["objet"], files["6"].records["objet"]
    damaged = published.str.contains(between) & ~published.str.contains("ï¿¿")
    assert damaged.sum() > 40
    assert not cleaned.filter(damaged).str.contains(between).any()


def test_bretagne_is_one_buyer_with_334_initial_amounts_empty_and_no_day_of_publication(files):
    bretagne = files["Bretagne"]
    assert set(bretagne.records["acheteur_siret"]) == {"23350001600040"}
    assert bretagne.raw["montant"].null_count() == 334
    assert bretagne.records["date_publication"].null_count() == 762
