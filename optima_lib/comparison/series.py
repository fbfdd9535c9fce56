"""One series before and after a date: how its level and its slope change there."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.columns import Floats, require_variation
from optima_lib.comparison.fits import Coefficient, read_coefficients
from optima_lib.errors import ComparisonError

LEAST = 8  # points on each side (Penfold and Zhang, 2013, Academic Pediatrics 13:S38)


@dataclass(frozen=True)
class Break:
    """A segmented regression.

    Parameters
    ----------
    slope_before, level, slope : Coefficient
        Slope before the date, jump at the date, and change of the slope after it, per period.
    before, after : int
        Number of points on each side.
    lag : int
        Lag of the Newey-West errors, in periods.
    controlled : bool
        Whether the series is the difference with a control: only then may one speak of an effect.
    remarks : tuple of str
        What a reader must know of this very result, in French.
    """

    slope_before: Coefficient
    level: Coefficient
    slope: Coefficient
    before: int
    after: int
    lag: int
    controlled: bool
    remarks: tuple[str, ...]


def find_break(
    values: npt.ArrayLike,
    start: int,
    control: npt.ArrayLike | None = None,
    season: Sequence[Hashable] | None = None,
    lag: int | None = None,
) -> Break:
    """Return the change of level and of slope of a series at a date, by segmented regression.

    Parameters
    ----------
    values : array_like
        One value per period, in their order, without gap.
    start : int
        Place, from 0, of the first period after the date.
    control : array_like, optional
        The same periods of authorities that the date does not concern; its values are taken from those of the series.
    season : sequence, optional
        Label of the season of each period: month, quarter.
    lag : int, optional
        Lag of the errors, by default that of Newey and West.

    Raises
    ------
    ComparisonError
        When there are fewer than eight points on a side, when a value is missing, when the series fits without
        residual, or when the seasons cannot be told from the break.

    Notes
    -----
    y = β0 + β1 t + β2 post + β3 (t - T0) post + season, by least squares. Errors of Newey and West with Bartlett's
    weights and the factor n/(n - k), lag ⌊4(n/100)^(2/9)⌋ where none is given (Newey and West, 1994, Review of Economic
    Studies 61:631); Student's law with n - k degrees of freedom. They are too small for short, autocorrelated series.
    With a control, the model is that of the difference: the coefficients are those of the interactions of the model of
    both series. Source: Wagner and others (2002), J. Clinical Pharmacy and Therapeutics 27:299; Linden (2015), Stata
    Journal 15:480.

    Examples
    --------
    >>> values = [1.0, 2.1, 2.9, 4.0, 5.1, 5.9, 7.0, 8.1, 14.0, 15.1, 15.9, 17.0, 18.1, 18.9, 20.0, 21.1]
    >>> found = find_break(values, start=8)
    >>> round(found.level.estimate), round(found.slope_before.estimate, 1), found.lag
    (5, 1.0, 2)
    """
    series = _read_series(values, control)
    _require_sides(len(series), start)
    matrix = np.column_stack([_segments(len(series), start), _seasons(season, len(series))])
    if np.linalg.matrix_rank(matrix) < matrix.shape[1] or len(series) <= matrix.shape[1]:
        raise ComparisonError("Rupture refusée : les saisons ne se distinguent pas de la rupture. Retirez-les.")
    width = int(4 * (len(series) / 100) ** (2 / 9)) if lag is None else lag
    _, pace, level, slope = _fit(matrix, series, width)
    remarks = _remarks(width, controlled=control is not None)
    return Break(pace, level, slope, start, len(series) - start, width, control is not None, remarks)


def _fit(matrix: Floats, series: Floats, lag: int) -> tuple[Coefficient, ...]:
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415 - slow to import

    fitted = OLS(series, matrix).fit(cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": True})
    if not fitted.ssr > 1e-20 * float(np.sum((series - series.mean()) ** 2)):
        raise ComparisonError("Rupture refusée : la série est droite de part et d’autre, sans hasard à mesurer.")
    names = ["niveau initial", "pente avant", "saut", "changement de pente"]
    df = len(series) - matrix.shape[1]
    return read_coefficients(names, fitted.params[:4], fitted.cov_params()[:4, :4], df)


def _segments(n: int, start: int) -> Floats:
    time = np.arange(n, dtype=float)
    after = (time >= start).astype(float)
    return np.column_stack([np.ones(n), time, after, after * (time - start)])


def _seasons(season: Sequence[Hashable] | None, n: int) -> Floats:
    if season is None:
        return np.empty((n, 0))
    if len(season) != n:
        raise ComparisonError(f"Rupture refusée : {len(season)} saisons pour {n} périodes. Donnez-en autant.")
    different = list(dict.fromkeys(season))[1:]
    return np.array([[float(each == name) for name in different] for each in season]).reshape(n, len(different))


def _read_series(values: npt.ArrayLike, control: npt.ArrayLike | None) -> Floats:
    series = np.asarray(values, dtype=float)
    if control is not None:
        other = np.asarray(control, dtype=float)
        if len(other) != len(series):
            raise ComparisonError(
                f"Rupture refusée : {len(other)} périodes de contrôle pour {len(series)}. Alignez-les."
            )
        series = series - other
    if not np.isfinite(series).all():
        raise ComparisonError("Rupture refusée : il manque une valeur. Donnez une suite de périodes sans lacune.")
    require_variation(series)
    return series


def _require_sides(n: int, start: int) -> None:
    if min(start, n - start) < LEAST:
        raise ComparisonError(
            f"Rupture refusée : {max(start, 0)} points avant et {max(n - start, 0)} après, il en faut au moins {LEAST} "
            "de chaque côté. Montrez la série sans la modéliser, ou prenez des périodes plus courtes."
        )


def _remarks(lag: int, *, controlled: bool) -> tuple[str, ...]:
    errors = f"Erreurs de Newey et West, décalage {lag}."
    if controlled:
        return (errors, "Écart à la série de contrôle : un effet si, sans la date, les deux avaient gardé leur écart.")
    return (errors, "Sans série de contrôle : une rupture à cette date, et non l’effet de ce qui s’y est passé.")
