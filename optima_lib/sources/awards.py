"""Award records in the tables that every layout comes down to, still as published."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, Self

import polars as pl

from optima_lib.sources.layouts import Layout, pick
from optima_lib.sources.rows import Rows

# The position of a record takes so many bits of ``rang``; above them stands the number of its contract, where one
# record tells several (OCDS), else 0.
RECORD_BITS = 28
TITULAIRES = ("rang", "version", "titulaire_id", "titulaire_type_id", "titulaire_nom")
MODIFICATIONS = (
    "rang",
    "version",
    "modification_id",
    "date_modification",
    "date_publication",
    "montant",
    "duree_mois",
    "objet_modification",
)


OFFRES: dict[str, type[pl.DataType]] = {
    "rang": pl.Int64,
    "offre_id": pl.String,
    "soumissionnaire": pl.String,
    "lot_publie": pl.String,
    "statut": pl.String,
    "montant": pl.Float64,
    "date_depot": pl.String,
    "est_retenue": pl.Boolean,
    "est_hors_delai": pl.Boolean,
}


class Piece(Protocol):
    """Some successive raw records of one file, to be brought to the three tables."""

    @property
    def count(self) -> int:
        """How many records there are, readable or not."""

    def batch(self) -> "Batch":
        """Bring the records to the three tables."""


@dataclass
class Batch:
    """Some successive raw records of one file.

    Attributes
    ----------
    publications : polars.DataFrame
        One row per raw record (and contract, where one record tells several): ``rang``, its position in the file
        (see ``RECORD_BITS``), and its values as published: texts, numbers or booleans.
    titulaires : polars.DataFrame
        One row per record, version (0 for the award, then 1, 2… for its modifications) and supplier.
    modifications : polars.DataFrame
        One row per record and modification that it carries.
    text : callable
        Gives the raw text of the record at a row of ``publications``.
    unreadable : list of (int, str, str)
        Position, reason and text of the records that could not be read.
    offres : polars.DataFrame
        One row per record and bid; award data of the DECP tell none.
    """

    publications: pl.DataFrame
    titulaires: pl.DataFrame
    modifications: pl.DataFrame
    text: Callable[[int], str]
    unreadable: list[tuple[int, str, str]] = field(default_factory=list)
    offres: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OFFRES))

    @property
    def count(self) -> int:
        """How many records there are, readable or not."""
        return len(self.publications) + len(self.unreadable)

    def batch(self) -> Self:
        """Return itself: a piece that is ready."""
        return self


def join(batches: list[Batch]) -> Batch:
    """Make one of successive batches of a file."""
    if len(batches) == 1:
        return batches[0]

    def text(row: int) -> str:
        for batch in batches:
            if row < len(batch.publications):
                return batch.text(row)
            row -= len(batch.publications)
        raise IndexError

    return Batch(
        pl.concat([each.publications for each in batches], how="diagonal_relaxed"),
        pl.concat([each.titulaires for each in batches], how="vertical_relaxed"),
        pl.concat([each.modifications for each in batches], how="vertical_relaxed"),
        text,
        [each for batch in batches for each in batch.unreadable],
        pl.concat([each.offres for each in batches]),
    )


def with_columns(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Give a table exactly these columns, empty where they are missing; ``rang`` and ``version`` are integers."""
    integers = {"rang": pl.Int64, "version": pl.Int32}
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None, pl.String).alias(name)).cast(
            integers.get(name, frame.schema.get(name, pl.String))
        )
        for name in columns
    )


def tidy_flat(rows: Rows, layout: Layout) -> Batch:
    """Bring the rows of a flat layout to the three tables.

    A row of a flat layout is a contract, a supplier of a contract, or a modification of one: which, is told
    later, from all the rows of the contract.
    """
    publications = rows.frame.select("rang").hstack(pick(rows.frame, layout.colonnes))
    publications = publications.with_columns(pl.lit(value).alias(name) for name, value in layout.constantes.items())
    places = [_supplier(rows.frame, place, version=0) for place in layout.titulaires]
    modifications = _modification(rows.frame, layout, publications)
    if "titulaire_id" in layout.modification:
        columns = ("titulaire_id", "titulaire_type_id")
        places.append(_supplier(rows.frame, {name: layout.modification[name] for name in columns}, version=1))
    empty = with_columns(pl.DataFrame(schema={"rang": pl.Int64}), TITULAIRES)
    return Batch(publications, pl.concat([empty, *places]), modifications, rows.text, rows.unreadable)


def _supplier(frame: pl.DataFrame, place: dict[str, str], *, version: int) -> pl.DataFrame:
    columns = frame.select("rang", version=pl.lit(version)).hstack(pick(frame, place))
    return with_columns(columns, TITULAIRES).filter(
        pl.any_horizontal(pl.col("titulaire_id", "titulaire_nom").is_not_null())
    )


def _modification(frame: pl.DataFrame, layout: Layout, publications: pl.DataFrame) -> pl.DataFrame:
    values = pick(frame, layout.modification)
    table = with_columns(frame.select("rang", version=pl.lit(1)).hstack(values), MODIFICATIONS)
    if not layout.modification or not values.width:
        return table.clear()
    if "modification_id" in layout.modification:
        return table
    return table.filter(publications["montant"].ne_missing(table["montant"]))
