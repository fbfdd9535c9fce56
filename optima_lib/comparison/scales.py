"""The scales on which values are compared: there, a value varies by chance as much whatever it is.

Source of the scales: Spiegelhalter, Statistics in Medicine 24 (2005) 1185, table of transformations; Verburg et al.,
Clinical Epidemiology 10 (2018) 49.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PROPORTION, STANDARDISE, RAPPORT, MONTANT, PAR_HABITANT, VALEUR = (
    "proportion", "standardisé", "rapport", "montant", "par habitant", "valeur",
)  # fmt: skip


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


def variance_of_interval(low: Floats, high: Floats) -> Floats:
    """Return the variance that a 95 % interval tells, on the scale where its bounds are given: ((high - low) / 3.92)²."""
    return np.asarray(((high - low) / (2 * 1.959963984540054)) ** 2)
