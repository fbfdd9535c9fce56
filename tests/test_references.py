"""The reference tables: each row whole, dated and sourced; none contradicts another."""

import datetime as dt
import re
from itertools import pairwise

import polars as pl
import pytest

from optima_lib.cleaning.identifiers import are_sirens
from optima_lib.cleaning.labels import fold_label
from optima_lib.errors import TableError
from optima_lib.paths import REFERENCES
from optima_lib.references import bound, date_bound, reference

TABLES = sorted(path.stem for path in REFERENCES.glob("*.csv"))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_the_columns_of_its_table_and_no_stray_space(name):
    rows = reference(name)
    assert rows
    for row in rows:
        assert None not in row
        assert all(value is not None and value == value.strip() for value in row.values()), row


@pytest.mark.parametrize("name", ["bornes", "seuils"])
def test_a_bound_or_a_threshold_is_in_force_between_two_dates_in_order(name):
    for row in reference(name):
        first = dt.date.fromisoformat(row["du"])
        assert not row["au"] or first <= dt.date.fromisoformat(row["au"]), row


def test_every_bound_has_a_source_and_a_use():
    assert all(row["source"] and row["usage"] for row in reference("bornes"))


def test_the_bounds_of_cleaning_are_those_of_the_law():
    assert bound("montant_minimal") == 1  # arrêté du 22 décembre 2022
    assert bound("hausse_maximale_modification") == 0.5  # CCP R2194-3
    assert date_bound("date_minimale") == dt.date(2010, 1, 1)


def test_a_label_stands_for_one_label_only():
    seen = {}
    for row in reference("libelles"):
        key = row["famille"], fold_label(row["publie"])
        assert seen.setdefault(key, row["libelle"]) == row["libelle"], key


def test_the_procedures_of_the_2022_schema_all_have_their_label():
    published = {
        "Procédure adaptée",
        "Appel d'offres ouvert",
        "Appel d'offres restreint",
        "Procédure avec négociation",
        "Marché passé sans publicité ni mise en concurrence préalable",
        "Dialogue compétitif",
    }
    labels = {row["libelle"] for row in reference("libelles") if row["famille"] == "procedure"}
    assert published <= labels


def test_strata_follow_each_other_without_a_gap():
    for category in {row["categorie"] for row in reference("strates")}:
        rows = [row for row in reference("strates") if row["categorie"] == category]
        assert rows[0]["de"] == "0"
        assert rows[-1]["a"] == ""
        assert all(int(after["de"]) == int(before["a"]) + 1 for before, after in pairwise(rows))


def test_the_strata_of_communes_are_the_fifteen_of_the_law():
    starts = [int(row["de"]) for row in reference("strates") if row["categorie"] == "commune"]
    assert starts == [  # CGCT L2334-3
        0, 500, 1000, 2000, 3500, 5000, 7500, 10000, 15000, 20000, 35000, 50000, 75000, 100000, 200000,
    ]  # fmt: skip


def test_every_sign_of_a_buyer_is_a_pattern():
    for row in reference("categories_acheteurs"):
        assert row["signe"] in {"nom", "siren"}
        re.compile(row["motif"])


def test_each_department_has_one_region_or_is_outside_them():
    rows = reference("departements")
    assert len({row["departement"] for row in rows}) == len(rows)
    assert len({row["region"] for row in rows if row["region"]}) == 18  # 13 in Europe, 5 overseas
    assert {row["departement"] for row in rows if not row["region"]} == {"975", "977", "978", "986", "987", "988"}
    assert all(bool(row["region"]) == bool(row["region_libelle"]) for row in rows)


def test_a_central_purchasing_body_has_a_valid_number_or_says_that_it_is_not_checked():
    for row in reference("centrales_achat"):
        valid = are_sirens(pl.Series([row["siren"]]))[0]
        assert valid if row["siren"] else "SIREN non vérifié" in row["confiance"], row


def test_no_word_of_filling_is_a_label():
    labels = {row["publie"] for row in reference("libelles")}
    assert not labels & {row["valeur"] for row in reference("valeurs_vides")}


def test_a_table_or_a_bound_that_is_missing_is_said_with_its_cure():
    with pytest.raises(TableError, match=r"references/absente\.csv manque\. Récupérez-le"):
        reference("absente")
    with pytest.raises(TableError, match="pas de ligne « absente »"):
        bound("absente")


def test_an_indicator_has_one_rule_of_comparison():
    codes = [row["indicateur"] for row in reference("comparaisons")]
    assert len(set(codes)) == len(codes)
