"""Notices of award and of call: TED XML R2.0.9, eForms, BOAMP v230; one file is one notice."""

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

import polars as pl
from lxml import etree

from optima_lib.sources import notices_boamp, notices_eforms, notices_ted
from optima_lib.sources.notice import VALUES, Lot, Notice
from optima_lib.sources.portions import Portion
from optima_lib.sources.xml_guard import local_name, walk_xml

READERS: dict[str, Callable[[etree._Element], Notice]] = {
    notices_ted.ROOT: notices_ted.read_ted,
    notices_boamp.ROOT: notices_boamp.read_boamp,
    **dict.fromkeys(notices_eforms.ROOTS, notices_eforms.read_eforms),
}
FORMATS = {notices_ted.ROOT: "avis-ted-r209", notices_boamp.ROOT: "avis-boamp"}
EFORMS, FRANCE = "avis-eforms", {"FR", "FRA"}
AVIS = ("avis_id", "source", *VALUES)
LOTS = (
    "avis_id", "lot", "objet", "cpv", "issue", "offres_recues", "offres_pme", "estimation", "date_attribution",
    "montants", "titulaires", "criteres",
)  # fmt: skip


def is_notice(root: str) -> bool:
    """Tell whether an XML file is a notice, from the name of its root."""
    return root in READERS


def format_name(root: str) -> str:
    """Return the short name of a notice's layout."""
    return FORMATS.get(root, EFORMS)


def read_notice(stream: BinaryIO, label: str) -> Iterator[Portion]:
    """Read a notice.

    Yields
    ------
    Portion
        ``avis``, one row with the columns ``AVIS`` as texts, ``rang`` and ``priorite`` (the version, negative: the
        last one is right), and ``avis_lots``, one row per lot with the columns ``LOTS`` as texts, amounts, suppliers
        and criteria as JSON lists. A notice without a number, of an unknown form, or of another country's buyer, is
        set aside.

    Raises
    ------
    RawFileError
        When the XML is malformed or truncated, or declares a document type or entities.
    """
    root = _root(stream, label)
    notice = READERS[local_name(root)](_without_namespaces(root))
    reason = _unusable(notice)
    if reason:
        told = {"avis_id": notice.avis_id} | {name: text for name, text in notice.values.items() if text}
        yield Portion(1, {}, [(0, reason, json.dumps(told, ensure_ascii=False))])
        return
    yield Portion(1, {"avis": _notice_row(notice), "avis_lots": _lot_rows(notice)})


def _root(stream: BinaryIO, label: str) -> etree._Element:
    """Return the root of a file that was read to its end."""
    events = walk_xml(stream, label)
    root = next(events)[1]
    for _ in events:
        pass
    return root


def _without_namespaces(root: etree._Element) -> etree._Element:
    for element in root.iter(etree.Element):
        element.tag = local_name(element)
    return root


def _unusable(notice: Notice) -> str | None:
    if notice.avis_id is None:
        return "avis sans numéro"
    if notice.values.get("pays") not in {None, *FRANCE}:
        return "avis d'un acheteur d'un autre pays"
    return None if notice.values.get("forme") else "avis d'un formulaire inconnu"


def _notice_row(notice: Notice) -> pl.DataFrame:
    told = {"avis_id": notice.avis_id, "source": notice.source} | notice.values
    texts = {name: pl.Series([told.get(name)], dtype=pl.String) for name in AVIS}
    return pl.DataFrame(texts).with_columns(
        rang=pl.lit(0, pl.Int64), priorite=pl.lit(-notice.version, pl.Int32), nb_lots=pl.lit(len(notice.lots), pl.Int32)
    )


def _lot_rows(notice: Notice) -> pl.DataFrame:
    rows = [_lot(notice.avis_id, lot) for lot in notice.lots]
    return pl.DataFrame(rows, schema=dict.fromkeys(LOTS, pl.String), orient="row")


def _lot(avis_id: str | None, lot: Lot) -> dict[str, str | None]:
    lists = {name: getattr(lot, name) for name in ("montants", "titulaires", "criteres")}
    plain = {name: getattr(lot, name) for name in LOTS if name not in {"avis_id", *lists}}
    written = {name: json.dumps(each, ensure_ascii=False) if each else None for name, each in lists.items()}
    return {"avis_id": avis_id} | plain | written


def no_notices() -> pl.DataFrame:
    """Return the raw rows of notices, none of them, with all their columns."""
    numbers = {"rang": pl.Int64, "priorite": pl.Int32, "nb_lots": pl.Int32}
    return pl.DataFrame(schema={**dict.fromkeys(AVIS, pl.String), **numbers})


def no_lots() -> pl.DataFrame:
    """Return the raw rows of lots, none of them, with all their columns."""
    return pl.DataFrame(schema=dict.fromkeys(LOTS, pl.String))
