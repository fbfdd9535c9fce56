"""Intervals by resampling, for statistics that have no formula."""

from collections.abc import Callable
from typing import Any, Literal
from warnings import catch_warnings, simplefilter

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import LEVEL, Estimate, side
from optima_lib.comparison.samples import read_sample, require_variation
from optima_lib.errors import ComparisonError

RESAMPLES = 9_999  # 2.5 % of 10 000 is a whole number (Davison and Hinkley, 1997, Bootstrap Methods, §5.2)


def bootstrap(  # noqa: PLR0913 - a seed and a size are part of what was done
    values: npt.ArrayLike,
    statistic: Callable[..., Any] = np.mean,
    *,
    seed: int,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    method: Literal["BCa", "percentile"] = "BCa",
) -> Estimate:
    """Return a statistic of a sample and its bootstrap interval.

    Parameters
    ----------
    values : array_like
        Independent values: whole authorities when contracts are nested in them.
    statistic : callable
        Takes an array and an ``axis``.
    seed : int
        Seed of the draws: the same seed gives the same interval.
    level : float
        Confidence level.
    resamples : int
        Number of samples drawn.
    method : {"BCa", "percentile"}
        Bias-corrected and accelerated, or the plain percentiles of the draws.

    Raises
    ------
    ComparisonError
        When there are fewer than two values, all are the same, or the interval cannot be computed.

    Notes
    -----
    It does not rescue the mean of few skewed amounts, whose coverage stays far below the level: see
    `optima_lib.comparison.levels.modified_cox`. Source: Efron (1987), JASA 82:171, as scipy computes it.

    Examples
    --------
    >>> told = bootstrap([3, 5, 7, 18, 43], seed=1, resamples=999)
    >>> told.low < told.estimate < told.high
    True
    """
    from scipy.stats import bootstrap as draw  # noqa: PLC0415 - slow to import

    sample = read_sample(values, "l’échantillon")
    require_variation(sample)
    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)  # an end that is not a number is refused below
        drawn = draw(
            (sample,),
            statistic,
            n_resamples=resamples,
            batch=1_000,
            confidence_level=1 - 2 * side(level),
            method=method,
            rng=np.random.default_rng(seed),
        )
    low, high = (float(each) for each in drawn.confidence_interval)
    if not np.isfinite([low, high]).all():
        raise ComparisonError(
            "Comparaison refusée : les échantillons tirés au sort donnent presque tous la même valeur, l’intervalle "
            "n’existe pas. Donnez la valeur seule, ou une statistique moins grossière."
        )
    return Estimate(float(statistic(sample, axis=0)), low, high, level, (len(sample),), f"bootstrap_{method.lower()}")
