"""What a rule finds: who or what it flags, the fences it used, and how many cases it could judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

GROUPS = ("OCID", "Buyer", "ProcuringEntity", "Tenderer")

JUDGED, LACKING, OUTSIDE = "evalues", "donnees_insuffisantes", "sans_objet"
STATES = (JUDGED, LACKING, OUTSIDE)


@dataclass(frozen=True)
class Finding:
    """The result of a rule.

    Attributes
    ----------
    code : str
        Cardinal's code of the flag.
    flagged : mapping of str to polars.DataFrame
        For each of ``GROUPS``, one row per flagged thing: its number ``id`` and ``valeur``.
    meta : mapping
        Quartiles, fences, minimums, numbers of cases by state; None when there was nothing to compute from.
    maps : mapping of str to polars.DataFrame
        For each of Cardinal's maps, one row per process and organisation: ``processus`` and ``id`` (numbers).
    """

    code: str
    flagged: Mapping[str, pl.DataFrame]
    meta: Mapping[str, float | None] = field(default_factory=dict)
    maps: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def values(frame: pl.DataFrame, identifier: str, value: pl.Expr) -> pl.DataFrame:
    """Lay flagged rows out as ``id`` and ``valeur``; nobody is flagged without an identifier."""
    return frame.select(id=identifier, valeur=value.cast(pl.Float64)).drop_nulls("id")


def count_states(state: pl.Series) -> dict[str, int]:
    """Count the cases by state: judged, lacking data, outside of the rule.

    Examples
    --------
    >>> count_states(pl.Series(["evalues", "sans_objet", "evalues"]))
    {'evalues': 2, 'donnees_insuffisantes': 0, 'sans_objet': 1}
    """
    return {name: int((state == name).sum()) for name in STATES}


def state(outside: pl.Expr, lacking: pl.Expr) -> pl.Expr:
    """Tell the state of each case: outside of the rule first, then lacking data, else judged."""
    return (
        pl.when(outside.fill_null(value=False))
        .then(pl.lit(OUTSIDE))
        .when(lacking.fill_null(value=True))
        .then(pl.lit(LACKING))
        .otherwise(pl.lit(JUDGED))
        .alias("etat")
    )


def unjudge(meta: dict[str, float | None], prefix: str = "") -> None:
    """Count the cases as lacking data, when there is no fence to judge them by."""
    judged = meta.get(f"{prefix}{JUDGED}")
    if judged is not None:
        meta[f"{prefix}{LACKING}"] = (meta[f"{prefix}{LACKING}"] or 0) + judged
        meta[f"{prefix}{JUDGED}"] = 0
