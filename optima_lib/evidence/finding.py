"""A finding: what a page says, the values that it rests on, and a key made of both.

Text, table, figure and alternative text of a page come from objects that yield findings; the page bears the key of each
on its element (``data-constat``), and the ledger of the report says what stands behind it.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

MIME = "application/vnd.optima.constats+json"
PHRASE, CHIFFRE, TABLEAU, FIGURE = "phrase", "chiffre", "tableau", "figure"
DIGITS = 8
Finding = dict[str, Any]


class Dit(str):  # noqa: SLOT000 - it carries its facts
    """A French sentence (or value) that knows the facts it says.

    Attributes
    ----------
    faits : mapping
        Fields of the finding: ``indicateur``, ``entite``, ``valeur``, ``ic``, ``effectif``, ``verdict`` …

    Examples
    --------
    >>> said = Dit("Offre unique : 24 %", {"indicateur": "C01", "valeur": 0.24})
    >>> said, said.faits["valeur"]
    ('Offre unique : 24 %', 0.24)
    """

    faits: Mapping[str, Any]

    def __new__(cls, texte: str, faits: Mapping[str, Any]) -> Self:
        """Make a sentence of a text and its facts."""
        said = super().__new__(cls, texte)
        said.faits = faits
        return said


def facts_of(said: str) -> Mapping[str, Any]:
    """Return the facts that a text knows; none for a plain one."""
    return said.faits if isinstance(said, Dit) else {}


def finding(genre: str, texte: str, faits: Mapping[str, Any] | None = None, **more: Any) -> Finding:
    """Return a finding with its key: the same content has the same key.

    Parameters
    ----------
    genre : str
        ``phrase``, ``chiffre``, ``tableau`` or ``figure``.
    texte : str
        The French sentence, or the title of a table or figure.
    faits : mapping, optional
        The values that it says.
    **more
        ``donnees`` (columns and rows of a table), ``alternative`` (the alternative text of a figure).
    """
    told = plain({"genre": genre, "texte": str(texte), **(faits or facts_of(texte)), **more})
    return {"cle": key_of(told), **told}


def key_of(content: Any) -> str:
    """Return eight hexadecimal digits of the content.

    Examples
    --------
    >>> key_of({"a": 1}) == key_of({"a": 1}), len(key_of("b"))
    (True, 8)
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; what is missing is null."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, bool | int | float) else None if value is None else str(value)
