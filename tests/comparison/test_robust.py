"""Robust and quantile regressions: R, other errors where they must agree, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import quantreg

from optima_lib.comparison.robust import fit_quantile, fit_robust
from optima_lib.errors import ComparisonError


def estimates(fit):
    return [each.estimate for each in fit.coefficients]


def skewed(seed, clusters, size):
    draw = np.random.default_rng(seed)
    siren = np.repeat(np.arange(clusters), size)
    table = pd.DataFrame({"siren": siren, "x": draw.normal(size=clusters)[siren]})
    table["y"] = 1 + table["x"] + draw.normal(size=clusters)[siren] + draw.standard_t(3, size=len(siren))
    return table


def test_stackloss_gives_the_regression_of_huber(fixtures, expected):
    table = pd.read_csv(fixtures / "regress/stackloss.csv")
    table.columns = ["air", "eau", "acide", "perte"]
    told = fit_robust(table.assign(siren=table.index), "perte ~ air + eau + acide", "siren")
    assert estimates(told) == pytest.approx(expected["rlm_stackloss_huber"]["coef"], abs=2e-3)
    assert told.parameters["echelle"] == pytest.approx(expected["rlm_stackloss_huber"]["s"], rel=2e-3)


def test_engel_gives_the_median_regression_of_quantreg(fixtures, expected):
    table = pd.read_csv(fixtures / "regress/engel.csv")
    told = fit_quantile(table.assign(siren=table.index), "foodexp ~ income", "siren")
    assert estimates(told) == pytest.approx(expected["quantreg_engel_median"]["coef"], abs=1e-3)


def test_without_far_values_huber_is_least_squares():
    # |r| / s under 1.345 for all: the regression of 0, 1, 2, 3 on themselves, moved by ±0.01
    table = pd.DataFrame({"y": [0.01, 0.99, 2.01, 2.99, 4.01, 4.99], "x": range(6), "siren": range(6)})
    slope = np.polyfit(table["x"], table["y"], 1)[0]
    assert fit_robust(table, "y ~ x", "siren")["x"].estimate == pytest.approx(slope, abs=1e-6)


def test_one_far_amount_hardly_moves_a_median():
    table = skewed(1, 60, 1)
    moved = table.assign(y=table["y"].where(table["y"] < table["y"].max(), 1e6))
    for fit in (fit_robust, fit_quantile):
        assert fit(moved, "y ~ x", "siren")["x"].estimate == pytest.approx(
            fit(table, "y ~ x", "siren")["x"].estimate, abs=0.2
        )


def test_errors_of_a_median_are_near_those_of_statsmodels_for_independent_rows():
    # homoscedastic: Powell's errors and those of one common density estimate the same thing
    draw = np.random.default_rng(3)
    table = pd.DataFrame({"x": draw.normal(size=4000), "siren": range(4000)})
    table["y"] = table["x"] + draw.normal(size=4000)
    theirs = quantreg("y ~ x", table).fit(q=0.5, vcov="iid").bse["x"]
    assert fit_quantile(table, "y ~ x", "siren")["x"].error == pytest.approx(theirs, rel=0.05)
    # and the law is known: π/2 times the variance of least squares
    assert theirs == pytest.approx(np.sqrt(np.pi / 2 / 4000), rel=0.05)


@pytest.mark.parametrize("fit", [fit_robust, fit_quantile])
def test_errors_are_what_the_coefficient_moves_by_from_one_draw_of_authorities_to_another(fit):
    told = [fit(skewed(seed, 60, 5), "y ~ x", "siren")["x"] for seed in range(150)]
    assert np.mean([each.error for each in told]) == pytest.approx(np.std([each.estimate for each in told]), rel=0.2)


def test_what_cannot_be_fitted_is_refused_in_one_sentence():
    table = pd.DataFrame({"y": [1.0, 1, 1, 1, 1, 9], "x": range(6), "siren": range(6)})
    with pytest.raises(ComparisonError, match="plus de la moitié des écarts sont nuls"):
        fit_robust(table, "y ~ 1", "siren")
    with pytest.raises(ComparisonError, match=r"Quantile 1.5 refusé"):
        fit_quantile(table, "y ~ x", "siren", 1.5)
    with pytest.raises(ComparisonError, match=r"le quantile 0.99 ne se laisse pas estimer"):
        fit_quantile(table, "y ~ x", "siren", 0.99)
    with pytest.raises(ComparisonError, match="toutes les valeurs sont égales"):
        fit_quantile(table.assign(y=1), "y ~ x", "siren")
