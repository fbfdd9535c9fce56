"""Each defect that the 2019 files have, in one invented file, and the rule that meets it."""

import datetime as dt

import polars as pl
import pytest

from optima_lib.running.clean import clean
from tests.cleaning.records import FIRM, LATEST, OTHER, TOWN, read_tables, write_2019
from tests.cleaning.records_2019 import NO_CALL, RECORDS, WRONG_FIRM


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("defauts-2019")
    clean([write_2019(folder / "marches.json", RECORDS)], folder / "data", latest=LATEST)
    return read_tables(folder / "data")


@pytest.fixture(scope="module")
def rows(tables):
    """The contracts by published number; those of a number published for several are in a list."""
    found = {}
    for row in tables["marches"].with_columns(pl.selectors.categorical().cast(pl.String)).iter_rows(named=True):
        found.setdefault(row["marche_id"], []).append(row)
    return found


@pytest.fixture(scope="module")
def suppliers(tables):
    found = {}
    columns = pl.selectors.categorical().cast(pl.String)
    for row in tables["titulaires"].with_columns(columns).iter_rows(named=True):
        found.setdefault(row["uid"].removeprefix(TOWN), []).append(row)
    return found


def anomalies(row):
    return set((row["anomalies"] or "").split(", ")) - {""}


@pytest.mark.parametrize(
    ("number", "met"),
    [
        ("zone", set()),
        ("an-218", {"date_impossible"}),
        ("sans-date", {"date_absente"}),
        ("zero", {"montant_de_remplissage"}),
        ("un", {"montant_de_remplissage"}),
        ("cinq", set()),
        ("neufs", {"montant_de_remplissage"}),
        ("cent-millions", set()),
        ("texte", set()),
        ("bpu", {"montant_illisible"}),
        ("sans-cpv", set()),
        ("cpv-court", {"cpv_malforme"}),
        ("cpv-cle", set()),
        (None, {"identifiant_absent"}),
        ("0000000000000000", {"identifiant_absent"}),
        ("acheteur-faux", {"siret_acheteur_invalide"}),
        ("mojibake", {"texte_repare"}),
        ("c1", {"texte_repare"}),
        ("perdu", {"texte_perdu"}),
        ("concession", set()),
    ],
)
def test_each_defect_is_named_in_the_anomalies_of_its_contract(rows, number, met):
    (row,) = rows[number]
    assert anomalies(row) == met


@pytest.mark.parametrize(
    ("number", "column", "value"),
    [
        ("zone", "date_notification", dt.date(2019, 3, 1)),
        ("an-218", "date_notification", None),
        ("an-218", "annee", None),
        ("sans-date", "date_notification", None),
        ("zero", "montant_eur", None),
        ("cinq", "montant_eur", 5.0),
        ("neufs", "montant_eur", None),
        ("cent-millions", "montant_eur", 120_000_000.0),
        ("texte", "montant_eur", 38_800.5),
        ("texte", "duree_mois", 24),
        ("bpu", "montant_eur", None),
        ("cpv-court", "cpv", None),
        ("cpv-court", "cpv_publie", "4543100-7"),
        ("cpv-cle", "cpv", "45316110"),
        ("cpv-cle", "cpv_publie", "45316110-9"),
        ("acheteur-faux", "acheteur_siren", "210000014"),
        ("sans-titulaire", "nb_titulaires", 0),
        ("deux", "nb_titulaires", 2),
        ("mojibake", "objet", "Maîtrise d'œuvre"),
        ("c1", "objet", "MAITRISE D’ŒUVRE"),
        ("perdu", "objet", "R\ufffdgie de quartier"),
        ("sans-appel", "procedure", "Marché passé sans publicité ni mise en concurrence préalable"),
        ("sans-appel", "procedure_publiee", NO_CALL),
        ("apostrophe", "procedure", "Appel d'offres ouvert"),
        ("apostrophe", "procedure_publiee", "Appel d offres ouvert"),
        ("ino", "lieu_code", "INO"),
        ("ino", "lieu_type", "Code postal"),
        ("type-nul", "lieu_type", None),
        ("accord", "classe_montant", "plafond"),
        ("accord", "types_prix", "Définitif révisable"),
        ("accord", "forme_prix", None),
        ("subsequent", "classe_montant", "subsequent"),
        ("zone", "classe_montant", "ferme"),
        ("zone", "types_prix", "Définitif ferme"),
        ("espace", "objet", "Champ suivi d'une espace"),
        ("modifie", "montant_initial_eur", 50_000.0),
        ("modifie", "montant_eur", 60_000.0),
        ("modifie", "duree_initiale_mois", 6),
        ("modifie", "duree_mois", 9),
        ("modifie", "nb_modifications", 1),
        ("modifie", "date_notification", dt.date(2019, 3, 1)),
        ("concession", "date_notification", dt.date(2019, 5, 2)),
        ("concession", "montant_eur", 1_200_000.5),
        ("concession", "classe_montant", None),
        ("concession", "nature", "Délégation de service public"),
    ],
)
def test_a_defect_leaves_the_right_value(rows, number, column, value):
    (row,) = rows[number]
    assert row[column] == value


