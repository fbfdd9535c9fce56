"""How much authorities differ from one another, beyond chance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Overdispersion:
    """How much the z scores of a funnel spread beyond chance.

    Attributes
    ----------
    phi : float
        Mean of the squared winsorised (or trimmed) z scores; 1 when only chance is at work.
    tau2 : float
        Variance of the true values between authorities, on the scale of the funnel.
    n : int
        The authorities that it rests on.
    """

    phi: float
    tau2: float
    n: int


def overdispersion(z: Floats, s: Floats, *, cut: float = 0.1, trim: bool = False) -> Overdispersion:
    """Estimate additive overdispersion.

    Parameters
    ----------
    z, s : array
        The z score of each authority, and its standard error on the same scale.
    cut : float
        Share winsorised on each side.
    trim : bool
        Drop the authorities beyond the cut instead of bringing them back to it (rule of the SHMI).

    Raises
    ------
    ComparisonError
        When a score is missing, an error is not above 0, the cut is not from 0 to under 0.5, or when fewer than two
        authorities are there, or are left once trimmed.

    Notes
    -----
    phi = Σz²/I; tau² = max(0, (I phi - (I - 1)) / (Σw - Σw²/Σw)), w = 1/s². Source: Spiegelhalter, Quality and
    Safety in Health Care 14 (2005) 347.
    """
    require_errors(z, s)
    _require_two(len(z))
    brought = winsorise(z, cut)
    kept = brought == z if trim else np.ones(len(z), dtype=bool)
    squared, w = brought[kept] ** 2, 1 / s[kept] ** 2
    n = int(kept.sum())
    _require_two(n)
    phi = float(squared.sum() / n)
    return Overdispersion(phi, float(moments(n * phi, w.sum(), (w**2).sum(), n)), n)


def winsorise(z: Floats, cut: float = 0.1) -> Floats:
    """Return values, those in the share ``cut`` on each side brought back to its bound.

    Raises
    ------
    ComparisonError
        When the cut is not from 0 to under 0.5.

    Examples
    --------
    >>> winsorise(np.array([-9.0, 1.0, 2.0, 3.0, 40.0]), 0.25).tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0]
    """
    if not 0 <= cut < 0.5:
        raise ComparisonError(
            f"Dispersion refusée : une part de {cut} ne se coupe pas de chaque côté. Donnez-la de 0 à moins de 0,5."
        )
    return np.clip(z, *np.quantile(z, [cut, 1 - cut]))


def require_errors(values: Floats, errors: Floats) -> None:
    """Refuse values that are not known, and errors that are not above zero.

    Raises
    ------
    ComparisonError
        When there is one.
    """
    wrong = int(np.sum(~np.isfinite(values) | ~np.isfinite(errors) | ~(errors > 0)))
    if wrong:
        raise ComparisonError(
            f"Dispersion refusée : {wrong} valeurs sur {len(values)} manquent, ou n'ont pas d'erreur d'échantillon au-dessus "
            "de zéro. Retirez ces unités."
        )


def _require_two(n: int) -> None:
    if n < 2:
        raise ComparisonError(
            f"Dispersion refusée : {n} unité à comparer, il en faut au moins 2. Réunissez-en davantage, ou coupez "
            "moins."
        )


def dersimonian_laird(y: Floats, v: Floats) -> float:
    """Return the variance between units by the method of moments.

    Parameters
    ----------
    y, v : array
        The estimate of each unit and its sampling variance, above 0.

    Raises
    ------
    ComparisonError
        When a value is missing, a variance is not above 0, or there are fewer than two units.

    Notes
    -----
    max(0, (Q - (k - 1)) / (Σw - Σw²/Σw)), w = 1/v, Q = Σw(y - μ)², μ the mean by w. Source: DerSimonian and Laird,
    Controlled Clinical Trials 7 (1986) 177.
    """
    require_errors(y, v)
    _require_two(len(y))
    w = 1 / v
    mean = (w * y).sum() / w.sum()
    q = (w * (y - mean) ** 2).sum()
    return float(moments(q, w.sum(), (w**2).sum(), len(y)))


def moments(q: npt.ArrayLike, total: npt.ArrayLike, squares: npt.ArrayLike, k: npt.ArrayLike) -> Floats:
    """Return the variance between units by the method of moments, of one set of them or of each of several.

    Parameters
    ----------
    q : array_like
        Sum of the weighted squares, Σw(y - μ)².
    total, squares : array_like
        Σw and Σw².
    k : array_like
        The number of units.

    Notes
    -----
    max(0, (Q - (k - 1))/(Σw - Σw²/Σw)); missing where units are fewer than two.

    Examples
    --------
    >>> moments(np.array([9.0, 1.0]), 3.0, 3.0, 3).tolist()
    [3.5, 0.0]
    """
    weight = np.asarray(total, dtype=float)
    scale = weight - np.divide(squares, np.where(weight > 0, weight, np.nan))
    return np.asarray(np.maximum(0.0, (np.asarray(q) - (np.asarray(k) - 1)) / np.where(scale > 0, scale, np.nan)))
