"""The releases of an OCDS file, whatever it is wrapped in, read by as many processes as it is worth."""

import io
import os
import pickle
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from optima_lib.errors import NoSourceError, OptimaError, RawFileError, UnknownLayoutError
from optima_lib.flags.lines import Batch, Share, read_lines
from optima_lib.flags.ocds import UNREADABLE
from optima_lib.paths import PACKAGE
from optima_lib.sources.files import RawFile

if TYPE_CHECKING:
    from optima_lib.sources.json_cuts import Stretch

SMALL = 16 << 20  # a JSON value that is decoded at once
WORTH_A_PROCESS = 8 << 20
MOST_PROCESSES = 4
EXPECTED = "Attendu : des releases ou des records OCDS, un par ligne ou dans un paquet."
JSON_LINES, JSON_VALUE = "lignes", "valeur"
Process = subprocess.Popen[bytes]


def read_ocds(path: Path, *, prepared: bool) -> list[Batch]:
    """Read the releases of a file, in its order.

    Parameters
    ----------
    path : Path
        JSON Lines of releases, records or packages; or one JSON value: a release, a record, a list of them, a
        package. It may be compressed with gzip.
    prepared : bool
        Whether identifiers told as numbers, lone objects and bytes of cp1252 are read (mode ``optima``).

    Raises
    ------
    NoSourceError
        When there is no such file.
    UnknownLayoutError
        When it holds no release.
    RawFileError
        When it cannot be read to its end.
    """
    if not path.is_file():
        raise NoSourceError(f"{path} : aucun fichier de ce nom. Vérifiez le chemin.")
    file = RawFile(str(path), path)
    read = _read_lines if _shape(file) is JSON_LINES else _read_value
    batches = read(file, prepared=prepared)
    if not any(each.columns.ocid for each in batches):
        raise UnknownLayoutError(str(path), "aucune release OCDS dans ce fichier", EXPECTED)
    return batches


def _shape(file: RawFile) -> str:
    """Tell whether a file is lines of JSON or one JSON value, by its start."""
    start = file.start(1 << 20).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise UnknownLayoutError(file.label, "le fichier est vide", EXPECTED)
    lines = [line.strip() for line in start.split(b"\n") if line.strip()]
    if start.startswith(b"[") or (start.startswith(b"{") and not _is_object(lines[0])):
        broken_first_line = start.startswith(b"{") and len(lines) > 1 and lines[1].startswith(b"{")
        return JSON_LINES if broken_first_line else JSON_VALUE
    if any(map(_is_object, lines)):
        return JSON_LINES
    raise UnknownLayoutError(file.label, "ce n'est pas du JSON", EXPECTED)


def _is_object(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except UNREADABLE:
        return False
    return True


def _read_lines(file: RawFile, *, prepared: bool) -> list[Batch]:
    with file.open() as stream:
        if not isinstance(stream, io.BufferedReader) or not hasattr(stream.raw, "fileno") or _compressed(file.path):
            return [read_lines(stream, file.label, prepared=prepared)]
    shares = _shares(file.path, prepared=prepared)
    helpers = [_start(share) for share in shares[1:]]
    try:
        own = shares[0].read()
        import polars  # noqa: F401, ICN001, PLC0415 - what comes next needs it, while the helpers end their work

        return [own, *map(_answer, helpers)]
    finally:
        for each in helpers:
            each.kill()
            each.communicate()


def _compressed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _shares(path: Path, *, prepared: bool) -> list[Share]:
    """Cut a file into parts of the same size, each ending with a line."""
    size = path.stat().st_size
    count = max(1, min(os.cpu_count() or 1, MOST_PROCESSES, size // WORTH_A_PROCESS))
    ends = [0]
    with path.open("rb") as stream:
        for part in range(1, count):
            stream.seek(max(ends[-1], size * part // count))
            stream.readline()
            ends.append(stream.tell())
    ends.append(size)
    return [Share(path, start, end, prepared) for start, end in pairwise(ends) if end > start]


def _start(share: Share) -> Process:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-P", "-m", "optima_lib.flags.reader"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603
    pickle.dump(share, cast("BinaryIO", process.stdin), protocol=5)
    cast("BinaryIO", process.stdin).close()
    process.stdin = None  # nothing more is written
    return process


def _answer(process: Process) -> Batch:
    try:
        answer: Batch | tuple[str, str, str] = pickle.load(cast("BinaryIO", process.stdout))  # noqa: S301 - our own
    except EOFError:
        cure = "Libérez de la mémoire, puis relancez."
        raise OptimaError(f"Un processus de lecture s'est arrêté avant la fin. {cure}") from None
    if isinstance(answer, tuple):
        raise RawFileError(*answer)
    return answer


def _read_value(file: RawFile, *, prepared: bool) -> list[Batch]:
    """Read one JSON value: at once when it is small, else list by list."""
    from optima_lib.sources.json_cuts import cut_json  # noqa: PLC0415 - lines are read before polars is imported

    start = file.start(SMALL + 1)
    batch = Batch()
    if len(start) <= SMALL:
        batch.read(_records(start.removeprefix(b"\xef\xbb\xbf"), file.label), prepared=prepared)
        return [batch]
    with file.open() as stream:
        for stretch in cut_json(stream, file.label):
            for index, reason, _ in stretch.broken:
                batch.set_aside(stretch.rang + index, reason)
            batch.read(_texts(stretch), prepared=prepared)
    return [batch]


def _records(text: bytes, label: str) -> list[bytes]:
    """Give the records of a list or of a package, or the value itself."""
    try:
        if text.lstrip().startswith(b"["):
            return [bytes(each) for each in msgspec.json.decode(text, type=list[msgspec.Raw])]
        package = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        held = package.get("records") or (None if "ocid" in package else package.get("releases"))
        return [text] if held is None else [bytes(each) for each in msgspec.json.decode(held, type=list[msgspec.Raw])]
    except UNREADABLE as error:
        raise RawFileError(label, f"JSON illisible ({error})", "Téléchargez de nouveau le fichier entier.") from None


def _texts(stretch: "Stretch") -> list[bytes]:
    if stretch.spans is not None:
        return [stretch.source[start:end] for start, end in stretch.spans]
    return [bytes(each) for each in msgspec.json.decode(stretch.source, type=list[msgspec.Raw])]
