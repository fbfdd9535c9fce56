"""Findings: the same content has the same key, a text keeps its facts, the ledger finds them again."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.errors import EvidenceError
from optima_lib.evidence.code import code_version
from optima_lib.evidence.finding import Dit, facts_of, finding, plain
from optima_lib.evidence.ledger import REQUIRED, find_finding, read_ledger, write_ledger


def whole(name, **more):
    return dict.fromkeys(REQUIRED) | {"id": name, "texte": "Un constat"} | more


@given(st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False) | st.text(max_size=5), max_size=4))
def test_the_same_content_has_the_same_key_and_another_has_another(facts):
    one, again = finding("phrase", "Texte", facts), finding("phrase", "Texte", dict(reversed(facts.items())))
    assert one["cle"] == again["cle"]
    assert finding("phrase", "Autre texte", facts)["cle"] != one["cle"]


def test_a_text_keeps_its_facts_and_stays_a_text():
    said = Dit("24 %", {"valeur": 0.24})
    assert said == "24 %"
    assert f"{said}" == "24 %"
    assert facts_of(said) == {"valeur": 0.24}
    assert facts_of("24 %") == {}


def test_numbers_of_numpy_and_missing_ones_are_plain():
    assert plain({"a": np.float64(1.5), "b": float("nan"), "c": (np.int64(2), None), "d": np.bool_(True)}) == {
        "a": 1.5, "b": None, "c": [2, None], "d": True,
    }  # fmt: skip


def test_a_ledger_is_written_once_per_id_and_read_back(tmp_path):
    write_ledger([whole("a-1"), whole("a-1"), whole("b-2")], tmp_path)
    assert [each["id"] for each in read_ledger(tmp_path)] == ["a-1", "b-2"]
    assert all(json.loads(line) for line in (tmp_path / "constats.jsonl").read_text(encoding="utf-8").splitlines())


def test_a_finding_that_does_not_tell_all_is_refused(tmp_path):
    lacking = whole("a-1")
    del lacking["entrees"]
    with pytest.raises(EvidenceError, match="entrees"):
        write_ledger([lacking], tmp_path)


@pytest.fixture
def reports(tmp_path):
    for campaign, findings in (
        ("2026-10", ["pau.C01-aa", "pau.old-zz"]),
        ("2026-11", ["pau.C01-aa", "pau.C02-bb", "pau.C02-cc"]),
    ):
        folder = tmp_path / "pau" / campaign
        folder.mkdir(parents=True)
        write_ledger([whole(name) for name in findings], folder)
    return tmp_path


def test_a_finding_is_found_by_its_id_its_beginning_or_its_key_in_the_latest_report(reports):
    assert find_finding("pau.C01-aa", reports).rapport.name == "2026-11"
    assert find_finding("pau.C01", reports).finding["id"] == "pau.C01-aa"
    assert find_finding("bb", reports).finding["id"] == "pau.C02-bb"
    assert find_finding("pau.old", reports).rapport.name == "2026-10"


def test_a_beginning_of_several_and_an_unknown_one_are_said(reports, tmp_path):
    with pytest.raises(EvidenceError, match="2 constats commencent"):
        find_finding("pau.C02", reports)
    with pytest.raises(EvidenceError, match="Vouliez-vous dire"):
        find_finding("pau.C01-ab", reports)
    with pytest.raises(EvidenceError, match="optima study"):
        find_finding("x", tmp_path / "nowhere")


def test_the_code_is_told_by_its_content():
    told = code_version()
    assert len(told["empreinte"]) == 12
    assert told["version"]
