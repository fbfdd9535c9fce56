"""By how much one sample is shifted from another, or from itself: Hodges and Lehmann's estimates."""

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import LEVEL, Estimate, Floats
from optima_lib.comparison.laws import EXACT_BELOW, exact_p, exact_rank, mann_whitney, normal_rank, signed_rank
from optima_lib.comparison.pairs import differences, middle, walsh
from optima_lib.comparison.samples import read_pair, read_sample, require_variation
from optima_lib.errors import ComparisonError

TIES = "Valeurs ex æquo : p par la loi normale corrigée, intervalle prudent (au moins le niveau annoncé)."
ZEROS = "Différences nulles : gardées dans l’intervalle, écartées du calcul de p (Wilcoxon)."


def hodges_lehmann(x: npt.ArrayLike, y: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Return the shift between two independent samples, its rank interval and the p value of no shift.

    Parameters
    ----------
    x, y : array_like
        Values of the two samples; on logarithms, the exponential of the shift is a ratio.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Median of all differences x - y; ``method`` tells the exact law from the normal one.

    Raises
    ------
    ComparisonError
        When the values of each sample are all the same, or too few for an interval of that level.

    Notes
    -----
    The interval is [D₍q₎, D₍mn - q + 1₎] of the ordered differences, q from the law of the Mann–Whitney count: exact
    when each sample has fewer than 50 values, normal beyond. Ties: q is that of the law without ties, whose closed
    interval keeps at least its level (Noether, 1967, JASA 62:184), while p is normal with ties corrected and
    continuity. A shift describes two laws of one shape; otherwise read it as the median difference of a pair.
    Source: Hodges and Lehmann (1963), Annals of Mathematical Statistics 34:598; Hollander and Wolfe (1999), §4.2-4.3.

    Examples
    --------
    >>> told = hodges_lehmann([11, 14, 17, 20], [1, 3, 6, 8])
    >>> told.estimate, told.low, told.high, round(told.p, 4)
    (11.0, 3.0, 19.0, 0.0286)
    """
    first, second = read_pair(x, y)
    require_variation(first, second)
    m, n = len(first), len(second)
    exact = max(m, n) < EXACT_BELOW
    q = exact_rank(mann_whitney(m, n), level) if exact else normal_rank(m * n / 2, m * n * (m + n + 1) / 12, level)
    low, high, *middles = differences(first, second, [q, m * n - q + 1, *middle(m * n)])
    ties = len(np.unique(np.concatenate([first, second]))) < m + n
    return Estimate(
        estimate=sum(middles) / 2,
        low=low,
        high=high,
        level=level,
        n=(m, n),
        method="hodges_lehmann_exact" if exact else "hodges_lehmann_normal",
        p=_mann_whitney_p(first, second, exact=exact and not ties),
        remarks=(TIES,) if ties else (),
    )


def hodges_lehmann_paired(x: npt.ArrayLike, y: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Return the shift between two values of the same units, its rank interval and the p value of no shift.

    Parameters, result and refusals are those of `hodges_lehmann`, for samples of one length in one order.

    Notes
    -----
    Median of the Walsh averages of the differences x - y, and [W₍q₎, W₍N - q + 1₎], N = n(n + 1)/2, with q from the
    signed-rank law: exact below 50 units, normal beyond. The law supposes differences symmetric around the shift.
    Source: Hollander and Wolfe (1999), Nonparametric Statistical Methods, §3.2-3.3.

    Examples
    --------
    >>> told = hodges_lehmann_paired([1, 3, 6, 10, 15, 21], [0, 0, 0, 0, 0, 0])
    >>> told.estimate, told.low, told.high, told.p
    (9.0, 1.0, 21.0, 0.03125)
    """
    gaps = _gaps(x, y)
    n = len(gaps)
    number, exact = n * (n + 1) // 2, n < EXACT_BELOW
    q = exact_rank(signed_rank(n), level) if exact else normal_rank(number / 2, number * (2 * n + 1) / 12, level)
    low, high, *middles = walsh(gaps, [q, number - q + 1, *middle(number)])
    kept = gaps[gaps != 0]
    ties = len(np.unique(np.abs(kept))) < len(kept)
    told = {TIES: ties, ZEROS: len(kept) < n}
    return Estimate(
        estimate=sum(middles) / 2,
        low=low,
        high=high,
        level=level,
        n=(n,),
        method="hodges_lehmann_paired_exact" if exact else "hodges_lehmann_paired_normal",
        p=_signed_rank_p(kept, exact=exact and not any(told.values())),
        remarks=tuple(remark for remark, is_so in told.items() if is_so),
    )


def _gaps(x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
    first, second = read_pair(x, y)
    if len(first) != len(second):
        raise ComparisonError(
            f"Comparaison refusée : {len(first)} valeurs d’un côté, {len(second)} de l’autre. "
            "Des valeurs appariées vont par deux : gardez les unités qui ont les deux."
        )
    gaps = read_sample(first - second, "les différences")
    require_variation(gaps)
    return gaps


def _mann_whitney_p(x: Floats, y: Floats, *, exact: bool) -> float:
    from scipy.stats import mannwhitneyu  # noqa: PLC0415 - slow to import

    found = mannwhitneyu(x, y, method="asymptotic")
    return exact_p(mann_whitney(len(x), len(y)), found.statistic) if exact else float(found.pvalue)


def _signed_rank_p(gaps: Floats, *, exact: bool) -> float:
    from scipy.stats import wilcoxon  # noqa: PLC0415 - slow to import

    found = wilcoxon(gaps, correction=True, method="asymptotic")
    return exact_p(signed_rank(len(gaps)), found.statistic) if exact else float(found.pvalue)
