"""Releases as they come: lines, records, packages, bad lines, other types than the standard's."""

import gzip
import json

import pytest

from optima_lib.errors import NoSourceError, RawFileError, UnknownLayoutError
from optima_lib.flags.extraction import Columns
from optima_lib.flags.lines import Batch, read_lines
from optima_lib.flags.ocds import read_release
from optima_lib.running import ocds
from optima_lib.running.ocds import read_ocds
from optima_lib.sources import ocds_files
from tests.flags.releases import bid, lines, release

A, B = release("a", [bid("X", 1)]), release("b", [bid("Y", 2)])


def read(path, **options):
    batches = read_ocds(path, prepared=True, **options)
    return [ocid for each in batches for ocid in each.columns.ocid], sum(each.unread for each in batches)


@pytest.mark.parametrize(
    "value",
    [
        [A, B],
        {"version": "1.1", "releases": [A, B]},
        {"version": "1.1", "records": [{"ocid": "a", "compiledRelease": A}, {"ocid": "b", "releases": [B]}]},
        {"records": [{"ocid": "a", "compiledRelease": A, "releases": [{"url": "https://exemple.fr/a.json"}]}, {"ocid": "b", "compiledRelease": B}]},
    ],
)  # fmt: skip
def test_lists_and_packages_are_read_on_one_line_or_on_many(tmp_path, value):
    path = tmp_path / "package.json"
    for indent in (None, 2):
        path.write_text(json.dumps(value, indent=indent), encoding="utf-8")
        assert read(path) == (["a", "b"], 0)


def test_one_release_or_one_record_is_a_file(tmp_path):
    path = tmp_path / "one.json"
    for value in (A, {"ocid": "a", "compiledRelease": A, "releases": [A]}):
        path.write_text(json.dumps(value, indent=1), encoding="utf-8")
        assert read(path) == (["a"], 0)


def test_lines_are_read_with_blank_ones_a_mark_and_carriage_returns(tmp_path):
    path = tmp_path / "lines.jsonl"
    first, second = lines([A, {"ocid": "b", "compiledRelease": B}])
    path.write_bytes(b"\xef\xbb\xbf" + first + b"\r\n\r\n  \n" + second)
    assert read(path) == (["a", "b"], 0)
    (tmp_path / "lines.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert read(tmp_path / "lines.jsonl.gz") == (["a", "b"], 0)


def test_a_bad_line_is_counted_and_named_and_stops_nothing(tmp_path):
    path = tmp_path / "lines.jsonl"
    first, second = lines([A, B])
    path.write_bytes(b"\n".join([b'{"ocid": "cut', first, b"[1]", b'{"id": 1}', b'{"ocid": 3}', second]))
    (batch,) = read_ocds(path, prepared=False)
    assert batch.columns.ocid == ["a", "b"]
    assert batch.unread == 4
    assert [position for position, _ in batch.reasons] == [0, 2, 3, 4]
    assert read(path) == (["a", "3", "b"], 3)  # an identifier told as a number is read in the mode optima


def test_a_record_whose_releases_are_links_has_no_process(tmp_path):
    path = tmp_path / "records.json"
    linked = {"ocid": "x", "releases": [{"url": "https://exemple.fr/1.json"}]}
    path.write_text(json.dumps({"records": [linked, {"ocid": "a", "compiledRelease": A}]}), encoding="utf-8")
    assert read(path) == (["a"], 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "le fichier est vide"),
        (b" \n\n", "le fichier est vide"),
        (b"bonjour", "ce n'est pas du JSON"),
        (b'{"marches": [{"id": "1"}]}', "aucune release OCDS"),
        (b"[]", "aucune release OCDS"),
    ],
)
def test_what_is_no_ocds_is_one_sentence(tmp_path, content, said):
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(UnknownLayoutError, match=said) as error:
        read(path)
    assert "file.json" in str(error.value)
    assert "Attendu : " in str(error.value)


def test_broken_json_says_where(tmp_path):
    path = tmp_path / "broken.json"
    path.write_bytes(b'{\n"releases": [\n{"ocid": "a"},\n')
    with pytest.raises(RawFileError, match="JSON illisible"):
        read(path)
    with pytest.raises(NoSourceError):
        read(tmp_path / "absent.jsonl")


def test_the_parts_of_a_file_are_read_by_several_processes(tmp_path, monkeypatch):
    path = tmp_path / "lines.jsonl"
    told = lines(release(f"p{rank}", [bid(f"T{rank % 7}", rank + 1)]) for rank in range(300))
    told[250] = b"{bad"
    path.write_bytes(b"\n".join(told))
    monkeypatch.setattr(ocds, "WORTH_A_PROCESS", path.stat().st_size // 3)
    monkeypatch.setattr(ocds.os, "cpu_count", lambda: 3)
    batches = read_ocds(path, prepared=True)
    assert len(batches) == 3
    assert [ocid for each in batches for ocid in each.columns.ocid] == [
        f"p{rank}" for rank in range(300) if rank != 250
    ]
    assert sum(each.count for each in batches) == 300
    assert batches[0].count + batches[1].count + batches[2].reasons[0][0] == 250


def test_a_large_package_is_read_list_by_list(tmp_path, monkeypatch):
    monkeypatch.setattr(ocds_files, "SMALL", 1000)
    path = tmp_path / "package.json"
    path.write_text(json.dumps({"uri": "x", "releases": [release(f"p{rank}", [bid("A")]) for rank in range(50)]}, indent=1), encoding="utf-8")  # fmt: skip
    assert read(path) == ([f"p{rank}" for rank in range(50)], 0)


def test_fields_of_another_type_are_missing_as_for_cardinal():
    text = json.dumps(
        {
            "ocid": "a",
            "buyer": "Pau",
            "tender": {"numberOfTenderers": "1", "procuringEntity": {"id": 12}},
            "bids": {"details": [3, {"status": "valid", "value": {"amount": "5"}, "tenderers": {"id": 7}}]},
        }
    ).encode()
    strict, prepared = (read_release(text, prepared=each) for each in (False, True))
    assert strict.buyer.id is strict.tender.procuring_entity.id is strict.tender.number_of_tenderers is None
    assert [each.status for each in strict.bids.details] == [None, "valid"]
    assert strict.bids.details[1].value.amount is strict.bids.details[1].tenderers is None
    assert prepared.tender.procuring_entity.id == "12"
    assert [each.id for each in prepared.bids.details[1].tenderers] == ["7"]


def test_a_line_in_cp1252_is_read_in_the_mode_optima_only(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(lines([A])[0] + b"\n" + '{"ocid": "été"}'.encode("cp1252"))
    assert read(path) == (["a", "été"], 0)
    assert [each.unread for each in read_ocds(path, prepared=False)] == [1]


def test_a_line_that_is_cut_between_two_blocks_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("optima_lib.flags.lines.BLOCK", 7)
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\n".join(lines([A, B])))
    with path.open("rb") as stream:
        batch = read_lines(stream, "lines", prepared=True)
    assert (batch.columns.ocid, batch.count) == (["a", "b"], 2)


def test_the_columns_are_of_the_types_that_the_tables_expect():
    batch = Batch()
    batch.read(lines([A]), prepared=True)
    assert {name: column.typecode for name, column in batch.columns.columns.items()} == {
        name: column.typecode for name, column in Columns().columns.items()
    }
    assert list(batch.columns.columns["amount"]) == [1.0]
