"""What a file that is not of awards gives: rows for the tables, and rows left out, each with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from optima_lib.sources.layouts import Layout, pick
from optima_lib.sources.rows import Rows, Unreadable


@dataclass
class Portion:
    """Some successive records of a file that is not of awards.

    Attributes
    ----------
    count : int
        How many records there are, readable or not.
    parts : dict of polars.DataFrame
        Rows that they make, by part of the store; those of the part that bears the name of the kind of data
        have the position of their record, ``rang``.
    aside : list of (int, str, str)
        Position, reason and text of the records that cannot be used.
    outside : int
        How many records are of firms that no award names.
    """

    count: int
    parts: dict[str, pl.DataFrame]
    aside: list[Unreadable] = field(default_factory=list)
    outside: int = 0


def take(rows: Rows, layout: Layout) -> pl.DataFrame:
    """Select the columns of a layout under our names, constants included, with the position of each record."""
    constants = [pl.lit(value).alias(name) for name, value in layout.constantes.items()]
    return rows.frame.select("rang").hstack(pick(rows.frame, layout.colonnes)).with_columns(constants)


def complete(table: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Give a table exactly these columns after ``rang``, as stripped texts, empty where they are missing."""
    return table.select(
        "rang",
        *(
            (pl.col(name) if name in table.columns else pl.lit(None)).cast(pl.String).str.strip_chars().alias(name)
            for name in columns
        ),
    )


def set_aside(rows: Rows, wrong: pl.Series, reason: str, text: Callable[[int], str] | None = None) -> list[Unreadable]:
    """List the records that cannot be used: those that could not be read, then those told by a mask.

    Parameters
    ----------
    rows : Rows
        Records.
    wrong : polars.Series
        Which rows cannot be used.
    reason : str
        Why.
    text : callable, optional
        Gives the text of a row that is kept; the raw text by default.
    """
    ranks = rows.frame["rang"]
    told = text or rows.text
    return [*rows.unreadable, *((ranks[row], reason, told(row)) for row in wrong.arg_true().to_list())]
