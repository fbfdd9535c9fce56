"""Regressions held to what their papers print, beside the values computed with R: half a unit of the last digit."""

import numpy as np
import pandas as pd
import pytest

from optima_lib.comparison.models import fit_ordinal
from optima_lib.comparison.robust import fit_quantile, fit_robust


def estimates(fit):
    return [each.estimate for each in fit.coefficients]


def test_housing_is_as_mass_prints_it(fixtures, published):
    table = pd.read_csv(fixtures / "regress/housing_mass.csv")
    table["Sat"] = pd.Categorical(table["Sat"], ["Low", "Medium", "High"], ordered=True)
    rows = table.loc[table.index.repeat(table["Freq"])]
    formula = (
        "Sat ~ C(Infl, levels=['Low', 'Medium', 'High']) + C(Type, Treatment('Tower')) + C(Cont, Treatment('Low'))"
    )
    told = fit_ordinal(rows.assign(siren=np.arange(len(rows)) % 50), formula, "siren")
    values = published["polr_housing"]
    assert estimates(told) == pytest.approx(values["coef"], abs=5e-5)
    thresholds = [each for name, each in told.parameters.items() if name.startswith("seuil")]
    assert thresholds == pytest.approx(values["zeta"], abs=5e-5)
    assert -2 * told.parameters["log_vraisemblance"] == pytest.approx(values["deviance"], abs=5e-4)


def test_wine_is_as_the_vignette_of_ordinal_prints_it(fixtures, published):
    table = pd.read_csv(fixtures / "regress/wine_ordinal.csv")
    table["rating"] = pd.Categorical(table["rating"], ordered=True)
    told = fit_ordinal(table, "rating ~ temp + contact", "judge")
    values = published["clm_wine"]
    assert estimates(told) == pytest.approx([values["tempwarm"], values["contactyes"]], abs=5e-4)
    assert told.parameters["log_vraisemblance"] == pytest.approx(values["logLik"], abs=5e-3)


def test_engel_is_as_the_vignette_of_quantreg_prints_it(fixtures, published):
    table = pd.read_csv(fixtures / "regress/engel.csv")
    told = estimates(fit_quantile(table.assign(siren=table.index), "foodexp ~ income", "siren"))
    # the search stops within a thousandth of the intercept; the slope is printed to five digits
    assert told[0] == pytest.approx(published["quantreg_engel"]["coef"][0], abs=1e-3)
    assert told[1] == pytest.approx(published["quantreg_engel"]["coef"][1], abs=5e-6)


def test_the_median_of_engel_passes_through_two_households(fixtures):
    # as every median regression of two coefficients: an end of the linear programme
    table = pd.read_csv(fixtures / "regress/engel.csv")
    told = estimates(fit_quantile(table.assign(siren=table.index), "foodexp ~ income", "siren"))
    left = np.abs(table["foodexp"] - told[0] - told[1] * table["income"])
    assert np.sort(left)[:2] == pytest.approx([0, 0], abs=1e-3)


def test_stackloss_is_within_the_tolerance_of_huber(fixtures, expected):
    table = pd.read_csv(fixtures / "regress/stackloss.csv")
    table.columns = ["air", "eau", "acide", "perte"]
    told = fit_robust(table.assign(siren=table.index), "perte ~ air + eau + acide", "siren")
    values = expected["rlm_stackloss_huber"]
    assert estimates(told) == pytest.approx(values["coef"], abs=1e-4)
    assert told.parameters["echelle"] == pytest.approx(values["s"], abs=2e-3)
