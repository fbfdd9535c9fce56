"""One authority over time: which points stand out of its own ordinary variation."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.columns import Floats, require_variation
from optima_lib.comparison.limits import Chart, laney_lines, signal, xmr_lines
from optima_lib.comparison.segments import read_points
from optima_lib.errors import ComparisonError

LEAST = 12  # points: with fewer, limits are too uncertain to speak of (rule of the suite, 2026)


def draw_xmr(values: npt.ArrayLike) -> Chart:
    """Return the chart of single values and of their moving ranges.

    Parameters
    ----------
    values : array_like
        One value per period, in their order, without season and without gap.

    Raises
    ------
    ComparisonError
        When there are fewer than twelve points, when one is missing or no number, or when they are all the same.

    Notes
    -----
    x̄ ± 3 MR̄/1.128, that is 2.66 mean moving ranges, and 3.267 MR̄ for the ranges. Signals: a point beyond its limits,
    eight in a row on one side of the mean. Limits suppose that a point tells nothing of the next: a correlation beyond
    ±2/√n is said (Box and Jenkins, 1976, §2.1.6). Source: Shewhart (1931); Wheeler (2000); NIST/SEMATECH e-Handbook
    of Statistical Methods, §6.3.2.2.

    Examples
    --------
    >>> chart = draw_xmr([10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 30])
    >>> chart.beyond, chart.runs
    ((11,), ())
    """
    points = _require_points(values)
    require_variation(points)
    centre, half, ranges, range_limit = xmr_lines(points)
    low, high = np.full(len(points), centre - half), np.full(len(points), centre + half)
    return signal(Chart("xmr", points, low, high, centre, ranges, range_limit, (), (), 0.0))


def draw_laney_p(hits: npt.ArrayLike, n: npt.ArrayLike) -> Chart:
    """Return the chart of shares whose mean itself moves from one period to the next.

    Parameters
    ----------
    hits, n : array_like
        Facts that have the property, and facts in all, of each period.

    Raises
    ------
    ComparisonError
        As `draw_xmr`, or when a period has no fact, or all shares are 0 or 1.

    Notes
    -----
    z_i = (p_i - p̄)/σ_i, σ_i = √(p̄(1 - p̄)/n_i), σ_z = MR̄(z)/1.128, limits p̄ ± 3σ_i σ_z, cut at 0 and 1. With equal n they
    are those of the XmR chart. A p chart (σ_z = 1) of large numbers calls nearly each period a signal. Source: Laney
    (2002), Quality Engineering 14:531.

    Examples
    --------
    >>> chart = draw_laney_p([5, 7, 6, 8, 5, 7, 6, 8, 5, 7, 6, 8], [20] * 12)
    >>> chart.centre, chart.beyond
    (0.325, ())
    """
    counts, sizes = _require_counts(hits, n)
    if (counts > sizes).any():
        raise ComparisonError("Carte refusée : un nombre dépasse son total. Donnez une partie et le tout.")
    centre = float(counts.sum() / sizes.sum())
    if centre in {0.0, 1.0}:
        raise ComparisonError(f"Carte refusée : toutes les parts valent {centre:.0f}. Donnez-les telles quelles.")
    chart = _laney("laney_p", counts / sizes, centre, np.sqrt(centre * (1 - centre) / sizes))
    return replace(chart, low=np.maximum(chart.low, 0.0), high=np.minimum(chart.high, 1.0))


def draw_laney_u(events: npt.ArrayLike, exposure: npt.ArrayLike) -> Chart:
    """Return the chart of rates whose mean itself moves from one period to the next.

    Parameters
    ----------
    events, exposure : array_like
        Events, and what they are counted over, of each period.

    Raises
    ------
    ComparisonError
        As `draw_xmr`, or when an exposure is 0, or when there is no event at all.

    Notes
    -----
    As `draw_laney_p`, with σ_i = √(ū/exposure_i) and limits cut at 0.

    Examples
    --------
    >>> chart = draw_laney_u([2, 3, 2, 4, 3, 2, 3, 4, 2, 3, 2, 20], [10.0] * 12)
    >>> chart.beyond
    (11,)
    """
    counts, sizes = _require_counts(events, exposure)
    centre = float(counts.sum() / sizes.sum())
    if centre == 0:
        raise ComparisonError("Carte refusée : aucun événement. Dites-le tel quel.")
    chart = _laney("laney_u", counts / sizes, centre, np.sqrt(centre / sizes))
    return replace(chart, low=np.maximum(chart.low, 0.0))


def _laney(method: str, points: Floats, centre: float, errors: Floats) -> Chart:
    require_variation(points)
    return signal(laney_lines(method, points, centre, errors))


def _require_points(values: npt.ArrayLike) -> Floats:
    points = read_points(values, "Carte refusée")
    if not np.isfinite(points).all():
        raise ComparisonError(
            "Carte refusée : il manque une valeur, ou l’une est infinie. Donnez une suite de périodes sans lacune."
        )
    if len(points) < LEAST:
        raise ComparisonError(
            f"Carte refusée : {len(points)} points, il en faut au moins {LEAST} pour parler de limites. "
            "Montrez la suite sans limites, ou prenez des périodes plus courtes."
        )
    return points


def _require_counts(counts: npt.ArrayLike, sizes: npt.ArrayLike) -> tuple[Floats, Floats]:
    told, over = (_require_points(each) for each in (counts, sizes))
    if len(told) != len(over):
        raise ComparisonError(f"Carte refusée : {len(told)} nombres pour {len(over)} totaux. Donnez-en autant.")
    if (told < 0).any() or (over <= 0).any():
        raise ComparisonError(
            "Carte refusée : une période n’a aucun fait, ou un nombre négatif. Retirez-la ou réunissez-la."
        )
    return told, over
