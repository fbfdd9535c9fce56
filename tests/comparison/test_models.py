"""Regressions of answers, shares and counts: R and the papers, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels

from optima_lib.comparison.models import fit_counts, fit_fraction, fit_ordinal, fit_share
from optima_lib.errors import ComparisonError

EXACT = {"abs": 1e-6}  # tolerance of the values computed with R


@pytest.fixture
def food():
    """Food expenditure of households (Griffiths, Hill and Judge, 1993), which ships with statsmodels."""
    folder = Path(statsmodels.__file__).parent / "othermod" / "tests" / "results"
    table = pd.read_csv(folder / "foodexpenditure.csv")
    return table.assign(part=table["food"] / table["income"], siren=table.index)


def estimates(fit):
    return {each.name: each.estimate for each in fit.coefficients}


def test_housing_gives_the_proportional_odds_of_mass(fixtures, expected):
    table = pd.read_csv(fixtures / "regress/housing_mass.csv")
    table["Sat"] = pd.Categorical(table["Sat"], ["Low", "Medium", "High"], ordered=True)
    rows = table.loc[table.index.repeat(table["Freq"])]
    rows = rows.assign(siren=np.arange(len(rows)) % 50)
    formula = "Sat ~ C(Infl, Treatment('Low')) + C(Type, Treatment('Tower')) + C(Cont, Treatment('Low'))"
    told = fit_ordinal(rows, formula, "siren")
    names = ["Infl.Medium", "Infl.High", "Type.Apartment", "Type.Atrium", "Type.Terrace", "Cont.High"]
    found = {f"{name[2:6]}.{name.split('T.')[1][:-1]}": each for name, each in estimates(told).items()}
    values = expected["polr_housing"]
    assert found == pytest.approx(dict(zip(names, values["coef"], strict=True)), **EXACT)
    assert told.parameters["seuil Low | Medium"] == pytest.approx(values["zeta"][0], **EXACT)
    assert told.parameters["seuil Medium | High"] == pytest.approx(values["zeta"][1], **EXACT)
    assert -2 * told.parameters["log_vraisemblance"] == pytest.approx(values["deviance"], abs=1e-6)
    assert (told.n, told.clusters) == (1681, 50)


def test_wine_gives_the_cumulative_links_of_ordinal(fixtures, expected):
    table = pd.read_csv(fixtures / "regress/wine_ordinal.csv")
    table["rating"] = pd.Categorical(table["rating"], ordered=True)
    told = fit_ordinal(table, "rating ~ temp + contact", "judge")
    values = expected["clm_wine"]
    thresholds = [each for name, each in told.parameters.items() if name.startswith("seuil")]
    assert [*thresholds, *estimates(told).values()] == pytest.approx(values["coef"], **EXACT)
    assert told.parameters["log_vraisemblance"] == pytest.approx(values["logLik"], abs=1e-6)
    assert told.remarks == (
        "9 collectivités seulement : sous 40, les erreurs groupées par collectivité sont trop petites.",
    )


def test_quine_gives_the_negative_binomial_of_mass(fixtures, expected):
    table = pd.read_csv(fixtures / "regress/quine_mass.csv")
    told = fit_counts(table.assign(siren=table.index), "Days ~ Eth + Sex + Age + Lrn", "siren")
    assert list(estimates(told).values()) == pytest.approx(expected["glmnb_quine"]["coef"], **EXACT)
    assert told.parameters["theta"] == pytest.approx(expected["glmnb_quine"]["theta"], **EXACT)
    assert told.parameters["log_vraisemblance"] == pytest.approx(expected["glmnb_quine"]["logLik"], abs=1e-6)


def test_counts_less_dispersed_than_poisson_s_have_its_coefficients():
    # means of 4 and 8, variances of 4/3: the likelihood grows with θ without end, towards Poisson's, whose means these are
    table = pd.DataFrame({"y": [3, 5, 3, 5, 7, 9, 7, 9], "x": [0] * 4 + [1] * 4, "siren": range(8)})
    told = fit_counts(table, "y ~ x", "siren")
    assert estimates(told) == pytest.approx({"Intercept": np.log(4), "x": np.log(2)}, abs=1e-3)
    assert told.parameters["theta"] > 1e3


def test_food_gives_the_beta_regression_of_the_paper(food, published):
    # Cribari-Neto and Zeileis (2010), Journal of Statistical Software 34(2), as betareg prints it
    told = fit_share(food, "part ~ income + persons", "siren")
    values = published["betareg_foodexp"]
    wanted = {"Intercept": values["intercept"], "income": values["income"], "persons": values["persons"]}
    assert estimates(told) == pytest.approx(wanted, abs=5e-6)
    assert told.parameters["precision"] == pytest.approx(values["phi"], abs=5e-3)


def test_a_fractional_logit_of_groups_gives_back_their_mean_shares():
    # saturated: logit of the mean of each group, 1/4 then 1/2, ends included
    table = pd.DataFrame({"part": [0, 0, 0, 1, 0.5, 0.5, 0, 1], "type": list("aaaabbbb"), "siren": range(8)})
    told = fit_fraction(table, "part ~ type", "siren")
    assert estimates(told) == pytest.approx({"Intercept": np.log(1 / 3), "type[T.b]": np.log(3)}, abs=1e-8)
    assert told.parameters == {}


def test_a_mean_share_has_the_error_of_the_mean_of_authorities():
    # intercept alone, one row each: error on the logit scale = s / √n / (p(1 - p)), s with n - 1
    shares = np.array([0.1, 0.2, 0.4, 0.5, 0.8, 1.0])
    told = fit_fraction(pd.DataFrame({"part": shares, "siren": range(6)}), "part ~ 1", "siren")["Intercept"]
    p = shares.mean()
    assert told.error == pytest.approx(shares.std(ddof=1) / np.sqrt(6) / (p * (1 - p)), rel=1e-6)


@pytest.mark.parametrize(
    ("fit", "values", "said"),
    [
        (fit_share, [0, 0.2, 0.3, 0.4, 0.5, 0.6], "Servez-vous de fit_fraction"),
        (fit_fraction, [10, 20, 30, 40, 50, 60], "sort de l’intervalle de 0 à 1"),
        (fit_fraction, [0, 0, 0, 1, 1, 1], "sépare peut-être"),
        (fit_fraction, [0, 0, 0, 0, 0, 0], "ne converge pas"),
        (fit_counts, [0, 1, 2, 3, 4, 5.5], "n’est pas entier"),
        (fit_counts, [0, 1, 2, 3, -4, 5], "est négatif"),
        (fit_ordinal, [0, 1, 2, 0, 1, 2], "n’est pas ordonnée"),
        (fit_ordinal, pd.Categorical([0, 1, 1, 0, 1, 0], ordered=True), "moins de trois réponses"),
        (fit_ordinal, pd.Categorical([0, 0, 1, 1, 2, 2], ordered=True), "sépare peut-être"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_sentence(fit, values, said):
    table = pd.DataFrame({"y": values, "x": [0.0, 1, 2, 3, 4, 5], "siren": range(6)})
    with pytest.raises(ComparisonError, match=said):
        fit(table, "y ~ x", "siren")


def test_contracts_of_one_authority_count_as_one():
    # each row ten times: the same coefficients, and errors that do not shrink
    draw = np.random.default_rng(0)
    table = pd.DataFrame({"x": draw.normal(size=60), "siren": range(60)})
    table["nombre"] = draw.poisson(np.exp(1 + 0.5 * table["x"]) * draw.gamma(2, 0.5, size=60))
    once, often = (fit_counts(each, "nombre ~ x", "siren")["x"] for each in (table, pd.concat([table] * 10)))
    assert often.estimate == pytest.approx(once.estimate, abs=1e-7)
    assert often.error == pytest.approx(once.error, rel=0.02)
