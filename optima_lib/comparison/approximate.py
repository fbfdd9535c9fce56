"""Bootstrap intervals without draws: what the resampling would give, from the slopes of the statistic."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.columns import Floats
from optima_lib.comparison.estimates import LEVEL, Estimate, side
from optima_lib.comparison.samples import read_sample, require_variation
from optima_lib.errors import ComparisonError

STEP = 1e-3  # over n: of the weights, to read slopes


def _mean(values: Floats, weights: Floats) -> float:
    return float(weights @ values)


def approximate_bootstrap(
    values: npt.ArrayLike, statistic: Callable[[Floats, Floats], float] = _mean, *, level: float = LEVEL
) -> Estimate:
    """Return a smooth statistic of a sample and its approximate bootstrap interval (ABC), the same at each computation.

    Parameters
    ----------
    values : array_like
        Independent values: whole authorities when contracts are nested in them.
    statistic : callable
        Takes the values and their weights, which sum to one.
    level : float
        Confidence level.

    Raises
    ------
    ComparisonError
        When there are fewer than two values, all are the same, or the statistic does not move with the weights.

    Notes
    -----
    T(w) at weights w = 1/n + λδ, δ along the slopes T' of the statistic: λ = z/(1 - a z)², z = z0 + z_α, with the
    acceleration a = ΣT'³/(6(ΣT'²)^(3/2)) and the bias correction z0 = Φ⁻¹(2Φ(a)Φ(-γ)), γ = b/σ - c the bias over the
    error, less the curvature along δ. Source: DiCiccio and Efron (1992), Biometrika 79:231. **Limits.** Not for
    quantiles, whose slopes jump; as the BCa it imitates, it does not rescue the mean of few skewed amounts.

    Examples
    --------
    >>> told = approximate_bootstrap([3, 5, 7, 18, 43])
    >>> told.low < told.estimate < told.high
    True
    """
    from scipy.stats import norm  # noqa: PLC0415 - slow to import

    sample = read_sample(values, "l’échantillon")
    require_variation(sample)
    n = len(sample)
    at, even, step = partial(statistic, sample), np.full(n, 1 / n), STEP / n
    centre = at(even)
    moves = step * (np.eye(n) - even)
    up, down = (np.array([at(even + sign * move) for move in moves]) for sign in (1, -1))
    slopes, bends = (up - down) / (2 * step), (up - 2 * centre + down) / step**2
    squares = float(slopes @ slopes)
    if not squares > 0:
        raise ComparisonError(
            "Intervalle refusé : la statistique ne change pas avec les poids des valeurs. Prenez-en une autre."
        )
    error = math.sqrt(squares) / n
    along = slopes / (n**2 * error)
    curve = (at(even + step * along) - 2 * centre + at(even - step * along)) / (2 * step**2)
    acceleration = float((slopes**3).sum()) / (6 * squares**1.5)
    gamma = (bends.sum() / (2 * n**2) - curve) / error
    shift = norm.ppf(2 * norm.cdf(acceleration) * norm.cdf(-gamma))
    ends = [shift + sign * norm.isf(side(level)) for sign in (-1, 1)]
    low, high = (float(at(even + z / (1 - acceleration * z) ** 2 * along)) for z in ends)
    return Estimate(float(centre), low, high, level, (n,), "bootstrap_abc")
