"""The conservation law: a record lost, or told twice, is an error that names its file."""

import polars as pl
import pytest

from optima_lib.cleaning.conservation import account, check_contracts
from optima_lib.errors import ConservationError

READ = pl.DataFrame({"fichier": ["a.json", "b.json"], "lus": [3, 1]})
TOLD = [("a.json", 0, "contrat"), ("a.json", 1, "doublon"), ("a.json", 2, "écarté"), ("b.json", 0, "contrat")]


def told(*rows):
    table = pl.DataFrame(rows, schema={"fichier": pl.String, "rang": pl.Int64, "sort": pl.String}, orient="row")
    return table.with_columns(partie=pl.lit(0, pl.Int64))


def test_records_each_told_once_are_summed_by_file():
    summed = account(told(*TOLD), READ).sort("fichier")
    assert summed.rows() == [("a.json", 3, 1, 1, 1), ("b.json", 1, 1, 0, 0)]


@pytest.mark.parametrize(
    "rows",
    [
        TOLD[1:],  # one is lost
        [*TOLD, ("a.json", 3, "contrat")],  # one too many
        [*TOLD, ("a.json", 2, "contrat")],  # told twice
        [TOLD[0], TOLD[0], *TOLD[2:]],  # one told twice, another lost: the sum is right
        [*TOLD[:2], ("a.json", 2, "perdu"), TOLD[3]],  # an unknown fate
    ],
)
def test_a_record_that_is_not_told_once_is_an_error_that_names_the_file(rows):
    with pytest.raises(ConservationError, match=r"a\.json"):
        account(told(*rows), READ)


def test_a_file_of_which_nothing_is_told_is_an_error_and_an_empty_file_is_not():
    with pytest.raises(ConservationError, match=r"b\.json"):
        account(told(*TOLD[:3]), READ)
    empty = account(told(), pl.DataFrame({"fichier": ["vide.json"], "lus": [0]}))
    assert empty.rows() == [("vide.json", 0, 0, 0, 0)]


def test_a_record_of_a_contract_that_is_not_in_the_table_is_an_error():
    records = pl.DataFrame({"uid": ["1", "2"]})
    check_contracts(records, pl.DataFrame({"uid": ["1", "2", "3"]}))
    with pytest.raises(ConservationError, match="2"):
        check_contracts(records, pl.DataFrame({"uid": ["1"]}))
