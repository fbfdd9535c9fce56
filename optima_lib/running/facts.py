"""The tables of facts on disk: made from the processed tables when these, the rules or the references change."""

import atexit
import errno
import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import polars as pl

from optima_lib import indicators
from optima_lib.errors import TableError
from optima_lib.indicators.catalogue import fields
from optima_lib.indicators.facts import FACTS, Base, Conventions, build_facts
from optima_lib.indicators.facts.base import NEEDED
from optima_lib.indicators.measure import check_grain
from optima_lib.paths import REFERENCES
from optima_lib.schemas import DERIVED, SCHEMAS, check_readable, is_readable, table_path

TOGETHER = 50_000  # rows that are read at once: those of like buyers, who stand side by side
FOLDER, STATE = "faits", "etat.txt"
NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}


def ready_facts(processed: Path, conventions: Conventions | None = None) -> dict[str, Path]:
    """Return the Parquet file of each table of facts, made anew when something that it rests on has changed.

    Parameters
    ----------
    processed : Path
        Folder of the processed tables; the facts go into its folder ``faits``, all at once. Where nothing
        can be written there, they go into a temporary folder, removed when the process ends.
    conventions : Conventions, optional
        How suppliers share a contract.

    Raises
    ------
    TableError
        When a processed table is missing, or is not of its grain.
    """
    told = conventions or Conventions()
    folder, state = processed / FOLDER, _state(processed, told)
    if not _stands(folder, state):
        base = _base(processed)
        folder = _place(processed) / FOLDER
        if not _stands(folder, state):
            _write(base, folder, state, told)
    return {name: table_path(folder, name) for name in FACTS}


def _stands(folder: Path, state: str) -> bool:
    """Tell whether the facts are those of a state, and can be opened."""
    kept = folder / STATE
    if not (kept.is_file() and kept.read_text(encoding="utf-8") == state):
        return False
    return all(is_readable(table_path(folder, name)) for name in FACTS)


def _place(processed: Path) -> Path:
    """Return the folder to write in: that of the tables, or a temporary one where it takes nothing."""
    try:
        Path(tempfile.mkdtemp(prefix=".faits-", dir=processed)).rmdir()
    except OSError as error:
        if error.errno not in NOT_WRITABLE:
            raise
        return _temporary(processed)
    return processed


@cache
def _temporary(processed: Path) -> Path:
    """Make the one temporary folder that stands for a folder; the process that made it removes it."""
    folder = Path(tempfile.mkdtemp(prefix=f"optima-faits-{processed.parent.name}-"))
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: Path, maker: int) -> None:
    if os.getpid() == maker:  # a forked process leaves it to the other
        shutil.rmtree(folder, ignore_errors=True)


def _state(processed: Path, conventions: Conventions) -> str:
    """Return what the facts rest on, as one fingerprint."""
    digest = hashlib.sha256(repr(conventions).encode())
    for name in SCHEMAS:
        path = table_path(processed, name)
        if path.is_file() and name not in DERIVED:
            told = path.stat()
            digest.update(f"{name} {told.st_size} {told.st_mtime_ns}".encode())
    code = Path(indicators.__file__).parent
    for path in sorted([*code.rglob("*.py"), *REFERENCES.glob("*.csv")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _write(base: Base, folder: Path, state: str, conventions: Conventions) -> None:
    """Make the tables beside the old ones, then put them in their place."""
    check_grain(base["marches"], "uid", "marches")
    building = Path(tempfile.mkdtemp(prefix=".faits-", dir=folder.parent))
    try:
        build_facts(base, conventions, lambda name, table: _kept(table, table_path(building, name)), fields())
        (building / STATE).write_text(state, encoding="utf-8")
        old = building.with_suffix(".old")
        if folder.exists():
            folder.replace(old)
        building.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _kept(table: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    table.sink_parquet(path, compression="zstd", compression_level=1, row_group_size=TOGETHER)
    return pl.scan_parquet(path)


def _base(processed: Path) -> Base:
    """Read the processed tables lazily."""
    for name in NEEDED:
        if not table_path(processed, name).is_file():
            raise TableError(
                f"{table_path(processed, name)} manque. Lancez d'abord « optima clean » sur les fichiers à lire."
            )
    found = {name: table_path(processed, name) for name in SCHEMAS if name not in DERIVED}
    check_readable(path for path in found.values() if path.is_file())
    return Base({name: pl.scan_parquet(path) for name, path in found.items() if path.is_file()})
