"""What peers leave possible of their variance: its confidence distribution, and a value foreseen under each of it."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
GRID = 20  # variances tried between one and its tenfold
NODES = 16  # of Gauss and Legendre, where the distribution is then read
SMALLEST = 1e-2  # of the smallest sampling variance: below, a variance between peers is nothing
RAREST = 1e-8  # chance that the variance is beyond the last one tried
STEPS = 12  # of Newton, on the probit of a probability: it is nearly straight
CLOSE = 1e-10
FAINT, EPS = 1e-300, 1e-16


class Foreseen(Protocol):
    """What another authority of the law of its peers shows, by sets of peers."""

    @property
    def centre(self) -> Floats:
        """The value that it is expected to show."""

    def of(self, sets: Numbers) -> "Foreseen":
        """Return what some sets foresee, again where one serves several authorities."""

    def tails(self, value: Floats, v: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities that it shows less, and more, than a value of sampling variance v."""

    def quantile(self, level: float, v: Floats) -> Floats:
        """Return the value, of sampling variance v, under which it stands with a probability."""


@dataclass(frozen=True)
class Whole:
    """What is foreseen from peers whose values have no sampling error: a law of Student.

    Attributes
    ----------
    centre, error, df : array
        The mean of each set, the error of another value beside it, the degrees of freedom.
    """

    centre: Floats
    error: Floats
    df: Floats

    def of(self, sets: Numbers) -> "Whole":
        """Return what some sets foresee."""
        return Whole(self.centre[sets], self.error[sets], self.df[sets])

    def tails(self, value: Floats, v: Floats) -> tuple[Floats, Floats]:  # noqa: ARG002 - there is no sampling error
        """Return the probabilities of less and of more."""
        from scipy.special import stdtr  # noqa: PLC0415 - slow to import

        away, df = (
            (value - self.centre) / np.where(self.error > 0, self.error, np.nan),
            np.where(self.df > 0, self.df, np.nan),
        )
        return np.asarray(stdtr(df, away)), np.asarray(stdtr(df, -away))

    def quantile(self, level: float, v: Floats) -> Floats:  # noqa: ARG002 - there is no sampling error
        """Return the value under which another authority stands with a probability."""
        from scipy.special import stdtrit  # noqa: PLC0415 - slow to import

        return np.asarray(self.centre + self.error * stdtrit(np.where(self.df > 0, self.df, np.nan), level))


