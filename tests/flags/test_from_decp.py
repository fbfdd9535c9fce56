"""Award data written as OCDS: the ministry's own examples, and the same flag by both ways."""

import datetime as dt
import json

import polars as pl
import pytest

from optima_lib.flags.from_decp import write_releases
from optima_lib.references import reference
from optima_lib.running.clean import clean
from optima_lib.schemas import read_table
from tests.cleaning.records import FIRM, OTHER, award, clean_records, holders
from tests.flags.releases import flags, found

# the pairs of 139bercy/decp-rama whose expected result holds a release (the converter leaves amendments out)
PAIRS = ["001_marche_simple", "001b_duplicate_supplier", "003_pas_de_num_sequence_dans_id"]
PAIRS += ["005_marche_meme_siret_acheteur_titulaire"]


def written(tables):
    labels = pl.selectors.categorical().cast(pl.String)
    return list(write_releases(*(tables[name].with_columns(labels) for name in ("marches", "titulaires"))))


@pytest.fixture
def pairs(shared):
    folder = shared / "fixtures" / "peers" / "decp-ocds"
    if not folder.is_dir():
        pytest.skip(f"les exemples du ministère sont absents : {folder}")
    return folder


@pytest.mark.parametrize("name", PAIRS)
def test_the_releases_are_those_of_the_ministrys_converter(pairs, tmp_path, name):
    clean([pairs / "source" / f"{name}.json"], tmp_path, latest=dt.date(2026, 11, 23))
    tables = [read_table(tmp_path / "processed", table) for table in ("marches", "titulaires")]
    (ours,) = write_releases(*tables, prefix="ocds-78apv2-")
    (theirs,) = json.loads((pairs / "expectedResult" / f"{name}.json").read_text(encoding="utf-8"))["releases"]
    for each in ("ocid", "id", "decpUID", "language", "tag", "initiationType"):
        assert ours[each] == theirs[each]
    assert [each["id"] for each in ours["parties"]] == [each["id"] for each in theirs["parties"]]
    assert ours["parties"][1] == theirs["parties"][1]
    assert ours["buyer"]["id"] == theirs["buyer"]["id"]
    (our_award,), (their_award,) = ours["awards"], theirs["awards"]
    assert our_award | {"items": None} == their_award | {"items": None}
    assert f"{our_award['items'][0]['classification']['id']}-9" == their_award["items"][0]["classification"]["id"]
    assert ours["contracts"][0]["value"] == theirs["contracts"][0]["value"]


def test_every_procedure_of_the_tables_has_its_method():
    labels = {row["libelle"] for row in reference("libelles") if row["famille"] == "procedure"}
    assert labels == {row["procedure"] for row in reference("procedures_ocds")}
    methods = {row["methode"] for row in reference("procedures_ocds")}
    assert methods <= {"open", "selective", "limited", "direct"}  # the list « method » of OCDS 1.1


def test_the_single_bids_of_award_data_are_those_of_its_releases():
    direct = "Marché passé sans publicité ni mise en concurrence préalable"
    tables = clean_records(
        award("1", offresRecues=1),
        award("2", offresRecues=1, procedure="Appel d'offres restreint"),
        award("3", offresRecues=1, procedure=direct),
        award("4", offresRecues=2),
        award("5", offresRecues=0),
        award("6", offresRecues=None),
        award("7", offresRecues=1, procedure=None),
        award("8", offresRecues=1, titulaires=holders(FIRM, OTHER)),
    )
    marches = tables["marches"]
    single = (pl.col("offres_recues") == 1) & pl.col("procedure").cast(pl.String).is_not_null()
    expected = marches.filter(single & (pl.col("procedure").cast(pl.String) != direct))["uid"]
    assert len(expected) == 3  # worked by hand: 1, 2 and 8
    for mode in ("optima", "cardinal"):
        result = flags(written(tables), mode)
        assert {ocid.removeprefix("local-") for ocid in found(result, "R018")} == set(expected)
    # 5 and 6 do not tell the number of bids (0 is a filler), 7 does not tell its procedure
    assert flags(written(tables))["Meta"]["R018"] == {"evalues": 4, "donnees_insuffisantes": 3, "sans_objet": 1}


def test_award_data_feed_no_flag_on_bids():
    result = flags(written(clean_records(award("1", offresRecues=1), award("2"))))
    assert set(result["OCID"].popitem()[1]) == {"R018"}
    for code in ("R024", "R028", "R030", "R035", "R036", "R058"):
        assert result["Meta"][code]["donnees_insuffisantes"] == 2
