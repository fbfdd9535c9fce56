"""Reports of many partners: what is up to date is skipped, one that fails stops no other, all is known before."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from optima_lib.cli import main
from optima_lib.errors import PartnerError
from optima_lib.running.batch import plan
from optima_lib.running.journal import DONE, FAILED, Journal, Task


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    base = tmp_path_factory.mktemp("lot")
    return base / "data", base / "reports"


def run(folders, *words):
    data, reports = folders
    order = ["batch", *words, "--campaign", "essai", "--data", str(data), "--reports", str(reports)]
    result = CliRunner().invoke(main, order)
    return (
        result.exit_code,
        [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")],
        result.stderr,
    )


@pytest.fixture(scope="module")
def first(folders):
    return run(folders, "exemple", "pau")


def test_one_that_fails_stops_no_other_and_the_exit_says_so(first, folders):
    status, lines, said = first
    told = {each["partenaire"]: each for each in lines}
    assert status == 1
    assert told["exemple"]["statut"] == DONE
    assert (folders[1] / "exemple" / "essai" / "index.html").is_file()
    assert told["pau"]["statut"] == FAILED
    assert "optima clean" in told["pau"]["dit"]
    assert "2\xa0partenaires : 1 fait, 0 à jour, 1 en échec." in said
    assert not (folders[1] / "pau" / "essai").exists()


def test_what_is_up_to_date_is_not_made_again(first, folders):
    assert first
    page = folders[1] / "exemple" / "essai" / "index.html"
    before = page.stat().st_mtime_ns
    status, lines, said = run(folders, "exemple")
    assert (status, [each["statut"] for each in lines]) == (0, ["à jour"])
    assert page.stat().st_mtime_ns == before
    assert "1\xa0partenaire : 0 fait, 1 à jour, 0 en échec." in said


def test_a_report_that_is_gone_or_forced_or_made_of_other_things_is_to_be_made(first, folders, monkeypatch):
    assert first
    data, reports = folders
    assert not plan(["exemple"], data, reports, "essai").to_do
    assert plan(["exemple"], data, reports, "essai", force=True).to_do
    assert plan(["exemple"], data, reports, "autre").to_do
    page = reports / "exemple" / "essai" / "index.html"
    page.rename(page.with_suffix(".away"))
    assert plan(["exemple"], data, reports, "essai").to_do
    page.with_suffix(".away").rename(page)
    monkeypatch.setattr("optima_lib.running.batch.TEMPLATE", data)
    assert plan(["exemple"], data, reports, "essai").to_do
    monkeypatch.undo()
    assert not plan(["exemple"], data, reports, "essai").to_do
    monkeypatch.setattr("optima_lib.running.batch.code_version", lambda: {"empreinte": "other"})
    assert plan(["exemple"], data, reports, "essai").to_do


def test_a_dry_run_makes_nothing(tmp_path):
    status, lines, said = run((tmp_path / "data", tmp_path / "reports"), "exemple", "--dry-run")
    assert (status, lines) == (0, [])
    assert "1\xa0partenaire : 0 fait, 0 à jour, 1 à faire." in said
    assert not (tmp_path / "reports").exists()


def test_an_unknown_partner_is_said_before_anything_runs(tmp_path):
    with pytest.raises(PartnerError, match="Vouliez-vous dire « pau »"):
        plan(["exemple", "pua"], tmp_path, tmp_path / "reports", "essai")
    assert not (tmp_path / "reports").exists()


def test_without_a_name_all_partners_are_planned(tmp_path):
    planned = plan([], tmp_path, tmp_path / "reports", "essai")
    assert {"exemple", "pau", "sdis-64"} <= {each.partenaire for each in planned.to_do}


def test_the_journal_keeps_the_last_task(tmp_path):
    journal = Journal(tmp_path / "reports")
    assert journal.last("pau", "essai") is None
    for status in (FAILED, DONE):
        journal.keep(Task("pau", "essai", "abc", status, 1.5, "là"))
    assert Journal(tmp_path / "reports").last("pau", "essai") == Task("pau", "essai", "abc", DONE, 1.5, "là")


def processes_of(folder):
    """Return the processes that name a folder in their words."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def wait_until(true, seconds):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    return true()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are told by /proc")
def test_a_batch_that_is_killed_leaves_no_process_and_no_report(tmp_path):
    words = ["batch", "exemple", "--data", str(tmp_path / "data"), "--reports", str(tmp_path / "reports")]
    runner = subprocess.Popen(  # noqa: S603 - words of ours
        [sys.executable, "-m", "optima_lib", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert wait_until(lambda: len(processes_of(tmp_path)) > 1, 30)  # the study has begun
        time.sleep(2)
    finally:
        runner.kill()
        runner.wait()
    assert wait_until(lambda: not processes_of(tmp_path), 15)
    assert not list((tmp_path / "reports" / "exemple").glob("[0-9]*"))
