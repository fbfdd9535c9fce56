"""The files that a source holds: folders, archives and compressed files, read without writing to disk."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from optima_lib.errors import NoSourceError, OptimaError, RawFileError, UnsafeArchiveError

GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"
# An archive may grow to 200 times its size, as no published award file comes near (the real ones: 4 to 30 times).
FREE_BYTES, LARGEST_RATIO = 100_000_000, 200


@dataclass(frozen=True)
class RawFile:
    """A file to read: one on disk, or one member of an archive on disk.

    Attributes
    ----------
    label : str
        Name in the tables (``archive.zip/member.json`` for a member), unique within a run.
    path : Path
        The file on disk.
    member : str or None
        Name inside the archive.
    named : bool
        Whether the user named this very file, which must then be known.
    """

    label: str
    path: Path
    member: str | None = None
    named: bool = False

    def open(self) -> BinaryIO:
        """Open the content, decompressed and guarded against bombs."""
        if self.member is None:
            stream, packed = cast("BinaryIO", self.path.open("rb")), self.path.stat().st_size
        else:
            stream, packed = self._open_member()
        if self._peek(stream) == GZIP_MAGIC:
            unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
        elif self.member is None:
            return stream
        else:
            unpacked = stream
        guarded = _Guarded(unpacked, stream, self.label, packed)
        return cast("BinaryIO", io.BufferedReader(guarded, buffer_size=1 << 20))

    def _peek(self, stream: BinaryIO) -> bytes:
        try:
            return bytes(stream.peek(2)[:2])  # type: ignore[attr-defined]
        except (EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
            raise RawFileError(
                self.label, "archive incomplète ou abîmée dès son début", "Téléchargez-la de nouveau."
            ) from error

    def _open_member(self) -> tuple[BinaryIO, int]:
        with zipfile.ZipFile(self.path) as archive:  # closed, it stays open as long as its member is
            info = archive.getinfo(cast("str", self.member))
            if info.flag_bits & 0x1:
                raise RawFileError(self.label, "le fichier est chiffré dans l'archive", "Extrayez-le, puis relancez.")
            try:
                member = archive.open(info)
            except (NotImplementedError, zipfile.BadZipFile) as error:
                reason = "cette archive est comprimée d'une façon inconnue, ou abîmée"
                raise RawFileError(self.label, reason, "Extrayez-la, puis relancez sur son contenu.") from error
            return cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", member))), info.compress_size

    def start(self, size: int = 1 << 16) -> bytes:
        """Return the first bytes of the content."""
        with self.open() as stream:
            return read_exactly(stream, size, self.label)


class _Guarded(io.RawIOBase):
    """A decompressed stream that stops when it has grown out of proportion, and says where it broke."""

    def __init__(self, stream: BinaryIO, source: BinaryIO, label: str, packed: int) -> None:
        self.stream, self.source, self.label = stream, source, label
        self.count, self.limit = 0, max(FREE_BYTES, LARGEST_RATIO * packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self.stream.read(len(buffer))
        except (EOFError, OSError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise RawFileError(
                self.label,
                f"archive incomplète ou abîmée après {self.count} octets décompressés",
                "Téléchargez-la de nouveau.",
            ) from error
        self.count += len(data)
        if self.count > self.limit:
            raise UnsafeArchiveError(
                self.label,
                f"le contenu dépasse {LARGEST_RATIO} fois la taille de l'archive ({self.count} octets lus)",
                "Vérifiez son origine : une archive de données n'est pas comprimée à ce point.",
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.stream.close()
        self.source.close()
        super().close()


def read_exactly(stream: BinaryIO, size: int, label: str) -> bytes:
    """Read up to ``size`` bytes, in as many calls as it takes."""
    try:
        return stream.read(size)
    except EOFError as error:
        raise RawFileError(label, "fichier gzip tronqué", "Téléchargez-le de nouveau.") from error


def walk(sources: Iterable[Path], taken: Mapping[str, str] | None = None) -> Iterator[RawFile | OptimaError]:
    """Give every file of the sources in a stable order; an archive that is refused comes as its error.

    Parameters
    ----------
    sources : iterable of Path
        Files and folders. A folder is searched to its bottom, hidden files apart.
    taken : mapping, optional
        Path of each label that is in use: another file takes a longer one.

    Yields
    ------
    RawFile or OptimaError
        A file to read, or why an archive cannot be.

    Raises
    ------
    NoSourceError
        When a source does not exist, or a folder holds no file.
    """
    labels = dict(taken or {})
    seen: set[Path] = set()
    for source in sources:
        for path in _paths(source):
            if not path.is_file():
                label = "/".join((source.name, *path.relative_to(source).parts))
                cure = "Retirez ce lien, ou remettez le fichier à sa place."
                yield RawFileError(label, "lien vers un fichier qui n'existe pas", cure)
                continue
            if path.resolve() in seen:
                continue
            seen.add(path.resolve())
            label = _label(path, source, labels)
            labels[label] = str(path.resolve())
            yield from _expand(RawFile(label, path, named=path == source))


def _paths(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    if not source.exists():
        raise NoSourceError(f"{source} : ni fichier ni dossier de ce nom. Vérifiez le chemin.")
    found = [
        path
        for path in sorted(source.rglob("*"))
        if (path.is_file() or _leads_nowhere(path))
        and not any(part.startswith(".") for part in path.relative_to(source).parts)
    ]
    if not found:
        raise NoSourceError(f"{source} : le dossier ne contient aucun fichier. Déposez-y les fichiers à lire.")
    return found


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _label(path: Path, source: Path, taken: Mapping[str, str]) -> str:
    """Name a file by its path from its source, with as many parents as it takes to be unique."""
    parts = path.resolve().parts
    depth = 1 if path == source else len(path.relative_to(source).parts) + 1
    label = "/".join(parts[-depth:])
    while taken.get(label, str(path.resolve())) != str(path.resolve()) and depth < len(parts):
        depth += 1
        label = "/".join(parts[-depth:])
    return label


def _expand(file: RawFile) -> Iterator[RawFile | OptimaError]:
    try:
        with file.path.open("rb") as stream:
            packed = stream.read(4) == ZIP_MAGIC
    except OSError as error:
        reason = f"le fichier ne s'ouvre pas ({error.strerror})"
        yield RawFileError(file.label, reason, "Vérifiez vos droits de lecture, puis relancez.")
        return
    if not packed:
        yield file
        return
    try:
        with zipfile.ZipFile(file.path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile:
        yield RawFileError(file.label, "archive zip incomplète ou abîmée", "Téléchargez-la de nouveau.")
        return
    if "[Content_Types].xml" in names:  # an office document
        yield file
        return
    leaving = [name for name in names if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")]
    if leaving:
        cure = "Vérifiez son origine, et extrayez vous-même les fichiers attendus."
        yield UnsafeArchiveError(file.label, f"le chemin « {leaving[0]} » sort de l'archive", cure)
        return
    members = sorted(name for name in names if not name.startswith("__MACOSX/"))
    if not members:
        yield RawFileError(file.label, "archive vide", "Vérifiez le téléchargement.")
    for name in members:
        yield RawFile(f"{file.label}/{name}", file.path, member=name, named=file.named)
