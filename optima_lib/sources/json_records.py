"""Records of a JSON file of any size, read in one pass with bounded memory.

Award files hold all their records in one JSON value of gigabytes. The stream is cut where a list of whole
records ends: the JSON grammar itself certifies the cut, and the records are decoded at the speed of a C parser
by the same call. Where no cut is found (end of a list, broken record), the stretch at hand is walked record by
record.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic, TypeVar

import msgspec

from optima_lib.errors import RawFileError, UnknownLayoutError
from optima_lib.sources.encoding import as_utf8
from optima_lib.sources.rows import Records, Unreadable

T = TypeVar("T")

CHUNK = 8 << 20
LARGEST_RECORD = 32 << 20
CUTS_TRIED, CUT_WINDOW = 12, 1 << 16
FEWEST_KEYS = 5

# Keys under which files keep their lists of records; a file may also be one bare list.
LIST_HEAD = re.compile(rb'"(marches|marche|contrat-concession|results|records)"\s*:\s*([\[{])')
BARE_LIST = re.compile(rb"\s*(\[)")
BETWEEN = re.compile(rb"\}\s*,\s*(?=\{)")
CLOSING = re.compile(rb"\](?=[\s}]*$)")
RECORD_START = re.compile(r'\{\s*"')
STRAY_SPACE = b' ":'

_raw_list = msgspec.json.Decoder(list[msgspec.Raw])
_dict_list = msgspec.json.Decoder(list[dict[str, Any]])
_lenient = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


@dataclass
class Kind(Generic[T]):
    """What records are read as.

    Attributes
    ----------
    decoder : msgspec.json.Decoder
        Decodes a list of records at once, in their usual shape.
    read : callable
        Makes a record of a JSON object of any shape.
    """

    decoder: "msgspec.json.Decoder[list[T]]"
    read: Callable[[dict[str, Any]], T]


OBJECTS: Kind[dict[str, Any]] = Kind(_dict_list, lambda value: {key.strip(): each for key, each in value.items()})


@dataclass
class Feed:
    """The part of a stream that is being looked at.

    What stands around the lists gathers in ``skeleton``, which is the file's JSON with its lists empty.
    """

    stream: BinaryIO
    label: str
    chunk: int
    buffer: bytes = b""
    before: int = 0
    ended: bool = False
    skeleton: bytes = b""

    def grow(self) -> bool:
        """Read one more chunk; False at the end of the stream."""
        more = self.stream.read(self.chunk)
        self.buffer = self.buffer + more if self.buffer else more
        self.ended = not more
        return bool(more)

    def drop(self, count: int) -> None:
        """Leave behind what has been read."""
        self.buffer, self.before = self.buffer[count:], self.before + count


@dataclass
class Stretch(Generic[T]):
    """Successive records of one list, in ``source``; a broken one stands as None, its text in ``broken``."""

    source: bytes
    records: list[T | None] = field(default_factory=list)
    broken: list[Unreadable] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    used: int = 0
    closed: bool = False

    def set_aside(self, reason: str, end: int) -> None:
        """Set a broken record aside."""
        text = self.source[self.used : end].decode("utf-8", "replace").strip(" \t\r\n,")
        self.broken.append((len(self.records), reason, text))
        self.records.append(None)

    def text(self, index: int) -> str:
        """Return the raw text of a readable record."""
        if self.spans:
            start, end = self.spans[index]
            return as_utf8(self.source[start:end]).decode()
        return bytes(_raw_list.decode(self.source)[index]).decode()


def read_json(stream: BinaryIO, label: str, kind: Kind[T], chunk: int = CHUNK) -> Iterator[Records[T]]:
    """Read the records of a JSON file.

    Parameters
    ----------
    stream : binary file
        The content; a byte that is not valid UTF-8 is read as cp1252.
    label : str
        Name of the file in messages.
    kind : Kind
        What the records are read as.
    chunk : int
        Bytes read at a time.

    Yields
    ------
    Records
        Records in file order, the broken ones apart with their text.

    Raises
    ------
    RawFileError
        When the file ends before its lists are closed.
    UnknownLayoutError
        When it holds no list of records.
    """
    rang = 0
    for stretch in _stretches(Feed(stream, label, chunk), kind):
        values = [value for value in stretch.records if value is not None]
        ranks = [rang + i for i, value in enumerate(stretch.records) if value is not None]
        unreadable = [(rang + i, reason, text) for i, reason, text in stretch.broken]
        rang += len(stretch.records)
        yield Records(values, ranks, stretch.text, unreadable)


def _stretches(feed: Feed, kind: Kind[T]) -> Iterator[Stretch[T]]:
    found = False
    while opener := _enter_list(feed):
        found = True
        yield from _list(feed, kind, single=opener == b"{")
    if not found:
        cure = "Attendu : une liste d'objets, seule ou sous « marches »."
        raise UnknownLayoutError(feed.label, "aucune liste d'enregistrements dans ce JSON", cure)
    try:
        _lenient.decode(feed.skeleton.decode("latin-1").strip("\xef\xbb\xbf \t\r\n"))
    except json.JSONDecodeError:
        raise _truncated(feed) from None


def _enter_list(feed: Feed) -> bytes | None:
    """Move to the first record of the next list; give its opening bracket, or None when there is no more list."""
    while True:
        bare = None if feed.skeleton else BARE_LIST.match(feed.buffer.removeprefix(b"\xef\xbb\xbf"))
        for head in [bare] if bare else LIST_HEAD.finditer(feed.buffer):
            single = head.group().endswith(b"{")
            if single and head[1] not in {b"marche", b"contrat-concession"}:
                continue
            start = feed.buffer.index(head.group()) + len(head.group()) - single
            feed.skeleton += feed.buffer[:start] + (b"null" if single else b"")
            feed.drop(start)
            return b"{" if single else b"["
        if not feed.grow():
            feed.skeleton += feed.buffer
            return None


def _list(feed: Feed, kind: Kind[T], *, single: bool) -> Iterator[Stretch[T]]:
    """Give the records of the list that the feed stands in, stretch by stretch, and stop at its closing bracket."""
    closed, shape = False, frozenset[str]()
    while not closed:
        while len(feed.buffer) < feed.chunk and feed.grow():
            pass
        stretch = None if single else _cut(feed.buffer, kind, ended=feed.ended)
        if stretch is None:
            stretch, shape = _walk(feed.buffer, kind, shape, ended=feed.ended, single=single)
        if not stretch.records and not stretch.closed:
            if feed.ended or len(feed.buffer) > LARGEST_RECORD:
                raise _truncated(feed)
            feed.grow()
            continue
        feed.drop(stretch.used)
        closed = stretch.closed
        if stretch.records:
            yield stretch


def _truncated(feed: Feed) -> RawFileError:
    position = feed.before + len(feed.buffer)
    return RawFileError(feed.label, f"JSON tronqué à l'octet {position}", "Téléchargez de nouveau le fichier entier.")


def _cut(buffer: bytes, kind: Kind[T], *, ended: bool) -> Stretch[T] | None:
    """Take the longest start of the buffer that the JSON grammar accepts as a list of objects."""
    for end, used in _cuts(buffer, ended=ended):
        source = b"".join((b"[", memoryview(buffer)[:end], b"]"))
        try:
            records = _decode(source, kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        return Stretch(source, list(records), used=used) if records else None
    return None


def _decode(source: bytes, kind: Kind[T]) -> list[T]:
    """Decode a list of records: at once, or one by one where some are of another shape."""
    if STRAY_SPACE in source:  # a key may end with a space
        return [kind.read(value) for value in _dict_list.decode(source)]
    try:
        return kind.decoder.decode(source)
    except msgspec.ValidationError:
        return [kind.read(value) for value in _dict_list.decode(source)]


def _cuts(buffer: bytes, *, ended: bool) -> list[tuple[int, int]]:
    """List places where a list of records may stop, longest first: its end, and the start of what follows."""
    floor = max(0, len(buffer) - CUT_WINDOW)
    cuts = [(match.start() + 1, match.end()) for match in BETWEEN.finditer(buffer, floor)][-CUTS_TRIED:]
    if ended and (closing := CLOSING.search(buffer, floor)):
        cuts.append((closing.start(), closing.start()))
    return cuts[::-1]


def _walk(
    buffer: bytes, kind: Kind[T], shape: frozenset[str], *, ended: bool, single: bool
) -> tuple[Stretch[T], frozenset[str]]:
    """Take the records one by one, to the end of the list or of what is whole, setting the broken ones aside.

    Return also the keys of the last record that could be read, by which the next one is known after a break.
    """
    # in latin-1 a position in the text is a position in the bytes, and JSON's own signs are the same
    text, stretch = buffer.decode("latin-1"), Stretch[T](buffer)
    while True:
        stretch.used = _skip(text, stretch.used)
        stretch.closed = text.startswith("]", stretch.used) or (single and bool(stretch.records))
        if stretch.closed:
            return stretch, shape
        try:
            record, end = _lenient.raw_decode(text, stretch.used)
        except json.JSONDecodeError as error:
            after = _resume(text, stretch.used, shape, ended=ended)
            if after is None:
                return stretch, shape
            stretch.set_aside(f"JSON illisible ({error.msg})", after)
            stretch.used = after
            continue
        if isinstance(record, dict):
            shape = frozenset(record)
            stretch.spans.append((stretch.used, end))
            stretch.records.append(kind.read(_lenient.decode(as_utf8(buffer[stretch.used : end]).decode())))
        else:
            stretch.set_aside("n'est pas un objet JSON", end)
        stretch.used = end


def _skip(text: str, position: int) -> int:
    while text[position : position + 1] in {" ", "\t", "\r", "\n", ","}:
        position += 1
    return position


def _resume(text: str, start: int, shape: frozenset[str], *, ended: bool) -> int | None:
    """Find where reading can go on after a broken record: the next record, or the end of the list."""
    for match in RECORD_START.finditer(text, start + 1):
        try:
            record, _ = _lenient.raw_decode(text, match.start())
        except json.JSONDecodeError:
            continue
        if len(shape & record.keys()) * 2 > len(shape) if shape else len(record) >= FEWEST_KEYS:
            return match.start()
    closing = CLOSING.search(text.encode("latin-1"), start) if ended else None
    return closing.start() if closing else None
