"""Suppliers' names that may be printed: those of legal persons.

Award data do not tell natural persons from companies. A name that reads as a person's (a title, or a first
name in a short name without any sign of a company) is replaced by a mention; the SIREN is then not shown
either. Source of the duty: RGPD art. 5 ; code des relations entre le public et l'administration, L312-1-2.
"""

import re
import unicodedata
from functools import cache

from optima_lib.references import reference

MASKED = "[personne physique, nom non diffusé]"
TITLES = re.compile(r"^(M|MR|MME|MLLE|MONSIEUR|MADAME|MADEMOISELLE|MAITRE|ME|DR|DOCTEUR)[ .]", re.IGNORECASE)
COMPANY = re.compile(
    r"\b(SA|SAS|SASU|SARL|EURL|SCOP|SCIC|SNC|SCA|SCI|SCP|SELARL|GIE|GROUPE|SOCIETE|STE|ETS|ETABLISSEMENTS?|"
    r"ENTREPRISE|ASSOCIATION|CABINET|AGENCE|ATELIERS?|BUREAU|FRANCE|TP|BTP|TRAVAUX|TRANSPORTS?|SERVICES?|"
    r"ARCHITECT\w*|INGENIERIE|CONSEIL|CONSTRUCTIONS?|FRERES|FILS|CIE|COMPAGNIE|MUTUELLE|BANQUE|SYNDICAT|"
    r"INDUSTRIES?|DISTRIBUTION|ENERGIES?|ENVIRONNEMENT|PAYSAGES?)\b|&|\d"
)
SOLE_TRADER = re.compile(r"\b(EI|EIRL|ENTREPRENEUR INDIVIDUEL)\b")
WORDS_OF_A_PERSON = 4


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
