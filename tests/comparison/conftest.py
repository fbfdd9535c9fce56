"""The published values of statistics, read where they are."""

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
