"""Reading sources into the base: what is new, what is known, what changed, what broke off."""

import json

import polars as pl
import pytest

from optima_lib.running import reading
from optima_lib.running.clean import clean
from optima_lib.sources import xml_records
from tests.cleaning.records import FIRM, LATEST, OTHER, award, holders, read_tables, run, told, write_2022
from tests.sources.inputs import zipped


def truncate(path):
    path.write_bytes(path.read_bytes()[:-40])
    return path


def contents(data):
    """Every file of the processed folder, the deliveries and the register included."""
    return {path: path.read_bytes() for path in (data / "processed").rglob("*") if path.is_file()}


@pytest.fixture
def base(tmp_path):
    """A base made of two files."""
    paths = [write_2022(tmp_path / f"{name}.json", [award(name), award(f"{name}2")]) for name in "ab"]
    run(tmp_path / "data", *paths)
    return tmp_path / "data", *paths


def test_a_file_whose_new_content_breaks_off_keeps_its_former_content_in_the_base(base):
    data, one, other = base
    before = told(data)
    write_2022(other, [award("b"), award("b3")])
    cleaning = run(data, one, truncate(other))
    assert [error.fichier for error in cleaning.outcome.failed] == ["b.json"]
    assert not cleaning.outcome.replaced
    assert told(data) == before


def test_an_archive_whose_new_content_breaks_off_in_one_member_keeps_its_former_content(tmp_path):
    records = [json.dumps({"marches": {"marche": [award(str(i))]}}).encode() for i in range(3)]
    path = tmp_path / "lot.zip"
    path.write_bytes(zipped({"1.json": records[0], "2.json": records[1]}))
    run(tmp_path / "data", path)
    before = told(tmp_path / "data")
    path.write_bytes(zipped({"1.json": records[2], "2.json": records[1][:-30]}))
    assert run(tmp_path / "data", path).outcome.failed
    assert told(tmp_path / "data") == before


def test_a_bad_file_leaves_every_file_of_the_base_as_it_was(base, tmp_path):
    data, *_ = base
    before = contents(data)
    bad = truncate(write_2022(tmp_path / "tronqué.json", [award("x")]))
    assert not run(data, bad).changed
    assert contents(data) == before


def test_a_first_file_that_is_bad_leaves_no_table(tmp_path):
    run(tmp_path / "data", truncate(write_2022(tmp_path / "tronqué.json", [award("x")])))
    assert {path.name for path in contents(tmp_path / "data")} == {".verrou"}  # the lock, empty


def test_other_rules_of_reading_have_every_file_read_again(base, monkeypatch):
    data, one, other = base
    before = told(data)
    monkeypatch.setattr(reading, "reading_rules", lambda: "autres règles")
    cleaning = run(data, one)
    assert sorted(cleaning.outcome.read) == ["a.json", "b.json"]
    assert told(data) == before
    assert not run(data, one, other).changed


def test_other_rules_leave_a_file_that_is_gone_as_it_was_read_and_say_so(base, monkeypatch):
    data, one, other = base
    before = told(data)
    other.unlink()
    monkeypatch.setattr(reading, "reading_rules", lambda: "autres règles")
    cleaning = run(data, one)
    assert cleaning.outcome.outdated == ["b.json"]
    assert told(data) == before


def test_a_member_that_left_an_archive_leaves_the_base(tmp_path):
    records = {f"{i}.json": json.dumps({"marches": {"marche": [award(str(i))]}}) for i in range(3)}
    path = tmp_path / "lot.zip"
    path.write_bytes(zipped(records))
    run(tmp_path / "data", path)
    path.write_bytes(zipped({name: records[name] for name in ("0.json", "2.json")}))
    cleaning = run(tmp_path / "data", path)
    assert sorted(cleaning.outcome.read) == ["lot.zip/0.json", "lot.zip/2.json"]
    assert set(read_tables(tmp_path / "data")["marches"]["marche_id"]) == {"0", "2"}


RECORDS = [award(str(i), titulaires=holders(FIRM, OTHER), montant=1_000 + i) for i in range(40)]


@pytest.mark.parametrize("records_at_once", [7, 1_000])
def test_a_large_file_read_in_parts_by_other_processes_gives_the_same_tables(tmp_path, monkeypatch, records_at_once):
    path = write_2022(tmp_path / "a.json", RECORDS)
    run(tmp_path / "petit", path)
    monkeypatch.setattr(reading, "LARGE_FILE", 1)
    monkeypatch.setattr(reading, "POOL", records_at_once)
    monkeypatch.setattr(reading, "PIECES_AT_ONCE", 1)
    run(tmp_path / "grand", path)
    assert told(tmp_path / "grand") == told(tmp_path / "petit")


def test_a_large_file_that_breaks_off_leaves_nothing_of_its_parts(base, tmp_path, monkeypatch):
    data, *_ = base
    before = contents(data)
    monkeypatch.setattr(reading, "POOL", 1)
    monkeypatch.setattr(xml_records, "BATCH", 2)
    told_of = []
    buyer = RECORDS[0]["acheteur"]["id"]
    record = f"<marche><id>1</id><acheteur><id>{buyer}</id></acheteur><titulaires/></marche>"
    path = tmp_path / "large.xml"
    path.write_text("<marches>" + 9 * record, encoding="utf-8")
    cleaning = clean([path], data, latest=LATEST, reading=lambda _, count: told_of.append(count))
    assert len(told_of) > 1, "the file broke off before its first part"
    assert [error.fichier for error in cleaning.outcome.failed] == ["large.xml"]
    assert contents(data) == before


def test_progress_is_told_file_by_file(base, tmp_path):
    _, one, other = base
    seen = []
    clean([one, other], tmp_path / "autre", latest=LATEST, reading=lambda label, count: seen.append((label, count)))
    assert seen == [("a.json", 2), ("b.json", 2)]


def test_the_same_source_named_twice_is_read_once(base, tmp_path):
    _, one, _ = base
    cleaning = run(tmp_path / "double", one, one.parent / "." / one.name)
    assert cleaning.outcome.read == ["a.json"]
    assert cleaning.fichiers["lus"].sum() == 2


def test_the_day_of_reading_and_the_fingerprint_stand_beside_each_file(base):
    data, one, _ = base
    row = read_tables(data)["fichiers"].filter(pl.col("fichier") == "a.json").to_dicts()[0]
    assert row["lu_le"] == LATEST
    assert row["octets"] == one.stat().st_size
    assert len(row["sha256"]) == 64
