"""A large table written piece by piece, each checked, never held whole."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Self, TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from optima_lib.schemas import check

T = TypeVar("T")


def write_pieces(path: Path, name: str, pieces: Iterable[pl.DataFrame], together: int) -> None:
    """Write the pieces of a table one after the other; some are written while the next are made.

    Parameters
    ----------
    path : Path
        Its file.
    name : str
        The schema that they keep.
    pieces : iterable of polars.DataFrame
        Its rows.
    together : int
        Pieces checked and written at once.
    """
    with _Writer(path, name) as writer, ThreadPoolExecutor(max_workers=1) as pool:
        writing: Future[None] | None = None
        for several in batched(pieces, together):
            if writing is not None:
                writing.result()
            writing = pool.submit(writer.write, several)
        if writing is not None:
            writing.result()


def batched(things: Iterable[T], number: int) -> Iterator[list[T]]:
    """Yield things by some at a time."""
    left = iter(things)
    while several := list(islice(left, number)):
        yield several


class _Writer:
    """A Parquet file of a table, opened with its first rows."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.file: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()

    def write(self, several: list[pl.DataFrame]) -> None:
        """Check the rows of some pieces and write them."""
        table = check(self.name, pl.concat(several)).to_arrow(compat_level=pl.CompatLevel.oldest())
        if self.file is None:
            labels = [each.name for each in table.schema if not pa.types.is_floating(each.type)]
            self.file = pq.ParquetWriter(
                self.path,
                table.schema,
                compression="zstd",
                use_dictionary=labels,
                write_statistics=labels,
                store_schema=False,
            )
        self.file.write_table(table)
