"""The findings of a study, as lines of JSON: each leads to its method, its facts, its sources and its code."""

import json
from pathlib import Path
from typing import Any

from optima_lib import __version__
from optima_lib.indicators import CATALOGUE
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.etude import Etude

FILE = "constats.jsonl"
SHOWN_TO = "partenaire"


def write_findings(etude: Etude, name: str, folder: Path) -> None:
    """Write one finding per indicator and legal person, over the period, into ``constats.jsonl``.

    Each has ``id``, ``indicateur``, ``valeur``, ``ic``, ``bornes``, ``effectif``, ``eligibles``, ``verdict`` (the
    status), ``texte``, ``parametres``, ``entrees`` (files read, with their sha256), ``code`` and ``diffusion``.
    """
    sources = [
        {"chemin": str(path), "sha256": str(digest)}
        for path, digest in zip(etude.fichiers["fichier"], etude.fichiers["sha256"], strict=True)
    ]
    period = {"debut": etude.partner.periode.debut, "fin": etude.partner.periode.fin}
    common = {"entrees": sources, "code": __version__, "diffusion": SHOWN_TO}
    etude.prepare(CATALOGUE)
    findings = [
        {"id": f"{name}-{key}-{code}", "indicateur": code, **_told(etude.constat(code, key))}
        | {"parametres": {"periode": period, "entite": key}, **common}
        for code in CATALOGUE
        for key in etude.entites
    ]
    lines = [json.dumps(each, ensure_ascii=False) for each in findings]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _told(constat: Constat) -> dict[str, Any]:
    return {
        "valeur": constat.valeur,
        "ic": [constat.ic_bas, constat.ic_haut],
        "bornes": [constat.borne_basse, constat.borne_haute],
        "effectif": constat.effectif,
        "eligibles": constat.eligibles,
        "verdict": constat.statut,
        "texte": constat.phrase(),
    }
