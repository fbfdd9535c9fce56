"""Invented files as publishers write them, and what the readers give of them, still as published."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from optima_lib.sources.files import RawFile
from optima_lib.sources.recognition import recognise
from optima_lib.sources.sirene import Named

NOBODY = Named(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String))


@dataclass
class Read:
    """What a file gave: the name of its layout, its tables as rows, the records that could not be read."""

    format: str
    publications: list[dict[str, Any]]
    titulaires: list[dict[str, Any]]
    modifications: list[dict[str, Any]]
    unreadable: list[tuple[int, str, str]]
    offres: list[dict[str, Any]]

    def column(self, name):
        return [row[name] for row in self.publications]


def read(path, member=None):
    """Recognise a file and read it to its end."""
    reading = recognise(RawFile(Path(path).name, Path(path), member))
    return told(reading.format, *(piece.batch() for piece in reading.pieces()))


def told(name, *batches):
    def rows(table):
        found = [row for batch in batches for row in getattr(batch, table).rows(named=True)]
        return sorted(found, key=lambda row: (row["rang"], row.get("version", 0)))

    unreadable = [each for batch in batches for each in batch.unreadable]
    return Read(name, rows("publications"), rows("titulaires"), rows("modifications"), unreadable, rows("offres"))


def read_content(folder, content):
    """Read a content from a file whose name tells nothing."""
    path = folder / "livraison.dat"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path)


def as_json(value):
    return json.dumps(value, ensure_ascii=False).encode()


def csv_lines(*rows, separator=";", encoding="utf-8"):
    return "".join(separator.join(map(str, row)) + "\n" for row in rows).encode(encoding)


def zipped(members):
    """A zip archive as bytes, of members given by name."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()
