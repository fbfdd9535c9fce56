"""The reference tables: thresholds, bounds, labels, each row with its source."""

import csv
import datetime as dt
from functools import cache

from optima_lib.errors import TableError
from optima_lib.paths import REFERENCES


@cache
def reference(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a reference table, every value as text.

    Parameters
    ----------
    name : str
        Name of the table, without ``.csv``.

    Raises
    ------
    TableError
        When there is no such table.
    """
    path = REFERENCES / f"{name}.csv"
    if not path.is_file():
        raise TableError(f"references/{name}.csv manque. Récupérez-le depuis le dépôt du projet.")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def bound(name: str) -> float:
    """Return a numeric bound of ``references/bornes.csv``.

    Examples
    --------
    >>> bound("effectif_minimal")
    10.0
    """
    return float(_bound_text(name))


@cache
def date_bound(name: str) -> dt.date:
    """Return a date bound of ``references/bornes.csv``."""
    return dt.date.fromisoformat(_bound_text(name))


def _bound_text(name: str) -> str:
    rows = {row["borne"]: row["valeur"] for row in reference("bornes")}
    if name not in rows:
        raise TableError(f"references/bornes.csv n'a pas de ligne « {name} ». Ajoutez-la avec sa date et sa source.")
    return rows[name]
