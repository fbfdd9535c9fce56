"""Counts over an exposure (time, inhabitants, expected events), and the ratio of two of them."""

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.counts import read_counts, read_exposures
from optima_lib.comparison.estimates import LEVEL, Floats, Intervals, side
from optima_lib.comparison.proportions import clopper_pearson

ROUNDING = 1 + 1e-7  # two probabilities so near are equal, as in R's and scipy's exact binomial tests


def garwood(events: npt.ArrayLike, exposure: npt.ArrayLike = 1.0, level: float = LEVEL) -> Intervals:
    """Return rates and their exact Poisson intervals.

    Parameters
    ----------
    events : array_like
        Events counted.
    exposure : array_like
        What they are counted over; expected events, for an observed / expected ratio taken as known.
    level : float
        Confidence level.

    Returns
    -------
    Intervals
        Rates, missing where the exposure is nothing.

    Raises
    ------
    ComparisonError
        When events are not whole numbers, or an exposure is negative or infinite.

    Notes
    -----
    χ²(side; 2O)/2 and χ²(1 - side; 2O + 2)/2, over the exposure. Coverage is at least the level. An exposure that
    is itself an estimate is not accounted for. Source: Garwood (1936), Biometrika 28:437.

    Examples
    --------
    >>> told = garwood(100, 100)
    >>> round(float(told.low), 4), round(float(told.high), 4)
    (0.8136, 1.2163)
    """
    observed, over = _counted(events, exposure)
    return _gamma(observed, over, level, "garwood")


def gamma_rate(parts: npt.ArrayLike, exposure: npt.ArrayLike = 1.0, level: float = LEVEL) -> Intervals:
    """Return rates of events that may count for a part only, and intervals that are at least wide enough.

    Parameters
    ----------
    parts : array_like
        Sums of events, each counted for one or less: a contract is shared equally between its suppliers.
    exposure : array_like
        What they are counted over; expected events, for an observed / expected ratio taken as known.
    level : float
        Confidence level.

    Returns
    -------
    Intervals
        Rates, missing where the exposure is nothing. Those of whole numbers are `garwood`'s.

    Raises
    ------
    ComparisonError
        When a sum or an exposure is negative or infinite.

    Notes
    -----
    χ²(side; 2y)/2 and χ²(1 - side; 2y + 2)/2, over the exposure: the gamma interval of a sum y of weighted Poisson
    counts, where the variance Σw² and the largest weight, which are not kept, are replaced by their bounds y and 1; the
    interval is then the wider. Source: Fay and Feuer (1997), Statistics in Medicine 16:791.

    Examples
    --------
    >>> told = gamma_rate([8, 8.4, 9], 8.4)
    >>> told.low.round(3).tolist(), told.high.round(3).tolist()
    ([0.411, 0.442, 0.49], [1.877, 1.94, 2.034])
    """
    observed, over = np.broadcast_arrays(read_exposures(parts), read_exposures(exposure))
    return _gamma(observed, over, level, "gamma")


def _gamma(observed: Floats, over: Floats, level: float, method: str) -> Intervals:
    from scipy.stats import chi2  # noqa: PLC0415 - slow to import

    known = np.where(over > 0, over, np.nan)
    some = np.where(observed > 0, observed, 1.0)
    low = np.where(observed > 0, chi2.ppf(side(level), 2 * some) / 2, observed * 0)
    high = chi2.isf(side(level), 2 * observed + 2) / 2
    return Intervals(observed / known, low / known, high / known, level, method)


def rate_ratio(
    events: npt.ArrayLike,
    exposure: npt.ArrayLike,
    events_0: npt.ArrayLike,
    exposure_0: npt.ArrayLike,
    level: float = LEVEL,
) -> Intervals:
    """Return ratios of two independent rates, their exact intervals and the p value of a ratio of one.

    Parameters
    ----------
    events, exposure : array_like
        Events and what they are counted over, on the side that is above the line.
    events_0, exposure_0 : array_like
        The same on the side that is below the line.
    level : float
        Confidence level.

    Returns
    -------
    Intervals
        Infinite upwards where the lower side has no event; missing where neither side has one, or a side has no
        exposure.

    Raises
    ------
    ComparisonError
        When events are not whole numbers, or an exposure is negative or infinite.

    Notes
    -----
    Given O₁ + O₂ = N, O₁ is binomial: the Clopper–Pearson ends l and u of O₁/N give l/(1 - l) · t₂/t₁ and
    u/(1 - u) · t₂/t₁. The p value adds the outcomes that are no more likely than the one observed, so that at the
    margin it may disagree with the interval, which cuts equal sides. Source: Przyborowski and Wilenski (1940),
    Biometrika 31:313; same conventions as R's ``poisson.test``.

    Examples
    --------
    >>> told = rate_ratio(11, 800, 21, 3011)
    >>> [round(float(each), 4) for each in (told.estimate, told.low, told.high, told.p)]
    [1.9715, 0.8584, 4.2773, 0.0797]
    """
    sides = [*_counted(events, exposure), *_counted(events_0, exposure_0)]
    first, over, second, over_0 = np.broadcast_arrays(*sides)
    told = (over > 0) & (over_0 > 0)
    first, second = np.where(told, first, np.nan), np.where(told, second, np.nan)
    scale = np.where(told, over_0, np.nan) / np.where(told, over, np.nan)
    share = clopper_pearson(first, first + second, level)
    with np.errstate(divide="ignore"):
        estimate, low, high = (each / (1 - each) * scale for each in (share.estimate, share.low, share.high))
    p = _binomial_p(first, first + second, 1 / (1 + scale))
    return Intervals(estimate, low, high, level, "poisson_conditional", p)


def _counted(events: npt.ArrayLike, exposure: npt.ArrayLike) -> tuple[Floats, Floats]:
    observed, over = np.broadcast_arrays(read_counts(events), read_exposures(exposure))
    return observed, over


def _binomial_p(hits: Floats, n: Floats, share: Floats) -> Floats:
    """Return the two-sided p values of binomial counts: the probability of all that is no likelier."""
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    told = n > 0
    over = hits > share * n
    # from below the mean, on all rows
    below = np.where(told, np.where(over, n - hits, hits), 0.0)
    total, chance = np.where(told, n, 0.0), np.where(told, np.where(over, 1 - share, share), 0.5)
    limit = binom.pmf(below, total, chance) * ROUNDING
    low, high = np.ceil(chance * total), total + 1
    while np.any(low < high):
        middle = np.floor((low + high) / 2)
        rare = binom.pmf(middle, total, chance) <= limit
        low, high = np.where(rare | (low >= high), low, middle + 1), np.where(rare & (low < high), middle, high)
    p = binom.cdf(below, total, chance) + binom.sf(low - 1, total, chance)
    return np.where(told, np.where(below >= chance * total, 1.0, np.minimum(p, 1.0)), np.nan)
