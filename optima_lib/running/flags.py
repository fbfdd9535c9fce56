"""``optima flags``: the red flags of an OCDS file."""

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from optima_lib.errors import OptimaError
from optima_lib.flags.ini import read_settings
from optima_lib.flags.lines import NAMED, Batch
from optima_lib.flags.settings import Settings, default_settings
from optima_lib.running.ocds import read_ocds

if TYPE_CHECKING:
    from optima_lib.flags.measure import Result


@dataclass
class Flagging:
    """What ``optima flags`` did.

    Attributes
    ----------
    result : dict
        The flags, in the layout of Cardinal.
    settings : Settings
        What the rules followed.
    releases : int
        How many releases were read.
    unread : int
        How many lines or records could not be used.
    reasons : list of (int, str)
        Position in the file, from 1, and reason of the first of those.
    """

    result: "Result"
    settings: Settings
    releases: int
    unread: int
    reasons: list[tuple[int, str]]


def flag(path: Path, *, mode: str = "optima", settings: Path | None = None, maps: bool = False) -> Flagging:
    """Compute the red flags of an OCDS file.

    Parameters
    ----------
    path : Path
        Releases, records or packages: JSON Lines or JSON, which gzip may compress.
    mode : str
        ``cardinal`` for the very rules of Cardinal, ``optima`` for the repaired ones.
    settings : Path, optional
        Settings in Cardinal's INI form; by default every flag is computed, with the default settings.
    maps : bool
        Whether to tell which organisations each process leads to.

    Raises
    ------
    OptimaError
        When the file or the settings cannot be read, in one French sentence.
    """
    chosen = read_settings(settings, mode) if settings else default_settings(mode)
    with _without_cycles():
        batches = read_ocds(path, prepared=chosen.repaired)
        reasons = list(_positions(batches))[:NAMED]
        releases, unread = sum(len(each.columns.ocid) for each in batches), sum(each.unread for each in batches)
        result = _measure(batches, chosen, maps=maps)
    if chosen.repaired:
        result["Meta"]["optima"]["illisibles"] = unread
    return Flagging(result, chosen, releases, unread, reasons)


@contextmanager
def _without_cycles() -> Iterator[None]:
    """Leave the search for cycles: releases are trees, and there are millions of values."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _measure(batches: list[Batch], settings: Settings, *, maps: bool) -> "Result":
    """Compute the flags, and let go of what was read as soon as it is in tables."""
    from optima_lib.flags.measure import measure_flags  # noqa: PLC0415 - polars is imported once all is read
    from optima_lib.flags.tables import tabulate  # noqa: PLC0415

    shares = [each.columns for each in batches]
    batches.clear()
    return measure_flags(tabulate(shares, settings.preparation), settings, maps=maps)


def _positions(batches: Sequence[Batch]) -> Iterator[tuple[int, str]]:
    """Give the place in the file of what could not be used, from 1."""
    before = 1
    for batch in batches:
        yield from ((before + position, reason) for position, reason in batch.reasons)
        before += batch.count


def write_result(result: dict[str, Any], path: Path) -> None:
    """Write a result whole, or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(msgspec.json.encode(result) + b"\n")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OptimaError(f"{path} : impossible d'écrire le résultat ({reason}). Vérifiez ce chemin.") from None
