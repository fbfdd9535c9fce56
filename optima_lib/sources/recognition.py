"""What a file is, told from its content, and its records read accordingly."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, BinaryIO

from optima_lib.errors import OptimaError, UnknownLayoutError
from optima_lib.sources import decp
from optima_lib.sources.awards import Piece, tidy_flat
from optima_lib.sources.csv_rows import read_csv, read_header
from optima_lib.sources.files import RawFile
from optima_lib.sources.json_cuts import cut_json
from optima_lib.sources.json_records import OBJECTS, read_json
from optima_lib.sources.layouts import REGISTERS, Layout, find_layout, fold, nearest_layout
from optima_lib.sources.nomenclatures import is_naf_tree, read_naf_tree, tidy_nomenclature
from optima_lib.sources.notices import format_name, is_notice, read_notice
from optima_lib.sources.ocds import read_ocds_awards
from optima_lib.sources.ocds_files import holds_ocds
from optima_lib.sources.parquet_rows import parquet_names, read_parquet
from optima_lib.sources.portions import Portion
from optima_lib.sources.rows import Records, Rows, RowStream, tabulate
from optima_lib.sources.sirene import Named, hide, tidy_register
from optima_lib.sources.territories import tidy_territories
from optima_lib.sources.xml_guard import root_name
from optima_lib.sources.xml_records import read_xml

PARQUET_MAGIC = b"PAR1"
BLANKS = b"\xef\xbb\xbf \t\r\n"
SEEN_AT_MOST, PEEK = 12, 1 << 16
NOTICES = "avis"


@dataclass
class Reading:
    """A file that is known, and its records.

    Attributes
    ----------
    file : RawFile
        The file.
    format : str
        Short name of its layout.
    awards : iterator of Piece
        Its records, when they are nested awards.
    rows : iterator of Rows
        Its rows, when it is flat.
    layout : Layout or None
        Its flat layout.
    notices : iterator of Portion
        What it tells, when it is a notice.
    """

    file: RawFile
    format: str
    awards: Iterable[Piece] = ()
    rows: Iterable[Rows] = ()
    layout: Layout | None = None
    notices: Iterable[Portion] | None = None

    @property
    def donnees(self) -> str:
        """What the records are about."""
        if self.notices is not None:
            return NOTICES
        return "marches" if self.layout is None else self.layout.donnees

    @property
    def holds_awards(self) -> bool:
        """Whether the records are awards."""
        return self.donnees == "marches"

    def portions(self, named: Named) -> Iterator[Portion]:
        """Give the records that are not awards; of a register, only the firms that awards name."""
        yield from self.notices or ()
        if self.layout is None:
            return
        for each in self.rows:
            rows = hide(each) if self.donnees in REGISTERS else each
            if rows.frame.is_empty():
                yield Portion(len(rows.unreadable), {}, rows.unreadable)
            elif self.donnees in REGISTERS:
                yield tidy_register(rows, self.layout, named)
            elif self.donnees == "territoires":
                yield tidy_territories(rows, self.layout)
            else:
                yield tidy_nomenclature(rows, self.layout)

    def pieces(self) -> Iterator[Piece]:
        """Give the award records."""
        if self.layout is None:
            yield from self.awards
        else:
            yield from (tidy_flat(rows, self.layout) for rows in self.rows)


def recognise(file: RawFile) -> Reading:
    """Open a file and tell its layout from its content.

    Raises
    ------
    UnknownLayoutError
        When no known layout fits, with the columns that were seen and the nearest known layout.
    RawFileError
        When the content is broken from its start.
    """
    start = file.start()
    if not start.strip(BLANKS):
        raise UnknownLayoutError(file.label, "le fichier est vide", "Vérifiez le téléchargement.")
    sign = start.lstrip(BLANKS)[:64].lower()
    if start.startswith(PARQUET_MAGIC):
        return _flat(file, "parquet", _rows(file, read_parquet))
    if sign.startswith((b"<!doctype html", b"<html")):
        cure = "Téléchargez-le de nouveau."
        raise UnknownLayoutError(file.label, "c'est une page HTML, pas un fichier de données", cure)
    if sign.startswith(b"<"):
        return _xml(file)
    if is_naf_tree(sign):
        return _flat(file, "json", _rows(file, read_naf_tree))
    if sign.startswith((b"{", b"[")):
        return Reading(file, "ocds", read_ocds_awards(file)) if holds_ocds(start) else _json(file)
    columns, _ = read_header(start)
    if find_layout(columns) is None:
        raise _unknown(file, columns if _is_text(start) else [])
    return _flat(file, "csv", _rows(file, partial(read_csv, start=start)))


def holds_register(file: RawFile) -> bool:
    """Tell whether a file is of the company register, from its column names alone.

    Such a file is read after the others, which say what firms to look for in it. One that cannot be opened is
    none: reading it will say why.
    """
    try:
        start = file.start()
        if start.startswith(PARQUET_MAGIC):
            with file.open() as stream:
                columns = parquet_names(stream, file.label)
        elif start.lstrip(BLANKS).startswith((b"{", b"[", b"<")):
            return False
        else:
            columns, _ = read_header(start)
    except OptimaError:
        return False
    layout = find_layout(columns)
    return layout is not None and layout.donnees in REGISTERS


def _rows(file: RawFile, read: Callable[[BinaryIO, str], Iterator[Any]]) -> Iterator[Any]:
    """Read a file to its end, and close it whatever happens."""
    with file.open() as stream:
        yield from read(stream, file.label)


def _xml(file: RawFile) -> Reading:
    with file.open() as stream:
        root = root_name(stream, file.label)
    if is_notice(root):
        return Reading(file, format_name(root), notices=_rows(file, read_notice))
    return _nested(file, "xml", read_xml, map(decp.tidy_nested, _rows(file, partial(read_xml, kind=decp.AWARDS))))


def _json(file: RawFile) -> Reading:
    with file.open() as stream:
        columns = _first_keys(read_json(stream, file.label, OBJECTS, chunk=PEEK))
    if columns is None or decp.is_nested(columns):
        return _nested(file, "json", read_json, map(decp.JsonPiece, _rows(file, cut_json)))
    return _flat(file, "json", map(tabulate, _rows(file, partial(read_json, kind=OBJECTS))))


def _first_keys(records: Iterator[Records[dict[str, Any]]]) -> list[str] | None:
    """Return the keys of the first records that can be read; None when there is none."""
    for some in records:
        if some.values:
            return list(dict.fromkeys(key for value in some.values for key in value))
    return None


def _nested(
    file: RawFile,
    kind: str,
    read: Callable[..., Iterator[Records[Any]]],
    pieces: Iterable[Piece],
) -> Reading:
    """Open a file of nested awards, whose schema its first records tell."""
    with file.open() as stream:
        columns = _first_keys(read(stream, file.label, OBJECTS))
    if columns is None:
        return Reading(file, f"decp-{kind} sans enregistrement lisible", pieces)
    return Reading(file, f"decp-{_schema(columns)}-{kind}", pieces)


def _flat(file: RawFile, kind: str, rows: RowStream) -> Reading:
    first = next(rows, None)
    if first is None:
        raise UnknownLayoutError(file.label, f"{kind.upper()} sans aucune ligne", "Vérifiez le téléchargement.")
    columns = [column for column in first.frame.columns if column != "rang"]
    layout = find_layout(columns)
    if layout is None or not layout.fits(first.frame):
        raise _unknown(file, columns)
    return Reading(file, f"{layout.nom}-{kind}", rows=chain([first], rows), layout=layout)


def _is_text(start: bytes) -> bool:
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in start


def _schema(columns: list[str]) -> str:
    """Tell the 2019 schema from that of 2022 by the fields that only one of them has."""
    seen = {fold(column) for column in columns}
    return "2022" if seen & {"techniques", "considerationssociales", "offresrecues", "ccag", "typesprix"} else "2019"


def _unknown(file: RawFile, columns: list[str]) -> UnknownLayoutError:
    if not columns:
        return UnknownLayoutError(
            file.label, "contenu qui n'est pas un tableau de données connu", "Écartez ce fichier."
        )
    seen = ", ".join(columns[:SEEN_AT_MOST]) + ("…" if len(columns) > SEEN_AT_MOST else "")
    near = nearest_layout(columns)
    reason = f"format inconnu (colonnes vues : {seen})"
    cure = (
        f"Format connu le plus proche : « {near.libelle} », auquel il manque {', '.join(near.missing(columns))}. "
        "Un format à plat s'ajoute en décrivant ses colonnes dans optima_lib/sources/layouts."
    )
    return UnknownLayoutError(file.label, reason, cure)
