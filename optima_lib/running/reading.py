"""Read the sources and keep their cleaned records in the store."""

import datetime as dt
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import polars as pl

from optima_lib.errors import OptimaError, RawFileError, UnknownLayoutError
from optima_lib.running.crew import Crew
from optima_lib.running.jobs import Job, Share
from optima_lib.running.others import Pool, read_others
from optima_lib.running.registers import is_as_it_was, named_firms, not_yet_sought
from optima_lib.running.store import Delivery, PartWriter, ReadFile, Store, fingerprint, reading_rules
from optima_lib.schemas import check_readable
from optima_lib.sources.files import RawFile, walk
from optima_lib.sources.layouts import REGISTERS
from optima_lib.sources.recognition import Reading, holds_register, recognise
from optima_lib.sources.sirene import Named

POOL = 30_000
PIECES_AT_ONCE = 24
LARGE_FILE = 64 << 20  # from which other processes are worth their start
NOBODY = Named(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String))
Progress = Callable[[str, int], None]


@dataclass
class Outcome:
    """What a reading of sources came to.

    Attributes
    ----------
    read, known, replaced : list of str
        Labels of the files read, left as they were, or read in place of a former content.
    outdated : list of str
        Labels of the files read by former rules, which are no longer on disk to be read by the new ones.
    repaired : list of str
        Labels of the files read again because what the base kept of them is damaged.
    searched, unsearched : list of (str, int)
        Labels of the registers read again for firms that new awards name, and of those that are no longer on
        disk for it, with how many numbers were to be looked for.
    skipped : list of UnknownLayoutError
        Files met in a folder that have no known layout.
    failed : list of OptimaError
        Files that could not be read, or that the user named and that have no known layout.
    barren : bool
        Whether no file of the sources is of a known layout.
    """

    read: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    searched: list[tuple[str, int]] = field(default_factory=list)
    unsearched: list[tuple[str, int]] = field(default_factory=list)
    skipped: list[UnknownLayoutError] = field(default_factory=list)
    failed: list[OptimaError] = field(default_factory=list)
    barren: bool = False


def read_sources(
    sources: Iterable[Path], store: Store, delivery: Delivery, latest: dt.date, progress: Progress
) -> Outcome:
    """Read every file of the sources that is not in the store as it stands.

    Parameters
    ----------
    sources : iterable of Path
        Files and folders.
    store : Store
        The base; its register is completed, not saved.
    delivery : Delivery
        Where the records go.
    latest : datetime.date
        Day of reading.
    progress : callable
        Told the label of a file and how many of its records came.

    Raises
    ------
    TableError
        When what was kept of a reading is damaged, and its file is no longer as it was.
    """
    outcome, met = Outcome(), set()
    again = [*_damaged(store, outcome), *_outdated(store, outcome)]
    with Reader(store, delivery, latest, progress) as reader, ThreadPoolExecutor(1, "fingerprint") as pool:
        visit = Visit(store, reader, outcome, pool)
        for each in again:
            visit.take(each, known=False)
        for item in walk(sources, store.labels()):
            visit.take(item, known=True)
            met |= {item.label} if isinstance(item, RawFile) else set()
        visit.take_registers()
    outcome.barren = not outcome.known and met.isdisjoint(outcome.read)
    return outcome


@dataclass
class Visit:
    """One reading of sources: what is known of the files on disk that it meets."""

    store: Store
    reader: "Reader"
    outcome: Outcome
    pool: ThreadPoolExecutor
    hashes: dict[Path, Future[str]] = field(default_factory=dict)
    fresh: set[Path] = field(default_factory=set)
    former: dict[Path, list[ReadFile]] = field(default_factory=dict)
    registers: list[tuple[RawFile, bool]] = field(default_factory=list)

    def take(self, item: RawFile | OptimaError, *, known: bool) -> None:
        """Read a file; one of the company register waits until the awards say what firms to look for in it."""
        if isinstance(item, OptimaError):
            self.outcome.failed.append(item)
        elif holds_register(item):
            self.registers.append((item, known))
        else:
            self.read(item, known=known)

    def take_registers(self) -> None:
        """Read the registers that wait, then those of the base where firms that came since were not looked for."""
        for item, known in self.registers:
            self.read(item, known=known)
        _search_again(self)

    def read(self, item: RawFile, *, known: bool) -> None:
        """Read a file unless the base holds it as it stands; not ``known``, it is read whatever the base holds."""
        store, outcome, path = self.store, self.outcome, item.path
        if not known:
            _read(item, self.pool.submit(fingerprint, path), self.reader, outcome)
            return
        if path not in self.hashes:
            self.hashes[path] = self.pool.submit(fingerprint, path)
            self.former[path] = _settle(item, self.hashes[path], store, outcome)
        if path in self.fresh or not store.holds(path):
            self.fresh.add(path)
            if not _read(item, self.hashes[path], self.reader, outcome) and self.former[path]:
                _bring_back(self.former[path], store, outcome)
                self.fresh.discard(path)


def _search_again(visit: Visit) -> None:
    """Read again the registers where firms that came since were not looked for, when they are as they were."""
    store, outcome = visit.store, visit.outcome
    if not any(each.donnees in REGISTERS for each in store.files):
        return
    for file, count in not_yet_sought(store, visit.reader.named()):
        if not is_as_it_was(file):
            outcome.unsearched.append((file.fichier, count))
            continue
        store.files.remove(file)
        item = RawFile(file.fichier, Path(file.chemin), file.membre)
        if _read(item, visit.pool.submit(fingerprint, item.path), visit.reader, outcome):
            outcome.searched.append((file.fichier, count))
        else:
            store.files.append(file)


