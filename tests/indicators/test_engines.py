"""The same values on pandas, Polars, DuckDB and Dask."""

import dask.dataframe as dd
import duckdb
import pandas as pd
import polars as pl
import pytest

from optima_lib.indicators import CATALOGUE
from optima_lib.indicators.measure import ceilings, measure
from tests.indicators.cases import read_case

ENGINES = {
    "duckdb": lambda path: duckdb.read_parquet(str(path)),
    "pandas": pd.read_parquet,
    "polars eager": pl.read_parquet,
    "dask": lambda path: dd.read_parquet(path).repartition(npartitions=3),
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """All the cases in one pair of tables, their contracts told apart, as Parquet files."""
    folder = tmp_path_factory.mktemp("tables")
    parts = [[each.with_columns(pl.format(f"{code}-{{}}", "uid").alias("uid")) for each in read_case(code)] for code in CATALOGUE]  # fmt: skip
    paths = []
    for name, pieces in zip(("marches", "titulaires"), zip(*parts, strict=True), strict=True):
        paths.append(folder / f"{name}.parquet")
        pl.concat(pieces).write_parquet(paths[-1])
    return paths


@pytest.fixture(scope="module")
def reference(tables):
    return measure(*(pl.scan_parquet(path) for path in tables))


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_gives_the_same_values_as_lazy_polars(engine, tables, reference):
    measured = measure(*(ENGINES[engine](path) for path in tables))
    pd.testing.assert_frame_equal(reference, measured)


def test_a_study_of_one_buyer_has_the_values_of_the_whole_market(tables, reference):
    marches, titulaires = (pl.read_parquet(path) for path in tables)
    mine = marches.filter(acheteur_siren="210000014")
    alone = measure(mine, titulaires, highest=ceilings(marches))
    whole = reference[reference["acheteur_siren"] == "210000014"].reset_index(drop=True)
    pd.testing.assert_frame_equal(whole, alone)
