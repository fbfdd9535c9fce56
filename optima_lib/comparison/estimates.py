"""What a comparison gives back: a number, the interval it comes with, and on what they rest."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]

LEVEL = 0.95  # the level of the suite's other intervals, as in the catalogue of indicators


@dataclass(frozen=True)
class Estimate:
    """One estimate and its interval.

    Parameters
    ----------
    estimate, low, high : float
        The estimate and the ends of its interval, in the same unit.
    level : float
        Confidence level of the interval, between 0 and 1.
    n : tuple of int
        Number of values of each sample, in the order in which they were given.
    method : str
        Key of the method that was used, which the prose and the ledger name.
    p : float or None
        Two-sided p value of the null value that the function names, where there is one.
    remarks : tuple of str
        What a reader must know of this very result, in French.
    """

    estimate: float
    low: float
    high: float
    level: float
    n: tuple[int, ...]
    method: str
    p: float | None = None
    remarks: tuple[str, ...] = ()

    def through(self, function: Callable[[float], float]) -> "Estimate":
        """Return the same estimate on another scale, through an increasing or a decreasing function.

        Examples
        --------
        >>> import math
        >>> shift = Estimate(0.0, -1.0, 1.0, LEVEL, (10, 10), "hodges_lehmann")
        >>> ratio = shift.through(math.exp)
        >>> round(ratio.low, 3), ratio.estimate, round(ratio.high, 3)
        (0.368, 1.0, 2.718)
        """
        low, high = sorted((float(function(self.low)), float(function(self.high))))
        return replace(self, estimate=float(function(self.estimate)), low=low, high=high)


@dataclass(frozen=True, eq=False)
class Intervals:
    """Estimates of many units and their intervals, missing where a unit has nothing to estimate.

    Parameters
    ----------
    estimate, low, high : array of float
        The estimates and the ends of their intervals.
    level : float
        Confidence level of the intervals.
    method : str
        Key of the method that was used.
    p : array of float or None
        Two-sided p values, where the method has a null value.
    """

    estimate: Floats
    low: Floats
    high: Floats
    level: float
    method: str
    p: Floats | None = None


def side(level: float) -> float:
    """Return what a level leaves on each side of an interval.

    Raises
    ------
    ComparisonError
        When the level is not between 0 and 1.

    Examples
    --------
    >>> round(side(0.9), 6)
    0.05
    """
    if not 0 < level < 1:
        raise ComparisonError(
            f"Niveau de confiance {level} refusé : il faut un nombre strictement compris entre 0 et 1, "
            f"par exemple {LEVEL}."
        )
    return (1 - level) / 2
