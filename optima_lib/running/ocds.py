"""The releases of an OCDS file, whatever it is wrapped in, read by as many processes as it is worth."""

import os
import pickle
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, cast

from optima_lib.errors import NoSourceError, OptimaError, RawFileError, UnknownLayoutError
from optima_lib.flags.lines import Batch, Share, read_lines
from optima_lib.paths import PACKAGE
from optima_lib.sources.files import GZIP_MAGIC, RawFile
from optima_lib.sources.ocds_files import EXPECTED, is_lines, values

WORTH_A_PROCESS = 8 << 20
MOST_PROCESSES = 4
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
    read = _read_lines if is_lines(file) else _read_value
    batches = read(file, prepared=prepared)
    if not any(each.columns.ocid for each in batches):
        raise UnknownLayoutError(str(path), "aucune release OCDS dans ce fichier", EXPECTED)
    return batches


def _read_lines(file: RawFile, *, prepared: bool) -> list[Batch]:
    if _is_compressed(file.path):
        with file.open() as stream:
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


def _is_compressed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC


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
    """Read one JSON value, list by list."""
    batch = Batch()
    for some in values(file):
        for index, reason in some.broken.items():
            batch.set_aside(some.rang + index, reason)
        batch.read([text for index, text in enumerate(some.texts) if index not in some.broken], prepared=prepared)
        batch.count = some.rang + len(some.texts)
    return [batch]
