"""The register of what was read, and the parts in which it stands."""

import polars as pl
import pytest

from optima_lib.running.store import BUCKETS, Delivery, ReadFile, Store, buckets, fingerprint


def read_file(store, path, delivery, name="a.json"):
    return ReadFile(
        fichier=name,
        chemin=str(path.resolve()),
        membre=None,
        sha256=fingerprint(path),
        octets=path.stat().st_size,
        format="decp-2022-json",
        donnees="marches",
        place=store.take_place(),
        livraison=delivery.name,
        lus=1,
        lu_le="2026-01-01",
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("contenu", encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path, file):
    """A base of one file, read in one delivery."""
    processed = tmp_path / "processed"
    processed.mkdir()
    store = Store.load(processed)
    store.files.append(read_file(store, file, Delivery(store)))
    store.save()
    return store


def test_a_base_that_is_not_there_is_empty(tmp_path):
    store = Store.load(tmp_path)
    assert store.files == []
    assert list(tmp_path.iterdir()) == []


def test_a_register_is_loaded_as_it_was_saved(store):
    again = Store.load(store.folder.parent)
    assert again == store


def test_a_place_is_given_once_for_ever(store, file):
    delivery = Delivery(store)
    store.files.append(read_file(store, file, delivery, "b.json"))
    assert [each.place for each in store.files] == [1, 2]
    store.forget(file)
    store.save()
    assert Store.load(store.folder.parent).take_place() == 3


def test_a_file_is_known_by_its_content_and_its_place_on_disk(store, file, tmp_path):
    assert [each.fichier for each in store.known(file, fingerprint(file))] == ["a.json"]
    assert store.known(file, "0" * 64) == []
    assert store.holds(file)
    assert not store.holds(tmp_path / "autre.json")


def test_what_was_forgotten_is_given_back_and_leaves_the_base(store, file):
    assert [each.fichier for each in store.forget(file)] == ["a.json"]
    assert store.files == []
    assert store.forget(file) == []


def test_saving_removes_the_deliveries_of_no_file(store):
    empty = Delivery(store)
    store.save()
    assert not empty.folder.exists()
    assert (store.folder / "livraison-1").is_dir()


def test_a_delivery_that_is_discarded_leaves_nothing(store):
    before = sorted(store.folder.rglob("*"))
    delivery = Delivery(store)
    delivery.writer("x").part().write("publications", pl.DataFrame({"place": [1]}))
    delivery.discard()
    assert sorted(store.folder.rglob("*")) == before


def test_only_the_rows_of_files_that_are_in_the_base_are_read(store):
    part = Delivery(store).writer("petits").part()
    store.files[0].livraison = part.folder.name
    part.write("publications", pl.DataFrame({"place": [1, 9], "marche_id": ["ici", "ailleurs"]}))
    assert store.scan("publications").collect()["marche_id"].to_list() == ["ici"]
    assert store.scan("titulaires") is None


def test_a_column_that_a_part_lacks_is_empty_there(store):
    writer = Delivery(store).writer("petits")
    store.files[0].livraison = writer.folder.name
    writer.part().write("ecartes", pl.DataFrame({"place": [1], "motif": ["x"]}))
    writer.part().write("ecartes", pl.DataFrame({"place": [1]}))
    assert sorted(store.scan("ecartes").collect()["motif"].to_list(), key=str) == [None, "x"]


def test_the_parts_of_one_writer_are_removed_and_those_of_others_stay(store):
    delivery = Delivery(store)
    for mark in ("7", "petits"):
        delivery.writer(mark).part().write("ecartes", pl.DataFrame({"place": [1]}))
    delivery.writer("7").discard()
    assert [path.name for path in delivery.folder.iterdir()] == ["ecartes-petits-000000.parquet"]


def test_all_the_records_of_a_buyer_are_in_one_bucket_whatever_the_establishment():
    sirens = pl.Series(["210000014", "210000014", None, "240000018", None])
    found = buckets(sirens).to_list()
    assert found[0] == found[1]
    assert found[2] == found[4]
    assert all(0 <= each < BUCKETS for each in found)
