"""Pages of a study: an executed notebook as an accessible HTML chapter, and the index of the chapters."""

import copy
import re
import unicodedata
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader
from lxml import html as lxml_html

from optima_lib.reporting.french import typeset
from optima_lib.reporting.texts import linked

TEMPLATE = Path(__file__).parent / "template" / "optima"


@dataclass(frozen=True)
class Page:
    """What a page tells of its study, beside its own content."""

    partenaire: str
    entites: str
    campagne: str
    periode: str
    pied: str
    avertissement: str = ""
    style: str = field(default_factory=lambda: (TEMPLATE / "style.css").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Chapter:
    """A chapter: its file, its title, its first sentence."""

    fichier: str
    titre: str
    resume: str


def describe(notebook: nbformat.NotebookNode, name: str) -> Chapter:
    """Read the title and first paragraph of a notebook."""
    blocks = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    lines = [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
    title = next((line[2:] for line in lines if line.startswith("# ")), name)
    summary = next((line for line in lines if not line.startswith("#")), "")
    return Chapter(f"{name}.html", title, summary)


def render_chapter(notebook: nbformat.NotebookNode, chapter: Chapter, page: Page) -> str:
    """Render an executed notebook without its code: French page, contents list, print style."""
    from nbconvert import HTMLExporter  # noqa: PLC0415 - slow to import

    exporter = HTMLExporter(
        template_name=TEMPLATE.name,
        template_file="chapter.html.j2",
        extra_template_basedirs=[str(TEMPLATE.parent)],
        exclude_anchor_links=True,
    )
    told = {**vars(page), "titre": chapter.titre, "sommaire": contents(notebook)}
    body, _ = exporter.from_notebook_node(_typeset(notebook), resources={"optima": told})
    return linked(_anchored(body))


def _typeset(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Give the prose of a notebook French punctuation."""
    copied = copy.deepcopy(notebook)
    for cell in copied.cells:
        if cell.cell_type == "markdown":
            cell.source = typeset(cell.source)
    return copied


def contents(notebook: nbformat.NotebookNode) -> list[dict[str, str]]:
    """List the second-level headings of a notebook, with their anchors."""
    blocks = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    titles = [title.strip() for block in blocks for title in re.findall(r"^## (.+)$", block, flags=re.MULTILINE)]
    return [{"titre": title, "ancre": anchor(title)} for title in titles]


def anchor(title: str) -> str:
    """Return the anchor of a heading.

    Examples
    --------
    >>> anchor("Qu'achète la collectivité ?")
    'qu-achete-la-collectivite'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _anchored(body: str) -> str:
    """Give the headings the anchors of the contents list."""

    def mark(match: re.Match[str]) -> str:
        text = lxml_html.fromstring(f"<p>{match[2]}</p>").text_content()
        return f'<h2 id="{anchor(unescape(text))}">{match[2]}</h2>'

    return re.sub(r"<h2([^>]*)>(.*?)</h2>", mark, body, flags=re.DOTALL)


def render_index(chapters: list[Chapter], page: Page) -> str:
    """Render the index of a study."""
    environment = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=False)  # noqa: S701 - escaped one by one
    told: dict[str, Any] = {**vars(page), "chapitres": chapters}
    return environment.get_template("index.html.j2").render(page=told)
