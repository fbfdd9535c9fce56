"""How an amount spreads over its keys: concentration, first shares, inequality, diversity, one figure per group.

Each function takes the group and the amount of each key, and the number of groups; it returns one number per
group, missing where the group's amounts are nothing.
"""

from functools import partial
from typing import Any

import numpy as np

from optima_lib.indicators.sums import Floats, Numbers, summed


def _share(group: Numbers, amount: Floats, groups: int) -> Floats:
    """Return the share of each key in its group."""
    total = summed(group, amount, groups)
    return amount / np.where(total > 0, total, np.nan)[group]


def herfindahl(group: Numbers, amount: Floats, groups: int) -> Floats:
    """Return the sum of squared percentages: 10 000 / n for n equal shares, 10 000 for one.

    Examples
    --------
    >>> import numpy as np
    >>> herfindahl(np.array([0, 0, 1]), np.array([5.0, 5.0, 7.0]), 2).tolist()
    [5000.0, 10000.0]
    """
    total, squares = summed(group, amount, groups), summed(group, amount**2, groups)
    return np.asarray(10_000 * squares / np.where(total > 0, total, np.nan) ** 2)


def normalised(group: Numbers, amount: Floats, groups: int) -> Floats:
    """Return the Herfindahl index brought from 0 (equal shares) to 1 (one key has all); missing for one key.

    Examples
    --------
    >>> import numpy as np
    >>> normalised(np.array([0, 0, 1, 1]), np.array([5.0, 5.0, 7.0, 0.0]), 2).tolist()
    [0.0, 1.0]
    """
    number = np.bincount(group, minlength=groups).astype(float)
    equal = 1 / np.where(number > 1, number, np.nan)
    return np.asarray((herfindahl(group, amount, groups) / 10_000 - equal) / (1 - equal))


def entropy(group: Numbers, amount: Floats, groups: int) -> Floats:
    """Return Shannon's entropy, in nats: 0 when one key has all, ln n when n share alike.

    Examples
    --------
    >>> import numpy as np
    >>> entropy(np.array([0, 0]), np.array([5.0, 5.0]), 1).round(4).tolist()
    [0.6931]
    """
    share = _share(group, amount, groups)
    terms = np.where(share > 0, -share * np.log(np.where(share > 0, share, 1.0)), share * 0)
    return np.maximum(summed(group, terms, groups), 0.0)


def _ranked(group: Numbers, amount: Floats, groups: int) -> tuple[Numbers, Floats, Floats]:
    """Return the order of the keys, the largest amount of each group first, their rank (from 1) and their number."""
    order = np.lexsort((-amount, group))
    number = np.bincount(group, minlength=groups).astype(float)
    before = np.concatenate([[0.0], np.cumsum(number)[:-1]])
    return order, np.arange(1, len(order) + 1) - before[group[order]], number


def first_share(group: Numbers, amount: Floats, groups: int, first: int) -> Floats:
    """Return the share of the ``first`` largest keys.

    Examples
    --------
    >>> import numpy as np
    >>> first_share(np.array([0, 0, 0]), np.array([1.0, 6.0, 3.0]), 1, first=2).tolist()
    [0.9]
    """
    order, rank, _ = _ranked(group, amount, groups)
    kept = order[rank <= first]
    total = summed(group, amount, groups)
    return np.asarray(summed(group[kept], amount[kept], groups) / np.where(total > 0, total, np.nan))


def keys_for(group: Numbers, amount: Floats, groups: int, share: float) -> Floats:
    """Return the smallest number of keys that make at least a share of the amount (ABC, Pareto).

    Examples
    --------
    >>> import numpy as np
    >>> keys_for(np.array([0, 0, 0, 0]), np.array([70.0, 20.0, 6.0, 4.0]), 1, share=0.8).tolist()
    [2.0]
    """
    order, rank, _ = _ranked(group, amount, groups)
    shares = _share(group, amount, groups)[order]
    reached = np.cumsum(np.nan_to_num(shares))
    start = reached - np.nan_to_num(shares)
    first = np.flatnonzero(rank == 1)
    base = np.zeros(groups)
    base[group[order][first]] = start[first]
    # a key is needed as long as those before it do not make the share (rounding of a sum apart)
    needed = (start - base[group[order]] < share - 1e-9) & ~np.isnan(shares)
    counted = summed(group[order], needed.astype(float), groups)
    return np.where(summed(group, amount, groups) > 0, counted, np.nan)


def gini(group: Numbers, amount: Floats, groups: int) -> Floats:
    """Return Gini's coefficient, corrected by n / (n - 1) for few keys: 0 for equal amounts, 1 for one that has all.

    Source: G = Σ(2i - n - 1) x_i / (n Σx), amounts in ascending order (indicators.md S12).

    Examples
    --------
    >>> import numpy as np
    >>> gini(np.array([0, 0, 1, 1]), np.array([5.0, 5.0, 0.0, 9.0]), 2).tolist()
    [0.0, 1.0]
    """
    order, rank, number = _ranked(group, amount, groups)
    ordered = group[order]
    ascending = number[ordered] + 1 - rank
    terms = (2 * ascending - number[ordered] - 1) * amount[order]
    total = summed(group, amount, groups)
    several = np.where(number > 1, number - 1, np.nan)
    return np.asarray(summed(ordered, terms, groups) / (np.where(total > 0, total, np.nan) * several))


def first_shares(first: int) -> Any:
    """Return the figure of the first keys, for a shape."""
    return partial(first_share, first=first)


def keys_of(share: float) -> Any:
    """Return the figure of the keys that make a share, for a shape."""
    return partial(keys_for, share=share)
