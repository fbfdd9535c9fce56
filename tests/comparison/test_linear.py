"""Linear regression: certified values, R, and the definition of the errors carried out step by step."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.comparison.linear import fit_linear, wild_cluster_p
from optima_lib.errors import ComparisonError


def estimates(fit):
    return [each.estimate for each in fit.coefficients]


def errors(fit):
    return [each.error for each in fit.coefficients]


@pytest.fixture
def longley(fixtures):
    return pd.read_csv(fixtures / "nist/longley.csv")


def clustered(seed, clusters=12, size=4):
    draw = np.random.default_rng(seed)
    siren = np.repeat(np.arange(clusters), size)
    table = pd.DataFrame({"siren": siren, "x": draw.normal(size=len(siren)), "z": draw.normal(size=len(siren))})
    table["y"] = 1 + 0.3 * table["x"] + draw.normal(size=clusters)[siren] + draw.normal(size=len(siren))
    return table


def test_norris_is_certified_by_nist(shared):
    data = np.loadtxt(shared / "fixtures" / "statistics" / "nist" / "Norris.dat", skiprows=60)
    told = fit_linear(pd.DataFrame({"y": data[:, 0], "x": data[:, 1], "siren": range(len(data))}), "y ~ x", "siren")
    assert estimates(told) == pytest.approx([-0.262323073774029, 1.00211681802045], rel=1e-11)
    assert told.parameters["ecart_type_residuel"] == pytest.approx(0.884796396144373, rel=1e-11)
    assert told.parameters["r2"] == pytest.approx(0.999993745883712, rel=1e-11)


def test_longley_is_certified_by_nist(longley, published):
    told = fit_linear(longley, "TOTEMP ~ GNPDEFL + GNP + UNEMP + ARMED + POP + YEAR", "Obs")
    assert told["Intercept"].estimate == pytest.approx(published["nist_longley"]["b0"], rel=1e-9)
    # NIST StRD, Longley: certified values of the other terms and of the fit
    certified = [
        15.0618722713733,
        -0.0358191792925910,
        -2.02022980381683,
        -1.03322686717359,
        -0.0511041056535807,
        1829.15146461355,
    ]
    assert estimates(told)[1:] == pytest.approx(certified, rel=1e-8)
    assert told.parameters["ecart_type_residuel"] == pytest.approx(304.854073561965, rel=1e-9)
    assert told.parameters["r2"] == pytest.approx(0.995479004577296, rel=1e-9)


def test_one_row_per_authority_has_the_hc3_errors_of_r(longley, expected):
    longley[["GNP", "POP", "TOTEMP"]] /= 1000
    longley[["UNEMP", "ARMED"]] /= 10
    told = fit_linear(longley, "TOTEMP ~ GNPDEFL + GNP + UNEMP + ARMED + POP + YEAR", "Obs")
    assert estimates(told) == pytest.approx(expected["hc_longley"]["coef"], rel=1e-8)
    assert errors(told) == pytest.approx(expected["hc_longley"]["HC3"], rel=1e-8)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_errors_are_what_the_coefficients_move_by_when_an_authority_leaves(seed):
    table = clustered(seed)
    told = fit_linear(table, "y ~ x + z", "siren")
    matrix = np.column_stack([np.ones(len(table)), table["x"], table["z"]])
    moves = []
    for siren in range(12):
        kept = (table["siren"] != siren).to_numpy()
        moves.append(np.linalg.lstsq(matrix[kept], table["y"].to_numpy()[kept])[0] - estimates(told))
    assert errors(told) == pytest.approx(np.sqrt(np.sum(np.square(moves), axis=0)))


def test_intervals_have_as_many_degrees_of_freedom_as_authorities_less_one():
    # Student's quantile at 97.5 % with 11 degrees of freedom: 2.201 (any printed table)
    each = fit_linear(clustered(1), "y ~ x", "siren")["x"]
    assert (each.high - each.estimate) / each.error == pytest.approx(2.201, abs=5e-4)


def test_few_authorities_are_said_and_fewer_refused():
    (said,) = fit_linear(clustered(2), "y ~ x", "siren").remarks
    assert said.startswith("12 collectivités seulement")
    assert not fit_linear(clustered(2, clusters=40), "y ~ x", "siren").remarks
    with pytest.raises(ComparisonError, match="4 collectivités, il en faut au moins 5"):
        fit_linear(clustered(2, clusters=4), "y ~ x", "siren")


def test_the_wild_bootstrap_is_near_the_count_of_all_signs():
    # twelve authorities: 4 096 samples, each fitted again from the definition
    table = clustered(5)
    matrix = np.column_stack([np.ones(len(table)), table["x"]])
    y, siren = table["y"].to_numpy(), table["siren"].to_numpy()

    def studentised(outcome):
        estimate = np.linalg.lstsq(matrix, outcome)[0]
        scores = matrix * (outcome - matrix @ estimate)[:, None]
        summed = np.array([scores[siren == each].sum(axis=0) for each in range(12)])
        bread = np.linalg.inv(matrix.T @ matrix)
        return estimate[1] / np.sqrt((bread @ summed.T @ summed @ bread)[1, 1])

    null = np.full(len(y), y.mean())
    drawn = [studentised(null + (y - null) * np.array(signs)[siren]) for signs in product([-1.0, 1.0], repeat=12)]
    exact = np.mean(np.abs(drawn) >= abs(studentised(y)) - 1e-12)
    found = wild_cluster_p(table, "y ~ x", "siren", "x", seed=1)
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9999))
    assert found == wild_cluster_p(table, "y ~ x", "siren", "x", seed=1)


def test_fewer_than_twelve_authorities_get_more_points():
    assert 0 < wild_cluster_p(clustered(3, clusters=6), "y ~ x", "siren", "x", seed=2) <= 1


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("y ~ x + I(2 * x)", "deux fois la même chose"),
        ("y ~ w", "Formule illisible : « y ~ w »"),
        ("np.log(nul) ~ x", "n’a pas de valeur pour toutes les lignes"),
        ("seul ~ x", "toutes les valeurs sont égales"),
        ("y ~ C(siren == 3)", "ne tient qu’à une seule collectivité"),
        ("y ~ C(rang)", "48 lignes pour 48 coefficients"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_sentence(formula, said):
    table = clustered(4).assign(nul=0.0, seul=1.0, rang=range(48))
    with pytest.raises(ComparisonError, match=said):
        fit_linear(table, formula, "siren")


def test_an_unknown_term_is_named():
    with pytest.raises(ComparisonError, match=r"pas de terme « w ». Termes connus : Intercept, x"):
        wild_cluster_p(clustered(4), "y ~ x", "siren", "w", seed=1)
    with pytest.raises(ComparisonError, match=r"pas de terme « w ». Termes connus : Intercept, x"):
        _ = fit_linear(clustered(4), "y ~ x", "siren")["w"]
