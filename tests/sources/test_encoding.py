"""Bytes in UTF-8 are never changed; the others are read as cp1252."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.sources.encoding import Utf8Stream, as_utf8, utf8

FRENCH = "Réfection d’œuvre – 12 €"


def through(data, size):
    """What a stream read in small pieces gives."""
    stream, parts = Utf8Stream(io.BytesIO(data), size=size), []
    while part := stream.read(3):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_french_is_read_in_each_encoding_that_publishers_use(encoding):
    assert utf8(io.BytesIO(FRENCH.encode(encoding))).read().decode() == FRENCH


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=60), st.integers(1, 7))
def test_valid_utf_8_comes_out_as_it_came_in_whatever_the_pieces(text, size):
    data = text.encode()
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert through(data, size) == data == as_utf8(data)


@settings(deadline=None)
@given(st.binary(max_size=80), st.integers(1, 7))
def test_any_bytes_come_out_as_valid_utf_8(data, size):
    as_utf8(data).decode()
    through(data, size).decode()


def test_lines_of_two_encodings_in_one_file_are_both_read():
    data = "été\n".encode() + "forêt\n".encode("cp1252") + "œuvre\n".encode()
    assert as_utf8(data).decode() == "été\nforêt\nœuvre\n"
    assert through(data, 2).decode() == "été\nforêt\nœuvre\n"


def test_an_accent_cut_between_two_pieces_is_not_taken_for_cp1252():
    data = b"x" * 4095 + "é".encode()  # the first piece is of 4096 bytes
    assert through(data, 1) == data


def test_a_stream_begins_after_the_mark_of_its_encoding():
    assert utf8(io.BytesIO(b"\xef\xbb\xbfid;nom")).read() == b"id;nom"
