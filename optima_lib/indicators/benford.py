"""Digits of amounts against the law of Benford: a shape of its own, and never one authority's."""

from dataclasses import dataclass
from typing import ClassVar

import narwhals as nw
import numpy as np

from optima_lib.indicators.shapes import one_if
from optima_lib.indicators.sums import Floats, Sums, Values, summed
from optima_lib.references import bound

PAIRS = 90
BUYER = "acheteur_siren"


def expected_share(pairs: Floats) -> Floats:
    """Return the share of amounts that begin with two digits, 10 to 99: log10(1 + 1 / d).

    Examples
    --------
    >>> import numpy as np
    >>> expected_share(np.array([10.0, 99.0])).round(4).tolist()
    [0.0414, 0.0044]
    >>> expected_share(np.arange(10.0, 100.0)).sum().round(9).item()
    1.0
    """
    return np.asarray(np.log10(1 + 1 / pairs))


@dataclass(frozen=True)
class BenfordGap:
    """Mean absolute deviation of the shares of the first two digits from those of Benford's law.

    Missing under ``benford_effectif_minimum`` amounts, and wherever buyers are told apart: the amounts of one buyer
    are of a few families and sizes, and follow no such law.

    Source: Nigrini, Benford's Law (2012): mean over the 90 pairs of |observed share - expected share|.
    """

    digits: str
    known: nw.Expr
    among: nw.Expr
    facts: str = "marches"
    gated: ClassVar[bool] = True

    @property
    def grain(self) -> str:
        """The first two digits."""
        return self.digits

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each pair of digits."""
        return {"effectif": one_if(self.among & self.known), "eligibles": one_if(self.among)}

    def value(self, sums: Sums) -> Values:
        """Compare the shares seen; the pairs that are not seen differ by their expected share."""
        n, eligible = (np.round(sums.total(name), 6) for name in ("effectif", "eligibles"))
        keyed, groups = sums.keyed, len(sums.groups)
        cle = np.empty(0) if keyed.cle is None else keyed.cle
        expected = expected_share(cle)
        gaps = np.abs(keyed.parts["effectif"] / n[keyed.group] - expected)
        unseen = 1 - summed(keyed.group, expected, groups)
        told = (n >= bound("benford_effectif_minimum")) & (BUYER not in sums.groups)
        mean = (summed(keyed.group, gaps, groups) + unseen) / PAIRS
        return {"valeur": np.where(told, mean, np.nan), "effectif": n, "eligibles": eligible}
