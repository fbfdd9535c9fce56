"""Folders, archives and compressed files: all that they hold, in one order, and nothing outside of them."""

import gzip
import zipfile

import pytest

from optima_lib.errors import NoSourceError, RawFileError, UnsafeArchiveError
from optima_lib.sources import files
from optima_lib.sources.files import RawFile, walk
from tests.sources.inputs import zipped

CONTENT = b'{"marches": []}' * 500


def write(path, content=CONTENT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def labels(*sources, taken=None):
    return [item.label for item in walk(sources, taken)]


def content(path, member=None):
    with RawFile(path.name, path, member).open() as stream:
        return stream.read()


def test_a_folder_is_searched_to_its_bottom_in_a_stable_order(tmp_path):
    for name in ("b.json", "a/2.json", "a/1.json", ".hidden", "a/.git/x.json"):
        write(tmp_path / "lot" / name)
    assert labels(tmp_path / "lot") == ["lot/a/1.json", "lot/a/2.json", "lot/b.json"]


def test_only_a_file_named_by_the_user_is_said_to_be(tmp_path):
    path = write(tmp_path / "x.json")
    assert [item.named for item in walk([path])] == [True]
    assert [item.named for item in walk([tmp_path])] == [False]


def test_a_file_reached_twice_is_given_once(tmp_path):
    path = write(tmp_path / "x.json")
    assert len(labels(path, tmp_path, tmp_path / "." / "x.json")) == 1


def test_two_files_of_one_name_bear_two_labels(tmp_path):
    one, two = write(tmp_path / "a" / "x.json"), write(tmp_path / "b" / "x.json")
    assert labels(one, two) == ["x.json", "b/x.json"]


def test_a_label_in_use_stays_with_the_file_that_bears_it(tmp_path):
    one, two = write(tmp_path / "a" / "x.json"), write(tmp_path / "b" / "x.json")
    taken = {"x.json": str(one.resolve())}
    assert labels(one, taken=taken) == ["x.json"]
    assert labels(two, taken=taken) == ["b/x.json"]


def test_the_members_of_an_archive_come_one_by_one(tmp_path):
    path = write(tmp_path / "lot.zip", zipped({"b.json": CONTENT, "d/a.json": b"{}", "__MACOSX/x": b"", "d/": b""}))
    assert labels(path) == ["lot.zip/b.json", "lot.zip/d/a.json"]
    assert content(path, "b.json") == CONTENT


def test_compressed_files_are_opened_alone_and_inside_an_archive(tmp_path):
    assert content(write(tmp_path / "x.json")) == CONTENT
    assert content(write(tmp_path / "x.gz", gzip.compress(CONTENT))) == CONTENT
    assert content(write(tmp_path / "x.zip", zipped({"x.gz": gzip.compress(CONTENT)})), "x.gz") == CONTENT


def test_opening_an_archive_writes_nothing_to_disk(tmp_path):
    path = write(tmp_path / "lot.zip", zipped({"a.json": CONTENT}))
    for item in walk([path]):
        item.start()
    assert list(tmp_path.iterdir()) == [path]


def test_a_source_that_does_not_exist_is_said(tmp_path):
    with pytest.raises(NoSourceError, match="ni fichier ni dossier de ce nom"):
        list(walk([tmp_path / "absent.json"]))


@pytest.mark.parametrize("hidden", [[], [".gitkeep"]])
def test_a_folder_without_a_file_is_said(tmp_path, hidden):
    for name in hidden:
        write(tmp_path / name)
    with pytest.raises(NoSourceError, match="ne contient aucun fichier"):
        list(walk([tmp_path]))


@pytest.mark.parametrize("name", ["../x.json", "a/../../x.json", "/etc/x.json", "..\\x.json", "\\x.json"])
def test_an_archive_whose_path_leaves_it_is_refused_whole(tmp_path, name):
    path = tmp_path / "lot.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bon.json", CONTENT)
        archive.writestr(zipfile.ZipInfo(name), CONTENT)
    [error] = walk([path])
    assert isinstance(error, UnsafeArchiveError)
    assert "sort de l'archive" in str(error)


def test_a_name_with_two_dots_that_leaves_nothing_is_read(tmp_path):
    assert labels(write(tmp_path / "x.zip", zipped({"a..b.json": CONTENT}))) == ["x.zip/a..b.json"]


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"x.json": data})])
def test_a_bomb_is_stopped_before_its_end(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(files, "FREE_BYTES", 10_000)
    path = write(tmp_path / "bombe", pack(b" " * 5_000_000))
    [item] = walk([path])
    with pytest.raises(UnsafeArchiveError, match="200 fois la taille"), item.open() as stream:
        stream.read()


def test_an_archive_as_dense_as_award_files_is_no_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "FREE_BYTES", 10)
    path = write(tmp_path / "x.gz", gzip.compress(CONTENT * 2, compresslevel=1))
    assert len(content(path)) == 2 * len(CONTENT)


@pytest.mark.parametrize("kept", [5, 15, 40])
def test_a_truncated_gzip_is_said_with_its_cure(tmp_path, kept):
    path = write(tmp_path / "x.json.gz", gzip.compress(CONTENT)[:kept])
    with pytest.raises(RawFileError, match=r"^x\.json\.gz : archive incomplète ou abîmée.* Téléchargez-la de nouveau"):
        content(path)


def damaged_stream(data, at):
    """The same bytes, with a stretch of the deflated stream inverted."""
    return data[:at] + bytes(byte ^ 0xFF for byte in data[at : at + 3]) + data[at + 3 :]


# Varied, so that its deflated stream is long and a damaged stretch cannot be decoded.
VARIED = b"".join(b'{"id": "%d"},' % (number * 7919 % 1009) for number in range(400))


def test_a_damaged_gzip_is_said_with_its_cure(tmp_path):
    path = write(tmp_path / "x.json.gz", damaged_stream(gzip.compress(VARIED, mtime=0), 20))
    with pytest.raises(RawFileError, match="archive incomplète ou abîmée"):
        content(path)


def test_a_damaged_member_of_an_archive_is_said_with_its_cure(tmp_path):
    path = write(tmp_path / "x.zip", damaged_stream(zipped({"x.json": VARIED}), 60))
    with pytest.raises(RawFileError, match="archive incomplète ou abîmée"):
        content(path, "x.json")


def test_a_member_compressed_in_an_unknown_way_is_said(tmp_path):
    data = bytearray(zipped({"x.json": VARIED}))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 99
    path = write(tmp_path / "x.zip", bytes(data))
    with pytest.raises(RawFileError, match=r"x\.zip"):
        content(path, "x.json")


def test_an_encrypted_member_is_said_with_its_cure(tmp_path):
    data = bytearray(zipped({"x.json": VARIED}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = write(tmp_path / "x.zip", bytes(data))
    with pytest.raises(RawFileError, match="chiffré"):
        content(path, "x.json")


@pytest.mark.parametrize(
    ("data", "told"), [(zipped({"x": CONTENT})[:-30], "abîmée"), (zipped({"__MACOSX/x": b""}), "vide")]
)
def test_an_archive_that_cannot_be_listed_comes_as_its_error(tmp_path, data, told):
    [error] = walk([write(tmp_path / "x.zip", data)])
    assert isinstance(error, RawFileError)
    assert told in str(error)


def test_an_office_document_is_one_file_and_no_archive(tmp_path):
    path = write(tmp_path / "x.xlsx", zipped({"[Content_Types].xml": b"<x/>", "xl/a.xml": b"<x/>"}))
    assert labels(path) == ["x.xlsx"]
