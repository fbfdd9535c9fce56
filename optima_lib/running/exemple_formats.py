"""A contract as each layout publishes it: DECP 2019, DECP 2022, the ministry's flat file."""

import datetime as dt
from typing import Any

from optima_lib.running.exemple_marches import Avenant, Marche

NEVER = dt.date.max
SOURCES = {"profil": "profil-exemple", "pes": "pes-exemple"}
PROCEDURES_2019 = {
    "Marché passé sans publicité ni mise en concurrence préalable": (
        "Marché négocié sans publicité ni mise en concurrence préalable"
    ),
    "Procédure avec négociation": "Procédure concurrentielle avec négociation",
}
PRICES_2019 = {"Définitif ferme": "Ferme", "Définitif révisable": "Révisable"}
FILLER, FILLER_OF_BIDS, FLAT_SUPPLIERS = "CDL", "MQ NC", 3
FLAT_COLUMNS = (
    "id",
    "acheteur.id",
    "nature",
    "objet",
    "codeCPV",
    "procedure",
    "lieuExecution.code",
    "lieuExecution.typeCode",
    "dureeMois",
    "dateNotification",
    "datePublicationDonnees",
    "montant",
    "formePrix",
    "typesPrix",
    "techniques",
    "modalitesExecution",
    "idAccordCadre",
    "marcheInnovant",
    "ccag",
    "offresRecues",
    "attributionAvance",
    "tauxAvance",
    "typeGroupementOperateurs",
    "sousTraitanceDeclaree",
    "considerationsSociales",
    "considerationsEnvironnementales",
    "origineUE",
    "origineFrance",
    *(f"titulaire_{name}_{rank}" for rank in (1, 2, 3) for name in ("id", "typeIdentifiant")),
    "idModification",
    "dureeMoisModification",
    "montantModification",
    "dateNotificationModificationModification",
    "datePublicationDonneesModificationModification",
    "source",
)


def record_2019(marche: Marche) -> dict[str, Any]:
    """Write a contract or a concession in the 2019 schema."""
    suppliers = [
        {"typeIdentifiant": marche.type_titulaire, "id": each.siret, "denominationSociale": each.nom}
        for each in marche.titulaires
    ]
    common = _common(marche) | {"lieuExecution": _place(marche) | {"nom": marche.acheteur.nom}}
    common["modifications"] = [_change(each, NEVER, objetModification=each.objet) for each in marche.avenants]
    body = {"id": marche.siret, "nom": marche.acheteur.nom}
    if marche.est_concession:
        return common | {
            "_type": "Contrat de concession",
            "autoriteConcedante": body,
            "dateSignature": marche.date_ecrite,
            "valeurGlobale": marche.montant,
            "concessionnaires": suppliers,
        }
    nature = "Accord-cadre" if marche.plafond else "Marché subséquent" if marche.cadre else "Marché"
    return common | {
        "_type": "Marché",
        "acheteur": body,
        "nature": nature,
        "procedure": PROCEDURES_2019.get(marche.procedure, marche.procedure),
        "dateNotification": marche.date_ecrite,
        "montant": marche.montant,
        "formePrix": PRICES_2019[marche.type_prix],
        "titulaires": suppliers,
    }


def record_2022(marche: Marche, until: dt.date = NEVER) -> dict[str, Any]:
    """Write a contract or a concession in the 2022 schema, with the modifications published until a day."""
    suppliers = [{"typeIdentifiant": marche.type_titulaire, "id": each.siret} for each in marche.titulaires]
    changes = [{"modification": _change(each, until)} for each in marche.avenants if each.publie <= until]
    common = _common(marche) | {
        "lieuExecution": _place(marche),
        "considerationsSociales": {"considerationSociale": [marche.social]},
        "considerationsEnvironnementales": {"considerationEnvironnementale": list(marche.environnement)},
        "modifications": changes,
    }
    if marche.est_concession:
        return common | {
            "autoriteConcedante": {"id": marche.siret},
            "dateSignature": marche.date_ecrite,
            "valeurGlobale": marche.montant,
            "concessionnaires": [{"concessionnaire": each} for each in suppliers],
        }
    offers = {} if marche.offres is None else {"offresRecues": marche.offres}
    frame = {"idAccordCadre": marche.cadre} if marche.cadre else {}
    return common | offers | frame | {
        "acheteur": {"id": marche.siret},
        "techniques": {"technique": [_technique(marche)]},
        "modalitesExecution": {"modaliteExecution": [marche.modalite]},
        "marcheInnovant": marche.innovant,
        "ccag": marche.ccag,
        "attributionAvance": marche.avance,
        "tauxAvance": 0.05 if marche.avance else 0,
        "typeGroupementOperateurs": marche.groupement,
        "sousTraitanceDeclaree": marche.sous_traitance,
        "dateNotification": marche.date_ecrite,
        "montant": marche.montant,
        "formePrix": marche.forme_prix,
        "typesPrix": {"typePrix": [marche.type_prix]},
        "titulaires": [{"titulaire": each} for each in suppliers],
    }  # fmt: skip


