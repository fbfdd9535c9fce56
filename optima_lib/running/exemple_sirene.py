"""The company register as the invented data have it: an extract of each stock file of INSEE.

It holds the buyers, most suppliers, and firms that sell nothing here. Some suppliers are absent from it, as in a
real extract; others are closed, young, of the social economy, without a size category, or natural persons, some
of whom do not let their data circulate.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from optima_lib.running.exemple_identites import (
    PERSONS_AMONG,
    PERSONS_EVERY,
    Acheteur,
    Fournisseur,
    acheteurs,
    complete,
    siret_of,
    viviers,
)
from optima_lib.running.exemple_marches import Marche

UNIT_COLUMNS = (
    "siren",
    "statutDiffusionUniteLegale",
    "dateCreationUniteLegale",
    "prenom1UniteLegale",
    "prenomUsuelUniteLegale",
    "dateDernierTraitementUniteLegale",
    "categorieEntreprise",
    "anneeCategorieEntreprise",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale",
    "economieSocialeSolidaireUniteLegale",
    "societeMissionUniteLegale",
)
SITE_COLUMNS = (
    "siren",
    "nic",
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "codeCommuneEtablissement",
    "etatAdministratifEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
)
FORMS = {"SAS": "5710", "SASU": "5720", "SARL": "5499", "SA": "5599", "SCOP SA": "5558", "": "1000"}
BODIES = {
    "commune": "7210",
    "département": "7220",
    "EPCI": "7348",
    "SDIS": "7372",
    "CCAS": "7361",
    "CIAS": "7367",
    "syndicat": "7354",
}
TREATED, NOMENCLATURE, PUBLIC = "2025-12-01T08:00:00", "NAFRev2", "84.11Z"
ABSENT_EVERY, SIZELESS_EVERY, SILENT_EVERY = 23, 29, 31
YOUNG_EVERY, CLOSED_EVERY, ELSEWHERE_EVERY = 37, 43, 5
NEVER, LAST_DAY = dt.date(2020, 1, 1), dt.date(2025, 11, 28)
OTHERS = range(1_000, 1_060)  # firms that sell nothing here
SITES_ELSEWHERE = ("00101", "00113", "0A104", "0A114", "0B108", "0B115")
Row = dict[str, str]
Years = dict[str, tuple[dt.date, dt.date]]


def units(marches: Iterable[Marche]) -> list[list[str]]:
    """Write the extract of legal units, its header first; two rows are of one firm, one has no SIREN.

    Parameters
    ----------
    marches : iterable of Marche
        The contracts: a young firm was created before its first one, a closed one closed after its last.
    """
    active = _activity(marches)
    rows = [_body(each) for each in acheteurs()]
    rows += [_firm(each, active) for each in _registered()]
    rows += [_other(number) for number in OTHERS]
    rows.append(rows[len(acheteurs())] | {"dateDernierTraitementUniteLegale": "2021-04-01T08:00:00"})
    rows.append(_other(OTHERS.stop) | {"siren": "NC"})
    return [list(UNIT_COLUMNS), *([row.get(name, "") for name in UNIT_COLUMNS] for row in rows)]


def sites() -> list[list[str]]:
    """Write the extract of establishments, its header first."""
    rows = [row for each in acheteurs() for row in _sites_of_body(each)]
    rows += [row for each in _registered() for row in _sites_of_firm(each)]
    rows += [_site(siret_of(_siren(number), 1), "00001", "46.90Z") for number in OTHERS]
    return [list(SITE_COLUMNS), *([row.get(name, "") for name in SITE_COLUMNS] for row in rows)]


def _registered() -> Iterator[Fournisseur]:
    return (each for some in viviers().values() for each in some if each.rang % ABSENT_EVERY)


def _activity(marches: Iterable[Marche]) -> Years:
    """Return the first and last contract of each firm."""
    days: dict[str, list[dt.date]] = {}
    for marche in marches:
        for each in marche.titulaires:
            days.setdefault(each.siren, []).append(marche.date)
    return {siren: (min(some), max(some)) for siren, some in days.items()}


def _siren(number: int) -> str:
    return complete(f"000{number * 137 % 100_000:05d}")


def _unit(siren: str, created: str, category: str, activity: str) -> Row:
    return {
        "siren": siren,
        "statutDiffusionUniteLegale": "O",
        "dateCreationUniteLegale": created,
        "dateDernierTraitementUniteLegale": TREATED,
        "dateDebut": created,
        "etatAdministratifUniteLegale": "A",
        "categorieJuridiqueUniteLegale": category,
        "activitePrincipaleUniteLegale": activity,
        "nomenclatureActivitePrincipaleUniteLegale": NOMENCLATURE,
        "nicSiegeUniteLegale": siret_of(siren, 1)[9:],
        "economieSocialeSolidaireUniteLegale": "N",
        "societeMissionUniteLegale": "N",
    }


def _body(buyer: Acheteur) -> Row:
    return _unit(buyer.siren, "1982-03-02", BODIES[buyer.categorie], PUBLIC) | {"denominationUniteLegale": buyer.nom}


def _firm(firm: Fournisseur, active: Years) -> Row:
    """Write the unit of a supplier."""
    rank = firm.rang
    first, last = active.get(firm.siren, (NEVER, NEVER))
    row = _unit(firm.siren, _created(rank, first), FORMS[firm.forme], firm.naf) | {"denominationUniteLegale": firm.nom}
    if rank % SIZELESS_EVERY:
        row |= {"categorieEntreprise": _size(rank), "anneeCategorieEntreprise": "2023"}
    if firm.forme == "SCOP SA" or firm.naf.startswith("88"):
        row["economieSocialeSolidaireUniteLegale"] = "O"
    elif rank % SILENT_EVERY == 0:
        row["economieSocialeSolidaireUniteLegale"] = ""
    if rank % CLOSED_EVERY == 0:
        closed = min(last + dt.timedelta(days=20 + rank % 300), LAST_DAY)
        row |= {"etatAdministratifUniteLegale": "C", "dateDebut": closed.isoformat()}
    return row | _person(firm) if not firm.forme else row


def _person(firm: Fournisseur) -> Row:
    """Write a natural person's name, or INSEE's mention where it does not let it circulate."""
    if firm.rang % PERSONS_EVERY == PERSONS_AMONG[0]:
        told = dict.fromkeys(("denominationUniteLegale", "nomUniteLegale", "prenom1UniteLegale"), "[ND]")
        return told | {"statutDiffusionUniteLegale": "P"}
    return {"denominationUniteLegale": "", "nomUniteLegale": "EXEMPLE-FICTIF", "prenom1UniteLegale": "Modèle"}


def _size(rank: int) -> str:
    return "GE" if rank % 17 == 3 else "ETI" if rank % 6 == 1 else "PME"


def _created(rank: int, first: dt.date) -> str:
    """Return the day of creation: for some, soon before their first contract."""
    if rank % YOUNG_EVERY == 0:
        return (first - dt.timedelta(days=30 + rank * 7 % 500)).isoformat()
    return dt.date(1972 + rank * 13 % 44, 1 + rank % 12, 1 + rank % 28).isoformat()


def _other(number: int) -> Row:
    return _unit(_siren(number), "2001-05-04", "5710", "46.90Z") | {"denominationUniteLegale": f"Hors marchés {number}"}


def _site(siret: str, commune: str, activity: str, *, head: bool = True) -> Row:
    return {
        "siren": siret[:9],
        "nic": siret[9:],
        "siret": siret,
        "statutDiffusionEtablissement": "O",
        "dateCreationEtablissement": "2001-05-04",
        "dateDernierTraitementEtablissement": TREATED,
        "etablissementSiege": str(head).lower(),
        "codeCommuneEtablissement": commune,
        "etatAdministratifEtablissement": "A",
        "activitePrincipaleEtablissement": activity,
        "nomenclatureActivitePrincipaleEtablissement": NOMENCLATURE,
    }


def _sites_of_body(buyer: Acheteur) -> list[Row]:
    main, annexed = buyer.sirets
    commune = buyer.code_insee or f"{buyer.departement}001"
    return [_site(main, commune, PUBLIC), _site(annexed, commune, PUBLIC, head=False)]


def _sites_of_firm(firm: Fournisseur) -> list[Row]:
    """Write the establishment that sells, and the head office of a firm that has it elsewhere."""
    rank = firm.rang
    near = "00001" if rank % 3 == 0 else f"000{2 + rank % 13:02d}" if rank % 3 == 1 else SITES_ELSEWHERE[rank % 6]
    elsewhere = rank % ELSEWHERE_EVERY == 0
    seller = _site(firm.siret, near, firm.naf, head=not elsewhere)
    if rank % CLOSED_EVERY == 0:
        seller["etatAdministratifEtablissement"] = "F"
    if not elsewhere:
        return [seller]
    return [seller, _site(siret_of(firm.siren, 9), SITES_ELSEWHERE[rank % 5], firm.naf)]
