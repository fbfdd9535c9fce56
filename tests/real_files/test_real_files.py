"""Counts stated in the READMEs of the real files, or done by hand, held against one run of cleaning."""

import datetime as dt

import polars as pl
import pytest

from tests.real_files.facts import NEVERS, contracts_of


def files_like(tables, pattern):
    return tables["fichiers"].filter(pl.col("fichier").str.contains(pattern))


def test_no_file_failed(base):
    assert not base[0].outcome.failed


def test_the_law_of_conservation_holds_for_each_of_the_125_award_files(tables):
    awards = tables["fichiers"].filter(pl.col("donnees") == "marches")
    assert len(awards) == 125
    assert awards["lus"].sum() == 20_993
    assert (awards["lus"] == awards["contrats"] + awards["doublons"] + awards["ecartes"]).all()
    counted = tables["enregistrements"].group_by("fichier").agg(pl.len(), pl.col("rang").n_unique())
    found = {name: (count, ranks) for name, count, ranks in counted.iter_rows()}
    expected = {name: (lus, lus) for name, lus in awards.select("fichier", "lus").iter_rows() if lus}
    assert found == expected


def test_the_contract_of_each_record_is_in_the_table_of_contracts(tables):
    told = tables["enregistrements"].filter(pl.col("sort") != "écarté")
    assert told["uid"].null_count() == 0
    assert set(told["uid"]) == set(tables["marches"]["uid"])


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        ("marches-publics.info_json", 4_509),
        ("pes_json_2019-03-07", 552),
        ("pes-json_110-fichiers", 233),
        ("e-marchespublics_json", 470),
        ("marches-securises_croix", 159),
        ("region-bretagne", 762),
        ("decp_2024H2", 8_957),
        ("6colonnes", 5_301),
        ("decp_augmente_valides", 9),
        ("dijon_2023VDAO1642", 6),
        ("eclaireur_test_raw", 20),
        ("decp_test_ElyotL", 6),
        ("decp_test_2022", 5),
    ],
)
def test_a_file_has_the_rows_that_its_readme_states(tables, pattern, rows):
    assert files_like(tables, pattern)["lus"].sum() == rows


def test_the_110_small_files_of_one_delivery_are_110(tables):
    assert len(files_like(tables, "pes-json_110-fichiers")) == 110


@pytest.mark.parametrize(
    ("pattern", "twice"), [("e-marchespublics_json", 2), ("marches-securises_croix", 1), ("decp_2024H2", 0)]
)
def test_the_exact_duplicates_inside_a_file_are_those_of_its_readme(tables, pattern, twice):
    theirs = tables["enregistrements"].filter(pl.col("fichier").str.contains(pattern) & (pl.col("sort") == "doublon"))
    inside = theirs.filter(pl.col("fichier") == pl.col("double_de_fichier"))
    assert len(inside) == twice


def test_the_238_exact_duplicates_of_the_six_columns_file_are_named(tables):
    theirs = tables["enregistrements"].filter(pl.col("fichier").str.contains("6colonnes"))
    twice = theirs.filter((pl.col("sort") == "doublon") & (pl.col("fichier") == pl.col("double_de_fichier")))
    assert len(twice) == 238


def test_the_5180_published_ids_of_the_second_half_of_2024_are_all_in_marches(tables, h2_rows):
    published = {row["acheteur_id"] + row["id"] for row in h2_rows}
    assert len(published) == 5_180
    assert len(contracts_of(tables, "decp_2024H2")["uid_publie"].unique()) == 5_180
    assert published <= set(tables["marches"]["uid_publie"])


def test_the_60_rows_of_nevers_are_one_contract_of_17_092_000_euros(tables, h2_rows):
    ranks = [i for i, row in enumerate(h2_rows) if row["acheteur_id"].startswith(NEVERS)]
    assert len(ranks) == 60
    told = tables["enregistrements"].filter(pl.col("fichier").str.contains("2024H2") & pl.col("rang").is_in(ranks))
    assert len(told) == 60
    assert told["uid"].unique().to_list() == ["245804406001072023SC02"]
    (contract,) = tables["marches"].filter(pl.col("uid") == "245804406001072023SC02").to_dicts()
    assert contract["montant_eur"] == pytest.approx(17_092_000, abs=0.05)
    assert contract["montant_initial_eur"] == 17_092_000
    assert contract["date_notification"] == dt.date(2023, 9, 20)
    assert contract["nb_titulaires"] == 12


def test_the_six_lots_that_dijon_published_under_one_id_are_six(tables):
    lots = contracts_of(tables, "dijon_2023VDAO1642")
    assert len(lots) == 6
    assert lots["montant_eur"].sum() == pytest.approx(2_135_058.59)
    assert lots["uid_publie"].n_unique() == 1
    assert set(lots["nb_lots"]) == {6}
    assert lots.join(tables["titulaires"], on="uid")["titulaire_id"].n_unique() == 6


def test_lots_whose_modifications_interleave_are_several(tables):
    lots = tables["marches"].filter(pl.col("uid_publie") == "194909701003032023")
    assert len(lots) > 1
    assert lots["montant_eur"].n_unique() > 1
