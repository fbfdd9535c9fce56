"""Shares and their intervals: Wilson, Clopper–Pearson, and Newcombe for the difference of two."""

from typing import Any

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.counts import read_parts
from optima_lib.comparison.estimates import LEVEL, Floats, Intervals, side


def wilson(hits: npt.ArrayLike, n: npt.ArrayLike, level: float = LEVEL) -> Intervals:
    """Return shares and their Wilson score intervals.

    Parameters
    ----------
    hits, n : array_like
        Units that have the quality, and all units.
    level : float
        Confidence level.

    Returns
    -------
    Intervals
        Missing where there is no unit.

    Raises
    ------
    ComparisonError
        When a count is negative or above its total.

    Notes
    -----
    (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n). Mean coverage is near the level, but not guaranteed for
    each true share: `clopper_pearson` guarantees it, at the price of width.
    Source: Wilson (1927), JASA 22:209; compared in Newcombe (1998), Statistics in Medicine 17:857.

    Examples
    --------
    >>> told = wilson([15, 0], [148, 0])
    >>> told.low.round(4).tolist(), told.high.round(4).tolist()
    ([0.0624, nan], [0.1605, nan])
    """
    return _of_one_share(hits, n, level, method="wilson", key="wilson")


def clopper_pearson(hits: npt.ArrayLike, n: npt.ArrayLike, level: float = LEVEL) -> Intervals:
    """Return shares and their exact Clopper–Pearson intervals, from the same counts as `wilson`.

    Notes
    -----
    The shares that neither one-sided binomial test refuses at (1 - level)/2; coverage is at least the level, often
    more. Source: Clopper and Pearson (1934), Biometrika 26:404, through the quantiles of the beta law.

    Examples
    --------
    >>> told = clopper_pearson(0, 20)
    >>> float(told.low), round(float(told.high), 4)
    (0.0, 0.1684)
    """
    return _of_one_share(hits, n, level, method="beta", key="clopper_pearson")


def newcombe(
    hits: npt.ArrayLike, n: npt.ArrayLike, hits_0: npt.ArrayLike, n_0: npt.ArrayLike, level: float = LEVEL
) -> Intervals:
    """Return differences of two independent shares and their hybrid score intervals.

    Parameters
    ----------
    hits, n : array_like
        Units that have the quality, and all units, on the side whose share comes first.
    hits_0, n_0 : array_like
        The same on the side that is subtracted.
    level : float
        Confidence level.

    Returns
    -------
    Intervals
        Differences hits/n - hits_0/n_0, missing where a side has no unit.

    Raises
    ------
    ComparisonError
        When a count is negative or above its total.

    Notes
    -----
    d - √((p₁ - l₁)² + (u₂ - p₂)²) to d + √((u₁ - p₁)² + (p₂ - l₂)²), with the Wilson ends l and u of each share:
    method 10 of Newcombe (1998), Statistics in Medicine 17:873, without continuity correction.

    Examples
    --------
    >>> told = newcombe(56, 70, 48, 80)
    >>> round(float(told.estimate), 4), round(float(told.low), 4), round(float(told.high), 4)
    (0.2, 0.0524, 0.3339)
    """
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415 - slow to import

    sides = [*read_parts(hits, n), *read_parts(hits_0, n_0)]
    hit, total, hit_0, total_0 = np.broadcast_arrays(*sides)
    told = (total > 0) & (total_0 > 0)
    given = (hit, np.where(told, total, 1.0), hit_0, np.where(told, total_0, 1.0))
    with np.errstate(invalid="ignore"):
        low, high = confint_proportions_2indep(*given, method="newcomb", compare="diff", alpha=2 * side(level))
    difference = given[0] / given[1] - given[2] / given[3]
    return Intervals(*_known((difference, low, high), told), level, "newcombe_10")


def _of_one_share(hits: npt.ArrayLike, n: npt.ArrayLike, level: float, *, method: str, key: str) -> Intervals:
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - slow to import

    hit, total = read_parts(hits, n)
    told = total > 0
    whole = np.where(told, total, 1.0)
    low, high = proportion_confint(hit, whole, alpha=2 * side(level), method=method)
    # no rounding at the ends
    low, high = np.where(hit == 0, 0.0, low), np.where(hit == total, 1.0, high)
    return Intervals(*_known((hit / whole, low, high), told), level, key)


def _known(found: tuple[Any, Any, Any], told: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    estimate, low, high = (np.where(told, each, np.nan) for each in found)
    return estimate, low, high
