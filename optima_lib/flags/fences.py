"""Quartiles, and the fences beyond which a value is an outlier."""

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

WHISKER = 1.5  # Tukey, Exploratory Data Analysis, 1977: the fences stand one and a half interquartile ranges away


def quantile_8(values: npt.ArrayLike, level: float) -> float:
    """Return a quantile by the method 8 of Hyndman and Fan, NaN of no value.

    The median-unbiased method, which Cardinal uses. numpy's ``median_unbiased`` is the same to one unit in the last
    place; the order of operations is here that of Cardinal, since a value that stands on a fence is flagged.

    Parameters
    ----------
    values : array_like
        Numbers, in any order.
    level : float
        Between 0 and 1.

    References
    ----------
    Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50(4).

    Examples
    --------
    >>> round(quantile_8([1, 66, 99, 99], 0.25), 2)
    28.08
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    count = len(ordered)
    if not count:
        return math.nan
    position = (count + 1 / 3) * level + 1 / 3
    below = int(position)
    if below <= 0 or level <= 0:
        return float(ordered[0])
    if below >= count or level >= 1:
        return float(ordered[-1])
    low, high = float(ordered[below - 1]), float(ordered[below])
    return low if low == high else low + (position - below) * (high - low)


def quartiles(values: npt.ArrayLike) -> tuple[float, float]:
    """Return the first and the third quartile, NaN of no value."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    return quantile_8(ordered, 0.25), quantile_8(ordered, 0.75)


def lower_fence(first: float, third: float) -> float:
    """Return the lower fence, rounded once as a fused multiplication and addition does.

    Examples
    --------
    >>> round(lower_fence(0.05, 0.07), 12)
    0.02
    """
    return _fused(third - first, -WHISKER, first)


def upper_fence(first: float, third: float) -> float:
    """Return the upper fence, rounded once as a fused multiplication and addition does.

    Examples
    --------
    >>> upper_fence(1, 4)
    8.5
    """
    return _fused(third - first, WHISKER, third)


def _fused(number: float, factor: float, added: float) -> float:
    if not (math.isfinite(number) and math.isfinite(added)):
        return number * factor + added
    return float(Fraction(number) * Fraction(factor) + Fraction(added))


def rounded(value: float | None) -> float | None:
    """Round to four decimals, halves away from zero; what is no number is null.

    Examples
    --------
    >>> rounded(17.33335), rounded(float("nan"))
    (17.3334, None)
    """
    if value is None or not math.isfinite(value):
        return None
    return math.copysign(math.floor(abs(value) * 10_000 + 0.5) / 10_000, value)
