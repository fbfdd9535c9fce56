"""The shape of what one key holds inside each family of a group: dependency on a supplier."""

from dataclasses import dataclass, field
from typing import ClassVar

import narwhals as nw
import numpy as np

from optima_lib.indicators.shapes import EVERY, divide, one_if
from optima_lib.indicators.sums import Floats, Numbers, Sums, Values, summed

EXACT = 1 + 1e-9  # a sum of floats may miss a bound by its last digit


@dataclass(frozen=True)
class Dominance:
    """Share of the families of a group in which one key holds more than a share of the amount.

    Only the families that weigh at least ``weight_at_least`` of the group's amount count. ``by_amount`` gives the share of
    their amount rather than of their number. No interval: families are no draws.

    Attributes
    ----------
    key : str
        A column of numbers: the family, times ``apart``, plus the key inside it (a supplier).
    """

    key: str
    apart: int
    amount: nw.Expr
    known: nw.Expr
    share_above: float
    weight_at_least: float
    by_amount: bool = False
    weight: nw.Expr | None = None
    among: nw.Expr = field(default_factory=lambda: EVERY)
    facts: str = "titulaires"
    gated: ClassVar[bool] = True

    @property
    def grain(self) -> str:
        """The keys."""
        return self.key

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the amounts of each key of each family."""
        counted = self.among & self.known & ~nw.col(self.key).is_null()
        return {
            "somme": one_if(counted, self.amount),
            "effectif": one_if(counted, self.weight),
            "eligibles": one_if(self.among, self.weight),
        }

    def value(self, sums: Sums) -> Values:
        """Compare the largest key of each family with the family, and the family with the group."""
        facts = {name: np.round(sums.total(name), 6) for name in ("effectif", "eligibles")}
        groups = len(sums.groups)
        group, amount, largest = _families(sums, self.apart)
        whole = summed(group, amount, groups)
        weighs = amount * EXACT >= self.weight_at_least * whole[group]
        held = weighs & (largest > self.share_above * amount * EXACT)
        measure = amount if self.by_amount else np.ones_like(amount)
        above, below = (summed(group, np.where(kept, measure, 0.0), groups) for kept in (held, weighs))
        return facts | {"valeur": divide(above, below)}


def _families(sums: Sums, apart: int) -> tuple[Numbers, Floats, Floats]:
    """Return the group, the amount and the largest key of each family: runs of rows, which are in order."""
    keyed = sums.keyed
    if keyed.cle is None or not len(keyed.group):
        return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)
    family, amount = keyed.cle // apart, keyed.parts["somme"]
    starts = np.flatnonzero((np.diff(family, prepend=-1) != 0) | (np.diff(keyed.group, prepend=-1) != 0))
    return keyed.group[starts], np.add.reduceat(amount, starts), np.maximum.reduceat(amount, starts)
