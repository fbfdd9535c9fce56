"""Limits of control charts, and the rules by which points are called signals."""

from dataclasses import dataclass, replace

import numpy as np

from optima_lib.comparison.columns import Floats
from optima_lib.comparison.segments import rescale

SIDE = 8  # points in a row on one side of the centre (Western Electric, 1956, Statistical Quality Control Handbook)
PAIRS = 1.128  # mean range of two values of a normal law, in standard deviations (d2 of Shewhart's tables)
WIDEST_RANGE = 3.267  # limit of a moving range, in mean ranges (D4 of Shewhart's tables, two values)
APART = 3.0  # standard deviations from the centre to a limit (Shewhart, 1931)


@dataclass(frozen=True, eq=False)
class Chart:
    """A control chart.

    Parameters
    ----------
    method : str
        Key of the method: ``xmr``, ``laney_p`` or ``laney_u``.
    points, low, high : array
        The points, and their limits.
    centre : float
        Mean of the points, weighted where they rest on different numbers.
    ranges : array
        Moving ranges, from the second point on; those of the standardised points in Laney's charts.
    range_limit : float
        Limit of the moving ranges.
    beyond : tuple of int
        Places, from 0, of the points beyond their limits.
    runs : tuple of tuple of int
        First and last place of each run of eight points or more on one side of the centre.
    autocorrelation : float
        Correlation of a point with the next.
    spread : float
        σ_z of Laney's charts: 1 where the points vary as their numbers say; 1 in the XmR chart.
    remarks : tuple of str
        What a reader must know of this very result, in French.
    """

    method: str
    points: Floats
    low: Floats
    high: Floats
    centre: float
    ranges: Floats
    range_limit: float
    beyond: tuple[int, ...]
    runs: tuple[tuple[int, int], ...]
    autocorrelation: float
    spread: float = 1.0
    remarks: tuple[str, ...] = ()


def xmr_lines(points: Floats) -> tuple[float, float, Floats, float]:
    """Return the mean, the half width of the limits, the moving ranges and their limit.

    Parameters
    ----------
    points : array
        One value per period, in their order.

    Examples
    --------
    >>> centre, half, ranges, limit = xmr_lines(np.array([1.0, 3.0, 2.0]))
    >>> centre, round(half, 4), ranges.tolist(), round(limit, 4)
    (2.0, 3.9894, [2.0, 1.0], 4.9005)
    """
    ranges = np.abs(np.diff(points))
    mean = float(ranges.mean())
    return float(points.mean()), APART * mean / PAIRS, ranges, WIDEST_RANGE * mean


def laney_lines(method: str, points: Floats, centre: float, errors: Floats) -> Chart:
    """Return a chart of points whose limits follow both their own errors and how far they really vary.

    Parameters
    ----------
    method : str
        Key of the method.
    points, errors : array
        The points, and the standard deviation that their numbers alone give them.
    centre : float
        Mean of all facts.
    """
    standardised = (points - centre) / errors
    ranges = np.abs(np.diff(standardised))
    spread = float(ranges.mean()) / PAIRS
    half = APART * errors * spread
    limit = WIDEST_RANGE * float(ranges.mean())
    return Chart(method, points, centre - half, centre + half, centre, ranges, limit, (), (), 0.0, spread)


def signal(chart: Chart) -> Chart:
    """Return a chart with its signals and its autocorrelation.

    Parameters
    ----------
    chart : Chart
        Points, limits and centre.

    Notes
    -----
    Signals: a point beyond its limits (Shewhart, 1931); eight in a row on one side of the centre (Western Electric,
    1956). A point on the centre ends a run. A correlation beyond ±2/√n is said (Box and Jenkins, 1976, §2.1.6).
    """
    beyond = np.flatnonzero((chart.points < chart.low) | (chart.points > chart.high))
    left, _ = rescale(chart.points)
    correlation = float(left[1:] @ left[:-1] / (left @ left))
    remarks = chart.remarks
    if abs(correlation) > 2 / np.sqrt(len(left)):
        remarks = (*remarks, "Chaque point ressemble à celui qui le précède : les limites ne valent que comme repères.")
    return replace(
        chart,
        beyond=tuple(int(place) for place in beyond),
        runs=find_runs(np.sign(chart.points - chart.centre)),
        autocorrelation=correlation,
        remarks=remarks,
    )


def find_runs(sides: Floats) -> tuple[tuple[int, int], ...]:
    """Return the first and last place of each run of eight points or more on one side.

    Parameters
    ----------
    sides : array
        1 above the centre, -1 below, 0 on it.

    Examples
    --------
    >>> find_runs(np.array([1, -1, -1, -1, -1, -1, -1, -1, -1, 0]))
    ((1, 8),)
    """
    starts = np.flatnonzero(np.diff(sides, prepend=np.nan) != 0)
    ends = np.append(starts[1:], len(sides)) - 1
    long = [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if sides[a] and b - a + 1 >= SIDE]
    return tuple(long)