def rows_of_ministry(marche: Marche) -> list[list[str]]:
    """Write a contract in the ministry's flat layout: one row, or one per modification; three suppliers at most."""
    place = _place(marche)
    values: dict[str, object] = _common(marche) | {
        "acheteur.id": marche.siret,
        "lieuExecution.code": place["code"],
        "lieuExecution.typeCode": place["typeCode"],
        "dateNotification": FILLER if marche.date_ecrite == "NC" else marche.date_ecrite,
        "montant": FILLER if isinstance(marche.montant, str) else marche.montant,
        "formePrix": marche.forme_prix,
        "typesPrix": marche.type_prix,
        "techniques": _technique(marche),
        "modalitesExecution": marche.modalite,
        "idAccordCadre": marche.cadre or FILLER,
        "marcheInnovant": str(marche.innovant).lower(),
        "ccag": marche.ccag,
        "offresRecues": FILLER_OF_BIDS if marche.offres is None else marche.offres,
        "attributionAvance": str(marche.avance).lower(),
        "tauxAvance": "0.05" if marche.avance else FILLER,
        "typeGroupementOperateurs": marche.groupement,
        "sousTraitanceDeclaree": str(marche.sous_traitance).lower(),
        "considerationsSociales": marche.social,
        "considerationsEnvironnementales": ", ".join(marche.environnement),
    }
    for rank, each in enumerate(marche.titulaires[:FLAT_SUPPLIERS], start=1):
        values[f"titulaire_id_{rank}"], values[f"titulaire_typeIdentifiant_{rank}"] = each.siret, marche.type_titulaire
    return [
        [str(row.get(name, "") or FILLER) for name in FLAT_COLUMNS]
        for row in [values | _flat_change(each) for each in marche.avenants] or [values]
    ]


def _common(marche: Marche) -> dict[str, Any]:
    """Write what all layouts write alike."""
    return {
        "id": marche.numero,
        "nature": marche.nature,
        "objet": marche.objet,
        "codeCPV": marche.cpv,
        "procedure": marche.procedure,
        "dureeMois": marche.duree,
        "datePublicationDonnees": marche.publie.isoformat(),
        "source": SOURCES[marche.acheteur.canal],
    }


def _technique(marche: Marche) -> str:
    return "Accord-cadre" if marche.plafond else "Sans objet"


def _place(marche: Marche) -> dict[str, str]:
    acheteur = marche.acheteur
    if acheteur.code_insee:
        return {"code": acheteur.code_insee, "typeCode": "Code commune"}
    return {"code": acheteur.departement, "typeCode": "Code département"}


def _change(avenant: Avenant, until: dt.date, **others: str) -> dict[str, Any]:
    """Write a modification; the 2019 schema gives its reason and no number."""
    number = {} if until == NEVER and others else {"id": avenant.rang}
    return number | others | {
        "dateNotificationModification": avenant.date.isoformat(),
        "datePublicationDonneesModification": avenant.publie.isoformat(),
        "montant": avenant.montant,
        "dureeMois": avenant.duree,
    }  # fmt: skip


def _flat_change(avenant: Avenant) -> dict[str, object]:
    return {
        "idModification": avenant.rang,
        "dureeMoisModification": avenant.duree,
        "montantModification": avenant.montant,
        "dateNotificationModificationModification": avenant.date.isoformat(),
        "datePublicationDonneesModificationModification": avenant.publie.isoformat(),
    }
