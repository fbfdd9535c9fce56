"""Models fitted by maximum likelihood with errors clustered by authority, or refused when that cannot be done."""

import warnings
from typing import Any

import numpy as np

from optima_lib.comparison.columns import Floats
from optima_lib.comparison.designs import Design
from optima_lib.comparison.fits import Fit, read_coefficients
from optima_lib.errors import ComparisonError

SEPARATED = 30.0  # of a linear predictor: odds from e^-15 to e^15, which no finite sample shows
STEPS = 100


def maximise(design: Design, key: str, terms: int, **options: Any) -> tuple[Fit, Floats]:
    """Return a fitted model and all its raw parameters.

    Parameters
    ----------
    design : Design
        The model.
    key : str
        Key of the method.
    terms : int
        Number of coefficients, which come first among the parameters.
    **options : Any
        What the fit of statsmodels takes.

    Raises
    ------
    ComparisonError
        When the search does not converge, or when a term separates the answers.

    Notes
    -----
    A quasi-Newton search stops where the likelihood is flat to its eye, with four or five correct digits; Newton's steps
    then take it to the maximum, unless that lies on the edge (counts no more dispersed than Poisson's). Sandwich errors
    summed by authority (Liang and Zeger, 1986, Biometrika 73:13) with the factor G/(G - 1)·(n - 1)/(n - k) (CR1).
    """
    fitted = _fit(design, options)
    raw = np.asarray(fitted.params, dtype=float)
    predictor = np.asarray(design.model.exog, dtype=float)[:, :terms] @ raw[:terms]
    if np.ptp(predictor) > SEPARATED:
        raise _refusal()
    covariance = np.asarray(fitted.cov_params())[:terms, :terms]
    told = read_coefficients(design.names[:terms], raw[:terms], covariance, design.clusters - 1)
    likelihood = {"log_vraisemblance": float(fitted.llf)}
    return Fit(key, told, len(design.rows), design.clusters, likelihood, remarks=design.remarks), raw


def _fit(design: Design, options: dict[str, Any]) -> Any:
    from statsmodels.tools.sm_exceptions import ModelWarning  # noqa: PLC0415 - slow to import

    errors = {"cov_type": "cluster", "cov_kwds": {"groups": design.codes}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ModelWarning)
        try:
            if type(design.model).__name__ == "GLM":  # its iterations are Newton's
                return design.model.fit(**errors, **options)
            near = design.model.fit(disp=0, **errors, **options)
        except (ModelWarning, np.linalg.LinAlgError, ValueError) as error:
            raise _refusal() from error
        try:
            found = design.model.fit(start_params=near.params, method="newton", maxiter=STEPS, disp=0, **errors)
        except (ModelWarning, np.linalg.LinAlgError, ValueError):
            return near
        return found if found.llf >= near.llf else near


def _refusal() -> ComparisonError:
    return ComparisonError(
        "Modèle refusé : le calcul ne converge pas. Un terme sépare peut-être tout à fait les réponses, ou la réponse ne "
        "varie pas. Simplifiez la formule."
    )
