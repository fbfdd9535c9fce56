"""What a comparison of many authorities asks of a table: its columns, complete rows, values that differ."""

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from optima_lib.errors import ComparisonError, suggest

Floats = npt.NDArray[np.float64]

NOISE = 1e-15  # of the largest value: what rounding makes of equal numbers


def complete_rows(table: pd.DataFrame, columns: Iterable[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows where none of some columns is missing, and what a reader must know of the others.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows.
    columns : iterable of str
        Columns that the method reads.

    Returns
    -------
    tuple of pandas.DataFrame and tuple of str
        The complete rows, numbered again from 0, and a French sentence where rows were left out.

    Raises
    ------
    ComparisonError
        When a column is not in the table, when no row is complete, or when a number is infinite.

    Notes
    -----
    Rows with a missing value say nothing of those where it is known: a result rests on complete rows only, and is
    that of all the rows when values are missing by chance (Little and Rubin, 2019, §3.2).

    Examples
    --------
    >>> import pandas as pd
    >>> kept, said = complete_rows(pd.DataFrame({"y": [1.0, None], "g": ["a", "b"]}), ["y", "g"])
    >>> len(kept), said
    (1, ('1 ligne sur 2 est laissée de côté : il y manque une valeur.',))
    """
    used = list(dict.fromkeys(columns))
    absent = [name for name in used if name not in table.columns]
    if absent:
        hint = suggest(absent[0], [str(name) for name in table.columns])
        raise ComparisonError(f"Comparaison refusée : la colonne « {absent[0]} » n’est pas dans le tableau. {hint}")
    kept = table.loc[table[used].notna().all(axis=1), used].reset_index(drop=True)
    if kept.empty:
        raise ComparisonError(
            f"Comparaison refusée : aucune ligne n’est complète dans les colonnes {', '.join(used)}. "
            "Retirez la colonne la moins remplie, ou complétez-la."
        )
    _refuse_infinite(kept)
    return kept, _say_left_out(len(table) - len(kept), len(table))


def read_numbers(rows: pd.DataFrame, name: str) -> Floats:
    """Return the numbers of a column.

    Raises
    ------
    ComparisonError
        When the column holds anything else.
    """
    if not pd.api.types.is_numeric_dtype(rows[name]):
        raise ComparisonError(
            f"Comparaison refusée : la colonne « {name} » ne contient pas que des nombres. Donnez une colonne de nombres."
        )
    return rows[name].to_numpy(dtype=float)


def named_in(formula: str, table: pd.DataFrame) -> list[str]:
    """Return the columns of a table that a formula names, in the order of the table.

    Examples
    --------
    >>> import pandas as pd
    >>> named_in("montant ~ C(strate) + annee", pd.DataFrame(columns=["an", "annee", "montant", "strate"]))
    ['annee', 'montant', 'strate']
    """
    return [str(name) for name in table.columns if re.search(rf"(?<!\w){re.escape(str(name))}(?!\w)", formula)]


def differ(values: npt.ArrayLike) -> bool:
    """Tell whether numbers differ by more than rounding.

    Examples
    --------
    >>> differ([0.3, 0.1 + 0.2]), differ([0.3, 0.31])
    (False, True)
    """
    numbers = np.asarray(values, dtype=float)
    return bool(np.ptp(numbers) > NOISE * np.max(np.abs(numbers)))


def require_variation(values: npt.ArrayLike) -> None:
    """Refuse numbers that are all the same.

    Raises
    ------
    ComparisonError
        When they do not differ.
    """
    if not differ(values):
        raise ComparisonError("Comparaison refusée : toutes les valeurs sont égales. Donnez-les telles quelles.")


def _refuse_infinite(kept: pd.DataFrame) -> None:
    numbers = kept.select_dtypes("number").astype(float)
    wrong = [str(name) for name in numbers.columns if not np.isfinite(numbers[name]).all()]
    if wrong:
        raise ComparisonError(
            f"Comparaison refusée : la colonne « {wrong[0]} » contient un nombre infini. Corrigez ou retirez ces lignes."
        )


def _say_left_out(left: int, total: int) -> tuple[str, ...]:
    if not left:
        return ()
    said = "1 ligne" if left == 1 else f"{left} lignes"
    verb = "est laissée" if left == 1 else "sont laissées"
    return (f"{said} sur {total} {verb} de côté : il y manque une valeur.",)
