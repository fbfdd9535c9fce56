"""The releases and records of an OCDS file, as text, whatever they are wrapped in.

A file is lines of JSON, or one JSON value: a release, a record, a list of them, a package of releases or of records.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec

from optima_lib.errors import RawFileError, UnknownLayoutError
from optima_lib.sources.files import RawFile

SMALL = 16 << 20  # a JSON value that is decoded at once
LONGEST_LINE = 64 << 20
BLOCK = 1 << 20
MARK = b"\xef\xbb\xbf"
EXPECTED = "Attendu : des releases ou des records OCDS, un par ligne ou dans un paquet."
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError)


@dataclass
class Texts:
    """Some successive releases or records of a file, as text.

    Attributes
    ----------
    rang : int
        Position in the file of the first.
    texts : list of bytes
        The text of each.
    broken : dict of int to str
        Reason why the text at an index is no JSON.
    """

    rang: int
    texts: list[bytes]
    broken: dict[int, str] = field(default_factory=dict)


def holds_ocds(start: bytes) -> bool:
    """Tell from its start whether a file holds OCDS: an identifier of a process stands in it, and no DECP list."""
    return b'"ocid"' in start and b'"marches"' not in start.split(b'"ocid"')[0]


def is_lines(file: RawFile) -> bool:
    """Tell whether a file is lines of JSON, or one JSON value.

    Raises
    ------
    UnknownLayoutError
        When it is neither.
    """
    start = file.start(1 << 20).removeprefix(MARK).lstrip()
    if not start:
        raise UnknownLayoutError(file.label, "le fichier est vide", EXPECTED)
    lines = [line.strip() for line in start.split(b"\n") if line.strip()]
    if start.startswith(b"[") or (start.startswith(b"{") and not _is_object(lines[0])):
        # a first line that breaks off is followed by another object, which no JSON value has there
        return start.startswith(b"{") and len(lines) > 1 and lines[1].startswith(b"{")
    if any(map(_is_object, lines)):
        return True
    raise UnknownLayoutError(file.label, "ce n'est pas du JSON", EXPECTED)


def _is_object(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except UNREADABLE:
        return False
    return True


def blocks(stream: BinaryIO, label: str, limit: int | None = None, size: int = BLOCK) -> Iterator[bytes]:
    """Give the content in blocks of whole lines, its mark of UTF-8 left out.

    Raises
    ------
    RawFileError
        When a line is too long to be held.
    """
    rest, first = b"", True
    while more := stream.read(size if limit is None else min(size, limit)):
        limit = None if limit is None else limit - len(more)
        whole = rest + more
        if first and len(whole) >= len(MARK):
            whole, first = whole.removeprefix(MARK), False
        end = whole.rfind(b"\n") + 1
        if end:
            yield whole[:end]
        rest = whole[end:]
        if len(rest) > LONGEST_LINE:
            reason = f"une ligne dépasse {LONGEST_LINE >> 20} Mo"
            raise RawFileError(label, reason, "Attendu : une release OCDS par ligne.")
    if rest:
        yield rest


def lines_of(block: bytes) -> list[bytes]:
    """Split a block into its lines."""
    return block.split(b"\n")[: -1 if block.endswith(b"\n") else None]


def read_texts(file: RawFile) -> Iterator[Texts]:
    """Give the releases and records of a file, as text.

    Raises
    ------
    RawFileError, UnknownLayoutError
        When the file is no OCDS or breaks off.
    """
    yield from _lines(file) if is_lines(file) else values(file)


def _lines(file: RawFile) -> Iterator[Texts]:
    rang = 0
    with file.open() as stream:
        for block in blocks(stream, file.label):
            texts = [text for line in lines_of(block) if line.strip() for text in _unpacked(line)]
            if texts:
                yield Texts(rang, texts)
            rang += len(texts)


def _unpacked(line: bytes) -> list[bytes]:
    """Give the records of a line that is a package; another line gives itself."""
    if b'"releases"' not in line and b'"records"' not in line:
        return [line]
    try:
        return _records(line, "")
    except RawFileError:
        return [line]  # told with the reason when it is read


def values(file: RawFile) -> Iterator[Texts]:
    """Give the releases and records of one JSON value: at once when it is small, else list by list."""
    from optima_lib.sources.json_cuts import cut_json  # noqa: PLC0415 - it brings polars, which lines do without

    start = file.start(SMALL + 1)
    if len(start) <= SMALL:
        yield Texts(0, _records(start.removeprefix(MARK), file.label))
        return
    with file.open() as stream:
        for stretch in cut_json(stream, file.label):
            spans = iter(stretch.spans or ())
            if stretch.spans is None:
                yield Texts(stretch.rang, [bytes(each) for each in _RAW_LIST.decode(stretch.source)])
                continue
            broken = {index: (reason, text) for index, reason, text in stretch.broken}
            texts = [
                broken[index][1].encode() if index in broken else stretch.source[slice(*next(spans))]
                for index in range(stretch.count)
            ]
            yield Texts(stretch.rang, texts, {index: reason for index, (reason, _) in broken.items()})


_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def _records(text: bytes, label: str) -> list[bytes]:
    """Give the records of a list or of a package, or the value itself."""
    try:
        if text.lstrip().startswith(b"["):
            return [bytes(each) for each in _RAW_LIST.decode(text)]
        package = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        held = package.get("records") or (None if "ocid" in package else package.get("releases"))
        return [text] if held is None else [bytes(each) for each in _RAW_LIST.decode(held)]
    except UNREADABLE as error:
        raise RawFileError(label, f"JSON illisible ({error})", "Téléchargez de nouveau le fichier entier.") from None
