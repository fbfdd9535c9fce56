"""What sources share, against the table of decp-processing; what was set aside of each file."""

import json

import polars as pl
import pytest

from optima_lib.indicators.facts import base_of
from optima_lib.indicators.provenance import overlap_matrix, overlaps, quarantine


def test_sources_share_what_the_peer_says(shared):
    path = shared / "fixtures" / "peers" / "decp-processing" / "duplicates_across_sources.json"
    case = json.loads(path.read_text(encoding="utf-8"))
    told = pl.DataFrame(case["input"], schema={"source": pl.String, "uid": pl.Int64}, orient="row")
    matrix = overlap_matrix(told)
    assert matrix.shape == (3, 5)
    rows = {row["source"]: row for row in matrix.to_dicts()}
    for source, expected in case["expected"].items():
        for column, value in expected.items():
            assert rows[source][column] == pytest.approx(value), (source, column)


def test_a_file_that_repeats_a_contract_tells_it_once_and_what_is_set_aside_is_told_by_none():
    records = pl.DataFrame(
        [("a", "1"), ("a", "1"), ("a", "2"), ("b", "1"), ("c", None)], schema=["fichier", "uid"], orient="row"
    )
    assert overlaps(base_of(enregistrements=records)).rows() == [("a", 0.5, 1.0, 0.5), ("b", 0.0, 1.0, 1.0)]


def test_the_records_set_aside_are_counted_by_file():
    rows = [("a", "marches", 8, 2), ("b", "marches", 4, 0), ("c", "marches", 0, 0), ("d", "territoires", 9, 9)]
    files = pl.DataFrame(rows, schema=["fichier", "donnees", "lus", "ecartes"], orient="row")
    told = quarantine(base_of(fichiers=files))
    assert told.rows() == [("a", 8, 2, 0.25), ("b", 4, 0, 0.0), ("c", 0, 0, None)]
