"""Regression of a short series whose errors follow each other: one autoregressive step, errors for few points."""

from dataclasses import dataclass

import numpy as np

from optima_lib.comparison.columns import Floats

WIDEST = 0.99  # of the autocorrelation, either way
GRID = 67


@dataclass(frozen=True, eq=False)
class Autoregressive:
    """A regression with autoregressive errors.

    Parameters
    ----------
    estimates : array
        Coefficients, by generalised least squares.
    variances : array
        Variances of their errors, adjusted for the autocorrelation being estimated.
    df : array
        Degrees of freedom of each coefficient, one at least.
    rho : float
        Autocorrelation of one period and the next.
    """

    estimates: Floats
    variances: Floats
    df: Floats
    rho: float


def fit_autoregressive(matrix: Floats, outcome: Floats) -> Autoregressive:
    """Return a regression whose errors are autoregressive of order one.

    Parameters
    ----------
    matrix : array, periods by terms
        Terms, three fewer than the periods at most.
    outcome : array
        The series.

    Notes
    -----
    e_t = ρ e_(t-1) + u_t, stationary. ρ by restricted maximum likelihood, which is nearly unbiased where least squares
    and maximum likelihood find too little autocorrelation (Cheang and Reinsel, 2000, JASA 95:1173): a grid, then a
    bounded search. Variance and degrees of freedom of each coefficient by Kenward and Roger (1997), Biometrics
    53:983, with the variance and ρ as unknowns; the adjustment never lowers the variance. With few points this holds
    the level where errors of Newey and West do not: Turner and others (2021), BMC Medical Research Methodology 21:181.
    **Limits.** A series that drifts without return (ρ near 1), or whose autocorrelation has another form, keeps the
    level only roughly.

    Examples
    --------
    >>> time = np.arange(12.0)
    >>> found = fit_autoregressive(np.column_stack([np.ones(12), time]), time + np.tile([0.1, -0.1], 6))
    >>> found.estimates.round(1).tolist(), found.rho < -0.8
    ([0.0, 1.0], True)
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import

    grid = np.linspace(-WIDEST, WIDEST, GRID)
    start = grid[np.argmin([_deviance(each, matrix, outcome) for each in grid])]
    step = grid[1] - grid[0]
    near = (max(start - step, -WIDEST), min(start + step, WIDEST))
    found = minimize_scalar(_deviance, args=(matrix, outcome), bounds=near, method="bounded", options={"xatol": 1e-9})
    return _read(float(found.x), matrix, outcome)


def _deviance(rho: float, matrix: Floats, outcome: Floats) -> float:
    """Return -2 log of the restricted likelihood, the variance profiled out, but for a constant."""
    n, k = matrix.shape
    white = _whiten(rho, np.column_stack([matrix, outcome]))
    r = np.asarray(np.linalg.qr(white, mode="r"))
    left = float(r[-1, -1]) ** 2
    determinant = -np.log1p(-(rho**2)) + 2 * float(np.sum(np.log(np.abs(np.diag(r)[:k]))))
    return float((n - k) * np.log(left) + determinant)


def _whiten(rho: float, columns: Floats) -> Floats:
    """Return columns whose errors are independent, of the variance of the innovations."""
    return np.vstack([np.sqrt(1 - rho**2) * columns[:1], columns[1:] - rho * columns[:-1]])


def _read(rho: float, matrix: Floats, outcome: Floats) -> Autoregressive:
    n, k = matrix.shape
    correlation, first, second = _derivatives(rho, n)
    inverse = np.linalg.inv(correlation)
    bread = np.linalg.inv(matrix.T @ inverse @ matrix)
    weights = bread @ matrix.T @ inverse
    estimates = weights @ outcome
    left = outcome - matrix @ estimates
    variance = float(left @ inverse @ left) / (n - k)
    kept = inverse - inverse @ matrix @ weights  # of the outcome, what the terms do not take
    moves = [correlation, first]  # of the correlations, by the variance, in its own unit, and by ρ
    information = [[np.trace(kept @ a @ kept @ b) / 2 for b in moves] for a in moves]
    unknown: Floats = np.linalg.inv(np.array(information, dtype=float))
    felt = [weights @ each @ weights.T for each in moves]  # of the covariance, by the unknowns
    crossed = [[weights @ a @ kept @ b @ weights.T for b in moves] for a in moves]
    curved = [[np.zeros((k, k)), felt[1]], [felt[1], weights @ second @ weights.T]]
    more = sum(unknown[i, j] * (crossed[i][j] - curved[i][j] / 4) for i in (0, 1) for j in (0, 1))
    slopes = np.array([np.diag(each) for each in felt])
    df = 2 * np.diag(bread) ** 2 / np.einsum("ik,ij,jk->k", slopes, unknown, slopes)
    adjusted = np.diag(bread) + np.maximum(2 * np.diag(more), 0.0)
    return Autoregressive(estimates, variance * adjusted, np.maximum(df, 1.0), rho)


def _derivatives(rho: float, n: int) -> tuple[Floats, Floats, Floats]:
    """Return the correlations of the periods, and their first and second derivatives by ρ."""
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n))).astype(float)
    first = np.where(apart > 0, apart * np.power(rho, np.maximum(apart - 1, 0)), 0.0)
    second = np.where(apart > 1, apart * (apart - 1) * np.power(rho, np.maximum(apart - 2, 0)), 0.0)
    return np.power(rho, apart), first, second
