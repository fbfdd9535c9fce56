"""Each defect of the flat files of the 2022 schema, in small invented files, and the rule that meets it."""

import csv
import datetime as dt

import polars as pl
import pytest

from tests.cleaning.records import DISTRICT, FIRM, OTHER, THIRD, TOWN, award, read_tables, run, write_2022


def write_csv(path, rows, *, delimiter=",", encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def flat(number, **fields):
    """A row of the consolidated layout as the second-half-2024 file has it: contract x supplier x modification."""
    return {
        "uid": f"{TOWN}{number}", "id": number, "type": "Travaux", "codeCPV": "45210000", "acheteur_id": TOWN,
        "acheteur_nom": "Ville inventée", "titulaire_id": FIRM, "titulaire_nom": "Une entreprise", "montant": "10000.0",
        "dateNotification": "2024-07-01", "procedure": "Procédure adaptée", "dureeMois": "12", "offresRecues": "3",
    } | fields  # fmt: skip


def six(number, **fields):
    """A row of the six-columns layout."""
    return {
        "id_marche": number, "date_notification": "2024-07-01", "objet_marche": f"Objet {number}",
        "montant_marche": "200000", "id_acheteur": TOWN, "code_postal_acheteur": "00000",
    } | fields  # fmt: skip


def ministry(number, **fields):
    """A row of the ministry's layout, fillers included."""
    return {
        "id": number, "acheteur.id": TOWN, "objet": f"Objet {number}", "montant": "10000", "codeCPV": "45210000",
        "dateNotification": "2024-07-01", "datePublicationDonnees": "2024-08-01", "titulaire_id_1": FIRM,
        "titulaire_typeIdentifiant_1": "SIRET", "titulaire_id_2": "CDL", "titulaire_typeIdentifiant_2": "CDL",
        "nature": "Marché", "offresRecues": "CDL", "techniques": "CDL", "idModification": "CDL",
        "montantModification": "CDL", "dateNotificationModificationModification": "CDL", "source": "source_inventée",
    } | fields  # fmt: skip


JOINT = [
    flat("groupe", titulaire_id=firm, dateNotification=date, montant=amount)
    for date, amount in (("2024-07-01", "10000"), ("2024-09-01", "10000"), ("2024-11-01", "12000"))
    for firm in (FIRM, OTHER, THIRD)
]
FLAT = [
    *JOINT,
    flat("longue", dureeMois="220"),
    flat("sans-duree", dureeMois="", procedure=""),
    flat("ancienne", procedure="Marché négocié sans publicité ni mise en concurrence préalable"),
    flat("acheteur-court", acheteur_id="21000", acheteur_nom=""),
    flat("titulaire-vide", titulaire_id="", titulaire_nom=""),
    flat("titulaire-court", titulaire_id="1234567", titulaire_nom="Une étrangère"),
    flat("cpv-contenu", codeCPV="03452100"),
]
SIX = [
    six("double"), six("double"), six("cent-millions", montant_marche="150000000"),
    six("neufs", montant_marche="99999999999999"), six("neuf-chiffres", montant_marche="999999999"),
    six("petit", montant_marche="10"), six("un", montant_marche="1"), six("2005", date_notification="2005-03-01"),
    six("2027", date_notification="2027-03-01"), six("c1", objet_marche="Travaux d\x92entretien"),
    six("renverse", objet_marche="Entretien de l¿aire"), six("mojibake", objet_marche="RÃ©novation"),
    six("lieu", code_postal_acheteur="FR"),
]  # fmt: skip
MINISTRY = [
    ministry("plat"), ministry("INX 2024 7"), ministry("deux", titulaire_id_2=DISTRICT[:9] + "00026"),
    ministry("modifie", idModification="1", montantModification="11000",
             dateNotificationModificationModification="2024-10-01"),
]  # fmt: skip
BRETAGNE = [
    {"Id du marché": "90001", "SIRET acheteur": TOWN, "Nom acheteur": "Région inventée", "Nature": "Accord cadre",
     "Objet marché": "Entretien des lycées – été", "Procédure": "Procédure adaptée", "Date notification": "05/02/2019",
     "Montant initial (Ht)": "38 800,50", "Montant modifie (Ht)": "41 000,00", "Siret_Titulaire": FIRM,
     "Titulaire/Mandataire": "Société inventée", "Type prix": "Révisables"},
    {"Id du marché": "90002", "SIRET acheteur": TOWN, "Nom acheteur": "Région inventée", "Nature": "Marché simple",
     "Objet marché": "Étude", "Procédure": "Procédure adaptée", "Date notification": "", "Montant initial (Ht)": "",
     "Montant modifie (Ht)": "", "Siret_Titulaire": "123", "Titulaire/Mandataire": "", "Type prix": "Fermes"},
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("defauts-2022")
    paths = [
        write_csv(folder / "plat.csv", FLAT),
        write_csv(folder / "six.csv", SIX),
        write_csv(folder / "ministere.csv", MINISTRY, delimiter=";"),
        write_csv(folder / "bretagne.csv", BRETAGNE, delimiter=";", encoding="cp1252"),
        write_2022(folder / "imbrique.json", [award("imbrique", titulaires=None), award("imbrique-2")]),
    ]
    run(folder / "data", *paths)
    return read_tables(folder / "data")


@pytest.fixture(scope="module")
def rows(tables):
    labels = pl.selectors.categorical().cast(pl.String)
    return {row["marche_id"]: row for row in tables["marches"].with_columns(labels).iter_rows(named=True)}


def test_each_file_is_recognised_by_its_columns(tables):
    formats = dict(tables["fichiers"].select("fichier", "format").iter_rows())
    assert formats == {
        "plat.csv": "decp-consolide-csv", "six.csv": "decp-6-colonnes-csv", "ministere.csv": "decp-ministere-csv",
        "bretagne.csv": "region-bretagne-csv", "imbrique.json": "decp-2022-json",
    }  # fmt: skip


def test_rows_by_supplier_and_modification_are_one_contract_counted_once(rows):
    row = rows["groupe"]
    assert (row["montant_initial_eur"], row["montant_eur"]) == (10_000, 12_000)
    assert (row["nb_titulaires"], row["nb_modifications"], row["nb_lots"]) == (3, 2, 1)
    assert row["date_notification"] == dt.date(2024, 7, 1)
    assert row["nb_enregistrements"] == 9


@pytest.mark.parametrize(
    ("number", "column", "value"),
    [
        ("longue", "duree_mois", 220),
        ("sans-duree", "duree_mois", None),
        ("sans-duree", "procedure", None),
        ("ancienne", "procedure", "Marché passé sans publicité ni mise en concurrence préalable"),
        ("acheteur-court", "acheteur_siret", "21000"),
        ("acheteur-court", "acheteur_siren", None),
        ("acheteur-court", "anomalies", "siret_acheteur_invalide"),
        ("titulaire-vide", "nb_titulaires", 0),
        ("titulaire-court", "nb_titulaires", 1),
        ("cpv-contenu", "type_achat", "Fournitures"),
        ("cent-millions", "montant_eur", 150_000_000),
        ("neufs", "anomalies", "montant_de_remplissage"),
        ("neuf-chiffres", "montant_eur", None),
        ("petit", "montant_eur", 10),
        ("un", "anomalies", "montant_de_remplissage"),
        ("2005", "anomalies", "date_impossible"),
        ("2027", "anomalies", "date_impossible"),
        ("c1", "objet", "Travaux d’entretien"),
        ("renverse", "objet", "Entretien de l'aire"),
        ("renverse", "anomalies", "texte_repare"),
        ("mojibake", "objet", "Rénovation"),
        ("lieu", "lieu_code", "FR"),
        ("lieu", "lieu_type", None),
        ("lieu", "nb_titulaires", 0),
        ("plat", "offres_recues", None),
        ("plat", "nb_titulaires", 1),
        ("plat", "nb_modifications", 0),
        ("2024 7", "montant_eur", 10_000),
        ("deux", "nb_titulaires", 2),
        ("modifie", "montant_initial_eur", 10_000),
        ("modifie", "montant_eur", 11_000),
        ("modifie", "nb_modifications", 1),
        ("90001", "objet", "Entretien des lycées – été"),
        ("90001", "montant_initial_eur", 38_800.5),
        ("90001", "montant_eur", 41_000),
        ("90001", "date_notification", dt.date(2019, 2, 5)),
        ("90001", "types_prix", "Définitif révisable"),
        ("90001", "classe_montant", "plafond"),
        ("90002", "anomalies", "date_absente"),
        ("90002", "montant_eur", None),
        ("90002", "nature_publiee", "Marché simple"),
        ("imbrique", "nb_titulaires", 0),
    ],
)
def test_a_defect_leaves_the_right_value(rows, number, column, value):
    assert rows[number][column] == value


def test_the_exact_duplicate_of_the_six_columns_is_named(tables):
    (twice,) = tables["enregistrements"].filter(pl.col("sort") == "doublon").to_dicts()
    assert (twice["fichier"], twice["rang"], twice["double_de_rang"]) == ("six.csv", 1, 0)


def test_a_buyer_whose_number_is_too_short_is_no_buyer_of_the_table(tables):
    assert tables["acheteurs"]["acheteur_siren"].to_list() == ["210000014"]
