"""The tables on disk are replaced all at once, or not at all."""

import polars as pl
import pytest

from optima_lib.errors import TableError
from optima_lib.running.tables import Tables
from optima_lib.schemas import check, read_table

ASIDE = pl.DataFrame({"fichier": ["a.json"], "rang": [0], "motif": ["acheteur absent"], "brut": ["{}"]})


@pytest.fixture
def processed(tmp_path):
    """A folder that holds one good table."""
    tables = Tables(tmp_path)
    tables.add("ecartes", ASIDE)
    tables.publish()
    return tmp_path


def test_rows_added_little_by_little_make_one_table(tmp_path):
    tables = Tables(tmp_path)
    for rang in range(3):
        tables.add("ecartes", ASIDE.with_columns(rang=pl.lit(rang, pl.Int64)))
    tables.publish()
    assert read_table(tmp_path, "ecartes")["rang"].to_list() == [0, 1, 2]
    assert [path.name for path in tmp_path.iterdir()] == ["ecartes.parquet"]


def test_a_table_without_a_row_is_there_with_its_columns(tmp_path):
    tables = Tables(tmp_path)
    tables.add("ecartes", ASIDE.clear())
    tables.publish()
    assert read_table(tmp_path, "ecartes").columns == ASIDE.columns


def test_what_is_discarded_leaves_the_old_tables_and_nothing_else(processed):
    tables = Tables(processed)
    tables.add("ecartes", ASIDE.with_columns(motif=pl.lit("autre")))
    tables.discard()
    assert read_table(processed, "ecartes")["motif"].to_list() == ["acheteur absent"]
    assert len(list(processed.iterdir())) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (ASIDE.with_columns(rang=pl.lit(-1, pl.Int64)), "rang"),
        (ASIDE.with_columns(motif=pl.lit(None, pl.String)), "motif"),
        (ASIDE.with_columns(rang=pl.lit("0")), "rang"),
    ],
)
def test_rows_that_break_the_contract_of_their_table_are_refused(processed, wrong, told):
    tables = Tables(processed)
    with pytest.raises(TableError, match=f"La table ecartes ne tient pas son contrat : {told}"):
        tables.add("ecartes", wrong)
    tables.discard()
    assert len(read_table(processed, "ecartes")) == 1


def test_the_columns_come_out_in_the_order_of_the_schema():
    assert check("ecartes", ASIDE.select(reversed(ASIDE.columns))).columns == ASIDE.columns
