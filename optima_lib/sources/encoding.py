"""Bytes that claim to be UTF-8 and are not."""

import codecs
import io
from typing import Any, BinaryIO, cast

CP1252_FALLBACK = "optima-cp1252"


def _read_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as cp1252, the other encoding of French award files."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(CP1252_FALLBACK, _read_as_cp1252)


def as_utf8(data: bytes) -> bytes:
    """Return valid UTF-8: the bytes that are not are read as cp1252.

    Text in UTF-8 is never changed: a cp1252 accent is not a valid UTF-8 sequence.

    Examples
    --------
    >>> as_utf8("été".encode()) == as_utf8("été".encode("cp1252")) == "été".encode()
    True
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("utf-8", CP1252_FALLBACK).encode()
    return data


class Utf8Stream(io.RawIOBase):
    """A binary stream whose content is given in UTF-8, whatever it was written in.

    UTF-16 is told by its mark; a mark of UTF-8 is left out; what is not UTF-8 is read as cp1252.
    """

    def __init__(self, stream: BinaryIO, size: int = 1 << 20) -> None:
        self.stream, self.size, self.ready = stream, size, b""
        start = stream.read(4096)
        self.decoder = _decoder_for(start)
        self._feed(start)

    def _feed(self, data: bytes) -> None:
        self.ready += self.decoder.decode(data, final=not data).encode("utf-8", "replace")

    def readable(self) -> bool:
        """Tell that this stream is read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with UTF-8."""
        while not self.ready and (data := self.stream.read(self.size)):
            self._feed(data)
        if not self.ready:
            self._feed(b"")
        taken, self.ready = self.ready[: len(buffer)], self.ready[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _decoder_for(start: bytes) -> codecs.IncrementalDecoder:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")("replace")
    return codecs.getincrementaldecoder("utf-8-sig")(CP1252_FALLBACK)


def utf8(stream: BinaryIO) -> BinaryIO:
    """Return a buffered stream of the same content in UTF-8."""
    return cast("BinaryIO", io.BufferedReader(Utf8Stream(stream), buffer_size=1 << 20))
