"""What every container gives, whatever its format: successive raw records of a file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
import polars as pl

T = TypeVar("T")
Unreadable = tuple[int, str, str]


@dataclass
class Rows:
    """Some successive rows of a flat file.

    Attributes
    ----------
    frame : polars.DataFrame
        One row per readable record; every column is text, as published, nested values as JSON. The column
        ``rang`` is the position of the record in its file, from 0.
    text : callable
        Gives the raw text of the record at a row of ``frame``.
    unreadable : list of (int, str, str)
        Position, reason and text of the records that could not be read.
    """

    frame: pl.DataFrame
    text: Callable[[int], str]
    unreadable: list[Unreadable] = field(default_factory=list)


@dataclass
class Records(Generic[T]):
    """Some successive records of a nested file.

    Attributes
    ----------
    values : list
        The readable records.
    ranks : list of int
        The position of each in its file, from 0.
    text : callable
        Gives the raw text of the record at an index of ``values``.
    unreadable : list of (int, str, str)
        Position, reason and text of the records that could not be read.
    """

    values: list[T]
    ranks: list[int]
    text: Callable[[int], str]
    unreadable: list[Unreadable] = field(default_factory=list)


RowStream = Iterator[Rows]


def tabulate(records: Records[dict[str, Any]]) -> Rows:
    """Turn records of any keys into a table of texts."""
    keys = dict.fromkeys(key for value in records.values for key in value)
    columns = {key: pl.Series([as_text(value.get(key)) for value in records.values], dtype=pl.String) for key in keys}
    frame = pl.DataFrame(columns).drop("rang", strict=False)
    frame = frame if frame.width else pl.DataFrame(height=len(records.values))
    return Rows(frame.with_columns(rang=pl.Series(records.ranks, dtype=pl.Int64)), records.text, records.unreadable)


def as_text(value: Any) -> str | None:
    """Write a JSON value as the text that a flat file would hold."""
    if type(value) is int:  # nearly always; a truth value is one too, for isinstance
        return str(value)
    return value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()


def json_text(frame: pl.DataFrame) -> Callable[[int], str]:
    """Return the function that writes a row of a flat table as a JSON object, empty values left out."""

    def text(row: int) -> str:
        values = {name: value for name, value in frame.row(row, named=True).items() if value is not None}
        return json.dumps(values, ensure_ascii=False)

    return text


def gather(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Rename columns, merging those that come to bear one name (``nom`` and ``nom`` with a stray space).

    Parameters
    ----------
    frame : polars.DataFrame
        A table of texts.
    names : dict
        New name of each column; the columns that are not in it are left out.
    """
    columns: dict[str, list[str]] = {}
    for old, new in names.items():
        if old in frame.columns:
            columns.setdefault(new, []).append(old)
    return frame.select(pl.coalesce(old).alias(new) for new, old in columns.items())
