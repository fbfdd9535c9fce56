"""The processed tables on disk, replaced all at once."""

import shutil
import tempfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from optima_lib.schemas import check, table_path


class Tables:
    """The new tables, written beside the old ones and put in their place all at once."""

    def __init__(self, processed: Path) -> None:
        self.processed = processed
        self.folder = Path(tempfile.mkdtemp(prefix=".tables-", dir=processed))
        self.writers: dict[str, pq.ParquetWriter] = {}

    def add(self, name: str, table: pl.DataFrame) -> None:
        """Check rows against the schema of their table and add them."""
        arrow = check(name, table).to_arrow(compat_level=pl.CompatLevel.oldest())
        if name not in self.writers:
            self.writers[name] = _writer(table_path(self.folder, name), arrow.schema)
        self.writers[name].write_table(arrow)

    def scan(self, name: str) -> pl.LazyFrame:
        """Give the rows of a new table, to which none can be added any more."""
        self.writers[name].close()
        return pl.scan_parquet(table_path(self.folder, name))

    def publish(self) -> None:
        """Put the new tables in the place of the old ones."""
        for writer in self.writers.values():
            writer.close()
        for name in self.writers:
            table_path(self.folder, name).replace(table_path(self.processed, name))
        self.folder.rmdir()

    def discard(self) -> None:
        """Remove the new tables."""
        for writer in self.writers.values():
            writer.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    # a dictionary of the other columns, nearly all different, costs as much as the rest and saves nothing
    labels = [each.name for each in schema if pa.types.is_dictionary(each.type)]
    # without Arrow's schema a column of labels is read back as texts, whatever reads it
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, use_dictionary=labels, store_schema=False
    )
