"""The points of a series, and the matrix of a segmented regression: a line before a date, another after, the seasons."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.columns import Floats
from optima_lib.comparison.fits import Coefficient
from optima_lib.errors import ComparisonError


def read_points(values: npt.ArrayLike, refused: str) -> Floats:
    """Return the numbers of a series, one per period.

    Parameters
    ----------
    values : array_like
        The series.
    refused : str
        The first words of a refusal: ``Carte refusée``.

    Raises
    ------
    ComparisonError
        When they are not numbers, or not one after the other.

    Examples
    --------
    >>> read_points([1, 2.5], "Carte refusée").tolist()
    [1.0, 2.5]
    """
    try:
        points = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        points = None
    if points is None or points.ndim != 1 or np.asarray(values).dtype.kind not in "biufO":
        raise ComparisonError(f"{refused} : il faut un nombre par période. Donnez-les en une seule suite, sans texte.")
    return points


def rescale(series: Floats) -> tuple[Floats, int]:
    """Return the deviations of a series from its mean, and how many times they were halved so that the largest is near 1.

    Notes
    -----
    Squares of values near 1e200 or 1e-200 are out of what a computer holds. Halving is exact: it moves no digit.

    Examples
    --------
    >>> deviations, halved = rescale(np.array([1e200, 3e200]))
    >>> np.ldexp(deviations, halved).tolist()
    [-1e+200, 1e+200]
    """
    deviations = series - series.mean()
    halved = int(np.frexp(np.max(np.abs(deviations)))[1])
    return np.ldexp(deviations, -halved), halved


def in_unit(told: Coefficient, halved: int) -> Coefficient:
    """Return a coefficient in the unit of the series that was halved."""
    estimate, error, low, high = np.ldexp([told.estimate, told.error, told.low, told.high], halved).tolist()
    return replace(told, estimate=estimate, error=error, low=low, high=high)


def segments(n: int, start: int) -> Floats:
    """Return the initial level, the slope, the jump and the change of slope of each period.

    Examples
    --------
    >>> segments(4, 2).tolist()
    [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [1.0, 2.0, 1.0, 0.0], [1.0, 3.0, 1.0, 1.0]]
    """
    time = np.arange(n, dtype=float)
    after = (time >= start).astype(float)
    return np.column_stack([np.ones(n), time, after, after * np.maximum(time - start, 0.0)])


def seasons(season: Sequence[Hashable] | None, n: int) -> Floats:
    """Return one column per season but the first.

    Raises
    ------
    ComparisonError
        When there is not one season per period.

    Examples
    --------
    >>> seasons(["hiver", "été", "hiver"], 3).tolist(), seasons(None, 3).shape
    ([[0.0], [1.0], [0.0]], (3, 0))
    """
    if season is None:
        return np.empty((n, 0))
    if len(season) != n:
        raise ComparisonError(f"Rupture refusée : {len(season)} saisons pour {n} périodes. Donnez-en autant.")
    different = list(dict.fromkeys(season))[1:]
    return np.array([[float(each == name) for name in different] for each in season]).reshape(n, len(different))
