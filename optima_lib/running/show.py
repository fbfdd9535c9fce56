"""``optima show``: everything behind a finding, down to the contracts."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from optima_lib.errors import OptimaError
from optima_lib.evidence.finding import Finding
from optima_lib.evidence.ledger import Kept, find_finding
from optima_lib.indicators import CATALOGUE
from optima_lib.indicators.behind import HIT, MISS, UNKNOWN
from optima_lib.indicators.measure import YEAR
from optima_lib.reporting import french
from optima_lib.reporting.etude import ENSEMBLE
from optima_lib.running.etude import open_study
from optima_lib.running.show_peers import told_peers

FIRST = 20
SKIPPED = {"id", "cle", "texte", "donnees", "entrees", "code", "parametres", "lieu", "comparaison", "note"}
ORDER = {HIT: 0, MISS: 1, UNKNOWN: 2}
ROWS = ("annee", "uid", "compte", "montant_eur", "titulaire", "objet")


def show(wanted: str, reports: Path, data: Path, *, every: bool = False) -> Iterator[str]:
    """Yield what stands behind a finding, line by line.

    Parameters
    ----------
    wanted : str
        Its id, or enough of its beginning, or its key.
    reports, data : Path
        Folders of the reports and of the data.
    every : bool
        All the contracts, not the first ones only.

    Raises
    ------
    EvidenceError
        When no report holds it, or several findings answer.
    """
    kept = find_finding(wanted, reports)
    each = kept.finding
    yield f"{each['id']}"
    yield f"  {each['texte']}"
    yield f"  rapport : {kept.rapport}"
    if place := each.get("lieu"):
        yield f"  page : {place['chapitre']}.html (cellule {place['cellule']})"
    yield from _fields(each)
    yield from _table(each)
    yield from _sources(each)
    yield from told_peers(each, data, first=None if every else FIRST)
    yield from _contracts(kept, data, every=every)


def _fields(each: Finding) -> Iterator[str]:
    """Yield the fields of a finding, those that have a value."""
    for name, value in each.items():
        if name not in SKIPPED and value not in (None, [], {}, "", [None, None]):
            yield f"  {name} : {_said(value)}"
    for name, value in (each.get("comparaison") or {}).items():
        if value is not None:
            yield f"    {name} : {_said(value)}"
    if code := each.get("indicateur"):
        entry = CATALOGUE[str(code)]
        yield f"  formule : {entry.formule}"
        yield f"  fiche : docs/indicateurs/{code}.md"
    yield f"  paramètres : {json.dumps(each['parametres'], ensure_ascii=False)}"
    told = each["code"]
    changed = " (modifiée)" if told.get("modifie") else ""
    revision = f", révision {told['revision']}{changed}" if told.get("revision") else ""
    yield f"  code : optima-lib {told['version']}, empreinte {told['empreinte']}{revision}"


def _said(value: Any) -> str:
    if isinstance(value, float):
        return french.decimal(value, 4)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _table(each: Finding) -> Iterator[str]:
    """Yield the rows of a table as they are printed."""
    if not (told := each.get("donnees")):
        return
    yield f"  {' | '.join(told['colonnes'])}"
    for row in told["lignes"]:
        yield "  " + " | ".join(str(cell).replace("\n", " ; ") for cell in row)


def _sources(each: Finding) -> Iterator[str]:
    """Yield the files read, and whether they are still what they were."""
    yield f"  fichiers lus : {len(each['entrees'])}"
    for source in each["entrees"]:
        yield f"    {source['sha256'][:12]} {source['chemin']}{_state(source)}"


def _state(source: dict[str, Any]) -> str:
    path = Path(source["chemin"])
    if not path.is_file():
        return ""  # inside an archive, or elsewhere: its hash tells
    same = hashlib.sha256(path.read_bytes()).hexdigest() == source["sha256"]
    return "" if same else " : ce fichier a changé depuis"


def _contracts(kept: Kept, data: Path, *, every: bool) -> Iterator[str]:
    """Yield the contracts behind the value of an indicator."""
    each = kept.finding
    code, partner = each.get("indicateur"), each["parametres"]["partenaire"]
    if not code or CATALOGUE[str(code)].define is None:
        return
    try:
        etude = open_study(partner, data)
        key = each.get("entite") or (ENSEMBLE if len(etude.partner.entites) > 1 else None)
        rows = etude.contrats(str(code), key, each.get(YEAR))
    except OptimaError as error:
        yield f"  contrats : introuvables. {error}"
        return
    if "compte" in rows:
        rows = rows.sort_values("compte", key=lambda told: told.map(ORDER), kind="stable")
    shown = rows if every else rows.head(FIRST)
    counted = french.agree(len(rows), "ligne de contrat", "lignes de contrats")
    yield f"  contrats concernés : {counted}{'' if every or len(rows) <= FIRST else f', les {FIRST} premières ; --all les montre toutes'}"
    kept_columns = [name for name in ROWS if name in shown] or list(shown.columns)
    for row in shown[kept_columns].itertuples(index=False):
        yield "    " + " | ".join(_cell(value) for value in row)


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - what NaN and NA have in common
        return french.NOTHING
    return french.decimal(value, 2) if isinstance(value, float) else str(value)
