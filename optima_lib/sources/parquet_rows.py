"""Records of a Parquet file, every value as text."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from optima_lib.errors import RawFileError
from optima_lib.sources.layouts import columns_to_read
from optima_lib.sources.rows import Rows, RowStream, json_text

BATCH = 50_000
T = TypeVar("T")


def read_parquet(stream: BinaryIO, label: str) -> RowStream:
    """Read the records of a Parquet file; one inside an archive is first copied to a temporary file."""
    yield from _open(stream, label, _rows)


def parquet_names(stream: BinaryIO, label: str) -> list[str]:
    """Return the column names of a Parquet file."""
    return [name for names in _open(stream, label, lambda file: iter([file.schema_arrow.names])) for name in names]


def _open(stream: BinaryIO, label: str, read: Callable[[pq.ParquetFile], Iterator[T]]) -> Iterator[T]:
    """Read a Parquet file, copied to a temporary file when it cannot be read out of order."""
    with tempfile.TemporaryFile() as copy:
        if not stream.seekable() or not hasattr(stream, "fileno"):
            shutil.copyfileobj(stream, copy)
            stream = copy
        try:
            yield from read(pq.ParquetFile(stream))
        except (pa.ArrowInvalid, OSError) as error:
            raise RawFileError(label, f"Parquet illisible ({error})", "Téléchargez-le de nouveau.") from None


def _rows(file: pq.ParquetFile) -> RowStream:
    rang = 0
    names = file.schema_arrow.names
    columns = columns_to_read(names) if columns_to_read(names) != names else None
    for batch in file.iter_batches(batch_size=BATCH, columns=columns):
        frame = pl.DataFrame(pl.from_arrow(batch)).select(_as_text())
        yield Rows(frame.with_columns(rang=pl.int_range(rang, rang + len(frame), dtype=pl.Int64)), json_text(frame))
        rang += len(frame)


def _as_text() -> list[pl.Expr]:
    lists, others = pl.selectors.list(), ~pl.selectors.list()
    return [others.cast(pl.String), lists.cast(pl.List(pl.String)).list.join(", ")]
