"""The invented authority: the same files everywhere, nobody real in them, every defect in its place."""

import csv
import datetime as dt
import hashlib
import json
import re
import time
from collections import Counter

import polars as pl
import pytest

from optima_lib.cleaning.firms import MASKED
from optima_lib.cleaning.identifiers import are_sirens, are_sirets
from optima_lib.cleaning.suppliers import label_suppliers
from optima_lib.paths import processed
from optima_lib.references import reference
from optima_lib.reporting.names import is_person
from optima_lib.running.clean import clean
from optima_lib.running.exemple import AGGLOMERATION, VILLE, write_exemple
from optima_lib.running.exemple_consultations import draw_marches
from optima_lib.running.exemple_defauts import plant_defects
from optima_lib.running.exemple_identites import acheteurs, viviers
from optima_lib.running.exemple_sirene import units
from optima_lib.schemas import check, table_path

LATEST = dt.date(2026, 11, 23)
IMPOSSIBLE_BUYER = re.compile(r"^2[124568]00\d{5}$")
PARTNER = [VILLE, AGGLOMERATION]
# sha256 of the files, one after the other: change it only with the data, on purpose.
FINGERPRINT = "1887b8f142c012e99a88c552ec5ef44f0b4cd189793429ae62df4a49f14591a5"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_exemple(tmp_path_factory.mktemp("exemple") / "raw")


@pytest.fixture(scope="module")
def cleaning(files):
    return clean([files[0].parent], files[0].parent.parent, latest=LATEST)


@pytest.fixture(scope="module")
def tables(cleaning, files):
    assert cleaning.changed
    folder = processed(files[0].parent.parent)
    names = ("marches", "titulaires", "modifications", "acheteurs", "ecartes", "enregistrements", "fichiers")
    names += ("entreprises", "etablissements")
    return {name: pl.read_parquet(table_path(folder, name)) for name in names}


@pytest.fixture(scope="module")
def marches(tables):
    return tables["marches"]


@pytest.fixture(scope="module")
def partner(marches):
    return marches.filter(pl.col("acheteur_siren").is_in(PARTNER))


def test_the_same_bytes_are_written_each_time_and_everywhere(files, tmp_path):
    again = write_exemple(tmp_path)
    assert [each.read_bytes() for each in again] == [each.read_bytes() for each in files]
    content = b"".join(each.read_bytes() for each in files)
    assert b"\r" not in content
    assert hashlib.sha256(content).hexdigest() == FINGERPRINT


def test_writing_takes_little_time(tmp_path):
    started = time.process_time()
    write_exemple(tmp_path)
    assert time.process_time() - started < 3  # 0.5 s on the machine of development


def test_no_buyer_can_be_real():
    sirens = [each.siren for each in acheteurs()]
    assert all(IMPOSSIBLE_BUYER.match(each) for each in sirens)
    assert are_sirens(pl.Series(sirens)).all()
    assert are_sirets(pl.Series([siret for each in acheteurs() for siret in each.sirets])).all()
    assert len(set(sirens)) == len(sirens) == 40
    assert sirens[:2] == PARTNER


def test_no_local_authority_of_the_territory_table_can_be_real(files):
    with files[-1].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sirens = [row["siren"] for row in rows]
    assert all(IMPOSSIBLE_BUYER.match(each) for each in sirens)
    assert are_sirens(pl.Series(sirens)).all()
    assert {row["epci_siren"] for row in rows} - {""} <= set(sirens)
    assert all(row["departement"] in {"00", "0A", "0B"} for row in rows)


def test_no_supplier_can_be_real():
    suppliers = [each for some in viviers().values() for each in some]
    sirets = [each.siret for each in suppliers]
    assert all(each.startswith("000") for each in sirets)
    others = [row[0] for row in units([])[1:]]
    assert all(each == "NC" or each.startswith("000") or IMPOSSIBLE_BUYER.match(each) for each in others)
    assert are_sirets(pl.Series(sirets)).all()
    assert len({each[:9] for each in sirets}) == len(suppliers)
    assert len({each.nom for each in suppliers}) == len(suppliers)
    assert not [each.nom for each in suppliers if is_person(each.nom)]


def test_the_population_of_the_agglomeration_is_that_of_its_communes():
    rows = reference("exemple_acheteurs")
    agglomeration = next(row for row in rows if row["racine"] == AGGLOMERATION[:8])
    members = [int(row["population"]) for row in rows if row["epci"] == AGGLOMERATION[:8]]
    assert sum(members) == int(agglomeration["population"])


