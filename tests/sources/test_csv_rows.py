"""Rows of a CSV file: every value as text, and a bad row set aside with its text."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.errors import RawFileError
from optima_lib.sources import csv_rows
from optima_lib.sources.csv_rows import read_csv, read_header
from tests.sources.inputs import csv_lines


def rows(data):
    """The rows with their positions, and the positions and reasons of those set aside."""
    good, bad = [], []
    for some in read_csv(io.BytesIO(data), "f.csv", data[: 1 << 16]):
        good += some.frame.rows(named=True)
        bad += some.unreadable
    return good, bad


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_told_from_the_first_line(separator):
    data = csv_lines(("id", "nom", "code"), ("1", "a", "x"), separator=separator)
    assert read_header(data) == (["id", "nom", "code"], separator)
    assert rows(data)[0] == [{"id": "1", "nom": "a", "code": "x", "rang": 0}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_are_read_in_each_encoding(encoding):
    data = csv_lines(("Id du marché", "objet"), ("1", "Forêt"), encoding=encoding)
    assert rows(data)[0] == [{"Id du marché": "1", "objet": "Forêt", "rang": 0}]


def test_every_value_stays_text():
    good, _ = rows(csv_lines(("a", "b", "c", "d"), ("01001", "1,50", "2024-01-01", "true")))
    assert list(good[0].values())[:4] == ["01001", "1,50", "2024-01-01", "true"]


def test_an_empty_value_is_missing_and_spaces_are_kept():
    good, _ = rows(b'a;b;c;d\n;" ";"";x\n')
    assert [good[0][name] for name in "abcd"] == [None, " ", None, "x"]


def test_quotes_hold_separators_line_ends_and_quotes():
    good, _ = rows(b'a;b\n"x;y";"l1\nl2"\n"dit ""oui""";z\n')
    assert [(row["a"], row["b"], row["rang"]) for row in good] == [("x;y", "l1\nl2", 0), ('dit "oui"', "z", 1)]


def test_a_row_with_too_many_or_too_few_fields_is_set_aside_with_its_text():
    good, bad = rows(b"a;b;c\n1;2;3\n4;5\n6;7;8\n9;10;11;12\n13;14;15\n")
    assert [(row["a"], row["rang"]) for row in good] == [("1", 0), ("6", 2), ("13", 4)]
    assert bad == [(1, "2 champs au lieu de 3", "4;5"), (3, "4 champs au lieu de 3", "9;10;11;12")]


def test_a_file_of_bad_rows_only_sets_them_all_aside():
    good, bad = rows(b"a;b\n1\n2\n")
    assert not good
    assert [rang for rang, _, _ in bad] == [0, 1]


def test_a_bad_last_row_is_set_aside():
    good, bad = rows(b"a;b\n1;2\n3")
    assert [row["rang"] for row in good] == [0]
    assert bad == [(1, "1 champs au lieu de 2", "3")]


def test_line_ends_of_windows_are_read():
    good, _ = rows(b"a;b\r\n1;2\r\n3;4\r\n")
    assert [(row["a"], row["b"]) for row in good] == [("1", "2"), ("3", "4")]


def test_two_columns_of_one_name_are_both_kept():
    good, _ = rows(b"a;a;b\n1;2;3\n")
    assert {name: good[0][name] for name in ("a", "a#1", "b")} == {"a": "1", "a#1": "2", "b": "3"}


def test_a_quote_left_open_loses_no_line():
    data = b'a;b\n1;2\n3;"4\n5;6\n7;8\n'
    try:
        good, bad = rows(data)
    except RawFileError as error:
        assert "guillemet" in str(error)  # noqa: PT017 - to refuse the file aloud is as good
        return
    told = [f"{row['a']};{row['b']}" for row in good] + [text for _, _, text in bad]
    assert [line for line in ("1;2", "4", "5;6", "7;8") if not any(line in each for each in told)] == []


field = st.text(
    st.characters(codec="utf-8", exclude_characters='";\r\n\0', exclude_categories=["Cs", "Cc"]), min_size=1
)
lines = st.lists(st.lists(field, min_size=1, max_size=4), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(lines, st.integers(40, 200))
def test_each_line_is_a_row_or_set_aside_once_whatever_the_size_of_the_blocks(table, block):
    data = csv_lines(("a", "b", "c"), *table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "BLOCK", max(block, 2 * max(map(len, data.split(b"\n")))))
        good, bad = rows(data)
    assert sorted([row["rang"] for row in good] + [rang for rang, _, _ in bad]) == list(range(len(table)))
    assert [rang for rang, _, _ in bad] == [i for i, line in enumerate(table) if len(line) != 3]
    assert [[row[name] for name in "abc"] for row in good] == [line for line in table if len(line) == 3]
