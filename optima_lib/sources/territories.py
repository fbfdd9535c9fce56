"""Territory tables: local authorities with their SIREN, population, département and intercommunality."""

from typing import Any

import msgspec
import polars as pl

from optima_lib.sources.layouts import Layout
from optima_lib.sources.portions import Portion, complete, set_aside, take
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


def tidy_territories(rows: Rows, layout: Layout) -> Portion:
    """Bring the rows of a territory table to our columns.

    Parameters
    ----------
    rows : Rows
        Records of a territory table.
    layout : Layout
        Its layout.

    Returns
    -------
    Portion
        ``territoires``, one row per record that has a SIREN, as texts, with the ``priorite`` of its file, and
        ``membres``, one row per commune and intercommunality: ``siren``, ``epci_siren``. A record without a
        SIREN is set aside.
    """
    table = take(rows, layout).with_columns(_category(layout))
    ours = complete(table, COLUMNS).with_columns(priorite=pl.lit(layout.priorite))
    formed = ours["siren"].str.contains(r"^\d{9}$").fill_null(value=False)
    return Portion(
        count=len(rows.frame) + len(rows.unreadable),
        parts={"territoires": ours.filter(formed), "membres": _members(table)},
        aside=set_aside(rows, ~formed, "collectivité sans SIREN"),
    )


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
