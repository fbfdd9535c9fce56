"""One cleaning of the real files, for all the tests about them."""

import csv
import datetime as dt
import gzip

import polars as pl
import pytest

from optima_lib.running.clean import clean
from optima_lib.schemas import DERIVED, SCHEMAS, read_table
from tests.real_files.facts import H2


@pytest.fixture(scope="session")
def base(shared, tmp_path_factory):
    """The real award files, territory tables and notices, cleaned once: the outcome and the tables."""
    data = tmp_path_factory.mktemp("reel")
    folders = ("decp-2019", "decp-2022", "territories", "notices/boamp-xml", "notices/ted-xml-fr")
    sources = [shared / "data" / name for name in folders]
    cleaning = clean(sources, data, latest=dt.date(2026, 11, 23))
    tables = {name: read_table(data / "processed", name) for name in SCHEMAS if name not in DERIVED}
    columns = pl.selectors.categorical().cast(pl.String)
    return cleaning, {name: table.with_columns(columns) for name, table in tables.items()}, data


@pytest.fixture(scope="session")
def tables(base):
    return base[1]


@pytest.fixture(scope="session")
def h2_rows(shared):
    """The rows of the second-half-2024 file, read without our code."""
    with gzip.open(shared / "data" / "decp-2022" / H2, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def real_data(base):
    """The data folder of the real files."""
    return base[2]