@pytest.mark.parametrize(
    ("number", "identifier", "kind", "siren"),
    [
        ("titulaire-court", "12345", "SIRET", None),
        ("titulaire-faux", WRONG_FIRM, "SIRET", None),
        ("type-absent", FIRM, "SIRET", FIRM[:9]),
        ("type-siret", FIRM, "SIRET", FIRM[:9]),
        ("hors-ue", "CHE-000", "HORS-UE", None),
        ("nombre", "12345", "SIRET", None),
        ("concession", OTHER, "SIRET", OTHER[:9]),
    ],
)
def test_a_supplier_is_kept_whatever_its_identifier(suppliers, number, identifier, kind, siren):
    (row,) = suppliers[number]
    assert (row["titulaire_id"], row["titulaire_type_id"], row["titulaire_siren"]) == (identifier, kind, siren)


def test_the_published_kind_of_identifier_stays_beside(suppliers):
    assert suppliers["hors-ue"][0]["titulaire_type_id_publie"] == "HORS_UE"
    assert suppliers["type-siret"][0]["titulaire_type_id_publie"] == "Siret"
    assert suppliers["type-absent"][0]["titulaire_type_id_publie"] is None


def test_an_exact_duplicate_is_named_with_the_record_that_it_repeats(tables, rows):
    assert len(rows["double"]) == 1
    (twice,) = tables["enregistrements"].filter(pl.col("sort") == "doublon").to_dicts()
    first, second = (i for i, each in enumerate(RECORDS) if each.get("id") == "double")
    assert (twice["rang"], twice["double_de_rang"], twice["motif"]) == (second, first, "même contenu")
    assert twice["double_de_fichier"] == "marches.json"


def test_an_id_reused_by_its_buyer_gives_two_contracts(rows):
    assert sorted(row["montant_eur"] for row in rows["repris"]) == [50_000, 70_000]
    assert {row["uid_publie"] for row in rows["repris"]} == {f"{TOWN}repris"}
    assert len({row["uid"] for row in rows["repris"]}) == 2


def test_contracts_without_a_number_are_told_by_their_object_and_day(rows):
    uids = {rows[number][0]["uid"] for number in (None, "0000000000000000")}
    assert len(uids) == 2
    assert all(uid.startswith(f"{TOWN}~") for uid in uids)


def test_a_record_without_a_buyer_is_set_aside_with_its_text(tables):
    aside = tables["ecartes"].sort("rang")
    expected = [i for i, each in enumerate(RECORDS) if each.get("id") in {"sans-acheteur", "acheteur-vide"}]
    assert aside["rang"].to_list() == expected
    assert set(aside["motif"]) == {"acheteur absent"}
    assert "Objet sans-acheteur" in aside["brut"][0]


def test_a_budget_is_not_the_name_of_a_buyer(tables):
    (buyer,) = tables["acheteurs"].to_dicts()
    assert (buyer["nom_publie"], buyer["acheteur_siren"]) == ("Ville inventée", "210000014")


def test_the_records_of_the_file_are_each_accounted_for_once(tables):
    (file,) = tables["fichiers"].to_dicts()
    assert file["format"] == "decp-2019-json"
    assert (file["lus"], file["contrats"], file["doublons"], file["ecartes"]) == (len(RECORDS), len(RECORDS) - 3, 1, 2)
