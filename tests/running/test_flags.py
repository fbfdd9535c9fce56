"""``optima flags``: what it prints, writes and says."""

import json

import pytest
from click.testing import CliRunner

from optima_lib.cli import main
from tests.flags.releases import bid, lines, release

SINGLE = {"procurementMethod": "open", "numberOfTenderers": 1}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "offres.jsonl"
    same = release("same", [bid("A", 5), bid("B", 5)], buyer={"id": "P"})
    path.write_bytes(b"\n".join([*lines([release("single", tender=SINGLE), same]), b"oups"]))
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["flags", *map(str, arguments)])


def test_the_result_is_printed_and_what_was_done_is_said_apart(file):
    result = run(file)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["OCID"] == {"single": {"R018": 1.0}, "same": {"R028": 1.0}}
    assert told["Meta"]["optima"]["illisibles"] == 1
    assert "2 releases" in result.stderr
    assert "n° 3 (JSON illisible)" in result.stderr
    assert "Terminé en" in result.stderr


def test_the_mode_cardinal_prints_nothing_but_cardinals_own(file, tmp_path):
    settings = tmp_path / "settings.ini"
    settings.write_text("[R028]\n", encoding="utf-8")
    told = json.loads(run(file, "--mode", "cardinal", "--settings", settings).stdout)
    tenderers = {"A": {"R028": 1.0}, "B": {"R028": 1.0}}
    assert told == {"OCID": {"same": {"R028": 1.0}}, "Tenderer": tenderers, "Meta": {}}


def test_the_maps_are_told_when_asked(file):
    told = json.loads(run(file, "--map").stdout)
    assert set(told["Maps"]["ocid_tenderer_r028"]["same"]) == {"A", "B"}


def test_the_result_is_written_whole_or_not_at_all(file, tmp_path):
    out = tmp_path / "flags.json"
    out.write_text("before", encoding="utf-8")
    assert run(file, "--out", out).exit_code == 0
    assert "OCID" in json.loads(out.read_text(encoding="utf-8"))
    failed = run(file, "--out", tmp_path / "absent" / "flags.json")
    assert failed.exit_code == 1
    assert "impossible d'écrire" in failed.stderr
    assert {each.name for each in tmp_path.iterdir()} == {"offres.jsonl", "flags.json"}


def test_what_cannot_be_read_is_one_sentence_and_writes_nothing(tmp_path):
    empty = tmp_path / "vide.jsonl"
    empty.touch()
    result = run(empty, "--out", tmp_path / "flags.json")
    assert result.exit_code == 1
    assert result.stderr.startswith("Erreur : ")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "flags.json").exists()
