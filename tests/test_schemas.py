"""The contract of the processed tables: columns, grains, and what a wrong table gets."""

import datetime as dt

import polars as pl
import pytest

from optima_lib.errors import TableError
from optima_lib.schemas import DERIVED, SCHEMAS, check, columns, read_table, table_path
from tests.cleaning.records import award, change, clean_records

TABLES = [name for name in SCHEMAS if name not in DERIVED]


@pytest.fixture(scope="module")
def tables():
    return clean_records(
        award(modifications=[change(1, "2024-06-01", montant=11_000)]), award("2024-02"), award("3", acheteur=None)
    )


def test_each_table_says_its_grain_in_one_sentence():
    for schema in SCHEMAS.values():
        assert schema.__doc__.startswith("One row per ")
        assert len(schema.__doc__.strip().splitlines()) == 1


@pytest.mark.parametrize("name", TABLES)
def test_cleaning_writes_every_table_with_the_columns_of_its_schema_in_order(tables, name):
    assert tables[name].columns == columns(name)
    assert check(name, tables[name]).equals(tables[name])


def test_dates_amounts_and_identifiers_have_the_types_that_the_direction_states(tables):
    schema = tables["marches"].schema
    assert schema["date_notification"] == pl.Date
    assert schema["montant_eur"] == schema["montant_initial_eur"] == pl.Float64
    assert {schema[name] for name in ("uid", "uid_publie", "marche_id")} == {pl.String}


def test_columns_in_another_order_are_put_in_order(tables):
    marches = tables["marches"]
    assert check("marches", marches.select(reversed(marches.columns))).columns == columns("marches")


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        ("marches", {"montant_eur": pl.lit(0.5)}, "montant_eur"),
        ("marches", {"montant_eur": pl.lit(0.0)}, "montant_eur"),
        ("marches", {"classe_montant": pl.lit("inconnue")}, "classe_montant"),
        ("marches", {"type_achat": pl.lit("Autre")}, "type_achat"),
        ("marches", {"uid": pl.lit("le même")}, "uid"),
        ("marches", {"uid": pl.lit(None, pl.String)}, "uid"),
        ("marches", {"cpv": pl.lit("45316110-9")}, "cpv"),
        ("marches", {"acheteur_siren": pl.lit("21000001400019")}, "acheteur_siren"),
        ("marches", {"offres_recues": pl.lit(0, pl.Int32)}, "offres_recues"),
        ("marches", {"date_notification": pl.lit("2024-03-01")}, "date_notification"),
        ("marches", {"taux_avance": pl.lit(30.0)}, "taux_avance"),
        ("titulaires", {"uid": pl.lit("un"), "titulaire_id": pl.lit("même")}, "titulaire_id"),
        ("modifications", {"rang": pl.lit(0, pl.Int32)}, "rang"),
        ("enregistrements", {"sort": pl.lit("perdu")}, "sort"),
        ("fichiers", {"sha256": pl.lit("abc")}, "sha256"),
        ("fichiers", {"lus": pl.lit(-1, pl.Int64)}, "lus"),
    ],
)
def test_a_table_that_breaks_its_contract_is_refused_with_the_column(tables, name, change, word):
    with pytest.raises(TableError, match=f"(?s)La table {name}.*{word}"):
        check(name, tables[name].with_columns(**change))


def test_a_column_too_few_is_an_error(tables):
    with pytest.raises((TableError, pl.exceptions.ColumnNotFoundError), match="objet"):
        check("marches", tables["marches"].drop("objet"))


def test_all_that_is_wrong_is_said_at_once(tables):
    wrong = tables["marches"].with_columns(montant_eur=pl.lit(0.0), nb_lots=pl.lit(0, pl.Int32))
    with pytest.raises(TableError) as caught:
        check("marches", wrong)
    assert "montant_eur" in str(caught.value)
    assert "nb_lots" in str(caught.value)


def test_a_table_is_read_back_as_written(tables, tmp_path):
    tables["marches"].write_parquet(table_path(tmp_path, "marches"))
    assert read_table(tmp_path, "marches").equals(tables["marches"])
    assert read_table(tmp_path, "marches")["date_notification"].to_list() == [dt.date(2024, 3, 1)] * 2


def test_a_table_that_is_not_there_is_said_with_the_cure(tmp_path):
    with pytest.raises(TableError, match="optima clean"):
        read_table(tmp_path, "marches")
