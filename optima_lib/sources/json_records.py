"""Records of a JSON file of any size, read in one pass with bounded memory."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, Generic, TypeVar

import msgspec
import polars as pl

from optima_lib.sources.encoding import as_utf8
from optima_lib.sources.json_cuts import CHUNK, Stretch, cut_json, lenient
from optima_lib.sources.rows import Records

T = TypeVar("T")

STRAY_SPACE = ' ":'  # a key may end with a space
# half of a pair that stands for one sign: a text cut in the middle of it, which no UTF-8 can hold
LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)

_raw_list = msgspec.json.Decoder(list[msgspec.Raw])
_dict_list = msgspec.json.Decoder(list[dict[str, Any]])


@dataclass
class Kind(Generic[T]):
    """What records are read as.

    Attributes
    ----------
    decoder : msgspec.json.Decoder
        Decodes a list of records at once, in their usual shape.
    read : callable
        Makes a record of a JSON object of any shape.
    """

    decoder: "msgspec.json.Decoder[list[T]]"
    read: Callable[[dict[str, Any]], T]


OBJECTS: Kind[dict[str, Any]] = Kind(_dict_list, lambda value: {key.strip(): each for key, each in value.items()})


def read_json(stream: BinaryIO, label: str, kind: Kind[T], chunk: int = CHUNK) -> Iterator[Records[T]]:
    """Read the records of a JSON file.

    Parameters
    ----------
    stream : binary file
        The content; a byte that is not valid UTF-8 is read as cp1252.
    label : str
        Name of the file in messages.
    kind : Kind
        What the records are read as.
    chunk : int
        Bytes read at a time.

    Yields
    ------
    Records
        Records in file order, the broken ones apart with their text.

    Raises
    ------
    RawFileError
        When the file ends before its lists are closed.
    UnknownLayoutError
        When it holds no list of records.
    """
    for stretch in cut_json(stream, label, chunk):
        yield read_stretch(stretch, kind)


def read_stretch(stretch: Stretch, kind: Kind[T]) -> Records[T]:
    """Read the records of a stretch of a JSON file."""
    broken = {index for index, _, _ in stretch.broken}
    ranks = [stretch.rang + index for index in range(stretch.count) if index not in broken]
    unreadable = [(stretch.rang + index, reason, text) for index, reason, text in stretch.broken]
    if stretch.spans is None:
        return _read_list(stretch.source, kind, ranks)
    texts = [as_utf8(stretch.source[start:end]).decode() for start, end in stretch.spans]
    values = [kind.read(lenient.decode(LONE_SURROGATE.sub(r"\\ufffd", text))) for text in texts]
    return Records(values, ranks, texts.__getitem__, unreadable)


def _read_list(source: bytes, kind: Kind[T], ranks: list[int]) -> Records[T]:
    """Read a list of records: at once, or one by one where some are of another shape."""
    try:
        column = pl.Series([source], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:  # not valid UTF-8
        return _read_list(as_utf8(source), kind, ranks)
    stray = column.str.contains(STRAY_SPACE, literal=True).item()

    @cache
    def texts() -> list[msgspec.Raw]:
        return _raw_list.decode(source)

    def text(index: int) -> str:
        return bytes(texts()[index]).decode()

    try:
        values = [] if stray else kind.decoder.decode(source)
    except msgspec.ValidationError:
        values = []
    return Records(values or [kind.read(value) for value in _dict_list.decode(source)], ranks, text)
