"""The last page of a report: what stands behind each thing that the others print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader

from optima_lib.evidence.finding import Finding
from optima_lib.reporting import french
from optima_lib.reporting.pages import TEMPLATE, Chapter, Page
from optima_lib.reporting.texts import write_html

ANNEX = Chapter(
    "annexe_constats.html",
    "Annexe : d'où vient chaque chiffre",
    "Pour chaque phrase, tableau ou figure : la méthode, les faits sur lesquels il repose, la version du code.",
)
GENRES = {"phrase": "phrase", "chiffre": "chiffre clé", "tableau": "tableau", "figure": "figure"}


@dataclass(frozen=True)
class Ligne:
    """A row of the annex, as it is printed."""

    cle: str
    identifiant: str
    texte: str
    methode: str
    appui: str
    lieu: str


def render_annex(findings: Iterable[Finding], titles: Mapping[str, str], page: Page) -> str:
    """Render the annex of a report.

    Parameters
    ----------
    findings : iterable of Finding
        Those that the pages print.
    titles : mapping of str to str
        The title of each chapter, by the name of its notebook.
    page : Page
        What all pages tell.
    """
    chapters: dict[str, dict[str, Ligne]] = {}
    code: dict[str, Any] = {}
    for each in findings:
        code = each["code"]
        chapters.setdefault(str(each["lieu"]["chapitre"]), {}).setdefault(str(each["cle"]), _row(each))
    told = [
        {"fichier": f"{name}.html", "titre": titles.get(name, name), "lignes": list(rows.values())}
        for name, rows in chapters.items()
    ]
    environment = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=False)  # noqa: S701 - escaped one by one
    template = environment.get_template("annexe.html.j2")
    return template.render(page=vars(page), chapitres=told, code=code, titre=ANNEX.titre)


def _row(each: Finding) -> Ligne:
    return Ligne(
        str(each["cle"]),
        str(each["id"]),
        write_html(f"{each['texte']} {each.get('alternative', '')}".strip()),
        write_html(str(each["methode"])),
        write_html(_support(each)),
        GENRES[str(each["genre"])],
    )


def _support(each: Finding) -> str:
    """Say on what a finding rests."""
    if each.get("effectif") is not None:
        used = french.whole(each["effectif"])
        return (
            f"{used} faits sur {french.whole(each['eligibles'])}"
            if each.get("eligibles") is not None
            else f"{used} faits"
        )
    if rows := each.get("donnees", {}).get("lignes"):
        return french.agree(len(rows), "ligne")
    return "texte calculé"
