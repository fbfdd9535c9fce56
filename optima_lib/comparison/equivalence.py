"""Whether a difference is too small to matter: two one-sided tests against bounds that were declared beforehand."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import Estimate, Floats, side
from optima_lib.comparison.means import welch
from optima_lib.comparison.samples import read_pair
from optima_lib.errors import ComparisonError

ALPHA = 0.05  # of each test, as for the intervals of the suite


@dataclass(frozen=True)
class Equivalence:
    """A difference against the bounds of what does not matter.

    Parameters
    ----------
    estimate : Estimate
        The difference, its interval of level 1 - 2 alpha, and the p value of the two tests, the larger one.
    bounds : tuple of float
        Smallest differences that matter, below and above.
    p_lower, p_upper : float
        p values of a difference at or below the lower bound, at or above the upper one.
    """

    estimate: Estimate
    bounds: tuple[float, float]
    p_lower: float
    p_upper: float

    @property
    def established(self) -> bool:
        """Whether the interval lies inside the bounds, which is the same as p below alpha."""
        return self.bounds[0] < self.estimate.low and self.estimate.high < self.bounds[1]


def tost(  # noqa: PLR0913 - an estimate comes with its error and its law
    estimate: float,
    se: float,
    bounds: tuple[float, float],
    *,
    df: float = math.inf,
    alpha: float = ALPHA,
    n: tuple[int, ...] = (),
) -> Equivalence:
    """Return the two one-sided tests of an estimate and its standard error.

    Parameters
    ----------
    estimate, se : float
        The difference and its standard error, from two samples, a model or a meta-analysis.
    bounds : tuple of float
        Smallest differences that matter, below and above, in the unit of the estimate.
    df : float
        Degrees of freedom of Student's law; without them, the normal law.
    alpha : float
        Size of each test.
    n : tuple of int
        Sizes of the samples, to be told.

    Raises
    ------
    ComparisonError
        When the standard error is not above zero, or the bounds are not in order.

    Notes
    -----
    The p value is the larger of the two, and equivalence is established when the interval of level 1 - 2 alpha lies
    inside the bounds. Not established is not different. Source: Schuirmann (1987), Journal of Pharmacokinetics and
    Biopharmaceutics 15:657.

    Examples
    --------
    >>> told = tost(0.12, 0.09, (-0.2, 0.2))
    >>> round(told.p_lower, 4), round(told.p_upper, 3), round(told.estimate.high, 3), told.established
    (0.0002, 0.187, 0.268, False)
    """
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    _check(estimate, se, bounds)
    level = 1 - 2 * alpha
    lower, upper = tost_p(estimate, se, bounds, df)
    p_lower, p_upper = float(lower), float(upper)
    half = float(t.isf(side(level), df)) * se
    interval = Estimate(estimate, estimate - half, estimate + half, level, n, "tost", max(p_lower, p_upper))
    return Equivalence(interval, bounds, p_lower, p_upper)


def tost_p(
    estimate: npt.ArrayLike, se: npt.ArrayLike, bounds: tuple[float, float], df: npt.ArrayLike = math.inf
) -> tuple[Floats, Floats]:
    """Return the p values of many estimates against the lower and the upper bound, missing where an error is.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = tost_p([0.0, 0.0], [1.0, np.nan], (-1.96, 1.96))
    >>> lower.round(3).tolist()
    [0.025, nan]
    """
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    told, error = np.asarray(estimate, dtype=float), np.asarray(se, dtype=float)
    error = np.where(error > 0, error, np.nan)
    return t.sf((told - bounds[0]) / error, df), t.cdf((told - bounds[1]) / error, df)


def tost_means(x: npt.ArrayLike, y: npt.ArrayLike, bounds: tuple[float, float], *, alpha: float = ALPHA) -> Equivalence:
    """Return the two one-sided tests of the difference of two means, mean of x first, under unequal variances.

    Refusals are those of `tost`, and of samples with fewer than two values or without variation. For amounts, give
    their logarithms, and the logarithms of ratios as bounds.

    Examples
    --------
    >>> tost_means([5.0, 5.1, 4.9, 5.0], [5.0, 5.2, 4.8, 5.0], (-0.5, 0.5)).established
    True
    """
    first, second = read_pair(x, y)
    told = welch(first, second)
    return tost(told.difference, told.se, bounds, df=told.df, alpha=alpha, n=(len(first), len(second)))


def _check(estimate: float, se: float, bounds: tuple[float, float]) -> None:
    if not (math.isfinite(estimate) and math.isfinite(se) and se > 0):
        raise ComparisonError(
            f"Équivalence refusée : l’estimation ({estimate}) ou son erreur type ({se}) est manquante, infinie ou nulle. "
            "Il faut une estimation et une erreur type strictement positive."
        )
    if not bounds[0] < bounds[1]:
        raise ComparisonError(
            f"Équivalence refusée : les bornes du seuil d’intérêt ({bounds[0]} et {bounds[1]}) ne sont pas dans "
            "l’ordre. Donnez la borne basse, puis la haute."
        )
