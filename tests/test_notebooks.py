"""The rules of the house for notebooks: they take parameters, define nothing, keep no output."""

import ast
from pathlib import Path

import jupytext
import nbformat
import pytest

from optima_lib.partners import CHAPTERS
from optima_lib.running.chapters import FIGURE, PROMISED, TABLE, Parameters
from optima_lib.running.pooled import Question

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
LINES_AT_MOST = 10
POOLED = "20_comparaisons_statistiques"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_chapters_are_the_notebooks():
    assert [path.stem for path in NOTEBOOKS] == [*CHAPTERS, POOLED]


def test_no_output_is_kept(notebook):
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))


def test_the_first_code_cell_declares_the_parameters_that_are_validated(path, notebook):
    cells = code_cells(notebook)
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == cells[:1]
    body = ast.parse(tagged[0].source).body
    assert all(isinstance(line, ast.AnnAssign) for line in body)
    expected = Question if path.stem == POOLED else Parameters
    assert {line.target.id for line in body} == set(expected.model_fields)


def test_a_cell_is_short_and_defines_nothing(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= LINES_AT_MOST, cell.source
        defined = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If)
        assert not any(isinstance(node, defined) for node in ast.walk(ast.parse(cell.source))), cell.source


def test_only_the_library_is_imported(notebook):
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] == "optima_lib" for name in names)


def test_no_number_is_typed_into_the_prose(notebook):
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not any(sign.isdigit() for sign in prose)


def test_what_is_shown_is_promised(notebook):
    shown = code_cells(notebook)[2:]
    assert shown
    assert all(PROMISED in cell.metadata.tags for cell in shown)
    known = {PROMISED, FIGURE, TABLE}
    assert all(set(cell.metadata.tags) <= known for cell in shown)


def test_a_notebook_is_paired_with_its_script(path, notebook):
    script = jupytext.read(path.with_suffix(".py"))
    pairs = [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells]
    assert [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in script.cells] == pairs
