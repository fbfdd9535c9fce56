"""Values of a distribution and their intervals, per group, from the number of facts of each value."""

from collections.abc import Callable

import numpy as np

from optima_lib.indicators.sums import Floats, Sums

LEVEL = 0.95
SIDE = (1 - LEVEL) / 2
NOISE = 1e-12  # of a sum of squares


def wilson(hits: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the Wilson interval of shares, missing where there is no fact.

    Source: Wilson (1927), as statsmodels computes it.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = wilson(np.array([5.0, 0.0]), np.array([10.0, 0.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.237, nan], [0.763, nan])
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - slow to import

    low, high = proportion_confint(hits, np.where(n > 0, n, 1.0), alpha=1 - LEVEL, method="wilson")
    # no rounding at the ends
    low, high = np.where(hits == 0, 0.0, low), np.where(hits == n, 1.0, high)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def poisson(events: Floats) -> tuple[Floats, Floats]:
    """Return the exact interval of the mean of a Poisson law, from the events counted (Garwood, 1936).

    Examples
    --------
    >>> import numpy as np
    >>> [each.round(3).tolist() for each in poisson(np.array([0.0, 10.0]))]
    [[0.0, 4.795], [3.689, 18.39]]
    """
    from scipy.stats import chi2  # noqa: PLC0415 - slow to import

    low = by_number(lambda each: np.where(each > 0, chi2.ppf(SIDE, 2 * np.maximum(each, 1)) / 2, 0.0), events)
    return low, by_number(lambda each: chi2.ppf(1 - SIDE, 2 * (each + 1)) / 2, events)


def by_number(function: Callable[[Floats], Floats], n: Floats) -> Floats:
    """Apply a slow function of a number of facts once per different number."""
    different, place = np.unique(n, return_inverse=True)
    return np.asarray(function(different))[place]


def quantile(sums: Sums, q: float) -> tuple[Floats, Floats, Floats]:
    """Return the quantile of each group and its interval by order statistics.

    The quantile is of type 7 of Hyndman and Fan (1996), which makes the median the mean of the two middle values.
    The interval runs from the value of rank j to that of rank k, where a binomial law of q leaves at most 2.5 %
    below j and above k; it is missing where the facts are too few. Source: David and Nagaraja, Order Statistics
    (2003), §7.1.
    """
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    n = sums.total("effectif")
    place = 1 + (n - 1) * q
    below, above = _at(sums, np.floor(place)), _at(sums, np.ceil(place))
    value = below + (place - np.floor(place)) * (above - below)
    first = by_number(lambda each: binom.ppf(SIDE, each, q), n)
    last = by_number(lambda each: binom.ppf(1 - SIDE, each, q) + 1, n)
    inside = (first >= 1) & (last <= n)
    low, high = (np.where(inside, _at(sums, np.where(inside, rank, 1)), np.nan) for rank in (first, last))
    return np.where(n > 0, value, np.nan), low, high


def extreme(sums: Sums, *, highest: bool) -> Floats:
    """Return the highest or the lowest value of each group, missing where there is no fact."""
    n = sums.total("effectif")
    return _at(sums, n if highest else np.where(n > 0, 1.0, np.nan))


def _at(sums: Sums, rank: Floats) -> Floats:
    """Return the value of the fact of a rank (from 1) in each group; missing beyond its facts."""
    keyed = sums.keyed
    if keyed.cle is None or not len(keyed.cle):
        return np.full(len(sums.groups), np.nan)
    n = keyed.total("effectif")
    before = np.concatenate([[0.0], np.cumsum(n)[:-1]])
    reached = np.searchsorted(np.cumsum(keyed.parts["effectif"]), before + rank - 1e-6)
    found = keyed.cle[np.minimum(reached, len(keyed.cle) - 1)]
    return np.where((rank >= 1) & (rank <= n), found, np.nan)


def mean(sums: Sums) -> tuple[Floats, Floats, Floats]:
    """Return the mean of each group and its Student interval, from ``somme``, ``carres`` and ``effectif``."""
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    n, total, squares = (sums.total(part) for part in ("effectif", "somme", "carres"))
    several = np.where(n > 1, n, np.nan)
    value = total / np.where(n > 0, n, np.nan)
    left = squares - n * value**2
    # what rounding leaves of equal numbers is nothing
    spread = np.sqrt(np.where(left > NOISE * squares, left, 0.0) / (several - 1))
    half = by_number(lambda each: t.ppf(1 - SIDE, np.where(each > 1, each - 1, np.nan)), n) * spread / np.sqrt(several)
    return value, value - half, value + half
