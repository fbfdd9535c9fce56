"""``optima measure``: every indicator of every buyer and year, on the engine of one's choice."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from optima_lib.errors import TableError
from optima_lib.indicators.measure import measure as measure_tables
from optima_lib.paths import processed
from optima_lib.schemas import check, table_path


def _duckdb(path: Path) -> Any:
    import duckdb  # noqa: PLC0415 - only the engine asked for is imported

    return duckdb.read_parquet(str(path))


def _dask(path: Path) -> Any:
    try:
        import dask.dataframe  # noqa: PLC0415
    except ImportError:
        cure = "Installez l'extra : pip install 'optima-lib[dask]'."
        raise TableError(f"Le moteur dask n'est pas installé. {cure}") from None
    # narwhals announces a package that is not released: nothing that a user can do
    warnings.filterwarnings("ignore", message="Dask support is moving", category=FutureWarning)
    return dask.dataframe.read_parquet(path)


ENGINES: dict[str, Callable[[Path], Any]] = {
    "duckdb": _duckdb,
    "polars": pl.scan_parquet,
    "pandas": pd.read_parquet,
    "dask": _dask,
}


def measure(data: Path, engine: str = "duckdb") -> pd.DataFrame:
    """Measure the processed tables of a data folder and write the table *indicateurs* beside them.

    Parameters
    ----------
    data : Path
        Data folder.
    engine : str
        ``duckdb``, ``polars``, ``pandas`` or ``dask``: the values are the same.

    Returns
    -------
    pandas.DataFrame
        The table *indicateurs*.

    Raises
    ------
    TableError
        When a processed table is missing or the engine is not installed.
    """
    folder = processed(data)
    tables = []
    for name in ("marches", "titulaires"):
        path = table_path(folder, name)
        if not path.is_file():
            raise TableError(f"{path} manque. Lancez d'abord « optima clean » sur les fichiers à lire.")
        tables.append(ENGINES[engine](path))
    indicateurs = measure_tables(*tables)
    checked = check("indicateurs", pl.from_pandas(indicateurs).with_columns(pl.col("annee").cast(pl.Int32)))
    path = table_path(folder, "indicateurs")
    temporary = path.with_suffix(".tmp")
    checked.write_parquet(temporary)
    temporary.replace(path)
    return indicateurs
