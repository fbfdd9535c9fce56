"""Read the sources and keep their cleaned records in the store."""

import datetime as dt
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import polars as pl

from optima_lib.cleaning.publications import (
    NO_BUYER,
    clean_modifications,
    clean_publications,
    clean_titulaires,
    lack_buyer,
)
from optima_lib.errors import OptimaError, RawFileError, UnknownLayoutError
from optima_lib.running.store import (
    PLACE_BITS,
    Delivery,
    PartWriter,
    ReadFile,
    Store,
    buckets,
    fingerprint,
    reading_rules,
)
from optima_lib.sources.awards import Batch
from optima_lib.sources.files import RawFile, walk
from optima_lib.sources.recognition import Reading, recognise

POOL = 30_000
ASIDE = {"fichier": pl.String, "place": pl.Int32, "rang": pl.Int64, "motif": pl.String, "brut": pl.String}
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
    skipped : list of UnknownLayoutError
        Files met in a folder that have no known layout.
    failed : list of OptimaError
        Files that could not be read, or that the user named and that have no known layout.
    """

    read: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    skipped: list[UnknownLayoutError] = field(default_factory=list)
    failed: list[OptimaError] = field(default_factory=list)


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
    """
    outcome = Outcome()
    with Reader(store, delivery, latest, progress) as reader:
        hashes: dict[Path, str] = {}
        fresh: set[Path] = set()
        for again in _outdated(store, outcome):
            _read(again, fingerprint(again.path), reader, outcome)
        for item in walk(sources, store.labels()):
            if isinstance(item, OptimaError):
                outcome.failed.append(item)
                continue
            if item.path not in hashes:
                hashes[item.path] = fingerprint(item.path)
                _settle(item, hashes[item.path], store, outcome)
            if not store.known(item.path, hashes[item.path]) or item.path in fresh:
                fresh.add(item.path)
                _read(item, hashes[item.path], reader, outcome)
    return outcome


def _outdated(store: Store, outcome: Outcome) -> list[RawFile]:
    """List the files of the base to read again because the rules have changed; those that are gone stay as read."""
    if store.rules == reading_rules():
        return []
    store.rules = reading_rules()
    present = [each for each in store.files if Path(each.chemin).is_file()]
    outcome.outdated += [each.fichier for each in store.files if each not in present]
    store.files = [each for each in store.files if each not in present]
    return [RawFile(each.fichier, Path(each.chemin), each.membre) for each in present]


def _settle(item: RawFile, sha256: str, store: Store, outcome: Outcome) -> None:
    """Tell whether a file on disk is known, changed or new."""
    known = store.known(item.path, sha256)
    if known:
        outcome.known += [each.fichier for each in known]
    else:
        outcome.replaced += [each.fichier for each in store.forget(item.path)]


def _read(item: RawFile, sha256: str, reader: "Reader", outcome: Outcome) -> None:
    try:
        reader.read(item, sha256)
        outcome.read.append(item.label)
    except UnknownLayoutError as error:
        (outcome.failed if item.named else outcome.skipped).append(error)
    except RawFileError as error:
        outcome.failed.append(error)


@dataclass
class Numbered:
    """Raw records whose numbers hold in the whole base (``lu``), those that cannot be used apart."""

    publications: pl.DataFrame
    titulaires: pl.DataFrame
    modifications: pl.DataFrame
    ecartes: pl.DataFrame


