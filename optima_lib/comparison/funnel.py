"""The funnel: what chance, and the usual differences between authorities, leave around the value expected."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.scales import (
    PROPORTION,
    RAPPORT,
    SCALES,
    STANDARDISE,
    variance_of_odds,
    variance_of_ratio,
    variance_of_share,
)
from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]
LIMITS = (0.95, 0.998)


@dataclass(frozen=True)
class Limits:
    """The limits of a funnel of shares along the number of facts.

    Attributes
    ----------
    n : array
        Numbers of facts.
    low, high : mapping of float to array
        The lower and the upper limits by level (0.95, 0.998), as shares or ratios.
    """

    n: Floats
    low: dict[float, Floats]
    high: dict[float, Floats]


def share_limits(target: float, n: Floats, tau2: float = 0.0) -> Limits:
    """Return the limits of a funnel of shares around a target, overdispersion included.

    Parameters
    ----------
    target : float
        The share expected, that of the peers.
    n : array
        Numbers of facts along which the limits are drawn.
    tau2 : float
        Variance between authorities on the arcsine scale.

    Raises
    ------
    ComparisonError
        When the target is not from 0 to 1, or the variance is not 0 or more.

    Notes
    -----
    arcsin √θ ± z √(1/4n + τ²), brought back by sin². Source: Spiegelhalter, Statistics in Medicine 24 (2005) 1185.
    """
    _require_share(target)
    return _limits(PROPORTION, target, n, variance_of_share(n) + _known(tau2))


def ratio_limits(expected: Floats, tau2: float = 0.0) -> Limits:
    """Return the limits of a funnel of observed over expected around 1, overdispersion included.

    Parameters
    ----------
    expected : array
        Expected numbers along which the limits are drawn.
    tau2 : float
        Variance between authorities on the scale of the square root, 0 or more.

    Notes
    -----
    1 ± z √(1/4E + τ²), brought back by the square. Source: Spiegelhalter (2005). FunnelPlotR 0.6.0 leaves these limits on
    the square-root scale: they are half as wide as they should be, and were not followed.

    Examples
    --------
    >>> told = ratio_limits(np.array([100.0]))
    >>> told.low[0.95].round(3).tolist(), told.high[0.95].round(3).tolist()
    ([0.814], [1.206])
    """
    return _limits(STANDARDISE, 1.0, expected, variance_of_ratio(expected) + _known(tau2))


def odds_limits(target: float, above: Floats, below: Floats, tau2: float = 0.0) -> Limits:
    """Return the limits of a funnel of the ratio of two counts around a target, overdispersion included.

    Parameters
    ----------
    target : float
        The ratio expected.
    above, below : array
        Counts along which the limits are drawn; ``n`` of the result is their sum.
    tau2 : float
        Variance between authorities on the logarithmic scale, 0 or more.

    Notes
    -----
    log θ ± z √(O/(O + .5)² + D/(D + .5)² + τ²), brought back by the exponential. Source: Spiegelhalter (2005).
    """
    return _limits(RAPPORT, target, above + below, variance_of_odds(above, below) + _known(tau2))


def _require_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise ComparisonError(f"Entonnoir refusé : {share} n’est pas une part. Donnez un nombre de 0 à 1.")


def _known(tau2: float) -> float:
    if not 0 <= tau2 < np.inf:
        raise ComparisonError(
            f"Entonnoir refusé : {tau2} n’est pas une variance entre collectivités. Donnez un nombre fini, 0 ou plus."
        )
    return tau2


def _limits(name: str, target: float, n: Floats, variance: Floats) -> Limits:
    """Return limits as many errors from a target on a scale as each level asks, brought back from it."""
    from scipy.stats import norm  # noqa: PLC0415 - slow to import

    scale = SCALES[name]
    centre, s = scale.to(np.array(target)), np.sqrt(variance)
    half = {level: norm.ppf((1 + level) / 2) * s for level in LIMITS}
    low = {level: scale.back(centre - width) for level, width in half.items()}
    return Limits(n, low, {level: scale.back(centre + width) for level, width in half.items()})


def exact_share_limit(target: float, n: Floats, p: float) -> Floats:
    """Return the limit of a share that chance alone passes with probability p, interpolated between whole counts.

    A limit below zero does not exist: it is 0 there, and is drawn from the first n where it is above. Of a share that is
    surely 0 or 1, so is the limit. Source: Spiegelhalter (2005), appendix A.1.1.

    Raises
    ------
    ComparisonError
        When the target is not from 0 to 1, or p not between them.
    """
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    _require_share(target)
    if not 0 < p < 1:
        raise ComparisonError(
            f"Entonnoir refusé : {p} n’est pas la probabilité d’une limite. Donnez un nombre entre 0 et 1."
        )
    if target in {0.0, 1.0}:
        return np.full(np.shape(n), float(target))
    count = binom.ppf(p, n, target)
    above, below = binom.cdf(count, n, target), binom.cdf(count - 1, n, target)
    return np.asarray(np.maximum((count - (above - p) / (above - below)) / n, 0.0))


def exact_ratio_limits(expected: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the limits of observed over expected that chance alone passes, from the exact Poisson interval (Garwood)."""
    from scipy.stats import chi2  # noqa: PLC0415 - slow to import

    side = (1 - level) / 2
    return chi2.ppf(side, 2 * expected) / 2 / expected, chi2.ppf(1 - side, 2 * expected + 2) / 2 / expected


def volume_effect(y: Floats, n: Floats) -> tuple[float, float]:
    """Return Spearman's correlation of values with the number of facts, and its p: a funnel supposes none."""
    from scipy.stats import spearmanr  # noqa: PLC0415 - slow to import

    told = spearmanr(y, n)
    return float(told.statistic), float(told.pvalue)
