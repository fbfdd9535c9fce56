"""The focal authority against its peers, itself left out of its own reference."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.between import Foreseen, Whole, possible_variances
from optima_lib.comparison.dispersion import moments

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Interval = tuple[Floats, Floats]
LEVELS = (0.95, 0.90)
CLOSE = 1e-18
LEAST = 3  # peers: with fewer, no variance is estimated


@dataclass(frozen=True)
class Reference:
    """What some sets of peers show, on the scale of comparison; one number per set.

    Attributes
    ----------
    k : array
        The number of peers.
    mean, tau2 : array
        Their mean, and the variance of their true values (DerSimonian and Laird).
    weight : array
        The sum of their weights 1/(v + τ²).
    varied : array of bool
        Whether they are enough, and differ.
    chance_mean, chance_weight : array
        Mean and weight were they alike but for chance; missing where values have no sampling error.
    foreseen : Foreseen
        What another authority of the same law shows.
    """

    k: Floats
    mean: Floats
    tau2: Floats
    weight: Floats
    varied: Flags
    chance_mean: Floats
    chance_weight: Floats
    foreseen: Foreseen

    def of(self, sets: Numbers) -> "Reference":
        """Return the reference of some sets, again where one serves several authorities."""
        return Reference(
            *(self.k[sets], self.mean[sets], self.tau2[sets], self.weight[sets], self.varied[sets]),
            *(self.chance_mean[sets], self.chance_weight[sets], self.foreseen.of(sets)),
        )


@dataclass(frozen=True)
class Against:
    """What the peers of each focal authority make expect of it, on the scale of comparison.

    Attributes
    ----------
    mean, tau2 : array
        Mean of the peers, and the variance of their true values.
    gap : array
        Distance of the focal value to the mean.
    z, p : array
        Two-sided probability that another authority of the same law stands as far, and the normal value of it, signed.
    bounds : mapping of float to pair of arrays
        The interval of the gap, by level.
    p_simple : array
        The probability by one variance, taken as known: z of Higgins, Thompson and Spiegelhalter under t(k - 2).
    z_chance : array
        gap over its error, were authorities alike but for chance.
    """

    mean: Floats
    tau2: Floats
    gap: Floats
    z: Floats
    p: Floats
    bounds: dict[float, Interval]
    p_simple: Floats
    z_chance: Floats


def refer(y: Floats, v: Floats, peers: Flags) -> Reference:
    """Describe some sets of peers.

    Parameters
    ----------
    y : array, one line or sets by members
        The value of each member as each set makes it.
    v : array, one line by members
        Its sampling variance; 0 everywhere where values are observed whole.
    peers : array of bool, sets by members
        The peers of each set.
    """
    k = peers.sum(axis=1).astype(float)
    varied = (k >= LEAST) & (_spread(y, peers, k) > CLOSE)
    if not (v > 0).any():
        return _observed_whole(y, peers, k, varied)
    known = _inverse(v, peers)
    chance = _safe(known.sum(axis=1))
    chance_mean = (known * y).sum(axis=1) / chance
    q = (known * (y - chance_mean[:, None]) ** 2).sum(axis=1)
    tau2 = moments(q, chance, (known**2).sum(axis=1), k)
    w = _inverse(v + tau2[:, None], peers)
    weight = _safe(w.sum(axis=1))
    mean = (w * y).sum(axis=1) / weight
    foreseen = possible_variances(y, v[0], peers) if varied.any() else Whole(mean, _nothing(k), k - 1)
    return Reference(k, mean, tau2, weight, varied, chance_mean, chance, foreseen)


def against(told: Reference, focal: Floats, focal_v: Floats) -> Against:
    """Compare focal authorities with their peers, out of sample.

    Parameters
    ----------
    told : Reference
        The peers of each, itself left out.
    focal, focal_v : array
        The value of each focal authority, and its sampling variance.

    Returns
    -------
    Against
        One number per focal authority; missing where fewer than three peers stand against it, or none differs.

    Notes
    -----
    Given the variance τ² of the true values, y_f - μ has variance v_f + τ² + 1/Σw, w = 1/(v + τ²) over the peers. τ² is not
    known: p is the mean of the normal probability over all that the peers leave possible of it, and the interval holds the
    gaps that it does not refuse (predictive distribution of Nagashima, Noma and Furukawa, Statistical Methods in Medical
    Research 28 (2019) 1689; see ``between``). With v = 0 it is t(k - 1) of Crawford and Howell (The Clinical
    Neuropsychologist 12 (1998) 482). ``p_simple`` takes the estimate of τ² as known, under t(k - 2) (Higgins, Thompson and
    Spiegelhalter, JRSS A 172 (2009) 137): too sure where one authority is known better than its peers, not enough where
    these are few (``benchmarks/verdicts.py`` measures both). **Limits.** True values are supposed normal on the scale.
    """
    below, above = told.foreseen.tails(focal, focal_v)
    tail = np.where(told.varied, np.minimum(below, above), np.nan)
    simple = (focal - told.mean) / np.sqrt(focal_v + told.tau2 + 1 / told.weight)
    return Against(
        mean=told.foreseen.centre,
        tau2=told.tau2,
        gap=focal - told.foreseen.centre,
        z=np.sign(below - above) * _normal(tail),
        p=np.minimum(2 * tail, 1.0),
        bounds={level: _interval(told, level, focal, focal_v) for level in LEVELS},
        p_simple=np.where(told.varied, _student_p(simple, told.k - 2), np.nan),
        z_chance=(focal - told.chance_mean) / np.sqrt(focal_v + 1 / told.chance_weight),
    )


def _interval(told: Reference, level: float, focal: Floats, v: Floats) -> Interval:
    """Return the gaps that the peers do not refuse: the focal value less what they leave possible."""
    high, low = (told.foreseen.quantile((1 + side * level) / 2, v) for side in (-1, 1))
    return np.where(told.varied, focal - low, np.nan), np.where(told.varied, focal - high, np.nan)


def _observed_whole(y: Floats, peers: Flags, k: Floats, varied: Flags) -> Reference:
    """Describe peers whose values have no sampling error."""
    mean = np.where(peers, y, 0.0).sum(axis=1) / _safe(k)
    variance = _spread(y, peers, k)
    foreseen = Whole(mean, np.sqrt(variance * (1 + 1 / _safe(k))), k - 1)
    return Reference(k, mean, variance, _safe(k / _safe(variance)), varied, _nothing(k), _nothing(k), foreseen)


def _spread(y: Floats, peers: Flags, k: Floats) -> Floats:
    """Return the variance of the values of each set of peers."""
    mean = np.where(peers, y, 0.0).sum(axis=1) / _safe(k)
    return np.asarray(np.where(peers, (y - mean[:, None]) ** 2, 0.0).sum(axis=1) / _safe(k - 1))


def _nothing(like: Floats) -> Floats:
    return np.full(len(like), np.nan)


def _safe(values: Floats) -> Floats:
    return np.asarray(np.where(values > 0, values, np.nan))


def _inverse(v: Floats, peers: Flags) -> Floats:
    """Return weights 1/v, nothing for those that are no peers."""
    told = np.broadcast_to(v, peers.shape)
    return np.asarray(np.divide(1.0, told, out=np.zeros(peers.shape), where=peers & (told > 0)))


def _normal(tail: Floats) -> Floats:
    """Return the normal value beyond which a probability lies."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import

    return np.asarray(-ndtri(np.minimum(tail, 0.5)))


def _student_p(statistic: Floats, df: Floats) -> Floats:
    from scipy.special import stdtr  # noqa: PLC0415 - slow to import

    return np.asarray(2 * stdtr(np.where(df > 0, df, np.nan), -np.abs(statistic)))
