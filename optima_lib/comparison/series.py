"""A series cut by an event: level and slope before and after."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]
LEAST = 8
ALONE = "Sans série témoin, le changement peut venir d'autre chose que de l'événement : il est décrit, il n'est pas un effet."


@dataclass(frozen=True)
class Interruption:
    """A segmented regression.

    Attributes
    ----------
    level, slope : tuple of float
        Change at the event and change of slope after it: estimate, lower and upper 95 % bounds, p.
    before : tuple of float
        Intercept and slope before.
    lags : int
        Lags of the Newey and West errors.
    remarks : tuple of str
        What a reader must know, in French.
    """

    level: tuple[float, float, float, float]
    slope: tuple[float, float, float, float]
    before: tuple[float, float]
    lags: int
    remarks: tuple[str, ...]


def interrupted(
    values: npt.ArrayLike, event: int, control: npt.ArrayLike | None = None, lags: int | None = None
) -> Interruption:
    """Return what changes in a series at an event.

    Parameters
    ----------
    values : array_like
        The series, in order.
    event : int
        The place of its first point after the event; eight points at least on each side.
    control : array_like, optional
        A series that the event does not touch: the difference of the two is then studied.
    lags : int, optional
        Lags of the errors; 4 (n/100)^(2/9), rounded down, by default.

    Raises
    ------
    ComparisonError
        When a side has fewer than eight points, one is missing, or nothing varies.

    Notes
    -----
    y = β0 + β1 t + β2 after + β3 (t - event) after; errors of Newey and West (Econometrica 55 (1987) 703) by statsmodels.
    Source of the design: Bernal, Cummins and Gasparrini, International Journal of Epidemiology 46 (2017) 348.
    """
    import statsmodels.api as sm  # noqa: PLC0415 - slow to import

    told = np.asarray(values, dtype=float)
    if control is not None:
        told = told - np.asarray(control, dtype=float)
    _check(told, event)
    time = np.arange(len(told), dtype=float)
    after = (time >= event).astype(float)
    design = np.column_stack([np.ones(len(told)), time, after, after * (time - event)])
    used = int(4 * (len(told) / 100) ** (2 / 9)) if lags is None else lags
    fit = sm.OLS(told, design).fit(cov_type="HAC", cov_kwds={"maxlags": used, "use_correction": True})
    interval = fit.conf_int()
    level, slope = ((float(fit.params[i]), *map(float, interval[i]), float(fit.pvalues[i])) for i in (2, 3))
    return Interruption(
        (level[0], level[1], level[2], level[3]),
        (slope[0], slope[1], slope[2], slope[3]),
        (float(fit.params[0]), float(fit.params[1])),
        used,
        () if control is not None else (ALONE,),
    )


def _check(values: Floats, event: int) -> None:
    if np.isnan(values).any():
        raise ComparisonError("Un point de la série manque : complétez-la, ou changez de période.")
    if min(event, len(values) - event) < LEAST:
        raise ComparisonError(
            f"Il faut au moins {LEAST} points de chaque côté de l'événement (ici {event} et {len(values) - event})."
        )
    if np.ptp(values) == 0:
        raise ComparisonError("La série ne varie pas : il n'y a rien à mesurer.")
