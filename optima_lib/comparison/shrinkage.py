"""Estimates drawn towards the mean of their group, by as much as they are uncertain (empirical Bayes)."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.dispersion import require_errors
from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
ITERATIONS, CLOSE = 200, 1e-12
TRIED = (1e-3, 1e-2, 0.1, 1.0, 10.0)  # variances to start from, in mean squares of a group


@dataclass(frozen=True)
class Shrunken:
    """Estimates drawn towards the mean of their group, by as much as they are uncertain.

    Attributes
    ----------
    mean, mean_se, tau2 : array
        Of each group: the mean, its standard error, the variance between units (REML).
    value, se, reliability : array
        Of each unit: the shrunken estimate, its standard error, and the share of the variance that is not chance.
    """

    mean: Floats
    mean_se: Floats
    tau2: Floats
    value: Floats
    se: Floats
    reliability: Floats


def shrink(y: Floats, v: Floats, group: Numbers | None = None) -> Shrunken:
    """Shrink the estimates of each group towards its mean (empirical Bayes, REML).

    Parameters
    ----------
    y, v : array
        The estimate of each unit and its sampling variance, above 0.
    group : array of int, optional
        The group of each unit, from 0; one group by default. A number that no unit has is a group whose mean, error and
        variance are not known (NaN).

    Raises
    ------
    ComparisonError
        When a value is missing, a variance is not above 0, or the groups are not one whole number from 0 per unit.

    Notes
    -----
    y_i ~ N(θ_i, v_i), θ_i ~ N(μ, τ²); w = 1/(v + τ²), μ = Σwy/Σw, B = τ²/(τ² + v); θ = μ + B (y - μ), of variance
    vB + (1 - B)²/Σw. τ² maximises the restricted likelihood: the best of some, then Fisher scoring in steps that never lower
    it, all groups together. Equal to ``rma`` and ``blup`` of metafor. **Limits.** Shrinking hides outliers: it serves to rank and to foresee, not to detect.
    Source: Raudenbush, in The Handbook of Research Synthesis (2009), ch. 16; Viechtbauer, JEBS 30 (2005) 261.

    Examples
    --------
    >>> told = shrink(np.array([1.0, 2.0, 6.0]), np.array([1.0, 1.0, 1.0]))
    >>> told.tau2.round(6).tolist(), told.value.round(6).tolist()
    ([6.0], [1.285714, 2.142857, 5.571429])
    """
    require_errors(y, v)
    place = np.zeros(len(y), dtype=np.int64) if group is None else np.asarray(group)
    _require_groups(place, len(y))
    present = np.bincount(place) > 0
    if not present.all():
        told = shrink(y, v, (np.cumsum(present) - 1)[place])
        mean, mean_se, tau2 = np.full((3, len(present)), np.nan)
        mean[present], mean_se[present], tau2[present] = told.mean, told.mean_se, told.tau2
        return replace(told, mean=mean, mean_se=mean_se, tau2=tau2)
    tau2 = _reml(y, v, place)
    w = 1 / (v + tau2[place])
    total = _sum(place, w)
    mean = _sum(place, w * y) / total
    reliability = tau2[place] * w
    value = mean[place] + reliability * (y - mean[place])
    se = np.sqrt(v * reliability + (1 - reliability) ** 2 / total[place])
    return Shrunken(mean, 1 / np.sqrt(total), tau2, value, se, reliability)


def _require_groups(group: Numbers, n: int) -> None:
    if len(group) != n or group.dtype.kind not in "iu" or group.min(initial=0) < 0:
        raise ComparisonError(
            f"Rétrécissement refusé : il faut un nombre entier, 0 ou plus, pour le groupe de chacune des {n} unités. Renumérotez-les."
        )


def _sum(group: Numbers, values: Floats) -> Floats:
    return np.bincount(group, values).astype(np.float64)


def _reml(y: Floats, v: Floats, group: Numbers) -> Floats:
    """Return the variance between the units of each group: the best of some variances, then Fisher scoring, never downhill."""
    n = _sum(group, np.ones_like(y))
    mean = _sum(group, y) / n
    scale = _sum(group, (y - mean[group]) ** 2 + v) / n
    tau2, best = np.zeros_like(n), _likelihood(y, v, group, np.zeros_like(n))
    for part in TRIED:
        likelihood = _likelihood(y, v, group, part * scale)
        better = (likelihood > best) & (n > 1)
        tau2, best = np.where(better, part * scale, tau2), np.where(better, likelihood, best)
    pace = np.ones_like(n)
    for _ in range(ITERATIONS):
        step = np.where(n > 1, np.maximum(tau2 + pace * _score(y, v, group, tau2), 0.0), 0.0) - tau2
        if np.all(np.abs(step) <= CLOSE * (scale + tau2)):
            break
        likelihood = _likelihood(y, v, group, tau2 + step)
        uphill = likelihood >= best - CLOSE * np.abs(best)
        tau2, best = np.where(uphill, tau2 + step, tau2), np.where(uphill, likelihood, best)
        pace = np.where(uphill, np.minimum(2 * pace, 1.0), pace / 2)
    return tau2


def _likelihood(y: Floats, v: Floats, group: Numbers, tau2: Floats) -> Floats:
    """Return twice the restricted log-likelihood of each group: -(Σ log(v + τ²) + log Σw + Σ w(y - μ)²)."""
    w = 1 / (v + tau2[group])
    total = _sum(group, w)
    mean = _sum(group, w * y) / total
    return -(_sum(group, w * (y - mean[group]) ** 2 - np.log(w)) + np.log(total))


def _score(y: Floats, v: Floats, group: Numbers, tau2: Floats) -> Floats:
    """Return the step of Fisher scoring: (y'PPy - tr P) / tr PP."""
    w = 1 / (v + tau2[group])
    first, second, third = (_sum(group, w**power) for power in (1, 2, 3))
    mean = _sum(group, w * y) / first
    squares = _sum(group, (w * (y - mean[group])) ** 2)
    trace, trace2 = first - second / first, second - 2 * third / first + (second / first) ** 2
    return np.asarray((squares - trace) / np.where(trace2 > 0, trace2, np.inf))
