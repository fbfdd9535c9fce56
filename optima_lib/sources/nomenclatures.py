"""Nomenclatures: the common procurement vocabulary (CPV) and the French activities (NAF)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
import polars as pl

from optima_lib.errors import RawFileError
from optima_lib.sources.layouts import Layout
from optima_lib.sources.portions import Portion, complete, set_aside, take
from optima_lib.sources.rows import Records, Rows, tabulate

FORMS = {"cpv": r"^([0-9]{8})(-?[0-9])?$", "naf": r"^([0-9]{2})\.?([0-9]{2}[A-Z])$"}
SHAPES = {"cpv": "${1}", "naf": "${1}.${2}"}
REASONS = {"cpv": "ce n'est pas un code CPV", "naf": "ce n'est pas une sous-classe de la NAF"}
COLUMNS = {
    "cpv": ("cpv", "libelle", "libelle_en"),
    "naf": (
        "naf",
        "libelle",
        "classe",
        "classe_libelle",
        "groupe",
        "groupe_libelle",
        "division",
        "division_libelle",
        "section",
        "section_libelle",
    ),
}
NAF_TREE = re.compile(rb'^\{\s*"\d\d\.\d\d[a-z]"\s*:\s*\{')
LARGEST = 50_000_000


def is_naf_tree(start: bytes) -> bool:
    """Tell a JSON object of sub-classes by code from its first bytes, in lower case."""
    return NAF_TREE.match(start) is not None


def read_naf_tree(stream: BinaryIO, label: str) -> Iterator[Rows]:
    """Read a JSON object of sub-classes by code, each with its upper levels.

    Raises
    ------
    RawFileError
        When it is not whole.
    """
    try:
        tree = msgspec.json.decode(stream.read(LARGEST))
    except msgspec.DecodeError as error:
        raise RawFileError(label, f"JSON illisible ({error})", "Téléchargez-le de nouveau.") from None
    values = [_flatten(each) if isinstance(each, dict) else {"code": str(each)} for each in tree.values()]

    def text(row: int) -> str:
        return msgspec.json.encode(values[row]).decode()

    yield tabulate(Records(values, list(range(len(values))), text))


def _flatten(value: dict[str, object]) -> dict[str, object]:
    """Write ``{"classe": {"code": …}}`` as ``{"classe.code": …}``."""
    flat: dict[str, object] = {}
    for name, each in value.items():
        flat |= {f"{name}.{inner}": told for inner, told in each.items()} if isinstance(each, dict) else {name: each}
    return flat


def tidy_nomenclature(rows: Rows, layout: Layout) -> Portion:
    """Bring the rows of a nomenclature to our columns, as texts, their codes in one form."""
    kind = layout.donnees
    ours = complete(take(rows, layout), COLUMNS[kind])
    formed = ours[kind].str.contains(FORMS[kind]).fill_null(value=False)
    known = ours.filter(formed).with_columns(
        pl.col(kind).str.replace(FORMS[kind], SHAPES[kind]), priorite=pl.lit(layout.priorite)
    )
    return Portion(
        count=len(rows.frame) + len(rows.unreadable),
        parts={kind: known},
        aside=set_aside(rows, ~formed, REASONS[kind]),
    )
