"""How often a value of one sample exceeds one of the other: Cliff's delta and the probability of superiority."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import LEVEL, Estimate, Floats, side
from optima_lib.comparison.samples import read_pair, varies
from optima_lib.errors import ComparisonError


def cliff_delta(x: npt.ArrayLike, y: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Return Cliff's delta, from -1 (x always below y) to 1 (always above), and its interval.

    Parameters
    ----------
    x, y : array_like
        Values of two independent samples, at least ordered.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        (pairs where x > y less pairs where x < y) over all pairs.

    Raises
    ------
    ComparisonError
        When a sample has fewer than two values, or all values are the same.

    Notes
    -----
    The unbiased variance of `variance`, and the asymmetric interval (δ - δ³ ± z√v √((1 - δ²)² + z²v)) /
    (1 - δ² + z²v), z Student's quantile with m + n - 2 degrees of freedom. When δ is ±1 one end is δ and the other
    ±(b - z²)/(b + z²), b the size of the smaller sample.
    Source: Cliff (1996), Ordinal Methods for Behavioral Data Analysis; Feng and Cliff (2004), Journal of Modern
    Applied Statistical Methods 3:322.

    Examples
    --------
    >>> told = cliff_delta([10, 10, 20, 20, 20, 30, 30, 30, 40, 50], [10, 20, 30, 40, 40, 50])
    >>> told.estimate, round(told.low, 4), round(told.high, 4)
    (-0.25, -0.7266, 0.389)
    """
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    first, second = _compared(x, y)
    m, n = len(first), len(second)
    below, above = _around(first, second)
    delta = float(np.sum(below - above)) / (m * n)
    z2 = float(t.isf(side(level), m + n - 2)) ** 2
    low, high = _ends(delta, z2 * variance(first, second), (min(m, n) - z2) / (min(m, n) + z2))
    return Estimate(delta, low, high, level, (m, n), "cliff_delta")


def chance_of_exceeding(x: npt.ArrayLike, y: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Return the chance that a value of x exceeds one of y, ties counting half: A = (δ + 1)/2, with δ's interval.

    Source: Vargha and Delaney (2000), Journal of Educational and Behavioral Statistics 25:101.

    Examples
    --------
    >>> round(chance_of_exceeding([3, 5, 6], [1, 2, 4]).estimate, 4)
    0.8889
    """
    told = cliff_delta(x, y, level).through(lambda delta: (delta + 1) / 2)
    return replace(told, method="vargha_delaney")


def brunner_munzel(x: npt.ArrayLike, y: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Return the same chance with the Brunner–Munzel interval and the p value of an even chance.

    Notes
    -----
    It holds under unequal spreads, unlike the Mann–Whitney test. The interval is symmetric and cut at 0 and 1; it does
    not exist when no value of one sample falls among those of the other. Source: Brunner and Munzel (2000),
    Biometrical Journal 42:17, as statsmodels computes it, with its t law.

    Examples
    --------
    >>> told = brunner_munzel([3, 5, 6, 9], [1, 2, 4, 7])
    >>> told.estimate, round(told.low, 3), told.high
    (0.75, 0.219, 1.0)
    """
    from statsmodels.stats.nonparametric import rank_compare_2indep  # noqa: PLC0415 - slow to import

    first, second = _compared(x, y)
    if not np.ptp(_leads(first, second)) and not np.ptp(_leads(second, first)):
        raise ComparisonError(
            "Comparaison refusée : aucune valeur d’un échantillon ne tombe parmi celles de l’autre, l’intervalle de "
            "Brunner et Munzel n’existe pas. Donnez plutôt le delta de Cliff."
        )
    found = rank_compare_2indep(first, second)
    low, high = np.clip(found.conf_int(alpha=2 * side(level)), 0, 1)
    sizes = len(first), len(second)
    return Estimate(float(found.prob1), float(low), float(high), level, sizes, "brunner_munzel", float(found.pvalue))


def variance(x: Floats, y: Floats) -> float:
    """Return the unbiased variance of Cliff's delta, not below (1 - δ²)/(mn - 1).

    [n² Σ(dᵢ. - δ)² + m² Σ(d.ⱼ - δ)² - ΣΣ(dᵢⱼ - δ)²] / (mn(m - 1)(n - 1)), dᵢⱼ the sign of xᵢ - yⱼ.

    Examples
    --------
    >>> variance(np.array([1.0, 3.0]), np.array([0.0, 2.0]))
    0.25
    """
    m, n = len(x), len(y)
    rows, columns = _leads(x, y), -_leads(y, x)
    delta = float(np.mean(rows))
    below, above = _around(x, y)
    untied = float(np.sum(below + above))
    spread = n**2 * np.sum((rows - delta) ** 2) + m**2 * np.sum((columns - delta) ** 2) - (untied - m * n * delta**2)
    return max(float(spread) / (m * n * (m - 1) * (n - 1)), (1 - delta**2) / (m * n - 1))


def _compared(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    first, second = read_pair(x, y)
    if not varies(first, second):
        raise ComparisonError(
            "Comparaison refusée : toutes les valeurs des deux échantillons sont égales, aucune n’en dépasse une autre. "
            "Dites qu’elles sont égales."
        )
    return first, second


def _around(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return, for each value of x, how many of y are below it and above it."""
    ordered = np.sort(y)
    below = np.searchsorted(ordered, x, side="left").astype(float)
    return below, len(y) - np.searchsorted(ordered, x, side="right").astype(float)


def _leads(x: Floats, y: Floats) -> Floats:
    below, above = _around(x, y)
    return (below - above) / len(y)


def _ends(delta: float, z2v: float, separated: float) -> tuple[float, float]:
    if abs(delta) == 1:
        low, high = sorted((delta, delta * separated))
        return low, high
    half = math.sqrt(z2v * ((1 - delta**2) ** 2 + z2v))
    low, high = ((delta - delta**3 + sign * half) / (1 - delta**2 + z2v) for sign in (-1, 1))
    return low, high
