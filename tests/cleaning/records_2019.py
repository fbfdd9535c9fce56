"""Invented records of the 2019 schema: one for each defect that the real files have."""

from tests.cleaning.records import FIRM, OTHER, TOWN

WRONG_BUYER = TOWN[:-1] + str((int(TOWN[-1]) + 1) % 10)
WRONG_FIRM = FIRM[:8] + str((int(FIRM[8]) + 1) % 10) + FIRM[9:]
NO_CALL = "Marché négocié sans publicité ni mise en concurrence préalable"


def award_2019(number, **fields):
    record = {
        "id": number,
        "acheteur": {"id": TOWN, "nom": "Ville inventée"},
        "nature": "Marché",
        "objet": f"Objet {number}",
        "codeCPV": "45212221",
        "procedure": "Procédure adaptée",
        "lieuExecution": {"code": "00001", "typeCode": "Code postal"},
        "dureeMois": 6,
        "dateNotification": "2019-03-01",
        "datePublicationDonnees": "2019-04-01",
        "montant": 50_000,
        "formePrix": "Ferme",
        "titulaires": [{"id": FIRM, "typeIdentifiant": "SIRET", "denominationSociale": "Une entreprise"}],
    }
    return {name: value for name, value in (record | fields).items() if value is not None}


CONCESSION = {
    "_type": "Contrat de concession",
    "id": "concession",
    "autoriteConcedante": {"id": TOWN, "nom": "BUDGET PRINCIPAL"},
    "nature": "Délégation de service public",
    "objet": "Exploitation du camping",
    "procedure": "Procédure négociée ouverte",
    "dureeMois": 60,
    "dateSignature": "2019-05-02+02:00",
    "datePublicationDonnees": "2019-06-01",
    "valeurGlobale": "1 200 000,50",
    "concessionnaires": [{"id": OTHER, "typeIdentifiant": "SIRET", "denominationSociale": "Un concessionnaire"}],
}

RECORDS = [
    award_2019("zone", dateNotification="2019-03-01+01:00"),
    award_2019("an-218", dateNotification="0218-03-01"),
    award_2019("sans-date", dateNotification=None),
    award_2019("zero", montant=0),
    award_2019("un", montant=1),
    award_2019("cinq", montant=5),
    award_2019("neufs", montant=999_999_999),
    award_2019("cent-millions", montant=120_000_000),
    award_2019("texte", montant="38 800,50", dureeMois="24"),
    award_2019("bpu", montant="voir BPU"),
    award_2019("sans-cpv", codeCPV=None),
    award_2019("cpv-court", codeCPV="4543100-7"),
    award_2019("cpv-cle", codeCPV="45316110-9"),
    award_2019(None, objet="Marché sans numéro"),
    award_2019("0000000000000000", objet="Marché au numéro de zéros"),
    award_2019("acheteur-faux", acheteur={"id": WRONG_BUYER, "nom": "Ville inventée"}),
    award_2019("titulaire-court", titulaires=[{"id": "12345", "typeIdentifiant": "SIRET"}]),
    award_2019("titulaire-faux", titulaires=[{"id": WRONG_FIRM, "typeIdentifiant": "SIRET"}]),
    award_2019("type-absent", titulaires=[{"id": FIRM, "typeIdentifiant": ""}]),
    award_2019("type-siret", titulaires=[{"id": FIRM, "typeIdentifiant": "Siret"}]),
    award_2019("hors-ue", titulaires=[{"id": "CHE-000", "typeIdentifiant": "HORS_UE"}]),
    award_2019("nombre", titulaires=[{"id": 12345, "typeIdentifiant": "SIRET"}]),
    award_2019("sans-titulaire", titulaires=[]),
    award_2019("deux", titulaires=[{"id": FIRM, "typeIdentifiant": "SIRET"}, {"id": OTHER, "typeIdentifiant": "SIRET"}]),
    award_2019("double", uuid="1"),
    award_2019("double", uuid="2"),
    award_2019("repris", objet="Toiture", titulaires=[{"id": FIRM}]),
    award_2019("repris", objet="Chauffage", titulaires=[{"id": OTHER}], montant=70_000),
    award_2019("modifie", modifications=[{"dateNotificationModification": "2019-09-01", "montant": 60_000, "dureeMois": 9}]),
    award_2019("mojibake", objet="MaÃ®trise d'Å“uvre"),
    award_2019("c1", objet="MAITRISE D\x92\x8cUVRE"),
    award_2019("perdu", objet="R\ufffdgie de quartier"),
    award_2019("sans-appel", procedure=NO_CALL),
    award_2019("apostrophe", procedure="Appel d offres ouvert"),
    award_2019("ino", lieuExecution={"code": "INO", "typeCode": "CODE POSTAL"}),
    award_2019("type-nul", lieuExecution={"code": "00001", "typeCode": None}),
    award_2019("budget", acheteur={"id": TOWN, "nom": "BUDGET PRINCIPAL"}),
    award_2019("accord", nature="Accord-cadre", formePrix="Révisable"),
    award_2019("subsequent", nature="Marché subséquent"),
    award_2019("espace", objet=None, **{"objet ": "Champ suivi d'une espace", "acheteur": {"id": TOWN, "nom ": "V"}}),
    award_2019("sans-acheteur", acheteur=None),
    award_2019("acheteur-vide", acheteur={"id": "NC", "nom": "Ville inventée"}),
    CONCESSION,
]  # fmt: skip
