"""Groups set beside each other two by two, all pairs judged together."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from optima_lib.comparison.columns import Floats


@dataclass(frozen=True)
class Contrast:
    """The difference of two groups.

    Parameters
    ----------
    first, second : str
        The groups; the estimate is first minus second, or first over second.
    estimate, low, high : float
        The difference or the ratio, and its interval, which holds for all pairs at once.
    p : float
        Two-sided p value, adjusted for all the pairs.
    """

    first: str
    second: str
    estimate: float
    low: float
    high: float
    p: float


def games_howell(samples: dict[str, Floats], level: float) -> tuple[Contrast, ...]:
    """Return the differences of the means of all pairs, without equal variances.

    Parameters
    ----------
    samples : dict of str to array
        Values of each group.
    level : float
        Confidence level of all the intervals together.

    Notes
    -----
    Differences over their Welch errors, referred to the studentised range with Welch's degrees of freedom: the family
    of all pairs keeps its level, slightly exceeded for groups of fewer than six (Games and Howell, 1976, Journal of
    Educational Statistics 1:113). As `scipy.stats.tukey_hsd` computes it.

    Examples
    --------
    >>> samples = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([5.0, 6.0, 7.0])}
    >>> told = games_howell(samples, 0.95)[0]
    >>> told.first, told.second, told.estimate, round(told.low, 2), round(told.high, 2)
    ('a', 'b', -4.0, -6.27, -1.73)
    """
    from scipy.stats import tukey_hsd  # noqa: PLC0415 - slow to import

    found = tukey_hsd(*samples.values(), equal_var=False)
    ends = found.confidence_interval(level)
    return tuple(
        Contrast(first, second, *(float(each[i, j]) for each in (found.statistic, ends.low, ends.high, found.pvalue)))
        for (i, first), (j, second) in combinations(enumerate(samples), 2)
    )


def dunn(samples: dict[str, Floats], level: float) -> tuple[Contrast, ...]:
    """Return the differences of the mean ranks of all pairs, with Holm's p values and Bonferroni's intervals.

    Parameters
    ----------
    samples : dict of str to array
        Values of each group.
    level : float
        Confidence level of all the intervals together.

    Notes
    -----
    z = (R̄_i - R̄_j) / √[(N(N + 1)/12 - Σ(t³ - t)/(12(N - 1)))(1/n_i + 1/n_j)], R̄ the mean ranks among all values and
    t the sizes of ties: the variance is that of no difference between any groups (Dunn, 1964, Technometrics 6:241).
    Holm's p is smaller than Bonferroni's: an interval may hold 0 where p is just below its threshold. A mean rank
    depends on all the groups of the comparison, so a difference of ranks has no meaning outside of it.

    Examples
    --------
    >>> told = dunn({"a": np.array([1.0, 2.0, 3.0]), "b": np.array([4.0, 5.0, 6.0])}, 0.95)[0]
    >>> told.estimate, round(told.p, 4)
    (-3.0, 0.0495)
    """
    from scipy.stats import norm  # noqa: PLC0415 - slow to import
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415 - slow to import

    pairs = list(combinations(range(len(samples)), 2))
    ranks, sizes, spread = _mean_ranks(list(samples.values()))
    gaps = np.array([ranks[i] - ranks[j] for i, j in pairs])
    errors = np.array([np.sqrt(spread * (1 / sizes[i] + 1 / sizes[j])) for i, j in pairs])
    adjusted = multipletests(2 * norm.sf(np.abs(gaps / errors)), method="holm")[1]
    half = norm.isf((1 - level) / (2 * len(pairs))) * errors
    names = list(samples)
    return tuple(
        Contrast(names[i], names[j], float(gap), float(gap - side), float(gap + side), float(p))
        for (i, j), gap, side, p in zip(pairs, gaps, half, adjusted, strict=True)
    )


def _mean_ranks(samples: list[Floats]) -> tuple[Floats, Floats, float]:
    """Return the mean rank of each group, its size, and the variance of one rank with ties."""
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to import

    sizes = np.array([len(each) for each in samples], dtype=float)
    pooled = np.concatenate(samples)
    n = len(pooled)
    parts = np.split(rankdata(pooled), np.cumsum(sizes).astype(int)[:-1])
    ties = np.unique(pooled, return_counts=True)[1]
    spread = n * (n + 1) / 12 - float(np.sum(ties.astype(float) ** 3 - ties)) / (12 * (n - 1))
    return np.array([part.mean() for part in parts]), sizes, spread
