"""Charts over time: what an authority usually shows, and what is a signal."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]
D2, D4 = 1.128, 3.267  # of ranges of two points (Montgomery, Introduction to Statistical Quality Control, appendix VI)
LEAST = 12
RUN = 8
BEYOND, SHIFT = "hors limites", "série d'un même côté"


@dataclass(frozen=True)
class Chart:
    """A chart over time.

    Attributes
    ----------
    values : array
        The points, in order.
    centre : float
        Their mean.
    low, high : array
        The limits at each point.
    signals : list of str
        What each point tells: ``hors limites``, ``série d'un même côté``, or nothing.
    moving_range, moving_range_high : float
        Mean moving range, and its upper limit (XmR); sigma z and nothing (Laney).
    """

    values: Floats
    centre: float
    low: Floats
    high: Floats
    signals: list[str]
    moving_range: float
    moving_range_high: float


def xmr(values: npt.ArrayLike) -> Chart:
    """Return the chart of individual values and moving ranges.

    Parameters
    ----------
    values : array_like
        At least twelve points, in order, deseasonalised.

    Raises
    ------
    ComparisonError
        When there are fewer, or one is missing.

    Notes
    -----
    Mean ± 3 MR̄ / 1.128; limit of moving ranges 3.267 MR̄. Signals: a point beyond the limits; eight in a row on one side of
    the mean (Nelson, Journal of Quality Technology 16 (1984) 237, with nine; Wheeler (1993) with eight). **Limits.**
    Autocorrelated points make too many signals. Source: NIST/SEMATECH e-Handbook, 6.3.2.2.

    Examples
    --------
    >>> chart = xmr([10, 12] * 6)
    >>> chart.centre, chart.moving_range, round(float(chart.high[0]), 3)
    (11.0, 2.0, 16.319)
    """
    told = _enough(values)
    moving = float(np.abs(np.diff(told)).mean())
    centre, half = float(told.mean()), 3 * moving / D2
    low, high = np.full(len(told), centre - half), np.full(len(told), centre + half)
    return Chart(told, centre, low, high, signals(told, centre, low, high), moving, D4 * moving)


def laney(hits: npt.ArrayLike, n: npt.ArrayLike, *, counts: bool = False) -> Chart:
    """Return the chart of shares (p′) or of rates (u′) whose dispersion is more than that of chance.

    Parameters
    ----------
    hits, n : array_like
        Facts that hit and facts known (or events and exposure, where ``counts``) at each of at least twelve points.
    counts : bool
        Rates of events over an exposure (u′) instead of shares (p′).

    Raises
    ------
    ComparisonError
        When there are fewer points, one has no fact, or nothing (or everything) hits.

    Notes
    -----
    z_i = (p_i - p̄)/σ_i, σ_z = MR̄(z)/1.128, limits p̄ ± 3 σ_i σ_z. Source: Laney, Quality Engineering 14 (2002) 531.
    """
    events, exposure = _enough(hits), _enough(n)
    if (exposure <= 0).any():
        raise ComparisonError("Un point n'a aucun fait : regroupez des périodes.")
    centre = float(events.sum() / exposure.sum())
    spread = centre if counts else centre * (1 - centre)
    if spread <= 0:
        raise ComparisonError("Aucun cas, ou que des cas : il n'y a pas de variation à suivre.")
    values, sigma = events / exposure, np.sqrt(spread / exposure)
    z = (values - centre) / sigma
    sigma_z = float(np.abs(np.diff(z)).mean() / D2)
    low, high = centre - 3 * sigma * sigma_z, centre + 3 * sigma * sigma_z
    high = high if counts else np.minimum(high, 1.0)
    low = np.maximum(low, 0.0)
    return Chart(values, centre, low, high, signals(values, centre, low, high), sigma_z, float("nan"))


def signals(values: Floats, centre: float, low: Floats, high: Floats) -> list[str]:
    """Return what each point tells: beyond the limits, or the eighth and following of a run on one side.

    Examples
    --------
    >>> wide = np.full(9, 5.0)
    >>> signals(np.array([1.0] * 8 + [-9.0]), 0.0, -wide, wide)[-2:]
    ["série d'un même côté", 'hors limites']
    """
    side, run, told = np.sign(values - centre), 0, []
    for place, here in enumerate(side):
        run = run + 1 if place and here == side[place - 1] and here else 1
        beyond = not low[place] <= values[place] <= high[place]
        told.append(BEYOND if beyond else SHIFT if run >= RUN else "")
    return told


def _enough(values: npt.ArrayLike) -> Floats:
    told = np.asarray(values, dtype=float)
    if len(told) < LEAST or np.isnan(told).any():
        raise ComparisonError(
            f"Pas de limites : il faut au moins {LEAST} points sans manque pour en parler (ici {int((~np.isnan(told)).sum())}). "
            "Regroupez moins, ou attendez d'autres périodes."
        )
    return told
