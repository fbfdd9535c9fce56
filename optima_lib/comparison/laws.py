"""Exact laws of the Mann–Whitney and signed-rank counts, and what their quantiles make of ordered pairs."""

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from optima_lib.comparison.estimates import Floats, side
from optima_lib.errors import ComparisonError

EXACT_BELOW = 50  # values in each sample: R's wilcox.test (base R, 4.2) has the exact law below it
SAME = 1e-12  # of a probability: rounding apart, it reaches the one asked


@lru_cache(maxsize=256)
def mann_whitney(m: int, n: int) -> Floats:
    """Return the probabilities of U = 0, 1, …, mn when two samples without ties come from one law.

    Notes
    -----
    f(u; m, n) = f(u - n; m - 1, n) + f(u; m, n - 1), each divided by its number of rearrangements.
    Source: Mann and Whitney (1947), Annals of Mathematical Statistics 18:50.

    Examples
    --------
    >>> (mann_whitney(2, 2) * 6).round(9).tolist()
    [1.0, 1.0, 2.0, 1.0, 1.0]
    """
    row = [np.ones(1) for _ in range(n + 1)]  # m = 0: U is 0
    for first in range(1, m + 1):
        previous, row = row, [np.ones(1)]
        for second in range(1, n + 1):
            law = np.zeros(first * second + 1)
            law[second:] += previous[second] * first / (first + second)
            law[: len(row[-1])] += row[-1] * second / (first + second)
            row.append(law)
    return _sealed(row[n])


@lru_cache(maxsize=256)
def signed_rank(n: int) -> Floats:
    """Return the probabilities of V = 0, 1, …, n(n + 1)/2 when n differences are symmetric around zero.

    Notes
    -----
    Each rank counts or not, with one chance in two. Source: Wilcoxon (1945), Biometrics Bulletin 1:80.

    Examples
    --------
    >>> (signed_rank(3) * 8).tolist()
    [1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0]
    """
    law = np.ones(1)
    for rank in range(1, n + 1):
        law = (np.pad(law, (0, rank)) + np.pad(law, (rank, 0))) / 2
    return _sealed(law)


def exact_rank(law: Floats, level: float) -> int:
    """Return the rank, from 1, of the ordered pair at which the interval of a symmetric count starts.

    It is the smallest u with P(U ≤ u) ≥ (1 - level)/2, or 1 when that is 0.

    Raises
    ------
    ComparisonError
        When even the widest interval, from the first pair to the last, has a lower level.

    Examples
    --------
    >>> exact_rank(mann_whitney(10, 5), 0.95)
    9
    """
    beyond = side(level)
    if law[0] > beyond * (1 + SAME):
        raise ComparisonError(
            f"Comparaison refusée : trop peu de valeurs pour un intervalle de niveau {level}. "
            f"Le plus large possible n’atteint que {1 - 2 * law[0]:.3f} : réunissez plusieurs années, ou décrivez sans comparer."
        )
    return max(1, int(np.searchsorted(np.cumsum(law), beyond * (1 - SAME))))


def normal_rank(centre: float, variance: float, level: float) -> int:
    """Return the same rank by the normal law, with continuity correction and rounded down.

    Source: Hollander and Wolfe (1999), Nonparametric Statistical Methods, §3.3 and §4.3.

    Examples
    --------
    >>> normal_rank(25, 10 * 5 * 16 / 12, 0.95)
    9
    """
    return max(1, math.floor(centre + NormalDist().inv_cdf(side(level)) * math.sqrt(variance) + 0.5))


def exact_p(law: Floats, count: float) -> float:
    """Return the two-sided p value of a count under a symmetric law: the smaller tail, doubled.

    Examples
    --------
    >>> round(exact_p(mann_whitney(10, 5), 35), 6)
    0.254412
    """
    smaller = min(count, len(law) - 1 - count)
    return min(1.0, 2 * float(np.sum(law[: int(smaller) + 1])))


def _sealed(law: Floats) -> Floats:
    law.flags.writeable = False  # the cache gives the same array again
    return law
