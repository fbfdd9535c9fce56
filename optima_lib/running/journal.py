"""What batches have done: one line per partner and campaign, in a SQLite file of the reports folder."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

FILE = ".journal.sqlite"
DONE, FAILED = "fait", "échec"
SCHEMA = """create table if not exists taches (
    partenaire text, campagne text, empreinte text, statut text, secondes real, dit text,
    primary key (partenaire, campagne)
)"""


@dataclass(frozen=True)
class Task:
    """What became of a partner's report.

    Attributes
    ----------
    partenaire, campagne : str
        Whose report, and of which campaign.
    empreinte : str
        The hash of all that it was made of.
    statut : str
        ``fait`` or ``échec``.
    secondes : float
        How long it took.
    dit : str
        The path of the report, or the sentence of the failure.
    """

    partenaire: str
    campagne: str
    empreinte: str
    statut: str
    secondes: float
    dit: str


class Journal:
    """The tasks of a reports folder; several runs may write in it at once.

    Parameters
    ----------
    reports : Path
        The folder; it is made, with the journal, when a first task is kept.
    """

    def __init__(self, reports: Path) -> None:
        self.path = reports / FILE

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=60)) as base, base:
            yield base

    def last(self, partner: str, campaign: str) -> Task | None:
        """Return the last task of a partner and campaign."""
        if not self.path.is_file():
            return None
        with self._open() as base:
            row = base.execute(
                "select * from taches where partenaire = ? and campagne = ?", (partner, campaign)
            ).fetchone()
        return Task(*row) if row else None

    def keep(self, task: Task) -> None:
        """Write a task in the place of the last one."""
        told = (task.partenaire, task.campagne, task.empreinte, task.statut, task.secondes, task.dit)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as base:
            base.execute(SCHEMA)
            base.execute("insert or replace into taches values (?, ?, ?, ?, ?, ?)", told)
