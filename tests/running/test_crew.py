"""Jobs of reading are done in the background, in this process or in others, and failures are told."""

import datetime as dt

import polars as pl
import pytest

from optima_lib.running.crew import Crew
from optima_lib.running.jobs import Job, Share, number
from optima_lib.running.store import PLACE_BITS, PartWriter
from optima_lib.sources.decp import JsonPiece
from optima_lib.sources.json_cuts import Stretch
from tests.cleaning.records import FIRM, TOWN

LATEST = dt.date(2026, 1, 1)
RECORDS = b'[{"id": "1", "acheteur": {"id": "%b"}, "titulaires": [{"id": "%b"}]}, {"id": "2"}]' % (
    TOWN.encode(),
    FIRM.encode(),
)


def job(folder):
    share = Share("a.json", 3, [JsonPiece(Stretch(RECORDS, count=2))])
    return Job([share], PartWriter(folder, "x").part(), LATEST)


def parts(folder):
    return sorted(path.name.split("-")[0] for path in folder.iterdir())


@pytest.mark.parametrize("apart", [False, True])
def test_a_job_writes_its_parts_in_this_process_or_in_another(tmp_path, apart):
    with Crew() as crew:
        crew.submit(job(tmp_path), apart=apart)
        crew.wait()
    assert parts(tmp_path) == ["ecartes", "publications", "titulaires"]


@pytest.mark.parametrize("apart", [False, True])
def test_the_failure_of_a_job_is_told_to_the_one_who_waits(tmp_path, apart):
    with Crew() as crew:
        crew.submit(job(tmp_path / "absent"), apart=apart)
        with pytest.raises((OSError, RuntimeError), match="absent"):
            crew.wait()


def test_many_jobs_are_all_done(tmp_path):
    with Crew() as crew:
        for i in range(12):
            (tmp_path / str(i)).mkdir()
            crew.submit(job(tmp_path / str(i)), apart=False)
        crew.wait()
    assert all(parts(tmp_path / str(i)) for i in range(12))


def test_a_record_bears_a_number_made_of_the_place_of_its_file_and_of_its_own():
    numbered = number(Share("a.json", 3, [JsonPiece(Stretch(RECORDS, rang=5, count=2))]))
    assert numbered.publications.select("lu", "fichier", "place").rows() == [(3 * 2**PLACE_BITS + 5, "a.json", 3)]
    assert numbered.titulaires["lu"].to_list() == [3 * 2**PLACE_BITS + 5]
    assert numbered.ecartes.select("rang", "motif", "brut").rows() == [(6, "acheteur absent", '{"id": "2"}')]


def test_the_suppliers_of_a_record_that_is_set_aside_go_with_it():
    source = b'[{"id": "1", "titulaires": [{"id": "%b"}], "modifications": [{"id": 1, "montant": 3}]}]' % FIRM.encode()
    numbered = number(Share("a.json", 1, [JsonPiece(Stretch(source, count=1))]))
    assert not len(numbered.publications)
    assert not len(numbered.titulaires)
    assert not len(numbered.modifications)
    assert isinstance(numbered.ecartes, pl.DataFrame)
