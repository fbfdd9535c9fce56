"""Ordered differences and means of pairs, without holding all the pairs when they are many."""

from collections.abc import Callable

import numpy as np

from optima_lib.comparison.estimates import Floats

HELD = 4_000_000  # pairs held at once, 32 MB; beyond, they are counted rather than held


def differences(x: Floats, y: Floats, ranks: list[int], held: int = HELD) -> list[float]:
    """Return the differences x - y of some ranks, from 1, among the differences of all pairs.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.array([5.0, 1.0]), np.array([0.0, 2.0])
    >>> differences(x, y, [1, 4]), differences(x, y, [1, 4], held=0)
    ([-1.0, 5.0], [-1.0, 5.0])
    """
    if len(x) * len(y) <= held:
        return _ordered(np.subtract.outer(x, y).ravel(), ranks)
    few, many = np.sort(x), np.sort(y)

    def count(limit: float) -> int:
        return int(np.sum(len(many) - np.searchsorted(many, few - limit)))

    return [_reached(count, rank, few[0] - many[-1], few[-1] - many[0]) for rank in ranks]


def walsh(values: Floats, ranks: list[int], held: int = HELD) -> list[float]:
    """Return the means (vᵢ + vⱼ)/2, i ≤ j, of some ranks, from 1, among those of all pairs (Walsh averages).

    Examples
    --------
    >>> import numpy as np
    >>> values = np.array([3.0, 1.0, 2.0])
    >>> walsh(values, [1, 2, 6]), walsh(values, [1, 2, 6], held=0)
    ([1.0, 1.5, 3.0], [1.0, 1.5, 3.0])
    """
    if len(values) * (len(values) + 1) // 2 <= held:
        first, second = np.triu_indices(len(values))
        return _ordered((values[first] + values[second]) / 2, ranks)
    ordered = np.sort(values)

    def count(limit: float) -> int:
        twice = np.sum(np.searchsorted(ordered, 2 * limit - ordered, side="right"))
        return int(twice + np.searchsorted(ordered, limit, side="right")) // 2

    return [_reached(count, rank, ordered[0], ordered[-1]) for rank in ranks]


def middle(number: int) -> list[int]:
    """Return the two ranks, equal for an odd number, whose mean is the median."""
    return [(number + 1) // 2, number // 2 + 1]


def _ordered(pairs: Floats, ranks: list[int]) -> list[float]:
    places = [rank - 1 for rank in ranks]
    return [float(each) for each in np.partition(pairs, sorted(set(places)))[places]]


def _reached(count: Callable[[float], int], rank: int, low: float, high: float) -> float:
    """Return the smallest number, to the last bit or so, at or below which there are as many pairs as a rank."""
    if count(low) >= rank:
        return float(low)
    while low < (half := low + (high - low) / 2) < high:
        low, high = (low, half) if count(half) >= rank else (half, high)
    return float(high)
