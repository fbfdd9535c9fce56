"""The ledger of a report: one line of JSON per finding, found again by its id."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from optima_lib.errors import EvidenceError, suggest
from optima_lib.evidence.finding import Finding

FILE = "constats.jsonl"
REQUIRED = (
    *("id", "genre", "methode", "valeur", "ic", "effectif", "verdict", "texte", "parametres", "entrees", "code"),
    *("diffusion", "statut"),
)


@dataclass(frozen=True)
class Kept:
    """A finding, and the report in which it stands."""

    finding: Finding
    rapport: Path


def write_ledger(findings: Iterable[Finding], folder: Path) -> None:
    """Write findings, one line each; the same id stands once.

    Raises
    ------
    EvidenceError
        When a finding lacks what every one must tell.
    """
    kept: dict[str, Finding] = {}
    for each in findings:
        if missing := [name for name in REQUIRED if name not in each]:
            raise EvidenceError(f"Le constat {each.get('id', '?')} ne dit pas {', '.join(missing)}.")
        kept.setdefault(str(each["id"]), each)
    lines = [json.dumps(each, ensure_ascii=False) for each in kept.values()]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_ledger(folder: Path) -> Iterator[Finding]:
    """Yield the findings of a report."""
    with (folder / FILE).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def find_finding(wanted: str, reports: Path) -> Kept:
    """Return the finding of an id, or of its beginning or end where that is enough; the latest report first.

    Raises
    ------
    EvidenceError
        When no report holds it, or several findings answer.
    """
    folders = sorted((path.parent for path in reports.glob(f"*/*/{FILE}")), key=lambda each: each.name, reverse=True)
    if not folders:
        raise EvidenceError(f"Aucun rapport dans {reports} : lancez d'abord « optima study ».")
    found: dict[str, Kept] = {}
    known: list[str] = []
    for folder in folders:
        for each in read_ledger(folder):
            name = str(each["id"])
            known.append(name)
            if name == wanted:
                return Kept(each, folder)
            if name.startswith(wanted) or name.endswith(f"-{wanted}"):
                found.setdefault(name, Kept(each, folder))
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        told = ", ".join(sorted(found)[:5])
        raise EvidenceError(f"{len(found)} constats commencent par « {wanted} » : {told}. Donnez l'identifiant entier.")
    raise EvidenceError(f"Aucun constat « {wanted} » dans {reports}. {_near(wanted, known)}")


def _near(wanted: str, known: list[str]) -> str:
    told = suggest(wanted, known)
    return told if told.startswith("Vouliez") else "Les identifiants sont sur les pages, et dans l'annexe des constats."
