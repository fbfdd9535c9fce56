"""Draws of the invented authority, the same on every machine and every version of Python.

Only ``random.Random.random`` and additions and multiplications are used: the functions of the standard library
that call a logarithm may differ in the last digit from one machine to the other.
"""

import datetime as dt
import math
import random
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")

PER_OCTAVE = 1.4427  # octaves in one unit of natural logarithm


class Draw:
    """A stream of draws; the same seed gives the same stream."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311 - invented data, nothing to protect

    def chance(self, share: float) -> bool:
        """Draw whether something happens."""
        return self._random() < share

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, both bounds included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """Draw one of several values."""
        return values[int(self._random() * len(values))]

    def weighted(self, values: Sequence[T], weights: Sequence[float]) -> T:
        """Draw one of several values of unequal weights."""
        sums = list(accumulate(weights))
        place = self._random() * sums[-1]
        return next(value for value, high in zip(values, sums, strict=True) if place < high)

    def several(self, values: Sequence[T], weights: Sequence[float], count: int) -> list[T]:
        """Draw several different values of unequal weights."""
        left, drawn = list(range(len(values))), list[T]()
        while left and len(drawn) < count:
            chosen = self.weighted(left, [weights[i] for i in left])
            left.remove(chosen)
            drawn.append(values[chosen])
        return drawn

    def skewed(self, median: float, spread: float) -> float:
        """Draw a positive number, nearly lognormal: twelve draws stand for a normal one.

        Parameters
        ----------
        median : float
            Half of the numbers are below.
        spread : float
            Standard deviation of the natural logarithm.
        """
        normal = -6.0
        for _ in range(12):  # the built-in sum rounds otherwise since Python 3.12
            normal += self._random()
        octaves = normal * spread * PER_OCTAVE
        floor = int(octaves // 1)
        return math.ldexp(median * (1.0 + (octaves - floor)), floor)

    def count(self, mean: float) -> int:
        """Draw a whole number from 1, of this mean, more dispersed than Poisson's: one and two geometric numbers."""
        again = (mean - 1.0) / (mean + 1.0)
        total = 1
        for _ in range(2):
            while self._random() < again:
                total += 1
        return total

    def day(self, year: int, month: int) -> dt.date:
        """Draw a working day of a month."""
        day = dt.date(year, month, self.whole(1, 28))
        rest = max(0, day.weekday() - 4)
        return day - dt.timedelta(days=rest) if day.day > rest else day + dt.timedelta(days=3 - rest)