class Reader:
    """Reads files one after the other; cleans records by the pool while the next ones are read.

    A file that breaks off leaves nothing: its records wait until its end, or, when it is large, stand in parts
    of their own.
    """

    def __init__(self, store: Store, delivery: Delivery, latest: dt.date, progress: Progress) -> None:
        self.store, self.delivery, self.latest, self.progress = store, delivery, latest, progress
        self.shared = delivery.writer("petits")
        self.pool: list[Numbered] = []
        self.cleaner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clean")
        self.job: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._clean(self.pool, self.shared)
            self._wait()
        self.cleaner.shutdown()

    def read(self, file: RawFile, sha256: str) -> None:
        """Read a file to its end and enter it in the register."""
        reading = recognise(file)
        place = self.store.take_place()
        lus = self._awards(reading, place) if reading.holds_awards else self._territories(reading, place)
        kind = "marches" if reading.holds_awards else "territoires"
        self.store.files.append(
            ReadFile(
                fichier=file.label,
                chemin=str(file.path.resolve()),
                membre=file.member,
                sha256=sha256,
                octets=file.path.stat().st_size,
                format=reading.format,
                donnees=kind,
                place=place,
                livraison=self.delivery.name,
                lus=lus,
                lu_le=self.latest.isoformat(),
            )
        )

    def _awards(self, reading: Reading, place: int) -> int:
        """Read award records; return how many."""
        label, count, waiting, own = reading.file.label, 0, list[Numbered](), None
        try:
            for batch in reading.batches():
                count += len(batch.publications) + len(batch.unreadable)
                waiting.append(_number(batch, label, place))
                self.progress(label, count)
                if sum(len(each.publications) for each in waiting) >= POOL:
                    own = own or self.delivery.writer(str(place))
                    self._clean(waiting, own)
                    waiting = []
        except BaseException:
            self._wait()
            if own:
                own.discard()
            raise
        self._keep(waiting, own)
        return count

    def _keep(self, waiting: list[Numbered], own: PartWriter | None) -> None:
        """Hand over the last records of a file that was read to its end."""
        if own:
            self._clean(waiting, own)
            self._wait()
            return
        self.pool += waiting
        if sum(len(each.publications) for each in self.pool) >= POOL:
            self._clean(self.pool, self.shared)
            self.pool = []

    def _clean(self, batches: list[Numbered], writer: PartWriter) -> None:
        """Clean some records while the next ones are read."""
        self._wait()
        if batches:
            self.job = self.cleaner.submit(_clean_batches, batches, writer, self.latest)

    def _wait(self) -> None:
        job, self.job = self.job, None
        if job:
            job.result()

    def _territories(self, reading: Reading, place: int) -> int:
        """Read territory tables; return how many rows."""
        count, tables = 0, []
        for rows, territories in reading.territories():
            count += len(rows.frame) + len(rows.unreadable)
            tables.append(territories)
            self.progress(reading.file.label, count)
        self._wait()
        for authorities, members in tables:
            self.shared.add("territoires", authorities.with_columns(place=pl.lit(place)))
            self.shared.add("membres", members.with_columns(place=pl.lit(place)))
        return count


def _number(batch: Batch, label: str, place: int) -> Numbered:
    """Give the records of a file their numbers in the base, and set aside those that cannot be used."""
    number = ((pl.lit(place, pl.Int64) * 2**PLACE_BITS) + pl.col("rang")).alias("lu")
    lacking = lack_buyer(batch.publications)
    ranks = batch.publications["rang"].to_list()
    aside = [*batch.unreadable, *((ranks[row], NO_BUYER, batch.text(row)) for row in lacking.arg_true().to_list())]
    publications = batch.publications.filter(~lacking).with_columns(
        number, fichier=pl.lit(label), place=pl.lit(place, pl.Int32)
    )
    titulaires, modifications = (table.with_columns(number) for table in (batch.titulaires, batch.modifications))
    if lacking.any():
        kept = publications.select("lu")
        titulaires, modifications = (table.join(kept, on="lu", how="semi") for table in (titulaires, modifications))
    ecartes = pl.DataFrame([(label, place, *each) for each in aside], schema=ASIDE, orient="row")
    return Numbered(publications, titulaires.drop("rang"), modifications.drop("rang"), ecartes)


def _clean_batches(batches: list[Numbered], writer: PartWriter, latest: dt.date) -> None:
    """Clean some records, from one or several files, and write them."""
    publications = clean_publications(
        pl.concat([each.publications for each in batches], how="diagonal_relaxed"), latest
    )
    publications = publications.with_columns(buckets(publications["acheteur_siren"]))
    keys = publications.select("lu", "place", "seau")
    titulaires = clean_titulaires(pl.concat([each.titulaires for each in batches], how="vertical_relaxed"))
    modifications = clean_modifications(
        pl.concat([each.modifications for each in batches], how="vertical_relaxed"), latest
    )
    writer.add("publications", publications)
    writer.add("titulaires", titulaires.join(keys, on="lu", validate="m:1"))
    writer.add("modifications", modifications.join(keys, on="lu", validate="m:1"))
    writer.add("ecartes", pl.concat([each.ecartes for each in batches]))
