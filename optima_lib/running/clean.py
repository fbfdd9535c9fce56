"""``optima clean``: from raw files to the processed tables."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from optima_lib.errors import TableError
from optima_lib.paths import processed as processed_folder
from optima_lib.running.lock import alone
from optima_lib.running.merging import merge
from optima_lib.running.reading import Outcome, read_sources
from optima_lib.running.store import FOLDER, Delivery, Store, reading_rules
from optima_lib.schemas import DERIVED, SCHEMAS, is_readable, table_path

INVENTED = "exemple"
Telling = tuple[Callable[[str, int], None], Callable[[int, int], None]]


@dataclass
class Cleaning:
    """What ``optima clean`` did.

    Attributes
    ----------
    outcome : Outcome
        The files read, known, skipped and failed.
    fichiers : polars.DataFrame
        One row per file of the base, with the sum of its records.
    changed : bool
        Whether the tables were made again.
    """

    outcome: Outcome
    fichiers: pl.DataFrame
    changed: bool


def _silent(*_: object) -> None:
    """Say nothing."""


def clean(  # noqa: PLR0913 - the last two tell of progress
    sources: Iterable[Path],
    data: Path,
    *,
    fresh: bool = False,
    latest: dt.date | None = None,
    reading: Callable[[str, int], None] = _silent,
    merging: Callable[[int, int], None] = _silent,
) -> Cleaning:
    """Read raw files and write the processed tables.

    The base grows: what earlier runs read stays, less the files whose content has changed. With ``fresh`` it
    starts anew.

    Parameters
    ----------
    sources : iterable of Path
        Files and folders of award data, notices, territory tables, company register and nomenclatures, recognised
        from their content, in any order.
    data : Path
        Data folder; the tables go to ``data/processed``.
    fresh : bool
        Whether to forget what earlier runs read.
    latest : datetime.date, optional
        Day of reading, today by default: a date after it is impossible.
    reading, merging : callable
        Told of progress.

    Returns
    -------
    Cleaning
        What was done. Files that failed are in it: the others are in the tables.

    Raises
    ------
    OptimaError
        When another run writes in the same folder.
    TableError
        When what was kept of a reading is damaged, and its file is no longer there to be read again.
    NoSourceError
        When a source does not exist or is empty; nothing is then changed.
    """
    folder = processed_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        return _clean(list(sources), data, fresh, latest or dt.datetime.now().astimezone().date(), (reading, merging))


def _clean(sources: list[Path], data: Path, fresh: bool, latest: dt.date, telling: Telling) -> Cleaning:  # noqa: FBT001 - inner
    """Read, then make the tables again where something changed."""
    folder = processed_folder(data)
    store = _base(folder, fresh=fresh)
    delivery = Delivery(store)
    before = [each.fichier for each in store.files]
    _leave_invented(store, sources, data / INVENTED)
    try:
        outcome = read_sources(sources, store, delivery, latest, telling[0])
        if not store.files:
            delivery.discard()
            return Cleaning(outcome, pl.DataFrame(), changed=False)
        unchanged = not outcome.read and [each.fichier for each in store.files] == before
        if unchanged and _stands(folder):
            delivery.discard()
            return Cleaning(outcome, pl.read_parquet(table_path(folder, "fichiers")), changed=False)
        fichiers = merge(store, folder, telling[1])
    except BaseException:
        delivery.discard()
        raise
    store.save()
    return Cleaning(outcome, fichiers, changed=True)


def _stands(folder: Path) -> bool:
    """Tell whether the tables are there and can be read."""
    return all(is_readable(table_path(folder, name)) for name in SCHEMAS if name not in DERIVED)


def _leave_invented(store: Store, sources: list[Path], invented: Path) -> None:
    """Take the files of the invented authority out of the base when others come in."""
    folder = invented.resolve()
    if not any(source.resolve().is_relative_to(folder) for source in sources):
        store.files = [each for each in store.files if not Path(each.chemin).is_relative_to(folder)]


def _base(folder: Path, *, fresh: bool) -> Store:
    """Open the base, empty when it starts anew."""
    try:
        store = Store.load(folder)
    except TableError:
        if not fresh:
            raise
        return Store(folder / FOLDER, reading_rules())
    return Store(store.folder, reading_rules(), next_place=store.next_place) if fresh else store
