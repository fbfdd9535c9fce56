"""The releases of a file, read block by block: JSON Lines, or the records of a package."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from optima_lib.flags.extraction import Columns
from optima_lib.flags.ocds import RELEASE, Release, read_release, unwrap
from optima_lib.sources.ocds_files import UNREADABLE, blocks, lines_of

BLOCK = 1 << 18
NAMED = 5
NOT_JSON = "JSON illisible"
NO_PROCESS = "sans identifiant « ocid »"


@dataclass
class Batch:
    """What was read of a file.

    Attributes
    ----------
    columns : Columns
        The releases.
    count : int
        How many lines (or records of a package) there were, blank ones included.
    unread : int
        How many could not be used.
    reasons : list of (int, str)
        Position, from 0, and reason of the first of those.
    """

    columns: Columns = field(default_factory=Columns)
    count: int = 0
    unread: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)

    def set_aside(self, position: int, reason: str) -> None:
        """Count a line that cannot be used."""
        self.unread += 1
        if len(self.reasons) < NAMED:
            self.reasons.append((position, reason))

    def read(self, texts: list[bytes], *, prepared: bool) -> None:
        """Read lines, or records, one by one."""
        releases: list[Release] = []
        for position, text in enumerate(texts, start=self.count):
            if not text.strip():
                continue
            try:
                found = list(unwrap(read_release(text, prepared=prepared), prepared=prepared))
            except UNREADABLE:
                self.set_aside(position, NOT_JSON)
                continue
            named = [each for each in found if each.ocid is not None]
            releases += named
            if len(named) < max(len(found), 1):
                self.set_aside(position, NO_PROCESS)
        self.count += len(texts)
        self.columns.add(releases)


def read_lines(stream: BinaryIO, label: str, *, prepared: bool, limit: int | None = None) -> Batch:
    """Read JSON Lines.

    Parameters
    ----------
    stream : binary file
        The content, from the start of a line.
    label : str
        Name of the file in messages.
    prepared : bool
        Whether identifiers told as numbers, lone objects and bytes of cp1252 are read (mode ``optima``).
    limit : int, optional
        How many bytes to read, up to the end of a line.

    Raises
    ------
    RawFileError
        When a line is too long to be held.
    """
    batch = Batch()
    for block in blocks(stream, label, limit, BLOCK):
        releases = _decode(block)
        if releases is None:
            batch.read(lines_of(block), prepared=prepared)
        else:
            batch.columns.add(releases)
            batch.count += block.count(b"\n") + (not block.endswith(b"\n"))
    return batch


def _decode(block: bytes) -> list[Release] | None:
    """Decode the lines of a block at once, or None when they are not all plain releases."""
    try:
        releases: list[Release] = RELEASE.decode_lines(block)
    except UNREADABLE:
        return None
    plain = all(each.ocid is not None and not (each.compiled or each.records or each.releases) for each in releases)
    return releases if plain else None


@dataclass(frozen=True)
class Share:
    """The part of a file on disk that one process reads: whole lines, from a byte to another."""

    path: Path
    start: int
    end: int
    prepared: bool

    def read(self) -> Batch:
        """Read the part."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            return read_lines(stream, str(self.path), prepared=self.prepared, limit=self.end - self.start)
