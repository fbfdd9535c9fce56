"""What ``optima batch`` says: sentences on a terminal, lines of JSON elsewhere."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from optima_lib.reporting import french
from optima_lib.running.batch import Plan
from optima_lib.running.journal import DONE, FAILED, Task

UP_TO_DATE = "à jour"


def tell_plan(planned: Plan, *, spoken: bool) -> Iterator[str]:
    """Say what is up to date, and what is to be made."""
    for each in planned.up_to_date:
        yield f"{each.partenaire} : à jour, {each.dit}" if spoken else _line(each, UP_TO_DATE)
    if spoken and planned.to_do:
        yield f"À faire ({planned.campaign}) : {', '.join(each.partenaire for each in planned.to_do)}"


def tell_task(task: Task, number: int, total: int, *, spoken: bool) -> str:
    """Say what became of a report."""
    if not spoken:
        return _line(task, task.statut)
    seconds = french.decimal(task.secondes, 1)
    return f"{number} sur {total}. {task.partenaire} : {task.statut} en {seconds} s. {task.dit}"


def tell_summary(planned: Plan, ended: Sequence[Task], *, dry_run: bool) -> Iterator[str]:
    """Say how many reports were made, were up to date, or failed, and why."""
    made = sum(each.statut == DONE for each in ended)
    counts = {
        "fait" if made < 2 else "faits": made,
        UP_TO_DATE: len(planned.up_to_date),
        "à faire" if dry_run else "en échec": len(planned.to_do)
        if dry_run
        else sum(each.statut == FAILED for each in ended),
    }
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    yield f"{french.agree(len(planned.to_do) + len(planned.up_to_date), 'partenaire')} : {told}."
    for each in ended:
        if each.statut == FAILED:
            yield f"En échec, {each.partenaire} : {each.dit}"


def _line(task: Task, status: str) -> str:
    return json.dumps(asdict(task) | {"statut": status, "secondes": round(task.secondes, 3)}, ensure_ascii=False)
