"""The same values on pandas, Polars, DuckDB and Dask, and for other groups than buyers and years."""

from collections import defaultdict

import dask.dataframe as dd
import duckdb
import pandas as pd
import polars as pl
import pytest

from optima_lib.indicators.catalogue import computable
from optima_lib.indicators.facts import FACTS, base_of, build_facts
from optima_lib.indicators.measure import measure
from tests.indicators.cases import base_of_case

SHARED = {"acheteurs": "acheteur_siren", "entreprises": "siren", "etablissements": "siret"}
ENGINES = {
    "duckdb": lambda path: duckdb.read_parquet(str(path)),
    "pandas": pd.read_parquet,
    "polars eager": pl.read_parquet,
    "dask": lambda path: dd.read_parquet(path, dtype_backend="pyarrow").repartition(npartitions=3),
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The facts of all the cases in one base, their contracts told apart, as Parquet files."""
    folder = tmp_path_factory.mktemp("tables")
    pieces = defaultdict(list)
    for code in computable():
        for name, table in base_of_case(code).items():
            pieces[name].append(_told_apart(table, code))
    base = {name: _joined(name, each) for name, each in pieces.items()}
    facts = build_facts(base_of(**base))
    for name in FACTS:
        facts[name].collect().write_parquet(folder / f"{name}.parquet")
    return {name: folder / f"{name}.parquet" for name in FACTS}


def _told_apart(table, code):
    return table.with_columns(pl.format(f"{code}-{{}}", "uid").alias("uid")) if "uid" in table else table


def _joined(name, pieces):
    table = pl.concat(pieces)
    return table.unique(subset=SHARED[name], keep="first", maintain_order=True) if name in SHARED else table


@pytest.fixture(scope="module")
def reference(tables):
    return measure({name: pl.scan_parquet(path) for name, path in tables.items()})


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_gives_the_same_values_as_lazy_polars(engine, tables, reference):
    measured = measure({name: ENGINES[engine](path) for name, path in tables.items()})
    pd.testing.assert_frame_equal(reference, measured, check_exact=True)


def test_a_study_of_one_buyer_has_the_values_of_the_whole_market(tables, reference):
    mine = {name: pl.read_parquet(path).filter(acheteur_siren="210000014") for name, path in tables.items()}
    whole = reference[reference["acheteur_siren"] == "210000014"].reset_index(drop=True)
    pd.testing.assert_frame_equal(whole, measure(mine))


@pytest.mark.parametrize("code", ["S01", "S02"])
def test_the_parts_make_the_whole_whatever_tells_them_apart(code, tables):
    facts = {name: pl.read_parquet(path) for name, path in tables.items()}
    whole = measure(facts, [code], by=())["valeur"].item()
    for by in (["division"], ["type_achat"], ["acheteur_siren", "division"]):
        assert measure(facts, [code], by=by)["valeur"].sum() == pytest.approx(whole)
