"""The processed tables that facts are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from optima_lib.schemas import SCHEMAS

NEEDED = ("marches", "titulaires", "modifications", "acheteurs")


@dataclass(frozen=True)
class Base:
    """The processed tables, lazily; one that is not there is empty."""

    tables: Mapping[str, pl.LazyFrame]

    def __getitem__(self, name: str) -> pl.LazyFrame:
        """Return a table by its name."""
        return self.tables[name] if name in self.tables else _empty(name)


def base_of(**tables: Any) -> Base:
    """Return the base of some tables of pandas or Polars: a table left out is empty, a column left out is missing.

    Examples
    --------
    >>> import polars as pl
    >>> base_of(marches=pl.DataFrame({"uid": ["a"]}))["titulaires"].collect().height
    0
    """
    return Base({name: _complete(_lazy(table), name) for name, table in tables.items()})


def _lazy(table: Any) -> pl.LazyFrame:
    if isinstance(table, pl.LazyFrame):
        return table
    return (table if isinstance(table, pl.DataFrame) else pl.from_pandas(table)).lazy()


def _complete(table: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """Add the columns of its schema that a table leaves out, missing."""
    known = table.collect_schema().names()
    types = _empty(name).collect_schema()
    return table.with_columns(pl.lit(None, dtype).alias(each) for each, dtype in types.items() if each not in known)


def _empty(name: str) -> pl.LazyFrame:
    columns = SCHEMAS[name].to_schema().columns
    return pl.LazyFrame(schema={column: each.dtype.type for column, each in columns.items()})
