"""What a fitted model gives back: its coefficients, and on how many authorities their errors rest."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from optima_lib.errors import ComparisonError

LEVEL = 0.95
FEW = 40  # authorities: below, clustered errors are too small (Angrist and Pischke, 2009, Mostly Harmless, §8.2.3)
LEAST = 5  # authorities: below, the suite describes and does not infer (its rule for peers, 2026)


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of a model.

    Parameters
    ----------
    name : str
        The term, as the formula writes it.
    estimate, error : float
        The coefficient and its standard error.
    low, high, p : float
        Its interval, and the two-sided p value of a coefficient of 0.
    """

    name: str
    estimate: float
    error: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Parameters
    ----------
    method : str
        Key of the method, which the prose and the ledger name.
    coefficients : tuple of Coefficient
        The coefficients, in the order of the formula.
    n, clusters : int
        Number of rows, and of authorities.
    parameters : dict of str to float
        What the model has beside its coefficients: thresholds, dispersion, log-likelihood…
    level : float
        Confidence level of the intervals.
    remarks : tuple of str
        What a reader must know of this very result, in French.
    """

    method: str
    coefficients: tuple[Coefficient, ...]
    n: int
    clusters: int
    parameters: dict[str, float] = field(default_factory=dict)
    level: float = LEVEL
    remarks: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Coefficient:
        for each in self.coefficients:
            if each.name == name:
                return each
        known = ", ".join(each.name for each in self.coefficients)
        raise ComparisonError(f"Le modèle n’a pas de terme « {name} ». Termes connus : {known}.")


def read_coefficients(
    names: list[str], estimates: npt.ArrayLike, covariance: npt.ArrayLike, df: npt.ArrayLike
) -> tuple[Coefficient, ...]:
    """Return coefficients with their intervals, by Student's law.

    Parameters
    ----------
    names : list of str
        The terms.
    estimates, covariance : array_like
        The coefficients, and the covariance of their errors.
    df : array_like
        Degrees of freedom, of all or of each: the number of authorities that a coefficient rests on, less one.

    Raises
    ------
    ComparisonError
        When a variance is not a positive number: the rows do not determine the coefficient.

    Notes
    -----
    With G clusters the law is Student's with G - 1 degrees of freedom, wider than the normal law that programs use by
    default (Cameron and Miller, 2015, Journal of Human Resources 50:317, §VI.D).

    Examples
    --------
    >>> told = read_coefficients(["x"], [1.0], [[0.25]], df=10)[0]
    >>> told.error, round(told.low, 3), round(told.high, 3), round(told.p, 3)
    (0.5, -0.114, 2.114, 0.073)
    """
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    values, variances = np.asarray(estimates, dtype=float), np.diag(np.asarray(covariance, dtype=float))
    wrong = [name for name, each in zip(names, variances, strict=True) if not (np.isfinite(each) and each > 0)]
    if wrong:
        raise ComparisonError(
            f"Modèle refusé : les lignes ne déterminent pas le terme « {wrong[0]} ». Retirez-le de la formule."
        )
    errors = np.sqrt(variances)
    half, p = t.isf((1 - LEVEL) / 2, df) * errors, 2 * t.sf(np.abs(values / errors), df)
    rows = np.column_stack([values, errors, values - half, values + half, p])
    return tuple(Coefficient(name, *map(float, row)) for name, row in zip(names, rows, strict=True))


def remark_clusters(clusters: int) -> tuple[str, ...]:
    """Return what must be said of a number of authorities, or refuse it.

    Raises
    ------
    ComparisonError
        When there are fewer authorities than one can infer from.

    Examples
    --------
    >>> remark_clusters(40), remark_clusters(12)
    ((), ('12 collectivités seulement : sous 40, les erreurs groupées par collectivité sont trop petites.',))
    """
    if clusters < LEAST:
        raise ComparisonError(
            f"Modèle refusé : {clusters} collectivités, il en faut au moins {LEAST}. Décrivez-les sans modèle."
        )
    if clusters >= FEW:
        return ()
    return (
        f"{clusters} collectivités seulement : sous {FEW}, les erreurs groupées par collectivité sont trop petites.",
    )


def in_french(number: float, digits: int) -> str:
    """Write a number of a remark: a decimal comma, a minus sign.

    Examples
    --------
    >>> in_french(-0.314, 2), in_french(5.0, 1)
    ('−0,31', '5,0')
    """
    return f"{number:.{digits}f}".replace(".", ",").replace("-", "−")
