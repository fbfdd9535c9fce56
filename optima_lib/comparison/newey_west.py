"""Least squares on a series with the errors of Newey and West, and what to say of them beside better ones."""

from dataclasses import dataclass
from numbers import Integral
from typing import Any

from optima_lib.comparison.columns import Floats
from optima_lib.comparison.fits import Coefficient, in_french, read_coefficients
from optima_lib.errors import ComparisonError

NAMES = ["niveau initial", "pente avant", "saut", "changement de pente"]


@dataclass(frozen=True)
class Changes:
    """What changes at a date: slope before, jump at the date, and change of the slope after it, per period."""

    slope_before: Coefficient
    level: Coefficient
    slope: Coefficient


def newey_west(matrix: Floats, series: Floats, lag: int) -> Changes:
    """Return what changes at a date by least squares, with errors of Newey and West.

    Parameters
    ----------
    matrix : array, periods by terms
        Initial level, slope, jump, change of slope, then seasons.
    series : array
        The series.
    lag : int
        Lag of the errors, in periods.

    Raises
    ------
    ComparisonError
        When the series fits without residual.

    Notes
    -----
    Bartlett's weights, factor n/(n - k), Student's law with n - k degrees of freedom (Newey and West, 1987,
    Econometrica 55:703). **Limits.** Too small for a short series, even of white noise: the residuals, which hug the
    segments, hide the autocorrelation that the errors should count.
    """
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415 - slow to import

    fitted = OLS(series, matrix).fit(cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": True})
    if not fitted.ssr > 1e-20 * float(((series - series.mean()) ** 2).sum()):
        raise ComparisonError("Rupture refusée : la série est droite de part et d’autre, sans hasard à mesurer.")
    df = len(series) - matrix.shape[1]
    told = read_coefficients(NAMES, fitted.params[:4], fitted.cov_params()[:4, :4], df)
    return Changes(*told[1:])


def read_lag(lag: Any, n: int) -> int:
    """Return the lag that is asked for, or that of Newey and West (1994), Review of Economic Studies 61:631.

    Raises
    ------
    ComparisonError
        When the lag is not a whole number from 0 to the number of periods less one.

    Examples
    --------
    >>> read_lag(None, 100), read_lag(None, 16), read_lag(3, 16)
    (4, 2, 3)
    """
    if lag is None:
        return int(4 * (n / 100) ** (2 / 9))
    if not isinstance(lag, Integral) or not 0 <= int(lag) < n:
        raise ComparisonError(
            f"Rupture refusée : un décalage de {lag} n’existe pas pour {n} périodes. "
            f"Donnez un nombre entier de 0 à {n - 1}, ou aucun."
        )
    return int(lag)


def remark_errors(rho: float, df: tuple[float, float, float], lag: int) -> str:
    """Return what a reader must know of the errors of a break.

    Examples
    --------
    >>> print(remark_errors(0.312, (4.0, 4.1, 5.24), 2))
    Erreurs autorégressives d’ordre 1 (autocorrélation estimée : 0,31), ajustées de Kenward et Roger, à 4,1 degrés de liberté pour le saut et 5,2 pour le changement de pente. Celles de Newey et West, décalage 2, sont données à côté : sur une série courte, elles voient trop souvent une rupture.
    """
    return (
        f"Erreurs autorégressives d’ordre 1 (autocorrélation estimée : {in_french(rho, 2)}), ajustées de Kenward et Roger, "
        f"à {in_french(df[1], 1)} degrés de liberté pour le saut et {in_french(df[2], 1)} pour le changement de pente. "
        f"Celles de Newey et West, décalage {lag}, sont données à côté : sur une série courte, elles voient trop souvent "
        "une rupture."
    )
