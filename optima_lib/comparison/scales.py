"""The scales on which values are compared: there, a value varies by chance as much whatever it is.

Source of the scales: Spiegelhalter, Statistics in Medicine 24 (2005) 1185, table of transformations; Verburg et al.,
Clinical Epidemiology 10 (2018) 49.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PROPORTION, STANDARDISE, RAPPORT, MONTANT, PAR_HABITANT, VALEUR = (
    "proportion", "standardisé", "rapport", "montant", "par habitant", "valeur",
)  # fmt: skip
MANY = 1e9  # degrees of freedom: the normal law


@dataclass(frozen=True)
class Scale:
    """A transformation and its inverse.

    Attributes
    ----------
    to, back : callable
        From the unit of the indicator to the scale, and back.
    """

    to: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]


def _arcsine(share: Floats) -> Floats:
    return np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0)))


def _from_arcsine(angle: Floats) -> Floats:
    return np.asarray(np.sin(np.clip(angle, 0.0, np.pi / 2)) ** 2)


def _root(ratio: Floats) -> Floats:
    return np.sqrt(np.maximum(ratio, 0.0))


def _square(root: Floats) -> Floats:
    return np.asarray(np.maximum(root, 0.0) ** 2)


def _log(value: Floats) -> Floats:
    return np.log(np.where(value > 0, value, np.nan))


def _same(value: Floats) -> Floats:
    return np.asarray(value, dtype=float)


SCALES: dict[str, Scale] = {
    PROPORTION: Scale(_arcsine, _from_arcsine),
    STANDARDISE: Scale(_root, _square),
    RAPPORT: Scale(_log, np.exp),
    MONTANT: Scale(_log, np.exp),
    PAR_HABITANT: Scale(np.log1p, np.expm1),
    VALEUR: Scale(_same, _same),
}


def variance_of_share(n: Floats) -> Floats:
    """Return the sampling variance of the arcsine of a share of ``n`` facts: 1 / 4n.

    Examples
    --------
    >>> variance_of_share(np.array([25.0])).tolist()
    [0.01]
    """
    return 0.25 / np.where(n > 0, n, np.nan)


def mean_arcsine(share: Floats, n: Floats) -> Floats:
    """Return the mean, over samples of n facts, of the arcsine of the root of the share that they show.

    It is under the arcsine of the root of the true share, and far under it where few of them are expected to hit.

    Parameters
    ----------
    share : array
        True shares.
    n : array
        Numbers of facts; not always whole, where facts are shared.

    Notes
    -----
    Exact for the binomial law at the shares and numbers of a table, read between them; beyond its numbers the first term
    of the series, -(1 - 2θ)/(8n √(θ(1 - θ))) (Bartlett, 1947, Biometrics 3:39).

    Examples
    --------
    >>> mean_arcsine(np.array([0.5, 0.05]), np.array([1.0, 20.0])).round(4).tolist()
    [0.7854, 0.1771]
    """
    bias, sizes = _bias_of_arcsine()
    angle = _arcsine(share)
    across = angle / (np.pi / 2) * (bias.shape[1] - 1)
    down = np.interp(np.log(np.maximum(n, 1.0)), np.log(sizes), np.arange(len(sizes)))
    first, row = np.floor(across).astype(int), np.floor(down).astype(int)
    second, next_row = np.minimum(first + 1, bias.shape[1] - 1), np.minimum(row + 1, len(sizes) - 1)
    x, y = across - first, down - row
    over = (1 - x) * bias[row, first] + x * bias[row, second]
    under = (1 - x) * bias[next_row, first] + x * bias[next_row, second]
    told = (1 - y) * over + y * under
    return np.asarray(angle + told * np.minimum(sizes[-1] / np.maximum(n, 1.0), 1.0))


@cache
def _bias_of_arcsine() -> tuple[Floats, Floats]:
    """Return how far the mean arcsine is from that of the share, by numbers of facts and by shares evenly spread."""
    from scipy.special import gammaln, xlog1py, xlogy  # noqa: PLC0415 - slow to import

    angles = np.linspace(0, np.pi / 2, 257)
    share = np.sin(angles) ** 2
    sizes = np.unique(np.round(np.geomspace(1, 2_000, 80)))
    rows = []
    for size in sizes:
        hits = np.arange(size + 1)[:, None]
        ways = gammaln(size + 1) - gammaln(hits + 1) - gammaln(size - hits + 1)
        law = np.exp(ways + xlogy(hits, share) + xlog1py(size - hits, -share))
        rows.append((law * _arcsine(hits / size)).sum(axis=0) - angles)
    return np.array(rows), sizes


def variance_of_ratio(expected: Floats) -> Floats:
    """Return the sampling variance of the square root of observed over expected: 1 / 4E."""
    return 0.25 / np.where(expected > 0, expected, np.nan)


def variance_of_odds(above: Floats, below: Floats) -> Floats:
    """Return the sampling variance of log((O + .5) / (D + .5)): O / (O + .5)² + D / (D + .5)².

    Examples
    --------
    >>> variance_of_odds(np.array([2.0]), np.array([8.0])).round(4).tolist()
    [0.4307]
    """
    return np.asarray(above / (above + 0.5) ** 2 + below / (below + 0.5) ** 2)


def variance_of_interval(low: Floats, high: Floats, df: Floats | float = np.inf) -> Floats:
    """Return the variance that a 95 % interval tells, on the scale where its bounds are given.

    Parameters
    ----------
    low, high : array
        The bounds.
    df : array or float
        Degrees of freedom of Student's law that the interval was made with; infinite for the normal law.

    Notes
    -----
    ((high - low) / 2t)², t the quantile at 97.5 %.

    Examples
    --------
    >>> variance_of_interval(np.array([0.0, 0.0]), np.array([3.92, 4.0]), np.array([np.inf, 4.0])).round(3).tolist()
    [1.0, 0.519]
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to import

    known = np.where(np.asarray(df) > 0, np.minimum(df, MANY), np.nan)
    return np.asarray(((high - low) / (2 * stdtrit(known, 0.975))) ** 2)
