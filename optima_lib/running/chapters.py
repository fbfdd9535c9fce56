"""Run one chapter: parameters validated, every cell run, everything promised on the page."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import nbformat
from pydantic import BaseModel, ConfigDict

from optima_lib.errors import NotebookError
from optima_lib.paths import NOTEBOOKS

if TYPE_CHECKING:
    from optima_lib.running.nursery import Nursery

PROMISED, FIGURE, TABLE = "promis", "figure", "tableau"
SECONDS_A_CELL = 600


class Parameters(BaseModel):
    """What every chapter takes; a notebook with another parameter does not run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partenaire: str
    donnees: str


def run_chapter(
    name: str, parameters: Parameters, folder: Path, nursery: "Nursery | None" = None
) -> nbformat.NotebookNode:
    """Run a notebook with papermill in a temporary folder and return it executed, on a warm kernel if there is one.

    Raises
    ------
    NotebookError
        When a cell failed, did not run, or lacks what its tags promise; the message says which and why.
    """
    import papermill  # noqa: PLC0415 - slow to import
    from jupyter_core.utils import ensure_event_loop  # noqa: PLC0415

    from optima_lib.running.kernels import manager_in  # noqa: PLC0415 - slow to import

    source = NOTEBOOKS / f"{name}.ipynb"
    if not source.is_file():
        raise NotebookError(f"Le chapitre « {name} » n'a pas de carnet dans notebooks/.")
    _check_parameters(name, nbformat.read(source, as_version=4))
    output = folder / f"{name}.ipynb"
    try:
        papermill.execute_notebook(
            source,
            output,
            parameters=parameters.model_dump(mode="json"),
            kernel_name="python3",
            progress_bar=False,
            execution_timeout=SECONDS_A_CELL,
            kernel_manager_class=manager_in(folder, nursery),
        )
    except papermill.PapermillExecutionError as error:
        raise NotebookError(_told(name, nbformat.read(output, as_version=4), error)) from None
    except Exception as error:
        raise NotebookError(f"Le chapitre « {name} » n'a pas pu tourner : {error}") from error
    finally:
        ensure_event_loop().close()  # nbclient leaves its own open
    executed = nbformat.read(output, as_version=4)
    _check_outputs(name, executed)
    return cast("nbformat.NotebookNode", executed)


def _check_parameters(name: str, notebook: nbformat.NotebookNode) -> None:
    """Refuse a notebook whose parameters are not those that are validated: papermill would only warn."""
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    told = {line.split(":")[0].strip() for cell in cells for line in cell.source.splitlines() if ":" in line}
    expected = set(Parameters.model_fields)
    if len(cells) != 1 or told != expected:
        raise NotebookError(
            f"Le carnet « {name} » doit avoir une cellule étiquetée « parameters » qui déclare exactement "
            f"{', '.join(sorted(expected))} (trouvé : {', '.join(sorted(told)) or 'rien'}). Corrigez-la."
        )


def _told(name: str, notebook: nbformat.NotebookNode, error: Any) -> str:
    """Say which cell failed and why: its place, the section it is in, its first line."""
    failed = [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and any(output.output_type == "error" for output in cell.outputs)
    ]
    index = failed[-1] if failed else len(notebook.cells) - 1
    place = _place(notebook, index)
    return f"Le chapitre « {name} » a échoué à {place} : {error.ename} : {error.evalue}. Rien n'a été remplacé."


def _place(notebook: nbformat.NotebookNode, index: int) -> str:
    """Name a cell as its author finds it; the banners that papermill adds do not count."""
    mine = [cell for cell in notebook.cells[: index + 1] if not _is_added(cell)]
    headings = [
        line.lstrip("# ") for cell in mine if cell.cell_type == "markdown" for line in cell.source.splitlines()
        if line.startswith("#")
    ]  # fmt: skip
    code = sum(cell.cell_type == "code" for cell in mine)
    first = next(iter(notebook.cells[index].source.splitlines()), "")
    return f"la cellule de code n° {code} (section « {headings[-1] if headings else name_of(notebook)} », « {first} »)"


def name_of(notebook: nbformat.NotebookNode) -> str:
    """Return what stands for a heading where there is none."""
    return str(notebook.metadata.get("title", "début"))


def _is_added(cell: nbformat.NotebookNode) -> bool:
    tags = set(cell.metadata.get("tags", []))
    return bool(tags & {"injected-parameters", "papermill-error-cell-tag"})


def _check_outputs(name: str, notebook: nbformat.NotebookNode) -> None:
    """Make sure that every cell ran and shows what its tags promise."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        if cell.source.strip() and cell.execution_count is None:
            raise NotebookError(f"Le chapitre « {name} » s'est arrêté avant {_place(notebook, index)}.")
        tags = set(cell.metadata.get("tags", []))
        shown = "".join(str(output.get("data", {}).get("text/html", "")) for output in cell.outputs)
        lacks = (
            (PROMISED in tags and not shown)
            or (FIGURE in tags and not ("<img" in shown and 'alt="' in shown and 'alt=""' not in shown))
            or (TABLE in tags and "<caption>" not in shown)
        )
        if lacks:
            raise NotebookError(
                f"Le chapitre « {name} » n'a pas produit ce que promet {_place(notebook, index)}. "
                "Rien n'a été remplacé."
            )
