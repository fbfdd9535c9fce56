"""The permutation test of a difference of means, exact or drawn, with its two-sided convention stated."""

import math
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import Floats
from optima_lib.comparison.samples import NOISE, read_pair, varies
from optima_lib.errors import ComparisonError

Convention = Literal["distance", "doubled"]
EXACT_UP_TO = 200_000  # rearrangements: two samples of ten have 184 756


@dataclass(frozen=True)
class Permutation:
    """A difference of means and its permutation p value.

    Parameters
    ----------
    difference : float
        Mean of the first sample less mean of the second.
    p : float
        Two-sided p value.
    convention : {"distance", "doubled"}
        What two-sided means.
    rearrangements : int
        Number of rearrangements that were counted.
    exact : bool
        Whether these are all of them.
    seed : int or None
        Seed of the draws, when they are not.
    n : tuple of int
        Sizes of the samples.
    """

    difference: float
    p: float
    convention: Convention
    rearrangements: int
    exact: bool
    seed: int | None
    n: tuple[int, int]


def permutation_test(
    x: npt.ArrayLike, y: npt.ArrayLike, *, seed: int, convention: Convention = "distance", draws: int = 9_999
) -> Permutation:
    """Return the p value of a difference of means when labels are exchangeable.

    Parameters
    ----------
    x, y : array_like
        Values of two samples of exchangeable units: whole authorities when contracts are nested in them.
    seed : int
        Seed of the draws, used when there are more than 200 000 rearrangements.
    convention : {"distance", "doubled"}
        ``distance`` counts the rearrangements at least as far from the expected difference, |T - E T|, as R's coin;
        ``doubled`` doubles the smaller tail, as scipy. They differ for unequal samples.
    draws : int
        Number of rearrangements drawn when they cannot all be counted.

    Raises
    ------
    ComparisonError
        When all values are the same.

    Notes
    -----
    E T is 0 for a difference of means. Drawn rearrangements count the observed one too, (b + 1)/(B + 1), so that p is
    never 0 (Phipson and Smyth, 2010, Statistical Applications in Genetics and Molecular Biology 9:39).
    Source: Pitman (1937), Supplement to the JRSS 4:119.

    Examples
    --------
    >>> told = permutation_test([4, 5, 6], [1, 2, 3], seed=1)
    >>> told.difference, told.p, told.rearrangements
    (3.0, 0.1, 20)
    """
    first, second = _centred(x, y)
    total = math.comb(len(first) + len(second), len(first))
    exact = total <= EXACT_UP_TO
    gaps = _gaps(first, second, None if exact else draws, seed)
    observed = float(np.mean(first) - np.mean(second))
    near = NOISE * float(max(np.max(np.abs(first)), np.max(np.abs(second))))  # rounding of equal differences
    at_least, at_most, far = gaps >= observed - near, gaps <= observed + near, np.abs(gaps) >= abs(observed) - near
    added = 0 if exact else 1
    beyond = np.sum(far) + added if convention == "distance" else 2 * (min(np.sum(at_least), np.sum(at_most)) + added)
    p = min(1.0, float(beyond / (len(gaps) + added)))
    sizes = len(first), len(second)
    return Permutation(observed, p, convention, total if exact else draws, exact, None if exact else seed, sizes)


def _centred(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return two samples around the mean of both, so that large levels do not round small differences."""
    first, second = read_pair(x, y, least=1)
    if not varies(first, second):
        raise ComparisonError(
            "Comparaison refusée : toutes les valeurs des deux échantillons sont égales, les mélanger ne change rien. "
            "Dites qu’elles sont égales."
        )
    centre = np.mean(np.concatenate([first, second]))
    return first - centre, second - centre


def _gaps(x: Floats, y: Floats, draws: int | None, seed: int) -> Floats:
    """Return the differences of means of rearranged samples: all of them, or some that are drawn."""
    pooled, part = np.concatenate([x, y]), len(x)
    if draws is None:
        chosen = chain.from_iterable(combinations(range(len(pooled)), part))
        sums = pooled[np.fromiter(chosen, dtype=np.int64).reshape(-1, part)].sum(axis=1)
    else:
        rng = np.random.default_rng(seed)
        sums = np.array([rng.choice(pooled, part, replace=False, shuffle=False).sum() for _ in range(draws)])
    return np.asarray(sums / part - (pooled.sum() - sums) / len(y))
