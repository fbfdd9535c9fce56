"""Variance between authorities and within them, by restricted maximum likelihood."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.columns import Floats
from optima_lib.comparison.designs import summed_scores

WIDEST = 14.0  # logarithms: the ratio of variances is searched from e^-14 to e^14
GRID = 57


@dataclass(frozen=True, eq=False)
class Restricted:
    """What the restricted likelihood says of a random-intercept model.

    Parameters
    ----------
    ratio : float
        Variance between over variance within; 0 when nothing tells authorities from each other.
    variance : float
        Variance within.
    estimates, covariance : array
        Coefficients of the terms, and the covariance of their errors.
    likelihood : float
        Logarithm of the restricted likelihood.
    """

    ratio: float
    variance: float
    estimates: Floats
    covariance: Floats
    likelihood: float


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums that the likelihood reads, over all rows and over those of each authority."""

    squares: Floats
    sums: Floats
    sizes: Floats
    n: int

    def weighted(self, ratio: float) -> Floats:
        """Return [Q y]ᵀ V⁻¹ [Q y], V = I + ratio·J for each authority."""
        weights = ratio / (1 + self.sizes * ratio)
        return np.asarray(self.squares - (self.sums * weights[:, None]).T @ self.sums)


def maximise_restricted(matrix: Floats, outcome: Floats, codes: npt.NDArray[np.intp]) -> Restricted:
    """Return the random-intercept model of the largest restricted likelihood.

    Parameters
    ----------
    matrix, outcome : array
        Terms and outcome of the rows.
    codes : array of int
        Number of the authority of each row.

    Notes
    -----
    The likelihood is profiled to one unknown, the ratio λ = τ²/σ²: -2 log L = (n - p)(1 + log 2πσ̂²(λ)) + Σ log(1 + n_i λ)
    + log |XᵀV⁻¹X|, with V⁻¹ = I - λ/(1 + n_i λ)J in each authority. A grid on log λ, then a bounded search. Source:
    Bates and others (2015), Journal of Statistical Software 67(1), §3.4; Patterson and Thompson (1971), Biometrika 58:545.

    Examples
    --------
    >>> y = np.array([1.0, 3.0, 7.0, 9.0])
    >>> found = maximise_restricted(np.ones((4, 1)), y, np.array([0, 0, 1, 1]))
    >>> round(found.variance, 3), round(found.ratio * found.variance, 3), found.estimates.tolist()
    (2.0, 17.0, [5.0])
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import

    q, r = np.linalg.qr(matrix)
    joined = np.column_stack([q, outcome - q @ (q.T @ outcome)])
    moments = Moments(joined.T @ joined, summed_scores(joined, codes), np.bincount(codes).astype(float), len(outcome))
    grid = np.linspace(-WIDEST, WIDEST, GRID)
    best = grid[np.argmin([_deviance(each, moments) for each in grid])]
    step = grid[1] - grid[0]
    found = minimize_scalar(
        _deviance, args=(moments,), bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-10}
    )
    ratio = float(np.exp(found.x)) if found.fun < _deviance(-np.inf, moments) - 1e-9 else 0.0
    return _read(ratio, moments, r, q.T @ outcome)


def _deviance(logarithm: float, moments: Moments) -> float:
    ratio = float(np.exp(logarithm))
    weighted = moments.weighted(ratio)
    terms, rest = weighted[:-1, :-1], weighted[:-1, -1]
    p = len(terms)
    variance = (weighted[-1, -1] - rest @ np.linalg.solve(terms, rest)) / (moments.n - p)
    fit = (moments.n - p) * (1 + np.log(2 * np.pi * variance))
    return float(fit + np.sum(np.log1p(moments.sizes * ratio)) + np.linalg.slogdet(terms)[1])


def _read(ratio: float, moments: Moments, r: Floats, start: Floats) -> Restricted:
    """Return the model of a ratio, back from the orthonormal basis to the terms."""
    weighted = moments.weighted(ratio)
    terms, rest = weighted[:-1, :-1], weighted[:-1, -1]
    moved = np.linalg.solve(terms, rest)
    variance = float((weighted[-1, -1] - rest @ moved) / (moments.n - len(terms)))
    inverse = np.linalg.inv(r)
    estimates = np.asarray(inverse @ (start + moved), dtype=np.float64)
    covariance = np.asarray(variance * inverse @ np.linalg.inv(terms) @ inverse.T, dtype=np.float64)
    logarithm = np.log(ratio) if ratio else -np.inf
    likelihood = -_deviance(logarithm, moments) / 2 - float(np.sum(np.log(np.abs(np.diag(r)))))
    return Restricted(ratio, variance, estimates, covariance, likelihood)
