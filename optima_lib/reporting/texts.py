"""Paragraphs, lists and key figures of a page, as HTML, each with the finding behind it."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from optima_lib.evidence.finding import CHIFFRE, MIME, PHRASE, Finding, facts_of, finding
from optima_lib.reporting.french import typeset


def write_html(text: str) -> str:
    """Write a text as HTML: nothing in it is a tag, its punctuation is French."""
    return escape(typeset(text))


def mark(told: Finding) -> str:
    """Return the attribute by which an element of a page leads to its finding."""
    return f'data-constat="{told["cle"]}"'


def refer(told: Finding) -> str:
    """Return the sign of the finding behind an element; a report, which has an annex, makes a link of it (``linked``)."""
    return f'<span class="renvoi" title="Constat {told["cle"]}">¶</span>'


def linked(body: str) -> str:
    """Make a link to the annex of each sign of a finding on a page."""
    label = escape("D'où vient ce constat")
    link = rf'<a class="renvoi" href="annexe_constats.html#\1" aria-label="{label} (\1)">¶</a>'
    return re.sub(r'<span class="renvoi" title="Constat ([^"]+)">¶</span>', link, body)


class Shown:
    """What a page shows: HTML, and the findings behind it, in JupyterLab as in the report."""

    def findings(self) -> list[Finding]:
        """Return the findings, in order."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002 - Jupyter's
        return {"text/html": self._repr_html_(), "text/plain": repr(type(self).__name__), MIME: self.findings()}


@dataclass(frozen=True)
class Texte(Shown):
    """One or several paragraphs, and the warnings that are read before them."""

    paragraphes: tuple[str, ...]
    avertissements: tuple[str, ...] = ()

    def findings(self) -> list[Finding]:
        """Return one finding per paragraph."""
        return [finding(PHRASE, each) for each in (*self.avertissements, *self.paragraphes)]

    def _repr_html_(self) -> str:
        kinds = ['class="avertissement" role="note" '] * len(self.avertissements) + [""] * len(self.paragraphes)
        texts = [*self.avertissements, *self.paragraphes]
        told = zip(kinds, texts, self.findings(), strict=True)
        return "".join(f"<p {kind}{mark(one)}>{write_html(text)}{refer(one)}</p>" for kind, text, one in told)

    def __str__(self) -> str:
        return "\n\n".join([*self.avertissements, *self.paragraphes])


@dataclass(frozen=True)
class Liste(Shown):
    """A list of sentences, each with the words that it is about."""

    points: tuple[tuple[str, str], ...]

    def findings(self) -> list[Finding]:
        """Return one finding per sentence."""
        return [finding(PHRASE, f"{sujet}. {phrase}", facts_of(phrase)) for sujet, phrase in self.points]

    def _repr_html_(self) -> str:
        items = (
            f"<li {mark(told)}><strong>{write_html(sujet)}.</strong> {write_html(phrase)}{refer(told)}</li>"
            for (sujet, phrase), told in zip(self.points, self.findings(), strict=True)
        )
        return f"<ul>{''.join(items)}</ul>"


@dataclass(frozen=True)
class Bloc(Shown):
    """Things of a page, one after the other."""

    contenu: tuple[Shown, ...]

    def findings(self) -> list[Finding]:
        """Return the findings of all of them."""
        return [told for each in self.contenu for told in each.findings()]

    def _repr_html_(self) -> str:
        return "".join(each._repr_html_() for each in self.contenu)


@dataclass(frozen=True)
class Chiffres(Shown):
    """Key figures: a value, what it is, and on what it rests."""

    chiffres: tuple[tuple[str, str, str], ...]

    def findings(self) -> list[Finding]:
        """Return one finding per figure."""
        return [
            finding(CHIFFRE, f"{libelle} : {valeur} ({appui})", facts_of(valeur))
            for libelle, valeur, appui in self.chiffres
        ]

    def _repr_html_(self) -> str:
        cards = (
            f'<div class="chiffre{"" if any(sign.isdigit() for sign in valeur) else " sans"}" {mark(told)}><dt>{write_html(libelle)}</dt><dd><strong>{write_html(valeur)}</strong>'
            f"<span>{write_html(appui)}{refer(told)}</span></dd></div>"
            for (libelle, valeur, appui), told in zip(self.chiffres, self.findings(), strict=True)
        )
        return f'<dl class="chiffres">{"".join(cards)}</dl>'
