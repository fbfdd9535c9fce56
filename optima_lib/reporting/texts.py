"""Paragraphs, lists and key figures of a page, as HTML."""

from dataclasses import dataclass
from html import escape

from optima_lib.reporting.french import typeset


def write_html(text: str) -> str:
    """Write a text as HTML: nothing in it is a tag, its punctuation is French."""
    return escape(typeset(text))


@dataclass(frozen=True)
class Texte:
    """One or several paragraphs, and the warnings that are read before them."""

    paragraphes: tuple[str, ...]
    avertissements: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        warned = (f'<p class="avertissement" role="note">{write_html(each)}</p>' for each in self.avertissements)
        return "".join([*warned, *(f"<p>{write_html(each)}</p>" for each in self.paragraphes)])

    def __str__(self) -> str:
        return "\n\n".join([*self.avertissements, *self.paragraphes])


@dataclass(frozen=True)
class Liste:
    """A list of sentences, each with the words that it is about."""

    points: tuple[tuple[str, str], ...]

    def _repr_html_(self) -> str:
        items = (
            f"<li><strong>{write_html(sujet)}.</strong> {write_html(phrase)}</li>" for sujet, phrase in self.points
        )
        return f"<ul>{''.join(items)}</ul>"


@dataclass(frozen=True)
class Bloc:
    """Things of a page, one after the other."""

    contenu: tuple[object, ...]

    def _repr_html_(self) -> str:
        return "".join(each._repr_html_() for each in self.contenu)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Chiffres:
    """Key figures: a value, what it is, and on what it rests."""

    chiffres: tuple[tuple[str, str, str], ...]

    def _repr_html_(self) -> str:
        cards = (
            f'<div class="chiffre{"" if any(sign.isdigit() for sign in valeur) else " sans"}"><dt>{write_html(libelle)}</dt><dd><strong>{write_html(valeur)}</strong>'
            f"<span>{write_html(appui)}</span></dd></div>"
            for libelle, valeur, appui in self.chiffres
        )
        return f'<dl class="chiffres">{"".join(cards)}</dl>'
