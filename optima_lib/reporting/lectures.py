"""Tables of indicators, and the notes that say how to read them, from the text of the dictionary."""

import re

import pandas as pd

from optima_lib.indicators import CATALOGUE, find
from optima_lib.indicators.statuses import CALCULE, INDICATIF, SANS_OBJET
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Chiffres, Liste, Texte

CODE = re.compile(r"\b[A-Z]\d\d(?:\.[a-z_]+)?\b")
FILE = re.compile(r" \(references/[^)]+\)| de `references/[^`]+`")


def chiffres(etude: Etude, labels: dict[str, str]) -> Chiffres:
    """Key figures of some indicators, under short labels."""
    etude.prepare(labels)
    found = [(label, etude.constat(code)) for code, label in labels.items()]
    return Chiffres(tuple((label, constat.texte, _support(constat)) for label, constat in found))


def _support(constat: Constat) -> str:
    if constat.statut not in {CALCULE, INDICATIF}:
        usable = f"{constat.fait.count(constat.effectif)} exploitable{'s' if constat.effectif >= 2 else ''}"
        return f"{usable} sur {french.whole(constat.eligibles)}"
    return f"{constat.appui} ; {constat.bornes} selon les données manquantes" if constat.bornes else constat.appui


def phrases(etude: Etude, codes: tuple[str, ...]) -> Texte:
    """The sentences of some indicators, over the period."""
    etude.prepare(codes)
    return Texte(tuple(etude.constat(code).phrase() for code in codes))


def tableau_indicateurs(etude: Etude, codes: tuple[str, ...], titre: str) -> Tableau:
    """Some indicators, one column per legal person: the value, its interval, what it rests on."""
    etude.prepare(codes)
    rows = [(find(code).libelle, *(cell(etude.constat(code, key)) for key in etude.entites)) for code in codes]
    names = list(etude.entites.values()) if len(etude.entites) > 1 else ["Valeur"]
    frame = pd.DataFrame(rows, columns=["Indicateur", *names])
    least, enough = (french.whole(bound(name)) for name in ("effectif_minimal", "effectif_indicatif"))
    note = (
        "Sous chaque valeur : l'intervalle à 95 % ; « manquants », ce qu'elle vaudrait si les données manquantes allaient "
        "toutes dans un sens, puis dans l'autre ; les faits utilisés, sur les faits concernés (marchés, le plus souvent). "
        f"« Données insuffisantes » : moins de {least} faits exploitables ; ce n'est ni zéro, ni une absence d'anomalie. "
        f"« Indicatif » : moins de {enough}. « Sans objet » : rien n'est concerné dans les fichiers lus."
    )
    return Tableau(frame, titre, note=note)


def cell(constat: Constat) -> str:
    """Write a value and, on the lines below, its interval, its bounds under missing data and its support."""
    return constat.statut if constat.statut == SANS_OBJET else "\n".join([constat.texte, *constat.lignes])


def comment_lire(codes: tuple[str, ...]) -> Liste:
    """How to read some indicators: what each measures, and its limits, as the dictionary says."""
    entries = [find(code) for code in codes]
    return Liste(tuple((each.libelle, _for_reader(f"{each.methode} {each.limites}")) for each in entries))


def _for_reader(text: str) -> str:
    """Leave out the files of the project that the dictionary names, and call indicators by their names."""
    named = CODE.sub(lambda code: f"« {CATALOGUE[code[0]].libelle} »" if code[0] in CATALOGUE else code[0], text)
    return FILE.sub("", named).strip()
