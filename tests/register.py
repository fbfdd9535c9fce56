"""Invented extracts of the company register, with the columns of INSEE's stock files."""

import csv
import io

UNIT_COLUMNS = [
    "siren",
    "statutDiffusionUniteLegale",
    "unitePurgeeUniteLegale",
    "dateCreationUniteLegale",
    "sigleUniteLegale",
    "sexeUniteLegale",
    "prenom1UniteLegale",
    "prenom2UniteLegale",
    "prenom3UniteLegale",
    "prenom4UniteLegale",
    "prenomUsuelUniteLegale",
    "pseudonymeUniteLegale",
    "identifiantAssociationUniteLegale",
    "trancheEffectifsUniteLegale",
    "anneeEffectifsUniteLegale",
    "dateDernierTraitementUniteLegale",
    "nombrePeriodesUniteLegale",
    "categorieEntreprise",
    "anneeCategorieEntreprise",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "denominationUniteLegale",
    "denominationUsuelle1UniteLegale",
    "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale",
    "economieSocialeSolidaireUniteLegale",
    "societeMissionUniteLegale",
    "caractereEmployeurUniteLegale",
]
SITE_COLUMNS = [
    "siren",
    "nic",
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "trancheEffectifsEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "codeCommuneEtablissement",
    "coordonneeLambertAbscisseEtablissement",
    "dateDebut",
    "etatAdministratifEtablissement",
    "enseigne1Etablissement",
    "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
]
UNIT = {
    "statutDiffusionUniteLegale": "O",
    "dateCreationUniteLegale": "2005-03-01",
    "dateDernierTraitementUniteLegale": "2025-03-05T10:00:00",
    "categorieEntreprise": "PME",
    "anneeCategorieEntreprise": "2022",
    "dateDebut": "2010-01-01",
    "etatAdministratifUniteLegale": "A",
    "denominationUniteLegale": "ROUTES INVENTÉES",
    "categorieJuridiqueUniteLegale": "5710",
    "activitePrincipaleUniteLegale": "42.11Z",
    "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
    "economieSocialeSolidaireUniteLegale": "N",
    "societeMissionUniteLegale": "N",
}
SITE = {
    "dateDernierTraitementEtablissement": "2025-03-05T10:00:00",
    "etablissementSiege": "true",
    "codeCommuneEtablissement": "64445",
    "etatAdministratifEtablissement": "A",
    "activitePrincipaleEtablissement": "42.11Z",
    "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
}


def unit(siren, **fields):
    """A row of StockUniteLegale."""
    return dict.fromkeys(UNIT_COLUMNS, "") | UNIT | {"siren": siren} | fields


def site(siret, **fields):
    """A row of StockEtablissement."""
    return dict.fromkeys(SITE_COLUMNS, "") | SITE | {"siret": siret, "siren": siret[:9], "nic": siret[9:]} | fields


def register_csv(*rows):
    """The content of a stock file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
