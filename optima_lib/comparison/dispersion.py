"""How much authorities differ from one another, beyond chance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
ITERATIONS, CLOSE = 200, 1e-12


@dataclass(frozen=True)
class Overdispersion:
    """How much the z scores of a funnel spread beyond chance.

    Attributes
    ----------
    phi : float
        Mean of the squared winsorised (or trimmed) z scores; 1 when only chance is at work.
    tau2 : float
        Variance of the true values between authorities, on the scale of the funnel.
    n : int
        The authorities that it rests on.
    """

    phi: float
    tau2: float
    n: int


def overdispersion(z: Floats, s: Floats, *, cut: float = 0.1, trim: bool = False) -> Overdispersion:
    """Estimate additive overdispersion.

    Parameters
    ----------
    z, s : array
        The z score of each authority, and its standard error on the same scale.
    cut : float
        Share winsorised on each side.
    trim : bool
        Drop the authorities beyond the cut instead of bringing them back to it (rule of the SHMI).

    Notes
    -----
    phi = Σz²/I; tau² = max(0, (I phi - (I - 1)) / (Σw - Σw²/Σw)), w = 1/s². Source: Spiegelhalter, Quality and
    Safety in Health Care 14 (2005) 347.
    """
    low, high = np.quantile(z, [cut, 1 - cut])
    kept = (z >= low) & (z <= high) if trim else np.ones(len(z), dtype=bool)
    squared, w = np.clip(z, low, high)[kept] ** 2, 1 / s[kept] ** 2
    n = int(kept.sum())
    phi = float(squared.sum() / n)
    tau2 = max(0.0, (n * phi - (n - 1)) / (w.sum() - (w**2).sum() / w.sum()))
    return Overdispersion(phi, float(tau2), n)


def dersimonian_laird(y: Floats, v: Floats) -> float:
    """Return the variance between units by the method of moments.

    Source: DerSimonian and Laird, Controlled Clinical Trials 7 (1986) 177.
    """
    w = 1 / v
    mean = (w * y).sum() / w.sum()
    q = (w * (y - mean) ** 2).sum()
    return max(0.0, float((q - (len(y) - 1)) / (w.sum() - (w**2).sum() / w.sum())))


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
        The group of each unit, from 0; one group by default.

    Notes
    -----
    y_i ~ N(θ_i, v_i), θ_i ~ N(μ, τ²); w = 1/(v + τ²), μ = Σwy/Σw, B = τ²/(τ² + v); θ = μ + B (y - μ), of variance
    vB + (1 - B)²/Σw. τ² by Fisher scoring of the restricted likelihood, all groups together. Equal to ``rma`` and
    ``blup`` of metafor. **Limits.** Shrinking hides outliers: it serves to rank and to foresee, not to detect.
    Source: Raudenbush, in The Handbook of Research Synthesis (2009), ch. 16; Viechtbauer, JEBS 30 (2005) 261.

    Examples
    --------
    >>> told = shrink(np.array([1.0, 2.0, 6.0]), np.array([1.0, 1.0, 1.0]))
    >>> told.tau2.round(6).tolist(), told.value.round(6).tolist()
    ([6.0], [1.285714, 2.142857, 5.571429])
    """
    place = np.zeros(len(y), dtype=np.int64) if group is None else group
    tau2 = _reml(y, v, place)
    w = 1 / (v + tau2[place])
    total = _sum(place, w)
    mean = _sum(place, w * y) / total
    reliability = tau2[place] * w
    value = mean[place] + reliability * (y - mean[place])
    se = np.sqrt(v * reliability + (1 - reliability) ** 2 / total[place])
    return Shrunken(mean, 1 / np.sqrt(total), tau2, value, se, reliability)


def _sum(group: Numbers, values: Floats) -> Floats:
    return np.bincount(group, values).astype(np.float64)


def _reml(y: Floats, v: Floats, group: Numbers) -> Floats:
    """Return the variance between the units of each group, by Fisher scoring from the variance of the values."""
    n = _sum(group, np.ones_like(y))
    mean = _sum(group, y) / n
    tau2 = np.maximum(_sum(group, (y - mean[group]) ** 2) / np.maximum(n - 1, 1) - _sum(group, v) / n, 0.0)
    for _ in range(ITERATIONS):
        step = _score(y, v, group, tau2)
        following = np.where(n > 1, np.maximum(tau2 + step, 0.0), 0.0)
        if np.all(np.abs(following - tau2) <= CLOSE * (1 + tau2)):
            return following
        tau2 = following
    return tau2


def _score(y: Floats, v: Floats, group: Numbers, tau2: Floats) -> Floats:
    """Return the step of Fisher scoring: (y'PPy - tr P) / tr PP."""
    w = 1 / (v + tau2[group])
    first, second, third = (_sum(group, w**power) for power in (1, 2, 3))
    mean = _sum(group, w * y) / first
    squares = _sum(group, (w * (y - mean[group])) ** 2)
    trace, trace2 = first - second / first, second - 2 * third / first + (second / first) ** 2
    return np.asarray((squares - trace) / np.where(trace2 > 0, trace2, np.inf))
