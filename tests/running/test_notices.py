"""Notices in a base: alone or with awards, in any order, read twice, in several versions (invented)."""

import gzip

import pytest

from optima_lib.running.telling import tell_cleaning
from tests.cleaning.records import FIRM, OTHER, TOWN, award, holders, read_tables, run, told, write_2022

ROAD = {"objet": "Réfection de la rue Haute", "montant": 100_000, "titulaires": holders(FIRM)}
PARK = {"objet": "Plantation du parc des Ormes", "montant": 40_000, "titulaires": holders(OTHER)}


def lot(number, title, siret, amount):
    return (
        f"<OBJECT_DESCR><LOT_NO>{number}</LOT_NO><TITLE><P>{title}</P></TITLE></OBJECT_DESCR>",
        f"""<AWARD_CONTRACT><LOT_NO>{number}</LOT_NO><AWARDED_CONTRACT>
        <DATE_CONCLUSION_CONTRACT>2024-02-20</DATE_CONCLUSION_CONTRACT>
        <CONTRACTORS><CONTRACTOR><ADDRESS_CONTRACTOR><OFFICIALNAME>Entreprise inventée</OFFICIALNAME>
        <NATIONALID>{siret}</NATIONALID></ADDRESS_CONTRACTOR></CONTRACTOR></CONTRACTORS>
        <VALUES><VAL_TOTAL CURRENCY="EUR">{amount}</VAL_TOTAL></VALUES></AWARDED_CONTRACT></AWARD_CONTRACT>""",
    )


def ted(number, lots, *, form="F03", country="FR", buyer=TOWN):
    described, awarded = ("".join(part) for part in zip(*lots, strict=True)) if lots else ("", "")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication" DOC_ID="{number}">
    <CODED_DATA_SECTION><REF_OJS><DATE_PUB>20240310</DATE_PUB></REF_OJS>
      <NOTICE_DATA><ISO_COUNTRY VALUE="{country}"/></NOTICE_DATA></CODED_DATA_SECTION>
    <FORM_SECTION><{form}_2014 CATEGORY="ORIGINAL" FORM="{form}" LG="FR">
      <CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY><OFFICIALNAME>Ville inventée</OFFICIALNAME>
        <NATIONALID>{buyer}</NATIONALID></ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>
      <OBJECT_CONTRACT><TITLE><P>Travaux de 2024</P></TITLE>{described}</OBJECT_CONTRACT>
      <PROCEDURE><PT_OPEN/><NOTICE_NUMBER_OJ>2023/S 240-000077</NOTICE_NUMBER_OJ></PROCEDURE>{awarded}
    </{form}_2014></FORM_SECTION></TED_EXPORT>"""


@pytest.fixture
def files(tmp_path):
    """Two contracts, the notice of their award, and the call that it follows."""
    lots = [lot(1, "Rue Haute", FIRM, 100_000), lot(2, "Parc des Ormes", OTHER, 40_000)]
    (tmp_path / "attribution.xml").write_text(ted("000123-2024", lots), encoding="utf-8")
    call = ted("000077-2023", [(described, "") for described, _ in lots], form="F02")
    (tmp_path / "appel.xml.gz").write_bytes(gzip.compress(call.encode()))
    awards = write_2022(tmp_path / "marches.json", [award("1", **ROAD), award("2", **PARK)])
    return awards, tmp_path / "attribution.xml", tmp_path / "appel.xml.gz"


def test_each_lot_of_the_award_and_of_the_call_finds_its_contract(files, tmp_path):
    run(tmp_path / "data", *files)
    tables = read_tables(tmp_path / "data")
    found = tables["avis_marches"].join(tables["marches"].select("uid", "objet"), on="uid")
    assert found.select("avis_id", "lot", "objet", "regle").sort("avis_id", "lot").rows() == [
        ("TED:123-2024", "1", ROAD["objet"], "acheteur par numéro"),
        ("TED:123-2024", "2", PARK["objet"], "acheteur par numéro"),
        ("TED:77-2023", "1", ROAD["objet"], "avis initial"),
        ("TED:77-2023", "2", PARK["objet"], "avis initial"),
    ]


def test_the_order_of_reading_and_the_number_of_deliveries_change_nothing(files, tmp_path):
    awards, award_notice, call = files
    run(tmp_path / "once", *files)
    run(tmp_path / "data", call, award_notice)
    assert not len(read_tables(tmp_path / "data")["avis_marches"])
    run(tmp_path / "data", awards)
    assert told(tmp_path / "data") == told(tmp_path / "once")


def test_a_notice_read_in_two_files_is_kept_once_and_the_other_counted(files, tmp_path):
    copy = tmp_path / "copie.xml"
    copy.write_bytes(files[1].read_bytes())
    cleaning = run(tmp_path / "data", files[1], copy)
    assert sorted(cleaning.fichiers.select("lus", "retenus", "doublons").rows()) == [(1, 0, 1), (1, 1, 0)]
    tables = read_tables(tmp_path / "data")
    assert (len(tables["avis"]), len(tables["avis_lots"])) == (1, 2)


def test_of_two_versions_of_a_notice_the_last_is_kept(tmp_path):
    def version(number, title):
        text = f"""<ContractNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2">
          <NoticeSubType><SubTypeCode>16</SubTypeCode></NoticeSubType><ID>da4d46e9-490b-41ff-a2ae-8166d356a619</ID>
          <VersionID>{number}</VersionID><ProcurementProject><Name>{title}</Name></ProcurementProject></ContractNotice>"""
        path = tmp_path / f"{title}.xml"
        path.write_text(text, encoding="utf-8")
        return path

    run(tmp_path / "data", version("01", "a"), version("02", "b"), version("01", "c"))
    kept = read_tables(tmp_path / "data")["avis"].select("avis_id", "objet", "nature").rows()
    assert kept == [("eForms:da4d46e9-490b-41ff-a2ae-8166d356a619", "b", "appel")]


def test_a_foreign_notice_is_set_aside_counted_and_told(tmp_path):
    path = tmp_path / "allemand.xml"
    path.write_text(ted("000200-2024", [], country="DE"), encoding="utf-8")
    cleaning = run(tmp_path / "data", path)
    assert cleaning.fichiers.select("lus", "retenus", "ecartes").rows() == [(1, 0, 1)]
    assert read_tables(tmp_path / "data")["ecartes"]["motif"].to_list() == ["avis d'un acheteur d'un autre pays"]
    assert any(
        "1 ligne d'avis = 0 retenues + 0 doublons + 1 écartée" in line for line in tell_cleaning(cleaning, tmp_path)
    )


def test_a_notice_with_entities_fails_and_leaves_nothing(tmp_path):
    path = tmp_path / "piege.xml"
    text = ted("000201-2024", []).replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
    path.write_text(text, encoding="utf-8")
    cleaning = run(tmp_path / "data", path)
    assert [str(error).startswith("piege.xml : le XML déclare un DOCTYPE") for error in cleaning.outcome.failed] == [
        True
    ]
    assert not cleaning.changed