def _bring_back(former: list[ReadFile], store: Store, outcome: Outcome) -> None:
    """Give a file whose new content breaks off its former content again, all its members together."""
    gone = store.forget(Path(former[0].chemin))
    store.files += former
    outcome.read = [label for label in outcome.read if label not in {each.fichier for each in gone}]
    outcome.replaced = [label for label in outcome.replaced if label not in {each.fichier for each in former}]


def _damaged(store: Store, outcome: Outcome) -> list[RawFile]:
    """List the files of the base to read again because what it kept of them cannot be opened."""
    damaged = store.damaged()
    if not all(is_as_it_was(each) for each in damaged):
        check_readable(store.parts())
    outcome.repaired += [each.fichier for each in damaged]
    store.files = [each for each in store.files if each not in damaged]
    return [RawFile(each.fichier, Path(each.chemin), each.membre) for each in damaged]


def _outdated(store: Store, outcome: Outcome) -> list[RawFile]:
    """List the files of the base to read again because the rules have changed; those that are gone stay as read."""
    if store.rules == reading_rules():
        return []
    store.rules = reading_rules()
    present = [each for each in store.files if Path(each.chemin).is_file()]
    outcome.outdated += [each.fichier for each in store.files if each not in present]
    store.files = [each for each in store.files if each not in present]
    return [RawFile(each.fichier, Path(each.chemin), each.membre) for each in present]


def _settle(item: RawFile, sha256: Future[str], store: Store, outcome: Outcome) -> list[ReadFile]:
    """Tell whether a file on disk is known, changed or new; return its former content, then forgotten."""
    if not store.holds(item.path):
        return []
    known = store.known(item.path, sha256.result())
    if known:
        outcome.known += [each.fichier for each in known]
        return []
    former = store.forget(item.path)
    outcome.replaced += [each.fichier for each in former]
    return former


def _read(item: RawFile, sha256: Future[str], reader: "Reader", outcome: Outcome) -> bool:
    """Read a file, or say why it cannot be; return whether it was."""
    try:
        reader.read(item, sha256)
    except UnknownLayoutError as error:
        (outcome.failed if item.named else outcome.skipped).append(error)
    except RawFileError as error:
        outcome.failed.append(error)
    else:
        outcome.read.append(item.label)
        return True
    return False


class Reader:
    """Reads files one after the other; records are cleaned while the next ones are read.

    A file that breaks off leaves nothing: its records wait until its end, or, when it is large, stand in parts
    of their own.
    """

    def __init__(self, store: Store, delivery: Delivery, latest: dt.date, progress: Progress) -> None:
        self.store, self.delivery, self.latest, self.progress = store, delivery, latest, progress
        self.shared = delivery.writer("petits")
        self.pool: list[Share] = []
        self.others = Pool(self.shared)
        self.crew = Crew()
        self.firms: Named | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with self.crew:
            if kind is None:
                self.settle()

    def read(self, file: RawFile, sha256: Future[str]) -> None:
        """Read a file to its end and enter it in the register."""
        reading = recognise(file)
        place = self.store.take_place()
        lus, outside = (self._awards(reading, place), 0) if reading.holds_awards else self._others(reading, place)
        self.store.files.append(
            ReadFile(
                fichier=file.label,
                chemin=str(file.path.resolve()),
                membre=file.member,
                sha256=sha256.result(),
                octets=file.path.stat().st_size,
                format=reading.format,
                donnees=reading.donnees,
                place=place,
                livraison=self.delivery.name,
                lus=lus,
                lu_le=self.latest.isoformat(),
                hors_base=outside,
            )
        )

    def _awards(self, reading: Reading, place: int) -> int:
        """Read award records; return how many."""
        share, count, own = Share(reading.file.label, place), 0, None
        self.firms = None
        large = reading.file.path.stat().st_size >= LARGE_FILE
        try:
            for piece in reading.pieces():
                share.pieces.append(piece)
                count += piece.count
                self.progress(share.fichier, count)
                if share.count >= POOL or len(share.pieces) >= PIECES_AT_ONCE:
                    own = own or self.delivery.writer(str(place))
                    self._clean([share], own, apart=large)
                    share = Share(share.fichier, place)
        except BaseException:
            self.crew.wait()
            if own:
                own.discard()
            raise
        self._keep(share, own)
        return count

    def _keep(self, share: Share, own: PartWriter | None) -> None:
        """Hand over the last records of a file that was read to its end."""
        if not share.pieces:
            return
        if own:
            self._clean([share], own)
            return
        self.pool.append(share)
        if sum(each.count for each in self.pool) >= POOL:
            self._clean(self.pool, self.shared)
            self.pool = []

    def _clean(self, shares: list[Share], writer: PartWriter, *, apart: bool = False) -> None:
        """Clean some records while the next ones are read; ``apart`` in another process."""
        if shares:
            self.crew.submit(Job(shares, writer.part(), self.latest), apart=apart)

    def settle(self) -> None:
        """Write all the records that were read."""
        self.others.flush()
        self._clean(self.pool, self.shared)
        self.pool = []
        self.crew.wait()

    def named(self) -> Named:
        """List the firms that the awards read so far name."""
        if self.firms is None:
            self.settle()
            self.firms = named_firms(self.store)
        return self.firms

    def _others(self, reading: Reading, place: int) -> tuple[int, int]:
        """Read records that are not awards; return how many, and how many are of firms that no award names."""
        named = self.named() if reading.donnees in REGISTERS else NOBODY
        return read_others(reading, place, named, self.others, self.progress)
