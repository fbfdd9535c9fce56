"""``optima batch``: the reports of many partners, each in a process of its own; what is up to date is not made again."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from optima_lib.errors import OptimaError
from optima_lib.evidence.code import code_version
from optima_lib.partners import Partner, load_partner
from optima_lib.paths import NOTEBOOKS, PARTNERS, ROOT, processed
from optima_lib.reporting.pages import TEMPLATE
from optima_lib.running.facts import ready_facts
from optima_lib.running.journal import DONE, FAILED, Journal, Task
from optima_lib.running.leash import held_environment

INVENTED = "inventées"
LOCK = ROOT / "requirements.lock"


@dataclass(frozen=True)
class Plan:
    """The reports of a batch.

    Attributes
    ----------
    campaign : str
        Its campaign.
    to_do : tuple of Task
        Those to make, with what they will be made of.
    up_to_date : tuple of Task
        Those that were made of the same, and are still there.
    """

    campaign: str
    to_do: tuple[Task, ...]
    up_to_date: tuple[Task, ...]


def plan(names: Sequence[str], data: Path, reports: Path, campaign: str, *, force: bool = False) -> Plan:
    """Return what a batch would do.

    Parameters
    ----------
    names : sequence of str
        Partners; all of ``partners/`` when none is named.
    data, reports : Path
        Folders of the data and of the reports.
    campaign : str
        The campaign.
    force : bool
        Make again what is up to date.

    Raises
    ------
    PartnerError
        When a partner has no file, or a wrong one: before anything runs.
    """
    chosen = list(dict.fromkeys(names)) or sorted(path.stem for path in PARTNERS.glob("*.yml"))
    partners = {name: load_partner(name) for name in chosen}
    journal, tables = Journal(reports), _hash_tables(data)
    tasks = [
        Task(name, campaign, _hash(name, partner, tables), "", 0.0, str(reports / name / campaign / "index.html"))
        for name, partner in partners.items()
    ]
    done = {each.partenaire for each in tasks if not force and _is_done(journal, each)}
    return Plan(
        campaign,
        tuple(each for each in tasks if each.partenaire not in done),
        tuple(each for each in tasks if each.partenaire in done),
    )


def run_plan(planned: Plan, data: Path, reports: Path, jobs: int) -> Iterator[Task]:
    """Make the reports of a plan and yield each when it is done or has failed; one that fails stops no other.

    Parameters
    ----------
    planned : Plan
        What is to be made.
    data, reports : Path
        Folders of the data and of the reports.
    jobs : int
        How many at once.
    """
    journal = Journal(reports)
    if planned.to_do:
        with suppress(OptimaError):  # once, before several ask for them; each study says what its tables lack
            ready_facts(processed(data))
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        left: set[Future[Task]] = {pool.submit(_make, each, data, reports) for each in planned.to_do}
        try:
            while left:
                ended, left = wait(left, return_when=FIRST_COMPLETED)
                for each in ended:
                    journal.keep(each.result())
                    yield each.result()
        finally:
            for each in left:
                each.cancel()


def _make(task: Task, data: Path, reports: Path) -> Task:
    """Make a report in a process of its own."""
    start = time.monotonic()
    order = [sys.executable, "-m", "optima_lib", "study", task.partenaire, "--campaign", task.campagne]
    folders = ["--data", str(data), "--reports", str(reports)]
    pipe = subprocess.PIPE
    made = subprocess.Popen([*order, *folders], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=held_environment())  # noqa: S603 - words of ours
    errors = _heard(made)
    seconds = time.monotonic() - start
    if made.returncode == 0 and Path(task.dit).is_file():
        return Task(task.partenaire, task.campagne, task.empreinte, DONE, seconds, task.dit)
    lines = [line for line in errors.splitlines() if line.strip()]
    why = next((line for line in reversed(lines) if line.startswith("Erreur : ")), "")
    said = why.removeprefix("Erreur : ") or f"l'étude s'est arrêtée (code {made.returncode}). {' '.join(lines[-1:])}"
    return Task(task.partenaire, task.campagne, task.empreinte, FAILED, seconds, said)


def _heard(made: "subprocess.Popen[str]") -> str:
    """Return what a process says of its errors, its standard input kept open until it ends."""
    with ThreadPoolExecutor(max_workers=2) as ears:
        said = [ears.submit(stream.read) for stream in (made.stdout, made.stderr) if stream]
        made.wait()
        heard = [each.result() for each in said]
    for stream in (made.stdin, made.stdout, made.stderr):
        if stream:
            stream.close()
    return heard[1]


def _is_done(journal: Journal, task: Task) -> bool:
    last = journal.last(task.partenaire, task.campagne)
    return last is not None and last.statut == DONE and last.empreinte == task.empreinte and Path(task.dit).is_file()


def _hash(name: str, partner: Partner, tables: str) -> str:
    """Hash all that a report is made of: library, template, locked versions, notebooks, partner's file, tables."""
    digest = hashlib.sha256(str(code_version()["empreinte"]).encode())
    template = sorted(path for path in TEMPLATE.rglob("*") if path.is_file())
    notebooks = [NOTEBOOKS / f"{each}.ipynb" for each in partner.chapitres]
    for path in (LOCK, PARTNERS / f"{name}.yml", *notebooks, *template):
        digest.update(path.read_bytes() if path.is_file() else b"")
    digest.update(b"" if partner.donnees == INVENTED else tables.encode())
    return digest.hexdigest()


def _hash_tables(data: Path) -> str:
    """Hash the size and the time of each processed table: they are put in place whole."""
    tables = sorted(processed(data).glob("*.parquet"))
    told = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in tables]
    return hashlib.sha256(repr(told).encode()).hexdigest()
