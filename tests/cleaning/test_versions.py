"""Of several rows about one thing, one is kept, whatever the order in which files were read."""

import polars as pl
import pytest

from optima_lib.cleaning.versions import first, latest

OLD = {"siren": "1", "traite_le": "2024-01-01", "nom": "ancien", "fichier": "a.csv", "rang": 0}
NEW = {"siren": "1", "traite_le": "2025-01-01", "nom": "nouveau", "fichier": "b.csv", "rang": 0}
UNDATED = {"siren": "1", "traite_le": None, "nom": "sans date", "fichier": "c.csv", "rang": 0}


@pytest.mark.parametrize("rows", [[OLD, NEW, UNDATED], [UNDATED, NEW, OLD], [NEW, UNDATED, OLD]])
def test_the_row_that_was_dealt_with_last_is_kept(rows):
    told = latest(pl.DataFrame(rows), "siren")
    assert told.select("nom", "sort").rows() == [("nouveau", "retenu"), ("ancien", "doublon"), ("sans date", "doublon")]


def test_of_two_rows_of_one_day_what_they_say_decides_and_not_their_file():
    one, other = NEW | {"nom": "A"}, NEW | {"nom": "B"}
    for rows in (
        [one | {"fichier": "z"}, other | {"fichier": "a"}],
        [one | {"fichier": "a"}, other | {"fichier": "z"}],
    ):
        assert latest(pl.DataFrame(rows), "siren").filter(sort="retenu")["nom"].to_list() == ["A"]


def test_each_thing_is_kept_once():
    rows = pl.DataFrame({"cpv": ["1", "2", "1"], "priorite": [2, 1, 1], "fichier": ["a", "b", "b"], "rang": [0, 0, 1]})
    told = first(rows, "cpv")
    assert told.select("cpv", "fichier", "sort").rows() == [
        ("1", "b", "retenu"),
        ("1", "a", "doublon"),
        ("2", "b", "retenu"),
    ]
