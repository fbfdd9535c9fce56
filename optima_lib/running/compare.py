"""``optima compare``: every buyer beside its peers, for each indicator and year."""

from pathlib import Path

from optima_lib.paths import processed
from optima_lib.running.comparing import Authorities, Run
from optima_lib.running.declared import declare, write_declaration
from optima_lib.running.facts import ready_facts
from optima_lib.running.measure import opened
from optima_lib.running.writing import write_pieces
from optima_lib.schemas import read_table, table_path

TOGETHER = 4
DECLARATION = "comparaisons.declaration.json"
ENGINE = "polars"


def compare(data: Path, costs: dict[str, float] | None = None) -> Path:
    """Compare all buyers of a data folder and write the table *comparaisons*.

    Parameters
    ----------
    data : Path
        Data folder.
    costs : dict, optional
        Receives the seconds that each indicator took.

    Returns
    -------
    Path
        The table *comparaisons*: one row for each value that is printed (rule M5); the table *indicateurs* says why the
        others are not. What was declared before (families, smallest gaps that matter, rule of peers) stands
        beside it, in ``comparaisons.declaration.json``.

    Raises
    ------
    TableError
        When a processed table is missing.
    ComparisonError
        When what was run is not what was declared.
    """
    folder = processed(data)
    facts = ready_facts(folder)
    declaration = declare()
    write_declaration(declaration, folder / DECLARATION)
    path = table_path(folder, "comparaisons")
    first, last = path.with_suffix(".brouillon"), path.with_suffix(".tmp")
    authorities = Authorities.of(read_table(folder, "acheteurs").to_pandas())
    try:
        with opened(facts, ENGINE) as tables:
            run = Run(authorities, declaration)
            write_pieces(first, "comparaisons", run.tables(tables, costs=costs), TOGETHER)
        declaration.check_run(run.run)
        write_pieces(last, "comparaisons", run.adjusted(first), TOGETHER)
        last.replace(path)
    finally:
        first.unlink(missing_ok=True)
        last.unlink(missing_ok=True)
    return path
