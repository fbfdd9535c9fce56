"""The funnel: what chance, and the usual differences between authorities, leave around the value expected."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.scales import PROPORTION, SCALES, variance_of_share

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
        The lower and the upper limits by level (0.95, 0.998), as shares.
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

    Notes
    -----
    arcsin √θ ± z √(1/4n + τ²), brought back by sin². Source: Spiegelhalter (2005). FunnelPlotR 0.6.0 leaves its limits
    of ratios on the square-root scale: they are half as wide as they should be, and were not followed.
    """
    from scipy.stats import norm  # noqa: PLC0415 - slow to import

    scale = SCALES[PROPORTION]
    centre, s = scale.to(np.array(target)), np.sqrt(variance_of_share(n) + tau2)
    half = {level: norm.ppf((1 + level) / 2) * s for level in LIMITS}
    low = {level: scale.back(centre - width) for level, width in half.items()}
    return Limits(n, low, {level: scale.back(centre + width) for level, width in half.items()})


def exact_share_limit(target: float, n: Floats, p: float) -> Floats:
    """Return the limit of a share that chance alone passes with probability p, interpolated between whole counts.

    Below zero the limit does not exist: draw it from the first n where it is positive. Source: Spiegelhalter (2005),
    appendix A.1.1.
    """
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    count = binom.ppf(p, n, target)
    above, below = binom.cdf(count, n, target), binom.cdf(count - 1, n, target)
    return np.asarray((count - (above - p) / (above - below)) / n)


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
