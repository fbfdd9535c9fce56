"""The tables made some buyers at a time are those that all buyers at once would give."""

import pytest

from optima_lib.errors import TableError
from optima_lib.running import merging
from tests.cleaning.records import FIRM, OTHER, award, change, holders, read_tables, run, told, with_key, write_2022

BUYERS = [with_key(f"{with_key(f'21000{number:03d}')}0001") for number in range(12)]
RECORDS = [
    award(str(number), acheteur={"id": buyer, "nom": f"Ville {buyer[5:8]}"}, montant=1_000 * (number + 2), **more)
    for buyer in BUYERS
    for number, more in enumerate(
        ({}, {"titulaires": holders(FIRM, OTHER)}, {"modifications": [change(1, "2024-06-01", montant=2_500)]})
    )
]


@pytest.mark.parametrize("at_once", [9, 1_000])
def test_the_number_of_buyers_taken_at_once_changes_nothing(tmp_path, monkeypatch, at_once):
    path = write_2022(tmp_path / "a.json", [*RECORDS, award("x", acheteur=None), *RECORDS[:4]])
    run(tmp_path / "ensemble", path)
    monkeypatch.setattr(merging, "RECORDS_AT_ONCE", at_once)
    run(tmp_path / "par groupes", path)
    assert told(tmp_path / "par groupes") == told(tmp_path / "ensemble")
    assert len(read_tables(tmp_path / "ensemble")["acheteurs"]) == len(BUYERS)


def test_a_base_of_territories_alone_has_no_contract(tmp_path):
    path = tmp_path / "communes.csv"
    path.write_text("siren;insee;nom_com\n210000014;00001;Ville-Inventée\n", encoding="utf-8")
    run(tmp_path / "data", path)
    tables = read_tables(tmp_path / "data")
    assert tables["territoires"]["nom"].to_list() == ["Ville-Inventée"]
    assert not any(len(tables[name]) for name in ("marches", "acheteurs", "enregistrements", "ecartes"))


def test_a_file_of_records_that_are_all_set_aside_makes_tables_without_a_contract(tmp_path):
    run(tmp_path / "data", write_2022(tmp_path / "a.json", [award(acheteur=None), award("2", acheteur={"id": "NC"})]))
    tables = read_tables(tmp_path / "data")
    assert len(tables["ecartes"]) == 2
    assert not len(tables["marches"])


def test_a_buyer_without_a_siren_has_contracts_and_is_no_buyer_of_the_table(tmp_path):
    run(tmp_path / "data", write_2022(tmp_path / "a.json", [award("1", acheteur={"id": "ABC"}), award("2")]))
    tables = read_tables(tmp_path / "data")
    assert set(tables["marches"]["acheteur_siret"]) == {"ABC", award()["acheteur"]["id"]}
    assert len(tables["acheteurs"]) == 1


def test_a_merge_that_fails_leaves_the_old_tables(tmp_path, monkeypatch):
    path = write_2022(tmp_path / "a.json", RECORDS)
    run(tmp_path / "data", path)
    before = {each: each.read_bytes() for each in (tmp_path / "data").rglob("*") if each.is_file()}

    def refuse(*_):
        raise TableError("La table acheteurs ne tient pas son contrat.")

    monkeypatch.setattr(merging, "build_acheteurs", refuse)
    with pytest.raises(TableError):
        run(tmp_path / "data", write_2022(tmp_path / "b.json", [award("nouveau")]))
    assert {each: each.read_bytes() for each in (tmp_path / "data").rglob("*") if each.is_file()} == before


def test_contracts_of_several_buyers_are_no_doubles_of_each_other(tmp_path):
    run(tmp_path / "data", write_2022(tmp_path / "a.json", [award("1", acheteur={"id": each}) for each in BUYERS]))
    assert not read_tables(tmp_path / "data")["marches"]["double_possible"].any()
