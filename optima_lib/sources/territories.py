"""Territory tables: local authorities with their SIREN, population, département and intercommunality."""

from typing import Any

import msgspec
import polars as pl

from optima_lib.sources.layouts import Layout, pick
from optima_lib.sources.rows import Rows

COLUMNS = (
    "siren",
    "code_insee",
    "code",
    "nom",
    "categorie",
    "nature_juridique",
    "population",
    "departement",
    "region",
    "epci_siren",
)


Territories = tuple[pl.DataFrame, pl.DataFrame]


def tidy_territories(rows: Rows, layout: Layout) -> Territories:
    """Bring the rows of a territory table to our columns.

    Parameters
    ----------
    rows : Rows
        Records of a territory table.
    layout : Layout
        Its layout.

    Returns
    -------
    authorities : polars.DataFrame
        One row per record that has a SIREN, as texts, with the ``priorite`` of its file.
    members : polars.DataFrame
        One row per commune and intercommunality: ``siren``, ``epci_siren``.
    """
    table = pick(rows.frame, layout.colonnes)
    constants = [pl.lit(value).alias(name) for name, value in layout.constantes.items()]
    table = table.with_columns(*constants, *_category(layout))
    ours = table.select(
        (pl.col(name) if name in table.columns else pl.lit(None)).cast(pl.String).alias(name) for name in COLUMNS
    )
    known = ours.filter(pl.col("siren").str.contains(r"^\d{9}$")).with_columns(priorite=pl.lit(layout.priorite))
    return known, _members(table)


def _category(layout: Layout) -> list[pl.Expr]:
    if layout.categories is None:
        return []
    column = next(ours for ours, published in layout.colonnes.items() if published == layout.categories.colonne)
    codes = layout.categories.valeurs
    named = pl.col(column).replace_strict(list(codes), list(codes.values()), default=None, return_dtype=pl.String)
    return [named.alias("categorie"), pl.col(column).alias("nature_juridique")]


def _members(table: pl.DataFrame) -> pl.DataFrame:
    pairs: list[tuple[Any, ...]] = []
    if "membres" in table.columns:
        for epci, text in table.select("siren", "membres").drop_nulls().iter_rows():
            pairs += [(member.get("siren"), epci) for member in msgspec.json.decode(text)]
    members = pl.DataFrame(pairs, schema={"siren": pl.String, "epci_siren": pl.String}, orient="row")
    return members.drop_nulls().unique(maintain_order=True)
