"""The company register in a base: order of reading, later deliveries, files gone, and the sum of each file."""

import gzip
import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.cleaning.firms import MASKED
from optima_lib.errors import ConservationError
from optima_lib.running import other_tables
from optima_lib.running.telling import tell_cleaning
from tests.cleaning.records import FIRM, OTHER, THIRD, TOWN, award, holders, read_tables, run, told, write_2022
from tests.register import register_csv, site, unit

NOWHERE = "12345678200019"
COUNTS = ("lus", "retenus", "doublons", "ecartes", "hors_base")


def write(path, *rows):
    path.write_bytes(register_csv(*rows))
    return path


def counts(data, name):
    """The sum of a file: read = kept + duplicates + set aside + outside the base."""
    [row] = read_tables(data)["fichiers"].filter(fichier=name).select(COUNTS).rows()
    assert row[0] == sum(row[1:])
    return row


@pytest.fixture
def place(tmp_path):
    """Awards to two firms, in two files, and the register of three firms and of the buyer."""
    sirets = (FIRM, OTHER, NOWHERE, TOWN)
    return (
        tmp_path / "data",
        write_2022(tmp_path / "a.json", [award("1")]),
        write_2022(tmp_path / "b.json", [award("2", titulaires=holders(OTHER))]),
        write(tmp_path / "unites.csv", *(unit(each[:9], denominationUniteLegale=each) for each in sirets)),
        write(tmp_path / "sites.csv", *(site(each) for each in sirets)),
    )


def firms(data):
    tables = read_tables(data)
    return tables["entreprises"]["siren"].to_list(), tables["etablissements"]["siret"].to_list()


def test_a_base_without_a_register_has_its_tables_empty(place):
    data, a, *_ = place
    run(data, a)
    tables = read_tables(data)
    assert not any(len(tables[name]) for name in ("entreprises", "etablissements", "cpv", "naf"))


def test_the_firms_that_awards_name_are_kept_with_the_buyers(place):
    data, *paths = place
    run(data, *paths)
    assert firms(data) == (sorted(each[:9] for each in (FIRM, OTHER, TOWN)), sorted((FIRM, OTHER, TOWN)))
    assert counts(data, "unites.csv") == counts(data, "sites.csv") == (4, 3, 0, 0, 1)


@pytest.mark.parametrize("order", [(2, 3, 0, 1), (0, 2, 1, 3)])
def test_deliveries_in_any_order_give_the_tables_of_one_reading(place, order):
    data, *paths = place
    run(data.parent / "ensemble", *paths)
    for number in order:
        run(data, paths[number])
    assert told(data) == told(data.parent / "ensemble")
    assert counts(data, "unites.csv") == counts(data.parent / "ensemble", "unites.csv")


def test_a_register_is_read_again_for_the_firms_of_a_later_delivery_and_no_other_time(place):
    data, a, b, units, _ = place
    run(data, a, units)
    later = run(data, b)
    assert later.outcome.searched == [("unites.csv", 1)]
    assert OTHER[:9] in firms(data)[0]
    assert any("unites.csv a été relu : 1 numéro d'entreprise" in line for line in tell_cleaning(later, data))
    assert run(data, b).outcome.searched == []


def test_a_register_that_is_gone_keeps_what_was_found_and_says_what_was_not_sought(place):
    data, a, b, units, _ = place
    run(data, a, units)
    units.unlink()
    later = run(data, b)
    assert later.outcome.unsearched == [("unites.csv", 1)]
    assert firms(data)[0] == sorted((FIRM[:9], TOWN[:9]))
    assert counts(data, "unites.csv") == (4, 2, 0, 0, 2)
    line = next(line for line in tell_cleaning(later, data) if "unites.csv" in line)
    assert line.endswith("n'y ont pas été cherchés. Redonnez ce fichier à « optima clean ».")


def test_a_register_that_changed_since_is_not_read_in_place_of_the_one_that_was(place):
    data, a, b, units, _ = place
    run(data, a, units)
    write(units, unit(OTHER[:9]))
    assert run(data, b).outcome.unsearched == [("unites.csv", 1)]
    assert run(data, units).outcome.replaced == ["unites.csv"]
    assert firms(data)[0] == [OTHER[:9]]


def test_firms_that_no_award_names_any_more_leave_the_tables_and_are_counted(place):
    data, a, b, units, _ = place
    run(data, a, b, units)
    write_2022(b, [award("2")])
    run(data, b)
    assert OTHER[:9] not in firms(data)[0]
    assert counts(data, "unites.csv") == (4, 2, 0, 0, 2)


def test_two_registers_give_each_firm_once_as_dealt_with_last(place):
    data, a, _, units, _ = place
    newer = write(
        units.parent / "recent.csv",
        unit(FIRM[:9], categorieEntreprise="ETI", dateDernierTraitementUniteLegale="2026-01-01T00:00:00"),
    )
    for order in ([a, units, newer], [a, newer, units]):
        run(data, *order, fresh=True)
        row = read_tables(data)["entreprises"].filter(siren=FIRM[:9])
        assert row["categorie"].to_list() == ["ETI"]
    assert counts(data, "unites.csv") == (4, 1, 1, 0, 2)