def test_every_file_is_recognised(cleaning):
    assert not cleaning.outcome.failed
    assert not cleaning.outcome.skipped
    formats = {"decp-2019-json", "decp-2022-json", "decp-ministere-csv", "territoire-invente-csv"}
    formats |= {"sirene-unites-legales-csv", "sirene-etablissements-csv"}
    assert set(cleaning.fichiers["format"]) == formats


def test_cleaning_accounts_for_each_record(tables):
    read = tables["fichiers"].filter(pl.col("donnees") == "marches")
    assert read["lus"].sum() == len(tables["enregistrements"])
    assert (read["lus"] == read["contrats"] + read["doublons"] + read["ecartes"]).all()
    assert len(check("marches", tables["marches"])) == tables["marches"]["uid"].n_unique()


def test_the_register_holds_the_buyers_most_suppliers_and_firms_that_no_award_names(tables):
    read = tables["fichiers"].filter(pl.col("donnees").is_in(["entreprises", "etablissements"])).sort("donnees")
    assert (read["lus"] == read["retenus"] + read["doublons"] + read["ecartes"] + read["hors_base"]).all()
    units, sites = read.rows(named=True)
    registered = 617 - 617 // 23  # suppliers, less those that the extract lacks
    assert units["lus"] == 40 + registered + 60 + 2  # buyers, suppliers, other firms, a row twice and a wrong one
    assert sites["lus"] == 2 * 40 + registered + 60 + sum(rank % 5 == 0 for rank in range(1, 618) if rank % 23)
    assert (units["doublons"], units["ecartes"]) == (1, 1)
    assert units["hors_base"] >= 60
    assert units["retenus"] == len(tables["entreprises"])
    assert sites["retenus"] == len(tables["etablissements"])
    assert set(tables["acheteurs"]["acheteur_siren"]) <= set(tables["entreprises"]["siren"])


def test_suppliers_are_of_all_sizes_states_and_kinds(tables, marches):
    held = label_suppliers(tables["titulaires"], tables["entreprises"], tables["etablissements"])
    labels = held.with_columns(pl.selectors.categorical().cast(pl.String))
    dates = marches.select(pl.col("uid").cast(pl.String), "date_notification")
    dated = labels.join(dates, on="uid", validate="m:1")
    sizes = dict(labels["categorie"].value_counts(normalize=True).iter_rows())
    assert 0.6 < sizes["PME"] < 0.9 > sizes["ETI"] > sizes["GE"] > 0.02
    assert 0 < sizes[None] < 0.2
    age = (dated["date_notification"] - dated["date_creation"]).dt.total_days()
    assert age.min() >= 0
    assert (age < 365).sum() >= 10
    assert (labels["etat"] == "cessée").sum() > 50
    assert labels["est_ess"].sum() > 300
    assert set(labels["lieu_source"]) == {"établissement", "siège", None}
    assert (labels["est_diffusible"] == False).any()  # noqa: E712 - a column
    assert set(labels.filter(pl.col("est_personne_physique"))["categorie_juridique"]) == {"1000"}


def test_no_name_of_a_natural_person_is_in_the_register(tables):
    persons = tables["entreprises"].filter("est_personne_physique")
    assert len(persons) == 20
    assert set(persons["nom"]) == {MASKED}


def test_cleaning_finds_each_contract_that_was_drawn_and_each_lot_under_one_number(marches):
    drawn = draw_marches()
    plant_defects(drawn)
    told = Counter(f"{each.siret}{each.numero}" for each in drawn if each.numero)
    found = Counter(marches["uid_publie"].to_list())
    late = {key: number for key, number in told.items() if found[key] != number}
    assert sum(late.values()) < 25  # not yet published, or a concession that no file holds
    assert not any(found[key] for key in late)
    assert marches.filter(pl.col("nb_lots") > 1)["uid_publie"].n_unique() > 25


def test_the_town_and_its_agglomeration_are_of_a_plausible_size(partner):
    sizes = dict(partner.group_by("acheteur_siren").len().iter_rows())
    assert sizes[VILLE] == pytest.approx(350, abs=15)
    assert sizes[AGGLOMERATION] == pytest.approx(250, abs=15)
    assert set(partner["annee"].drop_nulls()) == set(range(2019, 2026))


