"""Regressions that few extreme amounts do not move: Huber's and quantiles, errors clustered by authority."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from optima_lib.comparison.columns import Floats, require_variation
from optima_lib.comparison.designs import Design, read_design, summed_scores
from optima_lib.comparison.fits import Fit, read_coefficients
from optima_lib.errors import ComparisonError

STEPS = 500
NOTHING = 1e-9  # of the range of the outcome: what rounding leaves of a scale that is 0
STEPS_OF_QUANTILES = 5_000


def fit_robust(table: pd.DataFrame, formula: str, grappe: str) -> Fit:
    """Return Huber's regression: a mean that far values pull less.

    Parameters
    ----------
    table, formula, grappe : pandas.DataFrame, str, str
        As in `linear.fit_linear`.

    Returns
    -------
    Fit
        Coefficients; ``parameters`` holds the ``echelle`` of the residuals.

    Raises
    ------
    ComparisonError
        As `designs.read_design`, or when half of the residuals are 0, or the steps do not converge.

    Notes
    -----
    ψ(u) = u within ±1.345 and ±1.345 beyond, scale by the median absolute deviation at each step. Errors: sandwich of
    an M-estimate, scores ψ(r/s)x summed by authority, scale taken as known, CR1 factor. It does not protect from far
    values of the terms. Source: Huber (1973), Annals of Statistics 1:799; `statsmodels.robust.RLM`.

    Examples
    --------
    >>> table = pd.DataFrame({"y": [1.0, 2.1, 2.9, 4.2, 50.0, 6.1], "x": range(6), "siren": list("abcdef")})
    >>> round(fit_robust(table, "y ~ x", "siren")["x"].estimate)
    1
    """
    from statsmodels.formula.api import rlm  # noqa: PLC0415 - slow to import
    from statsmodels.robust.norms import HuberT  # noqa: PLC0415 - slow to import

    design = read_design(rlm, formula, table, grappe, M=HuberT())
    require_variation(design.model.endog)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = design.model.fit(conv="coefs", tol=1e-10, maxiter=STEPS)
    if not fitted.scale > NOTHING * np.ptp(design.model.endog) or fitted.fit_history["iteration"] >= STEPS:
        raise ComparisonError(
            "Modèle refusé : plus de la moitié des écarts sont nuls, ou le calcul ne converge pas. "
            "Servez-vous de fit_quantile ou simplifiez la formule."
        )
    scaled = np.asarray(fitted.resid) / fitted.scale
    norm, matrix = design.model.M, np.asarray(design.model.exog)
    bread = (matrix * norm.psi_deriv(scaled)[:, None]).T @ matrix / fitted.scale
    covariance = _sandwich(bread, matrix * norm.psi(scaled)[:, None], design)
    return _told(design, "huber", np.asarray(fitted.params), covariance, {"echelle": float(fitted.scale)})


def fit_quantile(table: pd.DataFrame, formula: str, grappe: str, q: float = 0.5) -> Fit:
    """Return a regression of a quantile, by default of the median.

    Parameters
    ----------
    table, formula, grappe : pandas.DataFrame, str, str
        As in `linear.fit_linear`.
    q : float
        The quantile, strictly between 0 and 1.

    Raises
    ------
    ComparisonError
        As `designs.read_design`, or when the quantile is out of bounds, or the steps do not converge.

    Notes
    -----
    Koenker and Bassett (1978), Econometrica 46:33. Errors: scores (q - 1[r < 0])x summed by authority, density at 0 by
    an Epanechnikov kernel with Hall and Sheather's bandwidth, CR1 factor (Parente and Santos Silva, 2016, Journal of
    Econometric Methods 5:1; Powell, 1991). As `statsmodels.regression.quantile_regression.QuantReg`.

    Examples
    --------
    >>> table = pd.DataFrame({"y": [1.0, 2, 2, 3, 4, 5, 6, 7, 8, 99], "siren": list("abcdefghij")})
    >>> 4 <= fit_quantile(table, "y ~ 1", "siren")["Intercept"].estimate <= 5
    True
    """
    from statsmodels.formula.api import quantreg  # noqa: PLC0415 - slow to import

    if not 0 < q < 1:
        raise ComparisonError(f"Quantile {q} refusé : donnez un nombre strictement compris entre 0 et 1, comme 0.5.")
    design = read_design(quantreg, formula, table, grappe)
    require_variation(design.model.endog)
    fitted = _fit_quantile(design, q)
    left, matrix = np.asarray(fitted.resid), np.asarray(design.model.exog)
    near = left / fitted.bandwidth
    density = np.where(np.abs(near) <= 1, 0.75 * (1 - near**2), 0.0) / fitted.bandwidth
    covariance = _sandwich((matrix * density[:, None]).T @ matrix, matrix * (q - (left < 0))[:, None], design)
    return _told(design, "regression_quantile", np.asarray(fitted.params), covariance, {"quantile": q})


def _fit_quantile(design: Design, q: float) -> Any:
    from statsmodels.tools.sm_exceptions import ModelWarning  # noqa: PLC0415 - slow to import

    refusal = ComparisonError(
        f"Modèle refusé : le quantile {q} ne se laisse pas estimer. Prenez-le moins extrême, ou plus de lignes."
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ModelWarning)
        try:
            fitted = design.model.fit(q=q, max_iter=STEPS_OF_QUANTILES)
        except (ModelWarning, ValueError, np.linalg.LinAlgError) as error:
            raise refusal from error
    if not (np.isfinite(fitted.bandwidth) and fitted.bandwidth > 0):
        raise refusal
    return fitted


def _sandwich(bread: Floats, scores: Floats, design: Design) -> Floats:
    """Return the covariance of an M-estimate, scores summed by authority, with the CR1 factor."""
    n, k = scores.shape
    summed = summed_scores(scores, design.codes)
    inverse = np.linalg.pinv(bread)
    factor = design.clusters / (design.clusters - 1) * (n - 1) / (n - k)
    return np.asarray(factor * inverse @ summed.T @ summed @ inverse)


def _told(design: Design, key: str, estimates: Floats, covariance: Floats, parameters: dict[str, float]) -> Fit:
    coefficients = read_coefficients(design.names, estimates, covariance, design.clusters - 1)
    return Fit(key, coefficients, len(design.rows), design.clusters, parameters, remarks=design.remarks)
