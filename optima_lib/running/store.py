"""The records that were read, kept between runs, so that a new delivery adds to what is there.

``DIR/processed/.lectures`` holds one folder per delivery (a run of ``optima clean`` that read something) and
the register of the files that are in the base. A file whose content, place and reading rules are unchanged is
not read again; one that changed replaces its former content. The folder can be deleted: the next run starts
from the sources that it is given.
"""

import hashlib
import itertools
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from optima_lib.errors import TableError
from optima_lib.paths import PACKAGE, REFERENCES
from optima_lib.schemas import is_readable

FOLDER = ".lectures"
BUCKETS = 64
PARTS = ("publications", "titulaires", "modifications", "offres", "ecartes", "territoires", "membres")
PLACE_BITS = 40
ROWS_READ_AT_ONCE = 4_000


@dataclass
class ReadFile:
    """A file that is in the base.

    Attributes
    ----------
    fichier : str
        Its label in the tables.
    chemin : str
        Where it was on disk.
    membre : str or None
        Its name inside the archive.
    place : int
        Its number in the base, of which the numbers of its records are made.
    livraison : str
        The delivery that read it.
    hors_base : int
        For a register, how many of its rows were of firms that no award named.
    """

    fichier: str
    chemin: str
    membre: str | None
    sha256: str
    octets: int
    format: str
    donnees: str
    place: int
    livraison: str
    lus: int
    lu_le: str
    hors_base: int = 0


@dataclass
class Store:
    """The register of what was read, and where it stands."""

    folder: Path
    rules: str
    files: list[ReadFile] = field(default_factory=list)
    next_place: int = 1

    @classmethod
    def load(cls, processed: Path) -> "Store":
        """Load the register of a base; an empty one where there is none.

        Raises
        ------
        TableError
            When it is damaged.
        """
        folder = processed / FOLDER
        register = folder / "registre.json"
        if not register.is_file():
            return cls(folder, reading_rules())
        try:
            saved = json.loads(register.read_text(encoding="utf-8"))
            return cls(folder, saved["rules"], [ReadFile(**each) for each in saved["files"]], saved["next_place"])
        except (ValueError, KeyError, TypeError):
            raise TableError(
                f"{register} est illisible : le registre de ce qui a été lu est abîmé. Relancez « optima clean » sur tous vos "
                "fichiers, avec --fresh pour repartir de zéro."
            ) from None

    def save(self) -> None:
        """Write the register, and remove the deliveries that no file is of any more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        saved = {"rules": self.rules, "next_place": self.next_place, "files": [asdict(each) for each in self.files]}
        temporary = self.folder / "registre.json.tmp"
        temporary.write_text(json.dumps(saved, ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(self.folder / "registre.json")
        alive = {each.livraison for each in self.files}
        for delivery in self.folder.iterdir():
            if delivery.is_dir() and delivery.name not in alive:
                shutil.rmtree(delivery)

    def known(self, path: Path, sha256: str) -> list[ReadFile]:
        """Return the files already read from this very content at this place."""
        place = str(path.resolve())
        return [each for each in self.files if each.chemin == place and each.sha256 == sha256]

    def labels(self) -> dict[str, str]:
        """Return the path of each label."""
        return {each.fichier: each.chemin for each in self.files}

    def holds(self, path: Path) -> bool:
        """Tell whether something read from a file on disk is in the base, whatever its content was."""
        place = str(path.resolve())
        return any(each.chemin == place for each in self.files)

    def forget(self, path: Path) -> list[ReadFile]:
        """Leave out what was read from a file on disk, and return it."""
        place = str(path.resolve())
        gone = [each for each in self.files if each.chemin == place]
        self.files = [each for each in self.files if each.chemin != place]
        return gone

    def take_place(self) -> int:
        """Give a number to a new file."""
        self.next_place += 1
        return self.next_place - 1

    def parts(self) -> Iterator[Path]:
        """Give the files that hold what was read."""
        for delivery in sorted({each.livraison for each in self.files}):
            yield from sorted((self.folder / delivery).glob("*.parquet"))

    def damaged(self) -> list[ReadFile]:
        """List the files of the deliveries of which a part cannot be opened."""
        bad = {path.parent.name for path in self.parts() if not is_readable(path)}
        return [each for each in self.files if each.livraison in bad]

    def scan(self, part: str) -> pl.LazyFrame | None:
        """Give the rows of the files that are in the base, from all deliveries; None where there are none."""
        paths = sorted(
            path
            for each in {f.livraison for f in self.files}
            for path in (self.folder / each).glob(f"{part}-*.parquet")
        )
        if not paths:
            return None
        places = [each.place for each in self.files]
        return pl.scan_parquet(paths, missing_columns="insert").filter(pl.col("place").is_in(places))


def reading_rules() -> str:
    """Return a mark of the rules of reading and cleaning: code and reference tables."""
    digest = hashlib.sha256()
    folders = [PACKAGE / "sources", PACKAGE / "cleaning", REFERENCES]
    for path in sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".yml", ".csv"}
    ):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def fingerprint(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def buckets(sirens: pl.Series) -> pl.Series:
    """Share buyers out among the buckets, all the records of a buyer in one."""
    numbers = sirens.cast(pl.String).cast(pl.Int64, strict=False).fill_null(0)
    return (numbers % BUCKETS).cast(pl.UInt8).alias("seau")


class Delivery:
    """What a run reads, written as it comes, in parts that are complete or not there."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.folder.mkdir(parents=True, exist_ok=True)
        taken = {path.name for path in store.folder.iterdir()}
        number = next(i for i in range(1, len(taken) + 2) if f"livraison-{i}" not in taken)
        self.name = f"livraison-{number}"
        self.folder = store.folder / self.name
        self.folder.mkdir()

    def writer(self, mark: str) -> "PartWriter":
        """Open a set of parts; ``mark`` tells its files from those of the others."""
        return PartWriter(self.folder, mark)

    def discard(self) -> None:
        """Remove the whole delivery."""
        shutil.rmtree(self.folder, ignore_errors=True)


class PartWriter:
    """Sets of Parquet files that stand or fall together."""

    def __init__(self, folder: Path, mark: str) -> None:
        self.folder, self.mark = folder, mark
        self.numbers = itertools.count()

    def part(self) -> "Part":
        """Open one more set of files."""
        return Part(self.folder, f"{self.mark}-{next(self.numbers):06d}")

    def discard(self) -> None:
        """Remove the files."""
        for path in self.folder.glob(f"*-{self.mark}-*.parquet"):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Part:
    """Parquet files, one per table, each sorted so that the records of some buyers are read without the rest."""

    folder: Path
    mark: str

    def write(self, part: str, table: pl.DataFrame) -> None:
        """Write the rows of a table."""
        if not len(table):
            return
        path = self.folder / f"{part}-{self.mark}.parquet"
        table = table.sort("seau") if "seau" in table.columns else table
        table.write_parquet(path, compression="lz4", row_group_size=ROWS_READ_AT_ONCE)
