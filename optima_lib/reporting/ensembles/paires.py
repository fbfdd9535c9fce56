"""The pairs of groups: in which direction they are read, and which a sentence names."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from optima_lib.comparison.contrasts import Contrast
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability
from optima_lib.reporting.ensembles.details import SURE
from optima_lib.reporting.tables import Tableau

MOST = 5  # pairs that a sentence names
NAMED = 3  # those that it names where they are more
RATIOS = "moyennes_geometriques"
CONTRASTS = {  # how the gap of two groups is named, and its decimals
    "rangs": ("Écart de rangs moyens", 1),
    "moyennes": ("Différence", 3),
    RATIOS: ("Rapport", 2),
}


def oriented(contrasts: Iterable[Contrast], reference: str, estimand: str) -> tuple[Contrast, ...]:
    """Return pairs with the reference in the second place, as contracts are compared with it.

    Examples
    --------
    >>> told = oriented([Contrast("a", "b", 2.0, 1.0, 4.0, 0.01)], "a", "moyennes_geometriques")[0]
    >>> told.first, told.estimate, told.low, told.high
    ('b', 0.5, 0.25, 1.0)
    """
    return tuple(_turned(each, estimand) if each.first == reference else each for each in contrasts)


def _turned(each: Contrast, estimand: str) -> Contrast:
    values = np.array([each.estimate, each.high, each.low])
    estimate, low, high = map(float, 1 / values if estimand == RATIOS else -values)
    return replace(each, first=each.second, second=each.first, estimate=estimate, low=low, high=high)


def tell_direction(estimand: str) -> str:
    """Say what a gap is when the first group lies above the second.

    Examples
    --------
    >>> tell_direction("rangs"), tell_direction("moyennes_geometriques")
    ('Écart positif', 'Rapport de plus de 1')
    """
    return "Rapport de plus de 1" if estimand == RATIOS else "Écart positif"


def strongest(contrasts: Iterable[Contrast], estimand: str) -> list[Contrast]:
    """Return the pairs that are established: from the smallest p to the largest, then from the largest gap to the smallest."""

    def size(each: Contrast) -> float:
        return abs(float(np.log(each.estimate))) if estimand == RATIOS else abs(each.estimate)

    return sorted((each for each in contrasts if each.p < SURE), key=lambda each: (each.p, -size(each)))


def tell_established(contrasts: tuple[Contrast, ...], estimand: str) -> str:
    """Say which pairs are established: all where they are few, else how many and the strongest ones.

    Examples
    --------
    >>> tell_established((Contrast("a", "b", 2.0, 1.0, 4.0, 0.01),), "moyennes")
    "l'écart est établi entre « a » et « b »"
    """
    sure = strongest(contrasts, estimand)
    if not sure:
        return "aucune paire, prise seule, n'est établie"
    named = french.enumerate_words(
        [f"entre « {each.first} » et « {each.second} »" for each in sure[: len(sure) if len(sure) <= MOST else NAMED]]
    )
    if len(sure) <= MOST:
        return f"l'écart est établi {named}"
    counts = f"{french.whole(len(sure))} des {french.whole(len(contrasts))} paires"
    return f"l'écart est établi pour {counts}, notamment {named} (toutes sont au tableau des groupes deux à deux, plus bas)"


def table_of_pairs(contrasts: tuple[Contrast, ...], estimand: str, note: str) -> Tableau:
    """Return each pair, its gap, its interval and its p value, as a table."""
    name, digits = CONTRASTS[estimand]
    rows = [
        (
            f"{each.first} – {each.second}",
            french.decimal(each.estimate, digits),
            f"{french.decimal(each.low, digits)} à {french.decimal(each.high, digits)}",
            probability(each.p),
        )
        for each in contrasts
    ]
    return Tableau(
        pd.DataFrame(rows, columns=["Groupes", name, "Intervalle à 95 %", "p corrigé"]),
        "Les groupes, deux à deux",
        note=note,
    )
