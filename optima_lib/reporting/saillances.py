"""What stands out of a theme: three sentences, chosen and written from the values themselves.

A change comes first (two years whose intervals do not meet), then what cannot be said although many contracts
are concerned, then the values that rest on most facts.
"""

from dataclasses import dataclass

import pandas as pd

from optima_lib.indicators import find
from optima_lib.indicators.statuses import CALCULE, INDICATIF, INSUFFISANT
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.avertissements import extraits
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.texts import Texte

CHANGE, SILENCE, LEVEL = 3, 2, 1
SILENT = (
    "Les données ne permettent de conclure ni à une valeur ni à une absence, faute de faits exploitables parmi "
    "ceux qui sont concernés : {}."
)


@dataclass(frozen=True)
class Saillance:
    """A sentence, of what kind it is, and how much it weighs among its kind."""

    kind: int
    weight: float
    phrase: str


def ce_qui_ressort(etude: Etude, codes: tuple[str, ...], number: int = 3) -> Texte:
    """The sentences of a theme that stand out, one per indicator at most; what cannot be said makes one.

    Files that hold one kind of purchase only are warned of before.
    """
    etude.prepare(codes)
    found = [each for code in codes if (each := _read(etude, code))]
    silences = [each.phrase for each in found if each.kind == SILENCE]
    told = [each for each in found if each.kind != SILENCE]
    if silences:
        told.append(Saillance(SILENCE, len(silences), SILENT.format(french.enumerate_words(silences))))
    if not told:
        return Texte(("Aucun contrat de la période n'est concerné par ce thème.",), extraits(etude))
    ordered = sorted(told, key=lambda each: (-each.kind, -each.weight))
    return Texte(tuple(each.phrase for each in ordered[:number]), extraits(etude))


def _read(etude: Etude, code: str) -> Saillance | None:
    """Return what an indicator says that stands out most."""
    whole = etude.constat(code)
    if change := _change(etude, code):
        return change
    if whole.statut == INSUFFISANT and whole.eligibles >= bound("effectif_indicatif"):
        return Saillance(SILENCE, whole.eligibles, _silence(whole))
    if whole.statut in {CALCULE, INDICATIF}:
        return Saillance(LEVEL, whole.effectif, whole.phrase())
    return None


def _silence(whole: Constat) -> str:
    """Name what cannot be said, with the facts that tell and those concerned."""
    label = whole.indicator.libelle
    return f"{label[0].lower()}{label[1:]} ({french.whole(whole.effectif)} sur {french.whole(whole.eligibles)})"


def _change(etude: Etude, code: str) -> Saillance | None:
    """Return the change from the first year that has a value to the last, where their intervals do not meet."""
    rows = etude.indicateur(code)
    mine = rows[(rows["acheteur_siren"] == etude.principale) & rows["annee"].notna() & rows["ic_bas"].notna()]
    if len(mine) < 2:
        return None
    first, last = mine.iloc[0], mine.iloc[-1]
    gap = max(last["ic_bas"] - first["ic_haut"], first["ic_bas"] - last["ic_haut"])
    if pd.isna(gap) or gap <= 0:
        return None
    indicator = find(code)
    before, after = (french.by_unit(each["valeur"], indicator.unite) for each in (first, last))
    direction = "augmenté" if last["valeur"] > first["valeur"] else "diminué"
    told = (
        f"{indicator.libelle} : {before} en {first['annee']}, {after} en {last['annee']}. La valeur a {direction}, et les "
        "deux intervalles à 95 % ne se recouvrent pas."
    )
    scale = max(abs(float(first["valeur"])), abs(float(last["valeur"])), 1e-9)
    return Saillance(CHANGE, float(gap) / scale, told)
