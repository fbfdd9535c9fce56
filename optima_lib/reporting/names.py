"""Suppliers' names that may be printed: those of legal persons.

Award data do not tell natural persons from companies; the company register does, and says who does not let its
data circulate. Where a supplier is not in the register as read, a name that reads as a person's (a title, or a
first name in a short name without any sign of a company) is told by itself. A name that may not be printed is
replaced by a mention; the SIREN is then not shown either. Source of the duty: RGPD art. 5 ; code des relations
entre le public et l'administration, L312-1-2 ; code de commerce, R123-232-1.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from optima_lib.references import reference

MASKED = "[personne physique, nom non diffusé]"
WITHHELD = "[Données personnelles non-diffusibles]"
TITLES = re.compile(r"^(M|MR|MME|MLLE|MONSIEUR|MADAME|MADEMOISELLE|MAITRE|ME|DR|DOCTEUR)[ .]", re.IGNORECASE)
COMPANY = re.compile(
    r"\b(SA|SAS|SASU|SARL|EURL|SCOP|SCIC|SNC|SCA|SCI|SCP|SELARL|GIE|GROUPE|SOCIETE|STE|ETS|ETABLISSEMENTS?|"
    r"ENTREPRISE|ASSOCIATION|CABINET|AGENCE|ATELIERS?|BUREAU|FRANCE|TP|BTP|TRAVAUX|TRANSPORTS?|SERVICES?|"
    r"ARCHITECT\w*|INGENIERIE|CONSEIL|CONSTRUCTIONS?|FRERES|FILS|CIE|COMPAGNIE|MUTUELLE|BANQUE|SYNDICAT|"
    r"INDUSTRIES?|DISTRIBUTION|ENERGIES?|ENVIRONNEMENT|PAYSAGES?)\b|&|\d"
)
SOLE_TRADER = re.compile(r"\b(EI|EIRL|ENTREPRENEUR INDIVIDUEL)\b")
WORDS_OF_A_PERSON = 4


@dataclass(frozen=True)
class Firm:
    """What the company register says of a supplier; None where it does not say."""

    nom: str | None
    est_personne_physique: bool | None
    est_diffusible: bool | None


def read_firms(entreprises: pd.DataFrame) -> dict[str, Firm]:
    """Return the firms of the table ``entreprises`` by SIREN."""
    told = ("nom", "est_personne_physique", "est_diffusible")
    rows = zip(entreprises["siren"], *(entreprises[name] for name in told), strict=True)
    return {siren: Firm(*(None if pd.isna(value) else value for value in values)) for siren, *values in rows}


def printable(name: str | None, key: str, firms: Mapping[str, Firm]) -> str:
    """Return what may be printed of a supplier.

    Parameters
    ----------
    name : str or None
        Its published name.
    key : str
        Its SIREN, else its published identifier.
    firms : mapping of Firm
        The register, by SIREN.

    Returns
    -------
    str
        A mention for a natural person or for a firm that does not let its data circulate; else its published
        name, its name in the register, its SIREN or its identifier, the first that is known.

    Examples
    --------
    >>> firms = {"000000018": Firm("ROUTES", False, True), "000000026": Firm(None, True, False)}
    >>> printable("MARTIN Jean", "000000018", firms), printable("TRAVAUX", "000000026", firms)
    ('MARTIN Jean', '[Données personnelles non-diffusibles]')
    >>> printable(None, "000000018", firms), printable("MARTIN Jean", "000000034", firms)
    ('ROUTES', '[personne physique, nom non diffusé]')
    >>> printable(None, "000000034", firms), printable(None, "FR12", firms)
    ('SIREN 000000034', 'FR12')
    """
    firm = firms.get(key)
    if firm and firm.est_diffusible is False:
        return WITHHELD
    if firm and firm.est_personne_physique:
        return MASKED
    certain = firm is not None and firm.est_personne_physique is False
    if name and not certain and is_person(name):
        return MASKED
    known = firm.nom if firm and firm.est_diffusible else None
    return name or known or (f"SIREN {key}" if key.isdigit() else key)


def is_person(name: str) -> bool:
    """Tell a name that reads as a natural person's.

    Examples
    --------
    >>> is_person("Monsieur Dubreuil"), is_person("MARTIN Jean"), is_person("JEAN MARTIN SARL"), is_person("COLAS")
    (True, True, False, False)
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    if TITLES.search(plain) or SOLE_TRADER.search(plain):
        return True
    words = re.findall(r"[A-Z]+", plain)
    if COMPANY.search(plain) or not 2 <= len(words) <= WORDS_OF_A_PERSON:
        return False
    return any(word in first_names() for word in words)


@cache
def first_names() -> frozenset[str]:
    """Return common French first names, in capitals without accents."""
    return frozenset(row["prenom"] for row in reference("prenoms"))
