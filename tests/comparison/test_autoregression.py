"""Autoregressive errors: the definition carried out on whole matrices, and the limit without autocorrelation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz
from scipy.stats import multivariate_normal

from optima_lib.comparison.autoregression import fit_autoregressive


def case(seed, n=20):
    draw = np.random.default_rng(seed)
    time = np.arange(n, dtype=float)
    noise = draw.normal(size=n)
    for place in range(1, n):
        noise[place] += 0.4 * noise[place - 1]
    return np.column_stack([np.ones(n), time, time >= n // 2]), 3 + 0.2 * time + noise


def contrasts(matrix):
    """Return an orthonormal basis of what the terms leave: the restricted likelihood is that of its products."""
    return np.linalg.svd(matrix)[0][:, matrix.shape[1] :]


def restricted(rho, matrix, outcome):
    basis = contrasts(matrix)
    seen, shape = basis.T @ outcome, basis.T @ toeplitz(rho ** np.arange(len(outcome))) @ basis
    variance = seen @ np.linalg.solve(shape, seen) / len(seen)
    return multivariate_normal.logpdf(seen, cov=variance * shape), variance


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_no_other_autocorrelation_is_likelier_after_the_terms_are_taken_out(seed):
    matrix, outcome = case(seed)
    found = fit_autoregressive(matrix, outcome)
    best = restricted(found.rho, matrix, outcome)[0]
    assert all(restricted(rho, matrix, outcome)[0] <= best + 1e-9 for rho in np.linspace(-0.98, 0.98, 99))


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_coefficients_are_those_of_generalised_least_squares(seed):
    matrix, outcome = case(seed)
    found = fit_autoregressive(matrix, outcome)
    root = np.linalg.cholesky(np.linalg.inv(toeplitz(found.rho ** np.arange(20.0)))).T
    assert found.estimates == pytest.approx(np.linalg.lstsq(root @ matrix, root @ outcome)[0], rel=1e-6, abs=1e-9)
    plain = restricted(found.rho, matrix, outcome)[1] * np.diag(np.linalg.inv((root @ matrix).T @ (root @ matrix)))
    assert (found.variances >= plain * (1 - 1e-9)).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_degrees_of_freedom_are_twice_the_square_over_the_variance_of_the_variance(seed):
    # Satterthwaite, by differences: ν = 2 f² / ∇fᵀ I⁻¹ ∇f, f the variance of a coefficient, I the expected information
    matrix, outcome = case(seed, n=40)
    found = fit_autoregressive(matrix, outcome)
    basis, variance = contrasts(matrix), restricted(found.rho, matrix, outcome)[1]

    def covariance(unknown):
        return unknown[0] * toeplitz(unknown[1] ** np.arange(40.0))

    def moved(function):
        point, steps = np.array([variance, found.rho]), np.diag([1e-5, 1e-5])
        return [(function(point + step) - function(point - step)) / 2e-5 for step in steps]

    inverse = np.linalg.inv(basis.T @ covariance((variance, found.rho)) @ basis)
    felt = moved(lambda unknown: basis.T @ covariance(unknown) @ basis)
    information = [[np.trace(inverse @ a @ inverse @ b) / 2 for b in felt] for a in felt]

    def variances(unknown):
        return np.diag(np.linalg.inv(matrix.T @ np.linalg.solve(covariance(unknown), matrix)))

    slopes = np.array(moved(variances))
    spread = np.einsum("ik,ij,jk->k", slopes, np.linalg.inv(information), slopes)
    wanted = 2 * variances((variance, found.rho)) ** 2 / spread
    assert found.df == pytest.approx(np.maximum(wanted, 1), rel=1e-4)


def test_the_unit_changes_nothing_but_the_unit():
    matrix, outcome = case(5)
    found, scaled = fit_autoregressive(matrix, outcome), fit_autoregressive(matrix, 1e6 * outcome)
    assert scaled.rho == pytest.approx(found.rho, abs=1e-6)
    assert scaled.df == pytest.approx(found.df, rel=1e-5)
    assert scaled.variances == pytest.approx(1e12 * found.variances, rel=1e-5)