def test_the_platform_of_the_town_fell_silent_in_2022(partner):
    dates = partner.filter(pl.col("acheteur_siren") == VILLE)["date_notification"].drop_nulls()
    silent = dates.is_between(dt.date(2022, 2, 1), dt.date(2022, 6, 30))
    assert silent.sum() <= 3  # call-offs of earlier frameworks go on


def test_peers_are_of_the_same_strata(tables):
    strata = dict(tables["acheteurs"].group_by("categorie", "strate").len().select("strate", "len").iter_rows())
    assert strata["35 000 à 49 999"] >= 12
    assert strata["100 000 à 299 999"] >= 8
    categories = {"commune", "EPCI", "département", "SDIS", "CCAS", "CIAS", "syndicat"}
    assert set(tables["acheteurs"]["categorie"]) == categories


@pytest.mark.parametrize(
    "anomaly",
    [
        "siret_acheteur_invalide",
        "identifiant_absent",
        "montant_de_remplissage",
        "date_absente",
        "date_impossible",
        "cpv_malforme",
        "texte_repare",
        "texte_perdu",
    ],
)
def test_the_partner_has_each_defect(partner, anomaly):
    assert partner["anomalies"].cast(pl.String).str.contains(anomaly).any()


def test_the_partner_has_all_that_a_chapter_shows(partner):
    assert set(partner["classe_montant"].drop_nulls()) == {"ferme", "plafond", "subsequent"}
    assert set(partner["type_achat"].drop_nulls()) == {"Travaux", "Fournitures", "Services"}
    assert partner["procedure"].n_unique() >= 6
    assert partner["nature"].cast(pl.String).str.starts_with("Délégation").any()
    assert partner["nb_titulaires"].min() == 0
    assert partner["nb_titulaires"].max() >= 4
    assert partner["nb_modifications"].max() >= 2
    assert partner["nb_fichiers"].max() >= 2
    assert partner["nb_lots"].max() >= 3
    assert (partner["date_publication"] < partner["date_notification"]).any()


def test_bids_are_told_since_the_schema_of_2022_and_not_by_all(marches):
    told = dict(marches.group_by("annee").agg(pl.col("offres_recues").is_not_null().mean()).iter_rows())
    assert told[2019] == told[2020] == told[2021] == told[2022] == 0
    assert 0.5 < told[2024] < told[2025] < 0.95
    single = (marches["offres_recues"] == 1).sum() / marches["offres_recues"].count()
    assert 0.2 < single < 0.4


def test_amounts_and_delays_are_those_of_towns(marches):
    assert 60_000 < marches["montant_initial_eur"].median() < 120_000
    assert marches["montant_initial_eur"].mean() > 1.7 * marches["montant_initial_eur"].median()
    delays = (marches["date_publication"] - marches["date_notification"]).dt.total_days()
    assert 20 < delays.median() < 60
    assert 0.2 < (delays > 61).mean() < 0.45


def test_call_offs_name_a_framework_of_their_buyer(marches):
    called = marches.filter(pl.col("id_accord_cadre").is_not_null()).select(
        "acheteur_siren", marche_id="id_accord_cadre"
    )
    frames = marches.filter(pl.col("classe_montant") == "plafond").select("acheteur_siren", "marche_id")
    assert len(called) > 50
    assert len(called.join(frames, on=["acheteur_siren", "marche_id"], how="semi")) > 0.85 * len(called)


def test_a_few_records_are_set_aside_each_with_its_reason(tables):
    reasons = Counter(tables["ecartes"]["motif"].str.replace(r" \(.*", "").to_list())
    assert reasons == {
        "acheteur absent": 3,
        "JSON illisible": 1,
        "20 champs au lieu de 40": 1,
        "SIREN illisible": 1,
    }


def test_records_stand_twice_in_a_file_and_in_several(tables):
    twice = tables["enregistrements"].filter(pl.col("sort") == "doublon")
    files = set(twice["fichier"].str.extract(r"([^/]+)$").to_list())
    assert {"exemple_decp-2019_2019-2023.json", "exemple_decp-2022_2025.json"} <= files
    assert (twice["fichier"] != twice["double_de_fichier"]).any()
    assert (twice["fichier"] == twice["double_de_fichier"]).any()


def test_the_2022_file_is_json_but_for_one_record(files):
    lines = files[1].read_text(encoding="utf-8").splitlines()[1:]
    broken = []
    for line in lines:
        record = line.rstrip(",")
        if record.startswith('{"id"'):
            try:
                json.loads(record)
            except json.JSONDecodeError:
                broken.append(record)
    assert len(broken) == 1
