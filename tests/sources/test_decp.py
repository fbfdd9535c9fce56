"""Nested award records of both schemas come down to three tables, field by field."""

import pytest

from optima_lib.sources.decp import is_nested
from tests.cleaning.records import DISTRICT, FIRM, OTHER, THIRD, TOWN, award, change, holders
from tests.sources.inputs import as_json, read_content


def read_2019(tmp_path, *records):
    return read_content(tmp_path, as_json({"marches": list(records)}))


def read_2022(tmp_path, *records):
    return read_content(tmp_path, as_json({"marches": {"marche": list(records)}}))


CONTRACT_2019 = {
    "_type": "Marché",
    "id": "2019-07",
    "source": "plateforme",
    "acheteur": {"id": TOWN, "nom": "VILLE INVENTEE"},
    "nature": "Accord-cadre",
    "objet": "Fourniture de papier",
    "codeCPV": "30197643-5",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "00100", "typeCode": "CODE POSTAL", "nom": "Ville inventée"},
    "dureeMois": 24,
    "dateNotification": "2019-02-01+01:00",
    "datePublicationDonnees": "2019-03-01",
    "montant": 30_000,
    "formePrix": "Révisable",
    "titulaires": [{"id": FIRM, "typeIdentifiant": "SIRET", "denominationSociale": "PAPIERS INVENTES"}],
    "modifications": [],
}
CONCESSION_2019 = {
    "_type": "Contrat de concession",
    "id": "2019-C1",
    "autoriteConcedante": {"id": DISTRICT, "nom": "CA INVENTEE"},
    "nature": "Délégation de service public",
    "objet": "Réseau de chaleur",
    "dateSignature": "2019-05-02",
    "valeurGlobale": 1_200_000,
    "concessionnaires": [{"id": OTHER, "typeIdentifiant": "SIRET", "denominationSociale": "CHALEUR INVENTEE"}],
    "modifications": [{"dateSignatureModification": "2020-05-02", "valeurGlobale": 1_250_000}],
}


def test_a_2019_contract_is_read_field_by_field(tmp_path):
    found = read_2019(tmp_path, CONTRACT_2019)
    assert found.format == "decp-2019-json"
    expected = {
        "rang": 0,
        "marche_id": "2019-07",
        "source": "plateforme",
        "acheteur_id": TOWN,
        "acheteur_nom": "VILLE INVENTEE",
        "nature": "Accord-cadre",
        "objet": "Fourniture de papier",
        "cpv": "30197643-5",
        "procedure": "Procédure adaptée",
        "lieu_code": "00100",
        "lieu_type": "CODE POSTAL",
        "duree_mois": 24,
        "date_notification": "2019-02-01+01:00",
        "date_publication": "2019-03-01",
        "montant": 30_000,
        "forme_prix": "Révisable",
        "offres_recues": None,
    }
    [row] = found.publications
    assert {name: row[name] for name in expected} == expected
    assert [tuple(each.values()) for each in found.titulaires] == [(0, 0, FIRM, "SIRET", "PAPIERS INVENTES")]
    assert not found.modifications


def test_a_2019_concession_is_read_under_the_names_of_a_contract(tmp_path):
    found = read_2019(tmp_path, CONTRACT_2019, CONCESSION_2019)
    concession = found.publications[1]
    assert concession["acheteur_id"] == DISTRICT
    assert concession["date_notification"] == "2019-05-02"
    assert concession["montant"] == 1_200_000
    assert [each["titulaire_id"] for each in found.titulaires] == [FIRM, OTHER]
    assert [(each["rang"], each["date_modification"], each["montant"]) for each in found.modifications] == [
        (1, "2020-05-02", 1_250_000)
    ]


def test_a_2022_contract_gives_its_modifications_and_their_suppliers(tmp_path):
    changes = [
        change(1, "2024-05-01", montant=12_000, datePublicationDonneesModification="2024-06-01"),
        change(2, "2024-07-01", dureeMois=18, objetModification="Transfert", titulaires=holders(OTHER)),
    ]
    found = read_2022(tmp_path, award(titulaires=holders(FIRM, THIRD), modifications=changes))
    assert found.format == "decp-2022-json"
    suppliers = [(each["version"], each["titulaire_id"]) for each in found.titulaires]
    assert suppliers == [(0, FIRM), (0, THIRD), (2, OTHER)]
    columns = ("version", "modification_id", "date_modification", "date_publication", "montant", "duree_mois")
    assert [tuple(each[name] for name in columns) for each in found.modifications] == [
        (1, 1, "2024-05-01", "2024-06-01", 12_000, None),
        (2, 2, "2024-07-01", None, None, 18),
    ]
    assert found.modifications[1]["objet_modification"] == "Transfert"


def test_contracts_and_concessions_of_2022_stand_in_two_lists_of_one_file(tmp_path):
    concession = {"id": "C1", "autoriteConcedante": {"id": DISTRICT}, "concessionnaires": [], "objet": "Parking"}
    found = read_content(tmp_path, as_json({"marches": {"marche": [award()], "contrat-concession": [concession]}}))
    assert [(row["rang"], row["marche_id"]) for row in found.publications] == [(0, "2024-01"), (1, "C1")]


def test_one_contract_alone_need_not_stand_in_a_list(tmp_path):
    found = read_content(tmp_path, as_json({"marches": {"marche": award("seul")}}))
    assert found.column("marche_id") == ["seul"]


@pytest.mark.parametrize(
    ("columns", "nested"),
    [
        (["id", "objet", "titulaires"], True),
        (["autoriteConcedante", "concessionnaires"], True),
        (["id", "acheteur.id", "titulaire_id_1"], False),
        (["code", "nom", "siren"], False),
    ],
)
def test_nested_records_are_told_by_their_lists_of_suppliers(columns, nested):
    assert is_nested(columns) is nested
