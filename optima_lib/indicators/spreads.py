"""How an amount spreads over its keys: concentration, first shares, inequality, diversity, one figure per group.

Each function takes the amounts of the keys of some groups and returns one number per group, missing where the
group's amounts are nothing.
"""

from functools import partial
from typing import Any

import numpy as np

from optima_lib.indicators.sums import Amounts, Floats, summed


def herfindahl(told: Amounts) -> Floats:
    """Return the sum of squared percentages: 10 000 / n for n equal shares, 10 000 for one.

    Examples
    --------
    >>> import numpy as np
    >>> herfindahl(Amounts(np.array([0, 0, 1]), np.array([5.0, 5.0, 7.0]), 2)).tolist()
    [5000.0, 10000.0]
    """
    squares = summed(told.group, told.amount**2, told.groups)
    return np.asarray(10_000 * squares / np.where(told.total > 0, told.total, np.nan) ** 2)


def normalised(told: Amounts) -> Floats:
    """Return the Herfindahl index brought from 0 (equal shares) to 1 (one key has all); missing for one key.

    Examples
    --------
    >>> import numpy as np
    >>> normalised(Amounts(np.array([0, 0, 1, 1]), np.array([5.0, 5.0, 7.0, 0.0]), 2)).tolist()
    [0.0, 1.0]
    """
    equal = 1 / np.where(told.number > 1, told.number, np.nan)
    return np.asarray((herfindahl(told) / 10_000 - equal) / (1 - equal))


def entropy(told: Amounts) -> Floats:
    """Return Shannon's entropy, in nats: 0 when one key has all, ln n when n share alike.

    Examples
    --------
    >>> import numpy as np
    >>> entropy(Amounts(np.array([0, 0]), np.array([5.0, 5.0]), 1)).round(4).tolist()
    [0.6931]
    """
    share = told.share
    terms = np.where(share > 0, -share * np.log(np.where(share > 0, share, 1.0)), share * 0)
    return np.maximum(summed(told.group, terms, told.groups), 0.0)


def first_share(told: Amounts, first: int) -> Floats:
    """Return the share of the ``first`` largest keys.

    Examples
    --------
    >>> import numpy as np
    >>> first_share(Amounts(np.array([0, 0, 0]), np.array([1.0, 6.0, 3.0]), 1), first=2).tolist()
    [0.9]
    """
    order, rank = told.ranked
    kept = order[rank <= first]
    held = summed(told.group[kept], told.amount[kept], told.groups)
    return np.asarray(held / np.where(told.total > 0, told.total, np.nan))


def keys_for(told: Amounts, share: float) -> Floats:
    """Return the smallest number of keys that make at least a share of the amount (ABC, Pareto).

    Examples
    --------
    >>> import numpy as np
    >>> keys_for(Amounts(np.array([0, 0, 0, 0]), np.array([70.0, 20.0, 6.0, 4.0]), 1), share=0.8).tolist()
    [2.0]
    """
    order, rank = told.ranked
    group, shares = told.group[order], told.share[order]
    reached = np.cumsum(np.nan_to_num(shares))
    start = reached - np.nan_to_num(shares)
    first = np.flatnonzero(rank == 1)
    base = np.zeros(told.groups)
    base[group[first]] = start[first]
    # a key is needed as long as those before it do not make the share (rounding of a sum apart)
    needed = (start - base[group] < share - 1e-9) & ~np.isnan(shares)
    return np.where(told.total > 0, summed(group, needed.astype(float), told.groups), np.nan)


def gini(told: Amounts) -> Floats:
    """Return Gini's coefficient, corrected by n / (n - 1) for few keys: 0 for equal amounts, 1 for one that has all.

    Source: G = Σ(2i - n - 1) x_i / (n Σx), amounts in ascending order (Gini, 1912; Deltas, 2003, for the correction).

    Examples
    --------
    >>> import numpy as np
    >>> gini(Amounts(np.array([0, 0, 1, 1]), np.array([5.0, 5.0, 0.0, 9.0]), 2)).tolist()
    [0.0, 1.0]
    """
    order, rank = told.ranked
    group, number = told.group[order], told.number[told.group[order]]
    ascending = number + 1 - rank
    terms = (2 * ascending - number - 1) * told.amount[order]
    several = np.where(told.number > 1, told.number - 1, np.nan)
    return np.asarray(summed(group, terms, told.groups) / (np.where(told.total > 0, told.total, np.nan) * several))


def first_shares(first: int) -> Any:
    """Return the figure of the first keys, for a shape."""
    return partial(first_share, first=first)


def keys_of(share: float) -> Any:
    """Return the figure of the keys that make a share, for a shape."""
    return partial(keys_for, share=share)
