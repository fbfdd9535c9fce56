"""The matrix of a segmented regression: a line before a date, another after, and the seasons."""

from collections.abc import Hashable, Sequence

import numpy as np

from optima_lib.comparison.columns import Floats
from optima_lib.errors import ComparisonError


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
