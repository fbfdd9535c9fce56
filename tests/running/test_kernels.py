"""Kernels of chapters: warm on Linux, ordinary elsewhere or where there is none to have."""

import sys

import nbformat
import pytest

from optima_lib.running import chapters
from optima_lib.running.nursery import Nursery

PARAMETERS = chapters.Parameters(partenaire="exemple", donnees="data")
TOLD = """
import os, sys
from IPython.display import HTML
HTML(f"{os.getpid()} {os.getcwd()} {'optima_lib.reporting.responsable' in sys.modules} {partenaire}")
"""


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Runs a chapter that says where it runs, and returns what it says."""
    folder = tmp_path / "carnets"
    folder.mkdir()
    v4 = nbformat.v4
    first = v4.new_code_cell("partenaire: str = ''\ndonnees: str = ''", metadata={"tags": ["parameters"]})
    notebook = v4.new_notebook(cells=[first, v4.new_code_cell(TOLD, metadata={"tags": ["promis"]})])
    notebook.metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(notebook, folder / "essai.ipynb")
    monkeypatch.setattr(chapters, "NOTEBOOKS", folder)

    def run(nursery):
        executed = chapters.run_chapter("essai", PARAMETERS, tmp_path, nursery)
        return executed.cells[-1].outputs[0].data["text/html"].split()

    return run


@pytest.mark.skipif(sys.platform != "linux", reason="les noyaux ne naissent par fork que sous Linux")
def test_a_warm_kernel_has_the_library_already_and_works_in_its_own_folder(told, tmp_path):
    with Nursery() as nursery:
        first, folder, warm, partner = told(nursery)
        second = told(nursery)[0]
        assert (folder, warm, partner) == (str(tmp_path), "True", "exemple")
        assert first != second  # nothing passes from one chapter to the next
        assert not (tmp_path.joinpath("/proc", first)).exists()


def test_an_ordinary_kernel_runs_where_there_is_no_warm_one(told, tmp_path):
    command = ["python", "-f", "nowhere.json"]
    with Nursery() as nursery:
        if nursery.process:
            nursery.process.kill()
            nursery.process.wait()
        assert nursery.fork(command, str(tmp_path), {}) is None
        _, _, warm, partner = told(nursery)
        assert (warm, partner) == ("False", "exemple")
    assert nursery.fork(command, str(tmp_path), {}) is None
