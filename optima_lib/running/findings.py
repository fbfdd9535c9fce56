"""The findings of a study: those that its pages print, and one per indicator and legal person."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from optima_lib.evidence.code import code_version
from optima_lib.evidence.finding import CHIFFRE, MIME, Finding, finding, key_of
from optima_lib.evidence.ledger import write_ledger
from optima_lib.indicators import CATALOGUE
from optima_lib.reporting.etude import Etude

SHOWN_TO = "partenaire"
EXPLORATORY = "exploratoire"
CALL = re.compile(r"^(?P<call>[\w.]+)\(", re.MULTILINE)
ALIAS = re.compile(r"\b(\w+) as (\w+)")
OBJECTS = {"etude": "etude.Etude"}
EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(
        ("indicateur", "entite", "annee", "valeur", "effectif", "eligibles", "verdict", "famille", "graine")
    ),
    "ic": [None, None],
    "hypotheses": [],
    "sensibilite": [],
    "statut": EXPLORATORY,
    "diffusion": SHOWN_TO,
}


def keep_findings(
    etude: Etude, name: str, campaign: str, chapters: Mapping[str, nbformat.NotebookNode], folder: Path
) -> list[Finding]:
    """Write the ledger of a study, and return the findings that its pages print.

    Parameters
    ----------
    etude : Etude
        The study.
    name, campaign : str
        The partner's file and the campaign.
    chapters : mapping
        The executed notebooks.
    folder : Path
        Where ``constats.jsonl`` goes: one line per finding, each with ``id``, ``genre``, ``indicateur`` or ``methode``,
        ``valeur``, ``ic``, ``effectif``, ``verdict``, ``texte``, ``parametres``, ``entrees`` (files read, with their
        sha256), ``code``, ``diffusion``, ``statut`` (exploratory or confirmatory), and where it stands on the pages.
    """
    common = _common(etude, name, campaign)
    printed = [_whole(each, name, common) for chapter, book in chapters.items() for each in _printed(chapter, book)]
    write_ledger([*printed, *(_whole(each, name, common) for each in _measured(etude))], folder)
    return printed


def _common(etude: Etude, name: str, campaign: str) -> dict[str, Any]:
    """Return what all findings of a study share."""
    sources = [
        {"chemin": str(path), "sha256": str(digest), "lignes": int(lines)}
        for path, digest, lines in zip(
            etude.fichiers["fichier"], etude.fichiers["sha256"], etude.fichiers["lus"], strict=True
        )
    ]
    parameters = {
        "partenaire": name,
        "campagne": campaign,
        "periode": {"debut": etude.partner.periode.debut, "fin": etude.partner.periode.fin},
        "conventions": str(etude.conventions),
        "empreinte": key_of(etude.partner.model_dump(mode="json")),
    }
    return {"entrees": sources, "code": code_version(), "parametres": parameters}


def _whole(each: Finding, name: str, common: Mapping[str, Any]) -> Finding:
    """Complete a finding: its id, and what all share."""
    place = each.get("entite") or each.get("fonction", "").rpartition(".")[2]
    subject = each.get("indicateur") or ""
    slug = ".".join(str(part) for part in (name, place, subject) if part)
    told = {**EMPTY, "methode": each.get("fonction"), **each}
    parameters = {**common["parametres"], **({"entite": each["entite"]} if each.get("entite") else {})}
    return {"id": f"{slug}-{each['cle']}", **told, **common, "parametres": parameters}


def _printed(chapter: str, notebook: nbformat.NotebookNode) -> Iterator[Finding]:
    """Yield the findings that a chapter prints, with their place."""
    digest = hashlib.sha256(nbformat.writes(notebook).encode()).hexdigest()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    names = dict(pair for cell in code for pair in ALIAS.findall(cell.source))
    for cell in code:
        for output in cell.outputs:
            for each in output.get("data", {}).get(MIME, ()):
                place = {"chapitre": chapter, "cellule": cell.get("id"), "carnet_sha256": digest}
                yield {**each, "fonction": _function(cell.source, names), "lieu": place}


def _function(source: str, names: Mapping[str, str]) -> str:
    """Return the function that the last call of a cell names, whatever name its module has there.

    Examples
    --------
    >>> _function("chapitre.figure_offres(etude)", {"concurrence": "chapitre"})
    'optima_lib.reporting.concurrence.figure_offres'
    """
    calls = CALL.findall(source)
    module, _, function = (calls[-1] if calls else "carnet").rpartition(".")
    known = {alias: name for name, alias in names.items()}
    return f"optima_lib.reporting.{known.get(module, OBJECTS.get(module, module))}.{function}"


def _measured(etude: Etude) -> Iterable[Finding]:
    """Yield one finding per indicator and legal person, over the period."""
    etude.prepare(CATALOGUE)
    for code in CATALOGUE:
        for key in etude.entites:
            constat = etude.constat(code, key)
            yield finding(CHIFFRE, constat.phrase(), {**constat.faits, "entite": key})
