"""What several folders of tests need."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

PROJECT = Path(__file__).parents[1]

# The same examples each time and on each machine, however slow it is.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def shared():
    """The folder of real files that stands beside the project; the test is skipped where it is absent."""
    folder = Path(os.environ.get("OPTIMA_SHARED") or PROJECT.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(f"le dossier shared/ est absent : {folder} ; OPTIMA_SHARED en indique un autre")
    return folder


@pytest.fixture
def peer_cases(shared):
    """Reads the worked cases of decp-processing: given values and expected ones."""

    def read(name):
        return json.loads((shared / "fixtures" / "peers" / "decp-processing" / name).read_text(encoding="utf-8"))

    return read
