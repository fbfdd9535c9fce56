"""A formula read on a table: the matrix of a model, and the authority of each of its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from optima_lib.comparison.columns import Floats, complete_rows, named_in
from optima_lib.comparison.fits import remark_clusters
from optima_lib.errors import ComparisonError


@dataclass(frozen=True, eq=False)
class Design:
    """A model ready to be fitted.

    Parameters
    ----------
    model : Any
        The model of statsmodels.
    rows : pandas.DataFrame
        The rows that it reads.
    codes : array of int
        Number of the authority of each row, from 0.
    remarks : tuple of str
        What a reader must know of the rows, in French.
    """

    model: Any
    rows: pd.DataFrame
    codes: npt.NDArray[np.intp]
    remarks: tuple[str, ...]

    @property
    def clusters(self) -> int:
        """Number of authorities."""
        return int(self.codes.max()) + 1

    @property
    def names(self) -> list[str]:
        """Terms of the matrix, in its order."""
        return [str(name) for name in self.model.exog_names]


def read_design(factory: Callable[..., Any], formula: str, table: pd.DataFrame, grappe: str, **options: Any) -> Design:
    """Return the model that a formula makes of a table.

    Parameters
    ----------
    factory : callable
        Maker of the model from a formula and rows.
    formula : str
        Outcome and terms, as in R: ``montant ~ C(type) + annee``; ``np`` is known there.
    table : pandas.DataFrame
        The rows.
    grappe : str
        Column of the authority, whose rows are not independent.
    **options : Any
        What the maker takes beside.

    Raises
    ------
    ComparisonError
        When the formula cannot be read, when its terms say the same thing twice, or when authorities are too few.

    Examples
    --------
    >>> from statsmodels.formula.api import ols
    >>> table = pd.DataFrame({"y": [1.0, 2, 4, 3, 5], "x": [0, 1, 2, 3, 4], "siren": list("abcde")})
    >>> told = read_design(ols, "np.log(y) ~ x", table, "siren")
    >>> told.names, told.clusters
    (['Intercept', 'x'], 5)
    """
    rows, left_out = complete_rows(table, [*named_in(formula, table), grappe])
    codes, authorities = pd.factorize(rows[grappe])
    few = remark_clusters(len(authorities))
    model = _make(factory, formula, rows, options)
    if not np.isfinite(np.asarray(model.endog, dtype=float)).all():
        raise _refuse_undefined(formula)
    _require_full(np.asarray(model.exog, dtype=float), len(rows), formula)
    return Design(model, rows, codes, (*left_out, *few))


def summed_scores(scores: Floats, codes: npt.NDArray[np.intp]) -> Floats:
    """Return the sum of the rows of each authority.

    Examples
    --------
    >>> summed_scores(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0, 1, 0])).tolist()
    [[6.0, 8.0], [3.0, 4.0]]
    """
    sums = np.zeros((int(codes.max()) + 1, scores.shape[1]))
    np.add.at(sums, codes, scores)
    return sums


def _make(factory: Callable[..., Any], formula: str, rows: pd.DataFrame, options: dict[str, Any]) -> Any:
    from statsmodels.tools.sm_exceptions import MissingDataError  # noqa: PLC0415 - slow to import

    try:
        with np.errstate(all="ignore"):  # what is undefined is refused below, in words
            return factory(formula, rows, **options)
    except MissingDataError as error:
        raise _refuse_undefined(formula) from error
    except Exception as error:  # the engines of formulas raise their own
        raise ComparisonError(
            f"Formule illisible : « {formula} » ({str(error).partition(chr(10))[0]}). "
            f"Écrivez « résultat ~ terme + terme » avec les colonnes {', '.join(map(str, rows.columns))}."
        ) from error


def _require_full(matrix: Floats, rows: int, formula: str) -> None:
    if len(matrix) != rows or not np.isfinite(matrix).all():
        raise _refuse_undefined(formula)
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise ComparisonError(
            f"Modèle refusé : des termes de « {formula} » disent deux fois la même chose, ou ne varient pas. Retirez-en un."
        )
    if rows <= matrix.shape[1]:
        raise ComparisonError(
            f"Modèle refusé : {rows} lignes pour {matrix.shape[1]} coefficients. Retirez des termes de la formule."
        )


def _refuse_undefined(formula: str) -> ComparisonError:
    return ComparisonError(
        f"Modèle refusé : un terme de « {formula} » n’a pas de valeur pour toutes les lignes (logarithme de zéro ?). "
        "Écartez ces lignes d’abord."
    )
