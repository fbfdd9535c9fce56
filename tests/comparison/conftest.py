"""The published values of statistics, read where they are."""

import csv
import json

import pytest


@pytest.fixture(scope="session")
def fixtures(shared):
    """Return the folder of the published data."""
    return shared / "fixtures" / "statistics"


@pytest.fixture(scope="session")
def expected(fixtures):
    """Return the values computed with R."""
    return json.loads((fixtures / "expected_computed.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def published(fixtures):
    """Return the printed values."""
    return json.loads((fixtures / "expected_published.json").read_text(encoding="utf-8"))


@pytest.fixture
def columns(shared):
    """Reads a file of groups: its columns as lists of texts."""

    def read(name):
        path = shared / "fixtures" / "statistics" / "groups" / name
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {column: [row[column] for row in rows] for column in rows[0]}

    return read


@pytest.fixture
def chorion(columns):
    """Permeability of the chorion at term (x) and at 12 to 26 weeks (y): Hollander and Wolfe (1973), p. 69."""
    told = columns("chorion_hollander_wolfe.csv")
    pairs = list(zip(told["group"], map(float, told["value"]), strict=True))
    return [value for group, value in pairs if group == "x"], [value for group, value in pairs if group == "y"]


@pytest.fixture
def depression(columns):
    """Hamilton scale of nine patients at a first and a second visit: Hollander and Wolfe (1973), p. 29."""
    told = columns("depression_hollander_wolfe.csv")
    return [float(each) for each in told["first"]], [float(each) for each in told["second"]]


@pytest.fixture
def sleep(columns):
    """Extra hours of sleep under two drugs: Student (1908)."""
    told = columns("sleep_student1908.csv")
    pairs = list(zip(told["group"], map(float, told["extra"]), strict=True))
    return [value for group, value in pairs if group == "1"], [value for group, value in pairs if group == "2"]


@pytest.fixture
def aircondit(columns):
    """Hours between failures of an air-conditioning unit: Davison and Hinkley (1997), example 1.1."""
    return [float(each) for each in columns("aircondit_boot.csv")["hours"]]
