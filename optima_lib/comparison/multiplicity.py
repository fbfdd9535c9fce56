"""Several tests at once: probabilities adjusted for the size of their declared family."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
HOLM, BENJAMINI_HOCHBERG = "holm", "fdr_bh"


def adjust(p: Floats, family: Numbers, size: int, method: str) -> Floats:
    """Adjust probabilities inside each of many families of one size.

    Parameters
    ----------
    p : array
        The probability of each test; missing where it was refused, which counts in the size all the same.
    family : array of int
        The family of each test.
    size : int
        The number of tests declared in each family.
    method : str
        ``holm`` (the risk of one false claim in the family) or ``fdr_bh`` (the share of false claims among claims).

    Notes
    -----
    Holm: max over the smaller ones of (m - rank + 1) p. Benjamini and Hochberg: min over the larger ones of m p / rank.
    Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65; Benjamini and Hochberg, JRSS B 57 (1995) 289. Equal to
    ``statsmodels.stats.multitest.multipletests`` where no test is refused.

    Examples
    --------
    >>> p, one = np.array([0.01, 0.04, np.nan]), np.zeros(3, dtype=int)
    >>> adjust(p, one, 3, "holm").tolist(), adjust(p, one, 3, "fdr_bh").tolist()
    ([0.03, 0.08, nan], [0.03, 0.06, nan])
    """
    told = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.lexsort((p[known], family[known]))]
    if not len(order):
        return told
    begins = np.concatenate([[True], np.diff(family[order]) != 0])
    start = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    rank = np.arange(len(order)) - start + 1
    if method == HOLM:
        told[order] = _running(p[order] * (size - rank + 1), np.cumsum(begins))
    else:
        last = np.cumsum(begins)[::-1]
        told[order] = -_running(-(p[order] * size / rank)[::-1], last.max() - last)[::-1]
    return np.asarray(np.minimum(told, 1.0))


def _running(values: Floats, family: Numbers) -> Floats:
    """Return the largest value so far inside each family, families one after the other."""
    order = np.argsort(values, kind="stable")
    place = np.empty(len(values), dtype=np.int64)
    place[order] = np.arange(len(values))
    reached = np.maximum.accumulate(place + family.astype(np.int64) * len(values)) - family * len(values)
    return np.asarray(values[order[reached]])
