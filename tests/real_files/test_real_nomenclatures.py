"""The real CPV of 2008 and NAF rev. 2: their number of codes is that of the regulation and of INSEE."""

import csv
import gzip

import polars as pl
import pytest

from optima_lib.references import reference
from optima_lib.running.clean import clean
from optima_lib.schemas import read_table


@pytest.fixture(scope="module")
def base(shared, tmp_path_factory):
    data = tmp_path_factory.mktemp("nomenclatures")
    outcome = clean([shared / "data" / name for name in ("cpv", "naf")], data).outcome
    assert not outcome.failed
    return {name: read_table(data / "processed", name) for name in ("cpv", "naf", "fichiers")}


def test_the_cpv_has_9454_codes_each_with_its_french_and_english_label(base):
    assert len(base["cpv"]) == 9_454
    assert not base["cpv"]["libelle"].null_count()
    assert not base["cpv"]["libelle_en"].null_count()


def test_every_parent_exists_and_every_chain_ends_at_a_division(base):
    parents = dict(base["cpv"].select("cpv", "parent").iter_rows())
    divisions = set(base["cpv"].filter(niveau="division")["cpv"])
    assert len(divisions) == 45
    assert {code[:2] for code in divisions} == {row["division"] for row in reference("cpv_divisions")}
    for code in parents:
        seen = [code]
        while (parent := parents[seen[-1]]) is not None:
            assert parent in parents
            seen.append(parent)
        assert seen[-1] in divisions
        assert seen[-1][:2] == code[:2]


def test_parents_are_those_published_but_where_the_published_tree_is_wrong(shared, base):
    """The published column hangs divisions from those in tens, and leaves codes of lower levels without a parent."""
    with gzip.open(shared / "data" / "cpv" / "cpv_2008_parent.csv.gz", "rt", encoding="utf-8", newline="") as file:
        published = {row["id"][:8]: row["parent"][:8] or None for row in csv.DictReader(file)}
    ours = dict(base["cpv"].select("cpv", "parent").iter_rows())
    others = {code: parent for code, parent in published.items() if parent != ours[code]}
    hung = {code for code, parent in others.items() if parent}
    assert len(hung) == 24
    assert all(code.endswith("000000") and others[code] == f"{code[0]}0000000" for code in hung)
    assert len(others) - len(hung) == 35


def test_the_naf_has_732_sub_classes_in_21_sections(base):
    naf = base["naf"]
    assert len(naf) == 732
    assert naf.select(pl.n_unique("section", "division", "groupe", "classe")).row(0) == (21, 88, 272, 615)
    assert naf.null_count().row(0) == (0,) * len(naf.columns)
    [row] = naf.filter(naf="43.21B").to_dicts()
    assert (row["classe"], row["groupe"], row["division"], row["section"]) == ("43.21", "43.2", "43", "F")


def test_each_row_of_the_four_files_is_accounted_for(base):
    told = base["fichiers"].select("fichier", "lus", "retenus", "doublons", "ecartes").rows()
    assert [each[1:] for each in told] == [
        (9_454, 9_454, 0, 0),
        (9_454, 0, 9_454, 0),
        (9_454, 0, 9_454, 0),
        (732, 732, 0, 0),
    ]


def test_the_departments_and_regions_are_those_of_the_official_code(shared):
    folder = shared / "data" / "territories" / "etalab-decoupage-administratif-6.0.0"
    told = pl.read_json(gzip.decompress((folder / "departements.json.gz").read_bytes()))
    regions = {row["departement"]: row["region"] for row in reference("departements") if row["region"]}
    assert len(regions) == 101
    assert regions == {code: region for code, region in told.select("code", "region").iter_rows() if code in regions}
