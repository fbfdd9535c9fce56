"""Rows of a Parquet file: every value as the text that a CSV file would hold."""

import datetime as dt
import io

import polars as pl
import pytest

from optima_lib.errors import RawFileError
from optima_lib.sources import parquet_rows
from optima_lib.sources.parquet_rows import parquet_names, read_parquet


def parquet(**columns):
    content = io.BytesIO()
    pl.DataFrame(columns).write_parquet(content)
    return content.getvalue()


def rows(data):
    return [row for some in read_parquet(io.BytesIO(data), "f.parquet") for row in some.frame.rows(named=True)]


def test_numbers_dates_and_truth_values_become_texts():
    data = parquet(
        nombre=[1500.5], entier=[12], jour=[dt.date(2024, 3, 1)], oui=[True], texte=["01001"], rien=[None]
    )  # fmt: skip
    expected = {"nombre": "1500.5", "entier": "12", "jour": "2024-03-01", "oui": "true", "texte": "01001", "rien": None}
    assert rows(data) == [expected | {"rang": 0}]


def test_a_siret_stored_as_a_number_keeps_its_digits():
    [row] = rows(parquet(entier=[21000001400014], flottant=[21000001400014.0]))
    assert row["entier"] == "21000001400014"
    assert float(row["flottant"]) == 21000001400014
    assert "e" not in row["flottant"]


def test_a_list_of_labels_becomes_one_text():
    assert (
        rows(parquet(techniques=[["Concours", "Accord-cadre"], [], None]))[0]["techniques"] == "Concours, Accord-cadre"
    )


def test_rows_are_numbered_through_the_whole_file(monkeypatch):
    monkeypatch.setattr(parquet_rows, "BATCH", 3)
    assert [row["rang"] for row in rows(parquet(a=list(range(8))))] == list(range(8))


def test_the_text_of_a_row_is_json_without_the_empty_values():
    [some] = read_parquet(io.BytesIO(parquet(a=["é"], b=[None], c=[3])), "f.parquet")
    assert some.text(0) == '{"a": "é", "c": "3"}'


def test_the_columns_are_told_without_reading_the_rows():
    assert parquet_names(io.BytesIO(parquet(a=[1], b=[2])), "x.parquet") == ["a", "b"]


@pytest.mark.parametrize("lost", [10, 100])
def test_a_truncated_file_is_said_with_its_cure(lost):
    with pytest.raises(RawFileError, match=r"f\.parquet : Parquet illisible .* Téléchargez-le de nouveau"):
        rows(parquet(a=list(range(50)))[:-lost])
