"""The difference of two means, whose variances may differ (Welch)."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import LEVEL, Estimate, Floats, side
from optima_lib.comparison.samples import read_pair, require_variation


@dataclass(frozen=True)
class Welch:
    """A difference of two means, its standard error and its degrees of freedom."""

    difference: float
    se: float
    df: float

    @property
    def t(self) -> float:
        """The difference in standard errors."""
        return self.difference / self.se


def welch(x: Floats, y: Floats) -> Welch:
    """Return the difference of the means of two samples, mean of x first, under unequal variances.

    Raises
    ------
    ComparisonError
        When neither sample varies.

    Notes
    -----
    se² = a + b with a = s₁²/n₁ and b = s₂²/n₂; df = (a + b)² / (a²/(n₁ - 1) + b²/(n₂ - 1)).
    Source: Welch (1947), Biometrika 34:28.

    Examples
    --------
    >>> told = welch(np.array([1.0, 3.0]), np.array([0.0, 2.0]))
    >>> told.difference, round(told.se, 4), told.df
    (1.0, 1.4142, 2.0)
    """
    require_variation(x, y)
    parts = [float(np.var(each, ddof=1)) / len(each) for each in (x, y)]
    total = sum(parts)
    # shares of the variance, so that tiny ones do not vanish when squared
    df = 1 / sum((part / total) ** 2 / (len(each) - 1) for part, each in zip(parts, (x, y), strict=True))
    return Welch(float(np.mean(x) - np.mean(y)), math.sqrt(total), df)


def difference_of_means(x: npt.ArrayLike, y: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Return the difference of two means, its Welch interval and the p value of no difference.

    Parameters
    ----------
    x, y : array_like
        Values of two independent samples.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Mean of x less mean of y.

    Raises
    ------
    ComparisonError
        When a sample has fewer than two values, or neither varies.

    Notes
    -----
    Not for raw amounts: with few skewed values the test refuses too often. Take their logarithms
    (`optima_lib.comparison.levels.ratio_of_geometric_means`). Source: Welch (1947), Biometrika 34:28.

    Examples
    --------
    >>> told = difference_of_means([5, 7, 9], [1, 2, 3])
    >>> told.estimate, round(told.p, 3)
    (5.0, 0.032)
    """
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    first, second = read_pair(x, y)
    told = welch(first, second)
    half = float(t.isf(side(level), told.df)) * told.se
    return Estimate(
        estimate=told.difference,
        low=told.difference - half,
        high=told.difference + half,
        level=level,
        n=(len(first), len(second)),
        method="welch",
        p=float(2 * t.sf(abs(told.t), told.df)),
    )