@dataclass(frozen=True)
class Between:
    """The variances that sets of peers leave possible; sets by nodes, the first node no variance at all.

    Attributes
    ----------
    weight : array
        The confidence that each bears; they sum to one.
    tau2 : array
        The variance of true values.
    mean, mean_v : array
        The mean of the peers under each, and its variance.
    """

    weight: Floats
    tau2: Floats
    mean: Floats
    mean_v: Floats

    def of(self, sets: Numbers) -> "Between":
        """Return those of some sets, again where one serves several authorities."""
        return Between(*(getattr(self, each.name)[sets] for each in fields(self)))

    @property
    def centre(self) -> Floats:
        """The mean of the peers, over all variances."""
        return np.asarray((self.weight * self.mean).sum(axis=1))

    def tails(self, value: Floats, v: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities that another authority shows less, and more, than a value of sampling variance v."""
        from scipy.special import ndtr  # noqa: PLC0415 - slow to import

        away = (value[:, None] - self.mean) / self._spread(v)
        return (self.weight * ndtr(away)).sum(axis=1), (self.weight * ndtr(-away)).sum(axis=1)

    def quantile(self, level: float, v: Floats) -> Floats:
        """Return the value, of sampling variance v, under which another authority stands with a probability."""
        from scipy.special import ndtr, ndtri  # noqa: PLC0415 - slow to import

        spread, wanted = self._spread(v), float(ndtri(level))
        ends = self.mean + wanted * spread
        low, high, told = ends.min(axis=1), ends.max(axis=1), (self.weight * ends).sum(axis=1)
        for _ in range(STEPS):
            away = (told[:, None] - self.mean) / spread
            reached = ndtri((self.weight * ndtr(away)).sum(axis=1))
            density = (self.weight * np.exp(-(away**2) / 2) / spread).sum(axis=1)
            slope = density / np.exp(-(reached**2) / 2)
            following = np.clip(told + (wanted - reached) / slope, low, high)
            done = np.abs(following - told) <= CLOSE * np.abs(high - low)
            told = following
            if np.all(done | np.isnan(told)):
                break
        return np.asarray(told)

    def _spread(self, v: Floats) -> Floats:
        return np.asarray(np.sqrt(v[:, None] + self.tau2 + self.mean_v))


def possible_variances(y: Floats, v: Floats, peers: npt.NDArray[np.bool_]) -> Between:
    """Return the confidence distribution of the variance between peers, for some sets of them.

    Parameters
    ----------
    y : array, one line or sets by members
        The value of each member.
    v : array, by members
        Its sampling variance, above 0.
    peers : array of bool, sets by members
        The peers of each set, three at least.

    Notes
    -----
    Q(t) = Σ (y - μ_t)²/(v + t), μ_t the mean of weights 1/(v + t), follows χ²(k - 1) where t is the variance of the true
    values: P(τ² > t) = P(χ² ≤ Q(t)) is its confidence distribution, with an atom at 0. It is read at the nodes of Gauss and
    Legendre on the cube root of that probability, which stand closer where variances are large. Source: Nagashima,
    Noma and Furukawa, Statistical Methods in Medical Research 28 (2019) 1689; Viechtbauer, Statistics in Medicine 26
    (2007) 37.
    """
    from scipy.special import chdtr  # noqa: PLC0415 - slow to import

    some, away = peers.astype(float), y.mean(axis=1, keepdims=True)  # sums of squares far from 0 lose their digits
    y = y - away
    t = _tried(y, v, some)
    w = 1 / (v[:, None] + t)
    total, first, second = some @ w, (some * y) @ w, (some * y**2) @ w
    mean = first / total
    k = some.sum(axis=1)[:, None]
    beyond = np.minimum.accumulate(chdtr(k - 1, np.maximum(second - first * mean, 0.0)), axis=1)
    return _read(t, beyond, mean + away, 1 / total)


def _tried(y: Floats, v: Floats, peers: Floats) -> Floats:
    """Return the variances tried: none, then from a part of the smallest sampling variance to what is hardly possible.

    They are powers of one number, so that a set of peers is read at the same ones whatever the others show.
    """
    from scipy.special import chdtri  # noqa: PLC0415 - slow to import

    k = peers.sum(axis=1)
    squares = (peers * y**2).sum(axis=1) - (peers * y).sum(axis=1) ** 2 / k
    low = SMALLEST * float(v[peers.any(axis=0)].min())
    high = float(np.max(squares / chdtri(np.maximum(k - 1, 1), 1 - RAREST)))
    first, last = np.floor(GRID * np.log10(low)), np.ceil(GRID * np.log10(max(high, 10 * low)))
    return np.concatenate([[0.0], 10 ** (np.arange(first, last + 1) / GRID)])


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Return the shares of the probability at the nodes, and their weights: those of Gauss and Legendre on its cube root."""
    place, weight = np.polynomial.legendre.leggauss(NODES)
    root = (place + 1) / 2
    return root**3, 3 * root**2 * weight / 2


def _probit(share: Floats) -> Floats:
    """Return probits: between the variances tried, that of the probability is nearly straight in their logarithm."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import

    return np.asarray(ndtri(np.clip(share, FAINT, 1 - EPS)))


def _read(t: Floats, beyond: Floats, mean: Floats, mean_v: Floats) -> Between:
    """Read the distribution at its nodes, between the variances tried."""
    share, weight = _nodes()
    above = beyond[:, :1]
    wanted = above * share
    place = np.clip((beyond[:, :, None] > wanted[:, None, :]).sum(axis=1), 2, len(t) - 1)
    left, right = (_probit(np.take_along_axis(beyond, place - back, axis=1)) for back in (1, 0))
    part = np.clip((left - _probit(wanted)) / np.where(left > right, left - right, 1.0), 0.0, 1.0)
    logs = np.log(np.maximum(t, t[1]))
    tau2 = np.exp(logs[place - 1] + part * (logs[place] - logs[place - 1]))

    def between(told: Floats) -> Floats:
        first, last = (np.take_along_axis(told, place - back, axis=1) for back in (1, 0))
        return np.concatenate([told[:, :1], first + part * (last - first)], axis=1)

    return Between(
        np.concatenate([1 - above, above * weight], axis=1),
        np.concatenate([np.zeros_like(above), tau2], axis=1),
        between(mean),
        between(mean_v),
    )