def test_rows_that_cannot_be_used_are_named_and_hold_no_persons_data(place):
    data, a, _, units, _ = place
    content = register_csv(unit(FIRM[:9]), unit("?", nomUniteLegale="INVENTÉ")) + b"x,INVENT\n"
    units.write_bytes(content)
    run(data, a, units)
    aside = read_tables(data)["ecartes"]
    assert aside["motif"].to_list() == ["SIREN illisible", "2 champs au lieu de 34"]
    assert not aside["brut"].str.contains("INVENT").any()
    assert counts(data, "unites.csv") == (3, 1, 0, 2, 0)
    assert not len(read_tables(data)["enregistrements"].filter(fichier="unites.csv"))


def test_a_person_who_does_not_let_its_data_circulate_is_nowhere_in_the_base(place):
    data, a, _, units, _ = place
    write(
        units, unit(FIRM[:9], statutDiffusionUniteLegale="P", denominationUniteLegale="", nomUniteLegale="SECRETNAME")
    )
    run(data, a, units)
    assert read_tables(data)["entreprises"]["nom"].to_list() == [MASKED]
    for path in (data / "processed").rglob("*.parquet"):
        assert "SECRETNAME" not in str(pl.read_parquet(path).to_dict(as_series=False)), path.name


def test_the_sums_of_the_files_are_said(place):
    data, a, _, units, sites = place
    lines = list(tell_cleaning(run(data, a, units, sites), data))
    told_of_units = "4 lignes d'unités légales = 2 retenues + 0 doublons + 0 écartées + 2 hors de la base"
    assert any(line.startswith(f"unites.csv [sirene-unites-legales-csv] : {told_of_units}") for line in lines)


def test_a_sum_that_is_wrong_stops_the_writing_and_leaves_the_old_tables(place, monkeypatch):
    data, a, b, units, _ = place
    run(data, a, units)
    before = read_tables(data)["fichiers"]
    real = other_tables.latest
    monkeypatch.setattr(other_tables, "latest", lambda rows, key: real(rows, key).head(1))
    with pytest.raises(ConservationError, match=r"unites\.csv : 4 lignes lues, mais"):
        run(data, b)
    assert read_tables(data)["fichiers"].equals(before)


def test_rules_that_change_read_a_register_again_after_the_awards(place, monkeypatch):
    data, a, b, units, sites = place
    run(data, units, sites, a, b)
    expected = told(data)
    monkeypatch.setattr("optima_lib.running.reading.reading_rules", lambda: "autres")
    again = run(data, a)
    assert {"unites.csv", "sites.csv"} <= set(again.outcome.read)
    assert told(data) == expected


def test_territories_and_nomenclatures_are_accounted_for_too(tmp_path):
    (tmp_path / "communes.csv").write_text(
        "siren;insee;nom_com\n210000014;00001;A\n210000014;00001;B\n;00002;C\n", encoding="utf-8"
    )
    (tmp_path / "cpv.csv").write_text("CODE,FR\n03000000-1,Un\n03100000-2,Deux\nx,Trois\n", encoding="utf-8")
    (tmp_path / "en.csv").write_text("codecpv|description\n03000000|One\n", encoding="utf-8")
    naf = {"01.11Z": {"code": "01.11Z", "description": "Céréales", "classe": {"code": "01.11", "description": "C"}}}
    levels = {name: {"code": "1", "description": "x"} for name in ("groupe", "division", "section")}
    (tmp_path / "naf.gz").write_bytes(gzip.compress(json.dumps({"01.11Z": naf["01.11Z"] | levels}).encode()))
    data = tmp_path / "data"
    run(data, *(tmp_path / name for name in ("communes.csv", "cpv.csv", "en.csv", "naf.gz")))
    tables = read_tables(data)
    assert counts(data, "communes.csv") == (3, 1, 1, 1, 0)
    assert counts(data, "cpv.csv") == (3, 2, 0, 1, 0)
    assert counts(data, "en.csv") == (1, 0, 1, 0, 0)
    assert counts(data, "naf.gz") == (1, 1, 0, 0, 0)
    assert sorted(tables["ecartes"]["motif"]) == ["ce n'est pas un code CPV", "collectivité sans SIREN"]
    assert tables["cpv"].select("libelle", "libelle_en").rows() == [("Un", "One"), ("Deux", None)]


@settings(max_examples=3)
@given(st.permutations(range(4)), st.lists(st.sampled_from([FIRM, OTHER, THIRD, NOWHERE]), min_size=1, max_size=6))
def test_whatever_the_order_and_the_register_each_row_is_accounted_for(tmp_path_factory, order, sirets):
    folder = tmp_path_factory.mktemp("ordre")
    paths = [
        write_2022(folder / "a.json", [award("1")]),
        write_2022(folder / "b.json", [award("2", titulaires=holders(OTHER))]),
        write(
            folder / "unites.csv", *(unit(each[:9], denominationUniteLegale=str(i)) for i, each in enumerate(sirets))
        ),
        write(folder / "sites.csv", *(site(each) for each in sirets)),
    ]
    run(folder / "ensemble", *paths)
    for number in order:
        run(folder / "data", paths[number])
    assert told(folder / "data") == told(folder / "ensemble")
    assert counts(folder / "data", "unites.csv")[1] == len({FIRM, OTHER} & set(sirets))
