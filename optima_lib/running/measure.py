"""``optima measure``: every indicator of every buyer and year, on the engine of one's choice."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from optima_lib.errors import TableError
from optima_lib.indicators import CATALOGUE
from optima_lib.indicators.facts import Conventions
from optima_lib.indicators.measure import measure_each
from optima_lib.paths import processed
from optima_lib.running.facts import ready_facts
from optima_lib.running.writing import write_pieces
from optima_lib.schemas import table_path

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
            tables = measure_each(facts, list(CATALOGUE), costs=costs)
            write_pieces(temporary, "indicateurs", (pl.from_pandas(rows) for _, rows in tables), TOGETHER)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path
