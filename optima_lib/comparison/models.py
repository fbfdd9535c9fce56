"""Regressions for outcomes that are not amounts: ordered answers, shares, counts; errors clustered by authority."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from optima_lib.comparison.designs import Design, read_design
from optima_lib.comparison.fits import Fit
from optima_lib.comparison.likelihoods import maximise
from optima_lib.errors import ComparisonError


def fit_ordinal(table: pd.DataFrame, formula: str, grappe: str) -> Fit:
    """Return a proportional-odds regression of an ordered answer.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows; the outcome is an ordered categorical with three categories at least.
    formula : str
        Outcome and terms, as in `designs.read_design`.
    grappe : str
        Column of the authority.

    Returns
    -------
    Fit
        Logarithms of odds ratios; ``parameters`` holds the thresholds between categories and ``log_vraisemblance``.

    Raises
    ------
    ComparisonError
        As `designs.read_design`, or when the outcome is not ordered, or the fit does not converge.

    Notes
    -----
    logit P(Y ≤ j) = θ_j - xβ, one β for all thresholds: the assumption to show beside the result. Source: McCullagh
    (1980), JRSS B 42:109. As `statsmodels.miscmodels.ordinal_model.OrderedModel`, CR1 errors.

    Examples
    --------
    >>> note = pd.Categorical(list("abcabcabbc"), ordered=True)
    >>> table = pd.DataFrame({"note": note, "x": [0, 1, 2, 1, 0, 2, 0, 2, 1, 1], "siren": list("abcdefghij")})
    >>> told = fit_ordinal(table, "note ~ x", "siren")
    >>> round(told["x"].estimate, 1), sorted(told.parameters)
    (2.1, ['log_vraisemblance', 'seuil a | b', 'seuil b | c'])
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel  # noqa: PLC0415 - slow to import

    name = formula.split("~", maxsplit=1)[0].strip()
    if name in table and not (isinstance(table[name].dtype, pd.CategoricalDtype) and table[name].cat.ordered):
        raise ComparisonError(
            f"Modèle refusé : la colonne « {name} » n’est pas ordonnée. "
            "Donnez l’ordre de ses réponses (pandas.Categorical, ordered=True)."
        )
    design = read_design(OrderedModel.from_formula, formula, table, grappe, distr="logit")
    if len(design.model.labels) < 3:
        raise ComparisonError(f"Modèle refusé : « {name} » a moins de trois réponses. Servez-vous de fit_fraction.")
    terms = np.shape(design.model.exog)[1]
    fit, raw = maximise(design, "logit_ordonne", terms, method="bfgs", maxiter=500)
    labels = [str(each) for each in design.model.labels]
    thresholds = design.model.transform_threshold_params(raw)[1:-1]
    named = {f"seuil {a} | {b}": float(each) for a, b, each in zip(labels, labels[1:], thresholds, strict=False)}
    return replace(fit, parameters=named | fit.parameters)


def fit_share(table: pd.DataFrame, formula: str, grappe: str) -> Fit:
    """Return a beta regression of shares strictly between 0 and 1.

    Parameters, refusals as in `fit_ordinal`; a share of 0 or 1 is refused: `fit_fraction` takes it.

    Returns
    -------
    Fit
        Logarithms of ratios of μ / (1 - μ); ``parameters`` holds the ``precision`` φ.

    Notes
    -----
    Y follows a beta law of mean μ and variance μ(1 - μ)/(1 + φ), logit μ = xβ. Source: Ferrari and Cribari-Neto (2004),
    Journal of Applied Statistics 31:799. As `statsmodels.othermod.betareg.BetaModel`, CR1 errors.
    """
    from statsmodels.formula.api import ols  # noqa: PLC0415 - slow to import
    from statsmodels.othermod.betareg import BetaModel  # noqa: PLC0415 - slow to import

    shares = np.asarray(_shares(ols, formula, table, grappe).model.endog)
    if shares.min() <= 0 or shares.max() >= 1:
        raise ComparisonError("Modèle refusé : une part vaut 0 ou 1. Servez-vous de fit_fraction, qui les admet.")
    design = read_design(BetaModel.from_formula, formula, table, grappe)
    fit, raw = maximise(design, "beta", np.shape(design.model.exog)[1], maxiter=500)
    return replace(fit, parameters={"precision": float(np.exp(raw[-1])), **fit.parameters})


def fit_fraction(table: pd.DataFrame, formula: str, grappe: str) -> Fit:
    """Return a fractional logit of shares from 0 to 1, or of yes (1) and no (0).

    Parameters, refusals as in `fit_ordinal`.

    Notes
    -----
    Quasi-likelihood of Bernoulli with sandwich errors: right as soon as the mean is, whatever the dispersion, with 0
    and 1. Source: Papke and Wooldridge (1996), Journal of Applied Econometrics 11:619. CR1 errors.

    Examples
    --------
    >>> table = pd.DataFrame({"part": [0.0, 0.5, 0.5, 1.0, 0.5], "siren": list("abcde")})
    >>> abs(fit_fraction(table, "part ~ 1", "siren")["Intercept"].estimate) < 1e-9
    True
    """
    from statsmodels.api import families  # noqa: PLC0415 - slow to import
    from statsmodels.formula.api import glm  # noqa: PLC0415 - slow to import

    design = _shares(glm, formula, table, grappe, family=families.Binomial())
    return replace(maximise(design, "logit_fractionnaire", len(design.names))[0], parameters={})


def fit_counts(table: pd.DataFrame, formula: str, grappe: str) -> Fit:
    """Return a negative binomial regression of counts.

    Parameters, refusals as in `fit_ordinal`; the outcome is a whole number from 0.

    Returns
    -------
    Fit
        Logarithms of ratios of means; ``parameters`` holds ``theta``: the variance is μ + μ²/θ.

    Notes
    -----
    NB2 by maximum likelihood: Hilbe (2011), Negative Binomial Regression, §8; θ is that of `MASS::glm.nb`. CR1 errors.
    """
    from statsmodels.formula.api import negativebinomial  # noqa: PLC0415 - slow to import

    design = read_design(negativebinomial, formula, table, grappe)
    counts = np.asarray(design.model.endog)
    if counts.min() < 0 or (counts % 1).any():
        raise ComparisonError("Modèle refusé : un nombre est négatif ou n’est pas entier. Donnez des dénombrements.")
    fit, raw = maximise(design, "binomiale_negative", np.shape(design.model.exog)[1], maxiter=500)
    return replace(fit, parameters={"theta": float(1 / raw[-1]), **fit.parameters})


def _shares(factory: Any, formula: str, table: pd.DataFrame, grappe: str, **options: Any) -> Design:
    design = read_design(factory, formula, table, grappe, **options)
    shares = np.asarray(design.model.endog)
    if shares.min() < 0 or shares.max() > 1:
        raise ComparisonError("Modèle refusé : une part sort de l’intervalle de 0 à 1. Donnez des parts, non des %.")
    return design
