"""``optima measure``: every indicator of every buyer and year, on the engine of one's choice."""

import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Self

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from optima_lib.errors import TableError
from optima_lib.indicators import CATALOGUE
from optima_lib.indicators.facts import Conventions
from optima_lib.indicators.measure import measure_each
from optima_lib.paths import processed
from optima_lib.running.facts import ready_facts
from optima_lib.schemas import check, table_path

ENGINES = ("duckdb", "polars", "pandas", "dask")
DASK_WORKERS = 2
TOGETHER = 8  # indicators checked and written at once


@contextmanager
def opened(paths: dict[str, Path], engine: str) -> Iterator[dict[str, Any]]:
    """Open Parquet files in an engine; that of Dask is two worker processes.

    Raises
    ------
    TableError
        When the engine is not installed.
    """
    if engine == "dask":
        with _cluster():
            import dask.dataframe  # noqa: PLC0415 - only the engine asked for is imported

            yield {
                name: dask.dataframe.read_parquet(path, split_row_groups=True, dtype_backend="pyarrow")
                for name, path in paths.items()
            }
    elif engine == "duckdb":
        import duckdb  # noqa: PLC0415

        with duckdb.connect() as base:
            yield {name: base.read_parquet(str(path)) for name, path in paths.items()}
    else:
        read: Any = pl.scan_parquet if engine == "polars" else pd.read_parquet
        yield {name: read(path) for name, path in paths.items()}


@contextmanager
def _cluster() -> Iterator[None]:
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError:
        cure = "Installez l'extra : pip install 'optima-lib[dask]'."
        raise TableError(f"Le moteur dask n'est pas installé. {cure}") from None
    # narwhals announces a package that is not released: nothing that a user can do
    warnings.filterwarnings("ignore", message="Dask support is moving", category=FutureWarning)
    cluster: Any = LocalCluster  # no annotations there
    client: Any = Client
    with cluster(n_workers=DASK_WORKERS, threads_per_worker=1, dashboard_address=None) as workers, client(workers):
        yield


def measure(
    data: Path, engine: str = "duckdb", conventions: Conventions | None = None, costs: dict[str, float] | None = None
) -> Path:
    """Measure the processed tables of a data folder and write the table *indicateurs* beside them.

    Parameters
    ----------
    data : Path
        Data folder.
    engine : str
        ``duckdb``, ``polars``, ``pandas`` or ``dask``: the values are the same.
    conventions : Conventions, optional
        How suppliers share a contract.
    costs : dict, optional
        Receives the seconds that each indicator took.

    Returns
    -------
    Path
        The table *indicateurs*; its rows are written one indicator after the other, never held together.

    Raises
    ------
    TableError
        When a processed table is missing or the engine is not installed.
    """
    folder = processed(data)
    path = table_path(folder, "indicateurs")
    temporary = path.with_suffix(".tmp")
    with opened(ready_facts(folder, conventions), engine) as facts:
        try:
            _write(temporary, (rows for _, rows in measure_each(facts, list(CATALOGUE), costs=costs)))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path


def _write(path: Path, tables: Iterable[pd.DataFrame]) -> None:
    """Write tables one after the other; some are written while the next are made."""
    with _Writer(path) as writer, ThreadPoolExecutor(max_workers=1) as pool:
        writing: Future[None] | None = None
        for several in batched(tables, TOGETHER):
            if writing is not None:
                writing.result()
            writing = pool.submit(writer.write, several)
        if writing is not None:
            writing.result()


def batched(tables: Iterable[pd.DataFrame], number: int) -> Iterator[list[pd.DataFrame]]:
    """Yield the tables by some at a time."""
    left = iter(tables)
    while several := list(islice(left, number)):
        yield several


class _Writer:
    """A Parquet file of the table *indicateurs*, opened with its first rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()

    def write(self, several: Iterable[pd.DataFrame]) -> None:
        """Check the rows of some tables and write them."""
        rows = pl.concat([pl.from_pandas(table) for table in several])
        table = check("indicateurs", rows).to_arrow(compat_level=pl.CompatLevel.oldest())
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
