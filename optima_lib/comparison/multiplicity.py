"""p values of several comparisons, adjusted inside the families that were declared beforehand."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import Floats
from optima_lib.errors import ComparisonError

Integers = npt.NDArray[np.int64]
Method = Literal["holm", "bh", "by", "hochberg", "hommel"]
STATSMODELS = {"holm": "holm", "bh": "fdr_bh", "by": "fdr_by", "hochberg": "simes-hochberg", "hommel": "hommel"}


def adjust_family(p: npt.ArrayLike, size: int, method: Method = "holm") -> Floats:
    """Return the adjusted p values of one family.

    Parameters
    ----------
    p : array_like
        p values of the comparisons; a comparison that was refused is missing.
    size : int
        Number of comparisons declared: the refused ones count, and those that were never made.
    method : {"holm", "bh", "by", "hochberg", "hommel"}
        Which error is held: of one false alert at least (holm, hochberg, hommel), or of the share of false alerts
        (bh, by).

    Returns
    -------
    array of float
        Missing where p is.

    Raises
    ------
    ComparisonError
        When a p value is not between 0 and 1, or more comparisons were made than declared.

    Notes
    -----
    A comparison without p stands in the family as if its p were 1, so that a refusal never makes the others look
    better. hochberg and hommel suppose independent or positively dependent tests. Sources: Holm (1979), Scandinavian
    Journal of Statistics 6:65; Benjamini and Hochberg (1995), JRSS B 57:289, and by: Benjamini and Yekutieli (2001),
    Annals of Statistics 29:1165; Hochberg (1988), Biometrika 75:800; Hommel (1988), Biometrika 75:383.

    Examples
    --------
    >>> import numpy as np
    >>> adjust_family([0.01, np.nan, 0.02], size=4).tolist()
    [0.04, nan, 0.06]
    """
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415 - slow to import

    told = _read(p)
    _check_sizes(np.array([told.size]), np.array([size]))
    known = ~np.isnan(told)
    adjusted = np.full(told.shape, np.nan)
    if known.any():
        family = np.concatenate([told[known], np.ones(size - int(known.sum()))])
        adjusted[known] = multipletests(family, method=STATSMODELS[method])[1][: int(known.sum())]
    return adjusted


def adjust(
    p: npt.ArrayLike, group: npt.ArrayLike, sizes: npt.ArrayLike, method: Literal["holm", "bh"] = "holm"
) -> Floats:
    """Return the p values of many families, adjusted inside each, as `adjust_family` does for one.

    Parameters
    ----------
    p : array_like
        p values of all comparisons; a comparison that was refused is missing.
    group : array_like of int
        Number of the family of each, from 0.
    sizes : array_like of int
        Number of comparisons that each family declares.
    method : {"holm", "bh"}
        Holm, or Benjamini and Hochberg.

    Raises
    ------
    ComparisonError
        When a p value is not between 0 and 1, or a family has more comparisons than it declares.

    Examples
    --------
    >>> adjust([0.01, 0.02, 0.03, 0.04], group=[0, 1, 0, 1], sizes=[2, 2], method="bh").tolist()
    [0.02, 0.04, 0.03, 0.04]
    """
    told, family, declared = _read(p), np.asarray(group, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    _check_sizes(np.bincount(family, minlength=len(declared)), declared)
    known = np.flatnonzero(~np.isnan(told))
    order = known[np.lexsort((told[known], family[known]))]
    value, members = told[order], family[order]
    rank, m = _ranks(members), declared[members]
    if method == "holm":
        running = _running_maximum(value * (m - rank + 1), members)
    else:
        # the smallest from the end is the opposite of the largest of the opposites
        running = -_running_maximum(-(value * m / rank)[::-1], len(declared) - members[::-1])[::-1]
    adjusted = np.full(told.shape, np.nan)
    adjusted[order] = np.minimum(running, 1.0)
    return adjusted


def _ranks(members: Integers) -> Integers:
    """Return the rank, from 1, of each place in its run of equal numbers."""
    place = np.arange(len(members))
    starts = np.concatenate([[True], members[1:] != members[:-1]])[: len(members)]
    return place - np.maximum.accumulate(np.where(starts, place, 0)) + 1


def _running_maximum(values: Floats, members: Integers) -> Floats:
    """Return the largest value so far in each run of ascending numbers, exactly: ranks are carried, not values."""
    order = np.argsort(values, kind="stable")
    place = np.empty(len(values), dtype=np.int64)
    place[order] = np.arange(len(values))
    base = members * len(values)
    return values[order[np.maximum.accumulate(base + place) - base]]


def _read(p: npt.ArrayLike) -> Floats:
    told = np.asarray(p, dtype=float)
    wrong = int(np.sum((told < 0) | (told > 1)))
    if wrong:
        raise ComparisonError(f"Valeurs de p impossibles ({wrong} sur {told.size}) : il en faut entre 0 et 1.")
    return told


def _check_sizes(made: Integers, declared: Integers) -> None:
    if len(made) > len(declared) or np.any(made > declared):
        family = int(np.argmax(made > declared)) if len(made) == len(declared) else len(declared)
        raise ComparisonError(
            f"La famille n° {family + 1} compte plus de comparaisons faites que de comparaisons déclarées. "
            "Déclarez la famille entière avant le calcul, comparaisons refusées comprises."
        )
