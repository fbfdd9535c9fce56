"""What is compared between groups of authorities: means, geometric means or ranks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from optima_lib.comparison.columns import Floats, differ, require_variation
from optima_lib.comparison.contrasts import Contrast, dunn, games_howell
from optima_lib.errors import ComparisonError

LARGE = 5  # units: from there the chi-squared law of ranks holds (Kruskal and Wallis, 1952, JASA 47:583)


@dataclass(frozen=True)
class Groups:
    """The comparison of several groups: one test of all, then each pair.

    Parameters
    ----------
    estimand : str
        What is compared: ``moyennes``, ``moyennes_geometriques`` or ``rangs``.
    method : str
        Key of the method, which the prose and the ledger name.
    statistic, p : float
        Statistic of the test that all groups are alike, and its p value.
    df : tuple of float
        Its degrees of freedom: of F, or of chi-squared.
    n : dict of str to int
        Number of units of each group.
    centres : dict of str to float
        Mean, geometric mean or mean rank of each group.
    contrasts : tuple of Contrast
        Each pair: a difference, or a ratio of geometric means.
    level : float
        Confidence level of all the intervals together.
    remarks : tuple of str
        What a reader must know of this very result, in French.
    """

    estimand: str
    method: str
    statistic: float
    p: float
    df: tuple[float, ...]
    n: dict[str, int]
    centres: dict[str, float]
    contrasts: tuple[Contrast, ...]
    level: float
    remarks: tuple[str, ...] = ()


def analyse_variance(
    samples: list[Floats], *, equal_variances: bool = False
) -> tuple[float, tuple[float, float], float]:
    """Return F, its degrees of freedom and p, of the hypothesis that groups have one mean.

    Parameters
    ----------
    samples : list of array
        Values of each group.
    equal_variances : bool
        Fisher's analysis of variance, for groups that a design makes equally dispersed; otherwise Welch's.

    Notes
    -----
    Values are taken from their common mean first: sums of squares of large numbers that are nearly equal lose their
    digits (NIST StRD, series SmLs and SiRstv). As `statsmodels.stats.oneway.anova_oneway` computes it.

    Examples
    --------
    >>> f, df, p = analyse_variance([np.array([1e9 + 1, 1e9 + 2, 1e9 + 3]), np.array([1e9 + 5, 1e9 + 6, 1e9 + 7])])
    >>> round(f, 6), df
    (24.0, (1.0, 4.0))
    """
    from statsmodels.stats.oneway import anova_oneway  # noqa: PLC0415 - slow to import

    middle = np.concatenate(samples).mean()
    found = anova_oneway([each - middle for each in samples], use_var="equal" if equal_variances else "unequal")
    return float(found.statistic), (float(found.df_num), float(found.df_denom)), float(found.pvalue)


def _compare_means(samples: dict[str, Floats], level: float) -> Groups:
    flat = [name for name, each in samples.items() if not differ(each)]
    if flat:
        raise ComparisonError(
            f"Comparaison refusée : toutes les valeurs du groupe « {flat[0]} » sont égales. "
            "Comparez des rangs, ou donnez les valeurs telles quelles."
        )
    statistic, df, p = analyse_variance(list(samples.values()))
    n = {name: len(each) for name, each in samples.items()}
    means = {name: float(each.mean()) for name, each in samples.items()}
    return Groups("moyennes", "welch_games_howell", statistic, p, df, n, means, games_howell(samples, level), level)


def _compare_geometric_means(samples: dict[str, Floats], level: float) -> Groups:
    wrong = [name for name, each in samples.items() if (each <= 0).any()]
    if wrong:
        raise ComparisonError(
            f"Comparaison refusée : une valeur nulle ou négative du groupe « {wrong[0]} » n’a pas de logarithme. "
            "Comparez des rangs plutôt que des moyennes géométriques."
        )
    told = _compare_means({name: np.log(each) for name, each in samples.items()}, level)
    ratios = tuple(
        replace(each, estimate=float(np.exp(each.estimate)), low=float(np.exp(each.low)), high=float(np.exp(each.high)))
        for each in told.contrasts
    )
    centres = {name: float(np.exp(each)) for name, each in told.centres.items()}
    return replace(told, estimand="moyennes_geometriques", centres=centres, contrasts=ratios)


def _compare_ranks(samples: dict[str, Floats], level: float) -> Groups:
    from scipy.stats import kruskal, rankdata  # noqa: PLC0415 - slow to import

    pooled = np.concatenate(list(samples.values()))
    require_variation(pooled)
    found = kruskal(*samples.values())
    n = {name: len(each) for name, each in samples.items()}
    ranks = pd.Series(rankdata(pooled)).groupby(np.repeat(list(n), list(n.values())), sort=False).mean()
    small = "Un groupe a moins de cinq collectivités : la p du test de rangs est approchée."
    return Groups(
        estimand="rangs",
        method="kruskal_wallis_dunn_holm",
        statistic=float(found.statistic),
        p=float(found.pvalue),
        df=(float(len(n) - 1),),
        n=n,
        centres={str(name): float(each) for name, each in ranks.items()},
        contrasts=dunn(samples, level),
        level=level,
        remarks=(small,) if min(n.values()) < LARGE else (),
    )


ESTIMANDS: dict[str, Callable[[dict[str, Floats], float], Groups]] = {
    "moyennes": _compare_means,
    "moyennes_geometriques": _compare_geometric_means,
    "rangs": _compare_ranks,
}
