"""Labels of one family written in many ways, brought to those of the 2022 schema.

The correspondence is ``references/libelles.csv``; the words that publishers write where they have no value
are in ``references/valeurs_vides.csv``. A label that is in neither is kept as published.

A column of labels has few distinct values in many rows: each distinct value is looked at once, and the result
is a *Categorical* column.
"""

import ast
import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl

from optima_lib.references import reference

LABELS = pl.Categorical()
LIST_SIGNS = ("[", "{")
MARK = re.compile(r"^INX\s+(?=\S)")


def fold_label(label: str) -> str:
    """Reduce a label to what stays when case, accents, apostrophes and spaces change.

    Examples
    --------
    >>> fold_label("Appel d'offres  OUVERT") == fold_label("appel d’offres ouvert")
    True
    """
    plain = (
        unicodedata.normalize("NFKD", label.lower().replace("œ", "oe").replace("’", "'"))
        .encode("ascii", "ignore")
        .decode()
    )
    return " ".join(re.sub(r"[^a-z0-9.]+", " ", plain).split())


@cache
def known_labels(family: str) -> dict[str, str]:
    """Return the harmonised label of each folded published label of a family."""
    return {fold_label(row["publie"]): row["libelle"] for row in reference("libelles") if row["famille"] == family}


@cache
def empty_words() -> frozenset[str]:
    """Return the words that stand for no value."""
    return frozenset({"", *(row["valeur"] for row in reference("valeurs_vides"))})


def without_filler(text: str) -> str | None:
    """Return a text without the mark ``INX`` that precedes some values; None for a word of filling.

    Examples
    --------
    >>> without_filler("INX 202424 3 001"), without_filler(" CDL ")
    ('202424 3 001', None)
    """
    word = MARK.sub("", text.strip())
    return None if word in empty_words() else word


def blank_fillers(texts: pl.Series) -> pl.Series:
    """Make the words of filling missing in a column of texts that are nearly all different.

    Examples
    --------
    >>> import polars as pl
    >>> blank_fillers(pl.Series(["CDL", "INX 202424 3 001", " MQ ", "", "5", None])).to_list()
    [None, '202424 3 001', None, None, '5', None]
    """
    if texts.dtype != pl.String:
        return texts
    words = texts.str.strip_chars()
    if words.str.starts_with("INX").any():
        words = words.str.replace(r"^INX\s+(\S)", "${1}")
    return words.set(words.is_in(list(empty_words())), None)


def on_distinct(texts: pl.Series, read: Callable[[str], Any], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Apply a function to each distinct value of a column; a missing value stays missing.

    Examples
    --------
    >>> import polars as pl
    >>> on_distinct(pl.Series(["a", "b", "a", None]), str.upper, pl.String).to_list()
    ['A', 'B', 'A', None]
    """
    distinct = texts.drop_nulls().unique()
    values = pl.Series([read(text) for text in distinct.to_list()], dtype=dtype)
    return texts.replace_strict(distinct, values, default=None, return_dtype=dtype)


def as_published(texts: pl.Series) -> pl.Series:
    """Return a column of labels as published, words of filling apart."""
    return on_distinct(texts, without_filler, LABELS)


def harmonise(texts: pl.Series, family: str) -> pl.Series:
    """Bring the labels of a family to those of the 2022 schema; an unknown label stays as it is.

    Examples
    --------
    >>> import polars as pl
    >>> harmonise(pl.Series(["Marché négocié sans publicité ni mise en concurrence préalable"]), "procedure").item()
    'Marché passé sans publicité ni mise en concurrence préalable'
    """
    known = known_labels(family)

    def read(text: str) -> str | None:
        label = without_filler(text)
        return known.get(fold_label(label), label) if label else None

    return on_distinct(texts, read, LABELS)


def harmonise_list(texts: pl.Series, family: str) -> pl.Series:
    """Bring a list of labels, in any of the ways lists are published, to ``"label, label"``.

    Examples
    --------
    >>> import polars as pl
    >>> published = ['{"technique": ["Concours", "Accord-cadre"]}', "['Sans objet']", "Accord-cadre, Concours", "[]"]
    >>> harmonise_list(pl.Series(published), "techniques").to_list()
    ['Concours, Accord-cadre', 'Sans objet', 'Accord-cadre, Concours', None]
    """
    known = known_labels(family)

    def read(text: str) -> str | None:
        labels = [known.get(fold_label(label), label) for label in split_list(text) if without_filler(label)]
        return ", ".join(dict.fromkeys(labels)) or None

    return on_distinct(texts, read, LABELS)


def split_list(text: str) -> list[str]:
    """Split a published list of labels: JSON, Python's way, or separated by commas."""
    if not text.startswith(LIST_SIGNS):
        return [label.strip() for label in text.split(",") if label.strip()]
    for parse in (json.loads, ast.literal_eval):
        try:
            return _leaves(parse(text))
        except (ValueError, SyntaxError):
            continue
    return [text]


def _leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in _leaves(each)]
    return [str(value).strip()] if value is not None else []


def read_booleans(texts: pl.Series) -> pl.Series:
    """Read yes and no in the ways they are written; anything else is missing.

    Examples
    --------
    >>> import polars as pl
    >>> read_booleans(pl.Series(["true", "Oui", "0", "MQ", None])).to_list()
    [True, True, False, None, None]
    """
    if texts.dtype == pl.Boolean:
        return texts
    known, meaning = known_labels("booleen"), {"oui": True, "non": False}
    return on_distinct(texts, lambda text: meaning.get(known.get(fold_label(text), "")), pl.Boolean)


def hold(labels: pl.Series, sought: str) -> pl.Series:
    """Tell which lists of labels hold one; missing where nothing is declared.

    Examples
    --------
    >>> import polars as pl
    >>> hold(pl.Series(["Concours, Accord-cadre", "Sans objet", None]), "Accord-cadre").to_list()
    [True, False, None]
    """
    return on_distinct(labels.cast(pl.String), lambda text: sought in text, pl.Boolean)


def have_consideration(labels: pl.Series) -> pl.Series:
    """Tell which contracts declare a consideration: no where they declare there is none, else missing.

    Examples
    --------
    >>> import polars as pl
    >>> have_consideration(pl.Series(["Clause sociale", "Pas de considération sociale", None])).to_list()
    [True, False, None]
    """
    return on_distinct(labels.cast(pl.String), lambda text: not text.startswith("Pas de "), pl.Boolean)
