"""Confidence sets of ranks, with critical values drawn rather than bounded: for one unit, or for all at once."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
LEVEL = 0.95
DRAWS = 20_000
TOGETHER = 2_000_000  # numbers held at once


def rank_set(y: Floats, se: Floats, unit: int, *, seed: int = 0) -> tuple[int, int]:
    """Return the ranks (1 the highest value) that the data leave possible for one unit, at 95 %.

    Parameters
    ----------
    y, se : array
        The value of each unit, and its standard error (0: observed whole).
    unit : int
        The place of the one asked about.
    seed : int
        Of the draws.

    Returns
    -------
    tuple of int
        The best and the worst rank.

    Raises
    ------
    ComparisonError
        When a value or an error is missing, when an error is below 0, or when the place is that of no unit.

    Notes
    -----
    Between 1 + the units surely above and J - those surely below. A claim "j is above" or "j is below" is sure when the
    difference passes c standard errors, c the quantile of the largest standardised difference that chance makes (20 000
    draws) among the claims not yet sure, in steps. Source: Mogstad, Romano, Shaikh and Wilhelm, Review of Economic Studies
    91 (2024) 476. Equal to ``csranks_marg`` of the R package csranks but for the draws.
    """
    _require_known(y, se)
    if not 0 <= unit < len(y):
        raise ComparisonError(f"Rang refusé : l’unité {unit} n’existe pas. Donnez une place de 0 à {len(y) - 1}.")
    others = np.flatnonzero(np.arange(len(y)) != unit)
    first, second = np.full(len(others), unit), others
    above, below = _claims(y, se, first, second, seed)
    return int(1 + above.sum()), int(len(y) - below.sum())


def rank_sets(y: Floats, se: Floats, *, seed: int = 0) -> tuple[Numbers, Numbers]:
    """Return the best and the worst rank of every unit, all true together at 95 %: whom a league may call among the first.

    Parameters
    ----------
    y, se : array
        The value of each unit, and its standard error (0: observed whole).
    seed : int
        Of the draws.

    Raises
    ------
    ComparisonError
        When a value or an error is missing, or when an error is below 0.

    Notes
    -----
    That of :func:`rank_set` over all pairs of units; wider. The units whose best rank is q or less are those that may be
    among the q first. Equal to ``csranks_simul`` of the R package csranks but for the draws. **Limits.** The time grows
    with the square of the units.
    """
    _require_known(y, se)
    first, second = np.triu_indices(len(y), 1)
    above, below = _claims(y, se, first, second, seed)
    better = np.bincount(first[above], minlength=len(y)) + np.bincount(second[below], minlength=len(y))
    worse = np.bincount(second[above], minlength=len(y)) + np.bincount(first[below], minlength=len(y))
    return 1 + better, len(y) - worse


def _require_known(y: Floats, se: Floats) -> None:
    if not len(y) or len(y) != len(se):
        raise ComparisonError(
            f"Rang refusé : {len(y)} valeurs pour {len(se)} erreurs. Donnez-en une de chaque par unité."
        )
    wrong = int(np.sum(~np.isfinite(y) | ~np.isfinite(se) | ~(se >= 0)))
    if wrong:
        raise ComparisonError(
            f"Rang refusé : {wrong} unités sur {len(y)} n’ont pas de valeur, ou pas d’erreur de 0 ou plus. Retirez-les."
        )


def _claims(y: Floats, se: Floats, first: Numbers, second: Numbers, seed: int) -> tuple[Flags, Flags]:
    """Return of which pairs the second is surely above the first, and of which it is surely below."""
    s = np.sqrt(se[first] ** 2 + se[second] ** 2)
    apart = y[second] - y[first]
    gap = np.divide(apart, s, out=np.copysign(np.where(apart == 0, 0.0, np.inf), apart), where=s > 0)
    if not s.any():  # nothing is left to chance
        return gap > 0, gap < 0

    def drawn() -> Iterator[Floats]:
        """Yield the same standardised differences of chance each time, some draws at once."""
        source, left = np.random.default_rng(seed), DRAWS
        while left:
            some = min(left, max(TOGETHER // len(s), 1))
            chance = source.normal(size=(some, len(y))) * se
            yield (chance[:, second] - chance[:, first]) / np.where(s > 0, s, 1.0)  # no chance between two seen whole
            left -= some

    return _step_down(gap, drawn)


def _step_down(gap: Floats, drawn: Callable[[], Iterator[Floats]]) -> tuple[Flags, Flags]:
    above, below = np.zeros(len(gap), dtype=bool), np.zeros(len(gap), dtype=bool)
    while True:  # a claim and its contrary are never both sure: some are always left
        largest = [np.maximum(_largest(each, ~above), _largest(-each, ~below)) for each in drawn()]
        c = float(np.quantile(np.concatenate(largest), LEVEL))
        following = gap > c, gap < -c
        if all(np.array_equal(*each) for each in zip(following, (above, below), strict=True)):
            break
        above, below = following
    return above, below


def _largest(chance: Floats, kept: Flags) -> Floats:
    """Return the largest of each draw among some claims."""
    return np.asarray(np.max(chance, axis=1, where=kept, initial=-np.inf))
