"""What is said of some authorities beside their peers, or why nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison import gates
from optima_lib.comparison.peers import Chosen, Step

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NUMBERS = (
    *("attendu", "attendu_brut", "ecart", "ecart_bas", "ecart_haut", "ecart_brut", "marge_basse", "marge_haute"),
    *("tau", "z", "z_hasard", "p", "p_simple", "p_rang", "rang_bas", "rang_haut", "retreci", "fiabilite"),
    *("rapport", "rapport_bas", "rapport_haut"),
)


@dataclass(frozen=True)
class Compared:
    """What is said of some authorities; one number each, missing where the comparison is refused.

    Attributes
    ----------
    numbers : mapping
        The columns of ``NUMBERS``, in the unit of the indicator.
    pairs : array of int
        The peers of each.
    etape : array of int
        The step of the rule at which they were found, from 1; 0 where there is none.
    groupe : array of int
        The pool of that step.
    verdict : array of int
        Its place in ``VERDICTS``; -1 where the comparison is refused.
    motif : array of int
        Its place in ``gates.MOTIFS``; 0 where the comparison is made.
    """

    numbers: dict[str, Floats]
    pairs: Numbers
    etape: Numbers
    groupe: Numbers
    verdict: Numbers
    motif: Numbers

    def refuse(self, rows: Flags, motif: str) -> None:
        """Give a reason to the comparisons that have none yet."""
        self.motif[rows & (self.motif == 0)] = gates.MOTIFS.index(motif)


def refused(size: int, motif: str) -> Compared:
    """Return comparisons that are all refused, for one reason."""
    none = np.full(size, -1, dtype=np.int64)
    numbers = {name: np.full(size, np.nan) for name in NUMBERS}
    return Compared(numbers, none + 1, none + 1, none, none, np.full(size, gates.MOTIFS.index(motif)))


def joined(several: Sequence[Compared]) -> Compared:
    """Put comparisons one after the other."""
    numbers = {name: np.concatenate([each.numbers[name] for each in several]) for name in NUMBERS}
    whole = ("pairs", "etape", "groupe", "verdict", "motif")
    return Compared(numbers, *(np.concatenate([getattr(each, name) for each in several]) for name in whole))


def begun(chosen: Chosen, steps: Sequence[Step], rows: Numbers) -> Compared:
    """Return comparisons of which the peers alone are told."""
    size = len(rows)
    numbers = {name: np.full(size, np.nan) for name in NUMBERS}
    step = chosen.step[rows]
    group = np.full(size, -1, dtype=np.int64)
    for place, each in enumerate(steps):
        group = np.where(step == place, each.pool_of[rows], group)
    number = np.array([each.number for each in steps] + [0])[step]
    return Compared(numbers, chosen.peers[rows], number, group, np.full(size, -1), np.zeros(size, dtype=np.int64))
