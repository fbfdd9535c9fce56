"""Where the records of a JSON file stand, told in one pass with bounded memory.

Award files hold all their records in one JSON value of gigabytes. The stream is cut where a list of whole
records ends: the JSON grammar itself certifies the cut, at the speed of a C parser. Where no cut is found (end
of a list, broken record), the stretch at hand is walked record by record.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec

from optima_lib.errors import RawFileError, UnknownLayoutError
from optima_lib.sources.rows import Unreadable

CHUNK = 2 << 20
LARGEST_RECORD = 32 << 20
CUTS_TRIED, CUT_WINDOW = 12, 1 << 16
FEWEST_KEYS = 5
LONGEST_SIGN = len(r"\uD83D\uDE00")

# Keys under which files keep their lists of records; a file may also be one bare list.
LIST_HEAD = re.compile(rb'"(marches|marche|contrat-concession|results|records|releases)"\s*:\s*([\[{])')
BARE_LIST = re.compile(rb"\s*(\[)")
BETWEEN = re.compile(rb"\}\s*,\s*(?=\{)")
CLOSING = re.compile(rb"\](?=[\s}]*$)")
BLANKS = re.compile(r"[ \t\r\n,]*")
RECORD_START = re.compile(r'\{\s*"')


class Something(msgspec.Struct, gc=False):
    """An object of any keys."""


_objects = msgspec.json.Decoder(list[Something])
lenient = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


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

    def double(self) -> None:
        """Read as much again as there is, so that a long record is not looked at too many times."""
        wanted = 2 * len(self.buffer) + 1
        while len(self.buffer) < wanted and self.grow():
            pass

    def drop(self, count: int) -> None:
        """Leave behind what has been read."""
        self.buffer, self.before = self.buffer[count:], self.before + count


@dataclass
class Stretch:
    """Successive records of one list, still as text.

    Attributes
    ----------
    source : bytes
        The text of the list, or, where there are ``spans``, a text that holds the records there.
    rang : int
        Position in the file of the first record.
    count : int
        How many records there are, the broken ones included.
    broken : list of (int, str, str)
        Position in the stretch, reason and text of the broken ones.
    spans : list of (int, int) or None
        Where each readable record starts and ends.
    """

    source: bytes
    rang: int = 0
    count: int = 0
    broken: list[Unreadable] = field(default_factory=list)
    spans: list[tuple[int, int]] | None = None
    used: int = 0
    closed: bool = False

    def set_aside(self, reason: str, end: int) -> None:
        """Set a broken record aside."""
        text = self.source[self.used : end].decode("utf-8", "replace").strip(" \t\r\n,")
        self.broken.append((self.count, reason, text))
        self.count += 1


def cut_json(stream: BinaryIO, label: str, chunk: int = CHUNK) -> Iterator[Stretch]:
    """Give the records of a JSON file as text, some after the others.

    Parameters
    ----------
    stream : binary file
        The content.
    label : str
        Name of the file in messages.
    chunk : int
        Bytes read at a time.

    Raises
    ------
    RawFileError
        When the file ends before its lists are closed.
    UnknownLayoutError
        When it holds no list of records.
    """
    feed, rang, found = Feed(stream, label, chunk), 0, False
    while opener := _enter_list(feed):
        found = True
        for stretch in _list(feed, single=opener == b"{"):
            stretch.rang = rang
            rang += stretch.count
            yield stretch
    if not found:
        cure = "Attendu : une liste d'objets, seule ou sous « marches »."
        raise UnknownLayoutError(feed.label, "aucune liste d'enregistrements dans ce JSON", cure)
    try:
        lenient.decode(feed.skeleton.decode("latin-1").strip("\xef\xbb\xbf \t\r\n"))
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


def _list(feed: Feed, *, single: bool) -> Iterator[Stretch]:
    """Give the records of the list that the feed stands in, stretch by stretch, and stop at its closing bracket."""
    closed, shape = False, frozenset[str]()
    while not closed:
        while len(feed.buffer) < feed.chunk and feed.grow():
            pass
        stretch = None if single else _cut(feed.buffer, ended=feed.ended)
        if stretch is None:
            stretch, shape = _walk(feed.buffer, shape, ended=feed.ended, single=single)
        if not stretch.count and not stretch.closed:
            if feed.ended or len(feed.buffer) > LARGEST_RECORD:
                raise _truncated(feed)
            feed.drop(stretch.used)
            feed.double()
            continue
        feed.drop(stretch.used)
        closed = stretch.closed
        if stretch.count:
            yield stretch


def _truncated(feed: Feed) -> RawFileError:
    position = feed.before + len(feed.buffer)
    return RawFileError(feed.label, f"JSON tronqué à l'octet {position}", "Téléchargez de nouveau le fichier entier.")


def _cut(buffer: bytes, *, ended: bool) -> Stretch | None:
    """Take the longest start of the buffer that the JSON grammar accepts as a list of objects."""
    for end, used in _cuts(buffer, ended=ended):
        source = b"".join((b"[", memoryview(buffer)[:end], b"]"))
        try:
            count = len(_objects.decode(source))
        except (msgspec.DecodeError, RecursionError):
            continue
        return Stretch(source, count=count, used=used) if count else None
    return None


def _cuts(buffer: bytes, *, ended: bool) -> list[tuple[int, int]]:
    """List places where a list of records may stop, longest first: its end, and the start of what follows."""
    floor = max(0, len(buffer) - CUT_WINDOW)
    cuts = [(match.start() + 1, match.end()) for match in BETWEEN.finditer(buffer, floor)][-CUTS_TRIED:]
    if ended and (closing := CLOSING.search(buffer, floor)):
        cuts.append((closing.start(), closing.start()))
    return cuts[::-1]


def _walk(buffer: bytes, shape: frozenset[str], *, ended: bool, single: bool) -> tuple[Stretch, frozenset[str]]:
    """Take the records one by one, to the end of the list or of what is whole, setting the broken ones aside.

    Return also the keys of the last record that could be read, by which the next one is known after a break.
    """
    # in latin-1 a position in the text is a position in the bytes, and JSON's own signs are the same
    text, spans = buffer.decode("latin-1"), list[tuple[int, int]]()
    stretch = Stretch(buffer, spans=spans)
    while True:
        stretch.used = _skip(text, stretch.used)
        stretch.closed = text.startswith("]", stretch.used) or (single and stretch.count > 0)
        if stretch.closed:
            return stretch, shape
        try:
            record, end = lenient.raw_decode(text, stretch.used)
        except (json.JSONDecodeError, RecursionError) as error:
            if not ended and _goes_on(error, text):
                return stretch, shape
            after = _resume(text, stretch.used, shape, ended=ended)
            if after is None:
                return stretch, shape
            stretch.set_aside("JSON illisible", after)
            stretch.used = after
            continue
        if isinstance(record, dict):
            shape = frozenset(record)
            spans.append((stretch.used, end))
            stretch.count += 1
        else:
            stretch.set_aside("n'est pas un objet JSON", end)
        stretch.used = end


def _goes_on(error: json.JSONDecodeError | RecursionError, text: str) -> bool:
    """Tell a record whose end is not read yet from a broken one."""
    if isinstance(error, RecursionError):
        return False
    return error.msg.startswith("Unterminated string") or error.pos >= len(text) - LONGEST_SIGN


def _skip(text: str, position: int) -> int:
    match = BLANKS.match(text, position)
    return match.end() if match else position


def _resume(text: str, start: int, shape: frozenset[str], *, ended: bool) -> int | None:
    """Find where reading can go on after a broken record: the next record, or the end of the list."""
    for match in RECORD_START.finditer(text, start + 1):
        try:
            record, _ = lenient.raw_decode(text, match.start())
        except (json.JSONDecodeError, RecursionError):
            continue
        if len(shape & record.keys()) * 2 > len(shape) if shape else len(record) >= FEWEST_KEYS:
            return match.start()
    closing = CLOSING.search(text.encode("latin-1"), start) if ended else None
    return closing.start() if closing else None
