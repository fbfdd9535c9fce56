"""What several folders of tests need."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared():
    """The folder of real files that stands beside the project; the test is skipped where it is absent."""
    folder = Path(os.environ.get("OPTIMA_SHARED") or PROJECT.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(f"le dossier shared/ est absent : {folder} ; OPTIMA_SHARED en indique un autre")
    return folder
