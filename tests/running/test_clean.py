"""``clean`` as a whole: successive deliveries, changed files, files that cannot be read."""

import datetime as dt
import hashlib
import json

import polars as pl
import pytest

from optima_lib.errors import NoSourceError
from optima_lib.running.clean import clean
from tests.cleaning.records import (
    DISTRICT,
    FIRM,
    OTHER,
    TOWN,
    award,
    holders,
    read_tables,
    run,
    told,
    write_2019,
    write_2022,
)


def bytes_of(data):
    """The content of each table, less what a delivery keeps for itself."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (data / "processed").glob("*.parquet")}


@pytest.fixture
def place(tmp_path):
    """Three files of one feed, which repeat each other in part."""
    (tmp_path / "flux").mkdir()
    a = [award("1"), award("2", montant=20_000), award("3", acheteur=None)]
    b = [award("2", montant=20_000), award("1", dateNotification="2024-06-01", montant=11_000)]
    c = [award("4", acheteur={"id": DISTRICT}), award("1", titulaires=holders(OTHER), montant=50_000)]
    return tmp_path, [
        write_2022(tmp_path / "flux" / f"{n}.json", each) for n, each in zip("abc", (a, b, c), strict=True)
    ]


def test_running_again_changes_nothing(place):
    folder, paths = place
    assert run(folder / "data", *paths).changed
    before = bytes_of(folder / "data")
    again = run(folder / "data", *paths)
    assert not again.changed
    assert sorted(again.outcome.known) == ["a.json", "b.json", "c.json"]
    assert bytes_of(folder / "data") == before


def test_a_base_made_anew_from_the_same_files_is_the_same_to_the_byte(place):
    folder, paths = place
    run(folder / "un", *paths)
    run(folder / "deux", *paths)
    assert bytes_of(folder / "un") == bytes_of(folder / "deux")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_successive_deliveries_say_what_all_of_them_at_once_say(place, order):
    folder, paths = place
    run(folder / "ensemble", *paths)
    for number in order:
        run(folder / "peu-a-peu", paths[number])
    assert told(folder / "peu-a-peu") == told(folder / "ensemble")
    one, other = (read_tables(folder / name)["enregistrements"] for name in ("ensemble", "peu-a-peu"))
    assert one.sort("fichier", "rang").equals(other.sort("fichier", "rang"))


def test_a_folder_and_its_files_one_by_one_hold_the_same_contracts(place):
    folder, paths = place
    run(folder / "dossier", folder / "flux")
    run(folder / "fichiers", *paths)
    assert told(folder / "dossier") == told(folder / "fichiers")


def test_a_file_that_changed_replaces_its_former_content(place):
    folder, paths = place
    run(folder / "data", *paths)
    write_2022(paths[1], [award("9", montant=90_000)])
    cleaning = run(folder / "data", *paths)
    assert cleaning.changed
    assert cleaning.outcome.replaced == ["b.json"]
    run(folder / "neuf", *paths)
    assert told(folder / "data") == told(folder / "neuf")
    assert set(read_tables(folder / "data")["marches"]["marche_id"]) == {"1", "2", "4", "9"}


def test_a_copy_of_a_file_adds_duplicates_and_no_contract(place):
    folder, paths = place
    run(folder / "data", *paths)
    before = told(folder / "data")
    copy = folder / "copie.json"
    copy.write_bytes(paths[0].read_bytes())
    fichiers = run(folder / "data", copy).fichiers
    (row,) = fichiers.filter(pl.col("fichier") == "copie.json").to_dicts()
    assert row["contrats"] + row["doublons"] == 2
    assert fichiers["doublons"].sum() == 1 + 2
    assert told(folder / "data") == before


def test_what_a_file_said_stays_when_the_file_is_gone(place):
    folder, paths = place
    run(folder / "data", *paths)
    before = told(folder / "data")
    paths[0].unlink()
    assert not run(folder / "data", *paths[1:]).changed
    assert told(folder / "data") == before


def test_a_fresh_base_holds_the_given_sources_alone(place):
    folder, paths = place
    run(folder / "data", *paths)
    run(folder / "data", paths[0], fresh=True)
    assert read_tables(folder / "data")["fichiers"]["fichier"].to_list() == ["a.json"]


def test_the_two_schemas_meet_in_one_contract(tmp_path):
    old = {
        "id": "1", "acheteur": {"id": TOWN}, "objet": "Voirie", "montant": 10_000, "nature": "Marché",
        "dateNotification": "2024-03-01", "datePublicationDonnees": "2024-04-01", "titulaires": [{"id": FIRM}],
    }  # fmt: skip
    new = award("1", objet="Voirie", datePublicationDonnees="2024-05-01")
    run(tmp_path / "data", write_2019(tmp_path / "a.json", [old]), write_2022(tmp_path / "b.json", [new]))
    tables = read_tables(tmp_path / "data")
    assert len(tables["marches"]) == 1
    assert sorted(tables["fichiers"]["format"]) == ["decp-2019-json", "decp-2022-json"]


def test_a_bad_record_stops_no_file_and_a_bad_file_stops_no_run(tmp_path):
    good = write_2022(tmp_path / "bon.json", [award("1"), "texte", 12])
    cut = tmp_path / "coupe.json"
    cut.write_text(json.dumps({"marches": {"marche": [award("2")]}})[:-40], encoding="utf-8")
    cleaning = run(tmp_path / "data", good, cut)
    assert [error.fichier for error in cleaning.outcome.failed] == ["coupe.json"]
    (row,) = cleaning.fichiers.to_dicts()
    assert (row["fichier"], row["lus"], row["contrats"], row["ecartes"]) == ("bon.json", 3, 1, 2)


def test_a_source_that_is_not_there_changes_nothing(place):
    folder, paths = place
    run(folder / "data", *paths)
    before = bytes_of(folder / "data")
    with pytest.raises(NoSourceError):
        run(folder / "data", folder / "nulle-part.json")
    assert bytes_of(folder / "data") == before


def test_the_day_of_reading_bounds_the_dates(tmp_path):
    path = write_2022(tmp_path / "a.json", [award(dateNotification="2025-12-31")])
    clean([path], tmp_path / "data", latest=dt.date(2025, 6, 30))
    (row,) = read_tables(tmp_path / "data")["marches"].to_dicts()
    assert row["date_notification"] is None
    assert "date_impossible" in str(row["anomalies"])
