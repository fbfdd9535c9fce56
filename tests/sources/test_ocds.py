"""OCDS awards as award data: releases, records, lots, amendments, identifiers; each record accounted for once."""

import datetime as dt
import json

import pytest
from polars import read_parquet

from optima_lib.running.clean import clean
from optima_lib.running.measure import measure
from optima_lib.schemas import read_table
from tests.cleaning.records import DISTRICT, FIRM, LATEST, OTHER, TOWN, award, clean_records, read_tables, write_2022
from tests.sources.inputs import as_json, read_content

PARTIES = [
    {"id": "b", "name": "VILLE INVENTÉE", "identifier": {"scheme": "FR-SIRET", "id": TOWN}},
    {
        "id": "s1",
        "name": "ROUTES INVENTÉES",
        "identifier": {"scheme": "FR-RCS", "id": FIRM[:9]},
        "additionalIdentifiers": [{"scheme": "FR-SIRET", "id": FIRM}],
    },
    {"id": "s2", "name": "PAVÉS INVENTÉS", "identifier": {"scheme": "EU-VAT", "id": "BE0000000097"}},
]


def euros(amount):
    return {"amount": amount, "currency": "EUR"}


def made(number="1", **fields):
    """An active award."""
    return {"id": number, "status": "active", "date": "2024-03-01T10:00:00Z", "suppliers": [{"id": "s1"}]} | fields


def release(ocid="ocds-000000-1", *awards, **fields):
    tender = {"title": "Voirie", "procurementMethodDetails": "Procédure adaptée", "mainProcurementCategory": "works"}
    tender |= {"items": [{"classification": {"scheme": "CPV", "id": "45233000"}}], "numberOfTenderers": 4}
    told = {"ocid": ocid, "date": "2024-04-01T00:00:00Z", "buyer": {"id": "b"}, "parties": PARTIES, "tender": tender}
    return told | ({"awards": list(awards)} if awards else {}) | fields


def packed(*releases):
    return as_json({"version": "1.1", "releases": list(releases)})


def cleaned(folder, **files):
    paths = []
    for name, content in files.items():
        path = folder / f"{name}.json"
        path.write_bytes(content)
        paths.append(path)
    outcome = clean(paths, folder / "data", latest=LATEST).outcome
    assert not outcome.failed
    return read_tables(folder / "data")


def test_an_award_is_a_contract_with_what_the_release_tells(tmp_path):
    contract = {
        "id": "c",
        "awardID": "1",
        "dateSigned": "2024-03-05",
        "value": euros(9_000),
        "period": {"durationInDays": 365},
    }
    read = read_content(tmp_path, packed(release("o-1", made(value=euros(10_000)), contracts=[contract])))
    assert read.format == "ocds"
    (row,) = read.publications
    assert row == {
        "rang": 0,
        "marche_id": "o-1-1",
        "objet": "Voirie",
        "cpv": "45233000",
        "procedure": "Procédure adaptée",
        "techniques": None,
        "type_achat": "Travaux",
        "acheteur_id": TOWN,
        "acheteur_nom": "VILLE INVENTÉE",
        "date_notification": "2024-03-05",
        "date_publication": "2024-04-01T00:00:00Z",
        "source": "ocds",
        "montant": 10_000.0,
        "duree_mois": 12.0,
        "offres_recues": 4.0,
    }
    (supplier,) = read.titulaires
    assert (supplier["titulaire_id"], supplier["titulaire_type_id"]) == (FIRM, "SIRET")


def test_lines_records_and_packages_tell_the_same(tmp_path):
    one, other = release("o-1", made()), release("o-2", made())
    record = {"ocid": "o-2", "compiledRelease": other, "releases": [{"url": "https://exemple.fr"}]}
    split = {"ocid": "o-2", "releases": [{**other, "awards": [], "date": "2024-01-01"}, {"ocid": "o-2", "date": "2024-04-01T00:00:00Z", "awards": other["awards"]}]}  # fmt: skip
    expected = read_content(tmp_path, packed(one, other)).publications
    for content in (as_json(one) + b"\n\n" + as_json(other), as_json([one, record]), as_json({"records": [{"ocid": "o-1", "compiledRelease": one}, split]})):  # fmt: skip
        assert read_content(tmp_path, content).publications == expected


def test_the_lots_of_a_release_are_contracts_and_the_release_is_accounted_for_once(tmp_path):
    bids = [{"status": "valid", "relatedLots": [lot]} for lot in ("A", "A", "B")] + [
        {"status": "withdrawn", "relatedLots": ["B"]}
    ]
    items = [
        {"classification": {"scheme": "CPV", "id": code}, "relatedLot": lot}
        for code, lot in (("45233000", "A"), ("45112500", "B"))
    ]
    lots = [made("1", relatedLots=["A"], value=euros(5_000)), made("2", relatedLots=["B"], value=euros(7_000), suppliers=[{"id": "s2"}]), made("3", status="unsuccessful")]  # fmt: skip
    divided = release("o-1", *lots, bids={"details": bids})
    divided["tender"]["items"] = items
    tables = cleaned(tmp_path, ocds=packed(divided, release("o-2", made()), release("o-3")))
    marches = tables["marches"].sort("marche_id")
    assert marches["marche_id"].to_list() == ["o-1-1", "o-1-2", "o-2-1"]
    assert marches["montant_eur"].to_list() == [5_000, 7_000, None]
    assert marches["cpv"].to_list() == ["45233000", "45112500", "45233000"]
    assert marches["offres_recues"].to_list() == [2, 1, 4]
    (file,) = tables["fichiers"].rows(named=True)
    assert (file["lus"], file["contrats"], file["doublons"], file["ecartes"]) == (3, 2, 0, 1)
    assert tables["enregistrements"].sort("rang")["rang"].to_list() == [0, 0, 1, 2]
    assert tables["titulaires"].filter(uid=f"{TOWN}o-1-2")["titulaire_id"].to_list() == ["BE0000000097"]


def test_what_makes_no_contract_is_set_aside_with_its_reason(tmp_path):
    nobody = release("o-5", made(), made("2"))
    del nobody["buyer"]
    lines = [
        as_json(release("o-1")),
        as_json(release("o-2", made(status="pending"))),
        b'{"ocid": "cut',
        as_json({"awards": [made()]}),
        as_json(nobody),
        as_json(release("o-6", made())),
    ]
    tables = cleaned(tmp_path, ocds=b"\n".join(lines))
    aside = tables["ecartes"].sort("rang")
    assert aside["rang"].to_list() == [0, 1, 2, 3, 4]
    assert aside["motif"].to_list() == [
        "aucune attribution",
        "aucune attribution active",
        "JSON illisible",
        "sans identifiant de processus (ocid)",
        "acheteur absent",
    ]
    assert json.loads(aside["brut"][0])["ocid"] == "o-1"
    assert tables["fichiers"].select("lus", "contrats", "ecartes").rows() == [(6, 1, 5)]


def test_amendments_are_modifications(tmp_path):
    changes = [{"date": "2025-01-10", "rationale": "Travaux en plus"}, {"date": "2024-09-01", "description": "Délai"}]
    contract = {"id": "c", "awardID": "1", "value": euros(12_000), "period": {"startDate": "2024-03-01", "endDate": "2025-08-31"}, "amendments": changes}  # fmt: skip
    first = made(value=euros(10_000), contractPeriod={"durationInDays": 365})
    tables = cleaned(tmp_path, ocds=packed(release("o-1", first, contracts=[contract])))
    (marche,) = tables["marches"].rows(named=True)
    assert (marche["montant_initial_eur"], marche["montant_eur"], marche["nb_modifications"]) == (10_000, 12_000, 2)
    assert (marche["duree_initiale_mois"], marche["duree_mois"]) == (12, 18)
    rows = tables["modifications"].sort("rang").select("date_modification", "montant_eur", "objet_modification").rows()
    assert rows == [(dt.date(2024, 9, 1), None, "Délai"), (dt.date(2025, 1, 10), 12_000, "Travaux en plus")]


def test_identifiers_are_found_where_they_stand(tmp_path):
    bare = release("o-1", made(suppliers=[{"id": f"FR-RCS-{OTHER}-supplier"}, {"id": "X-9", "name": "AILLEURS"}]))
    bare |= {"parties": [], "buyer": {"id": f"FR-RCS-{DISTRICT}-buyer"}}
    read = read_content(tmp_path, packed(bare, release("o-2", made(value={"amount": 5, "currency": "USD"}))))
    assert read.column("acheteur_id") == [DISTRICT, TOWN]
    assert [(row["titulaire_id"], row["titulaire_type_id"]) for row in read.titulaires] == [
        (OTHER, "SIRET"),
        ("X-9", None),
        (FIRM, "SIRET"),
    ]
    assert read.column("montant") == [None, None]  # the amount in dollars is not one in euros


def test_the_same_contract_told_by_both_formats_is_one(tmp_path):
    told = release("o-1", made(value=euros(10_000)), decpUID=f"{TOWN}2024-01")
    told["tender"]["title"] = "Réfection de la voirie"
    path = write_2022(tmp_path / "decp.json", [award(offresRecues=4)])
    tables = cleaned(tmp_path, decp=path.read_bytes(), ocds=packed(told))
    assert tables["marches"]["uid"].to_list() == [f"{TOWN}2024-01"]
    assert tables["marches"]["nb_fichiers"].to_list() == [2]
    assert tables["fichiers"]["lus"].to_list() == [1, 1]


def test_award_data_of_the_former_formats_are_still_known(tmp_path):
    assert clean_records(award())["fichiers"]["format"].to_list() == ["decp-2022-json"]
    assert read_content(tmp_path, as_json([award(objet='le "ocid" du marché')])).format == "decp-2022-json"


@pytest.mark.parametrize("name", ["001_marche_simple", "005_marche_meme_siret_acheteur_titulaire"])
def test_the_ministrys_releases_tell_the_contract_of_their_source(shared, tmp_path, name):
    folder = shared / "fixtures" / "peers" / "decp-ocds"
    rows = []
    for kind in ("source", "expectedResult"):
        clean([folder / kind / f"{name}.json"], tmp_path / kind, latest=dt.date(2026, 11, 23))
        rows.append(read_table(tmp_path / kind / "processed", "marches").row(0, named=True))
    decp, ocds = rows
    # what the ministry's converter does not carry
    lost = {"source", "nature", "nature_publiee", "procedure", "procedure_publiee", "classe_montant", "types_prix"}
    lost |= {"lieu_code", "lieu_type"}
    assert {column for column in decp if decp[column] != ocds[column]} == lost


def test_two_releases_of_the_ministry_make_one_contract_and_its_modification(shared, tmp_path):
    archive = shared / "fixtures" / "peers" / "decp-ocds" / "expectedResult" / "archive"
    clean([archive / "002b_modification_montant_puis_titulaire.json"], tmp_path, latest=dt.date(2026, 11, 23))
    tables = read_tables(tmp_path)
    (marche,) = tables["marches"].rows(named=True)
    assert (marche["montant_initial_eur"], marche["montant_eur"], marche["nb_modifications"]) == (80_000, 100_000, 1)
    assert tables["modifications"]["date_modification"].to_list() == [dt.date(2019, 5, 21)]


def bid(number, tenderer, status, amount, came="2024-02-01T10:00:00Z"):
    return {"id": number, "tenderers": [{"id": tenderer}], "status": status, "value": euros(amount), "date": came}


def test_bids_follow_their_award_and_feed_the_indicators(tmp_path):
    """Twelve processes: in all, another bid set aside is the lowest; in three the winner came after the deadline."""
    told = []
    for number in range(12):
        came = "2024-02-20T12:00:01Z" if number < 3 else "2024-02-20T12:00:00Z"
        bids = [
            bid("o1", "s1", "valid", 100, came),
            bid("o2", "s2", "disqualified", 90),
            bid("o3", "s3", "withdrawn", 1),
        ]
        one = release(f"ocds-000000-{number}", made(value=euros(100)), bids={"details": bids})
        one["tender"]["tenderPeriod"] = {"endDate": "2024-02-20T13:00:00+01:00"}
        told.append(one)
    path = tmp_path / "ocds.json"
    path.write_bytes(packed(*told, told[0] | {"date": "2024-05-01T00:00:00Z"}))  # one is published again
    clean([path], tmp_path, latest=LATEST)
    offers = read_table(tmp_path / "processed", "offres")
    assert offers.height == 24  # two of each process, none twice; what was withdrawn is no bid
    assert set(offers["soumissionnaire"]) == {FIRM[:9], "BE0000000097"}
    measured = read_parquet(measure(tmp_path)).filter(annee=2024)
    shown = dict(measured.select("indicateur", "valeur").iter_rows())
    assert (shown["I06"], shown["I07"], shown["I08"], shown["I09"]) == (0.25, 1.0, 1.0, 0.5)
    assert shown["I05"] == 0.0  # 100 and 90 differ
    assert shown["I03"] is None  # one valid bid: there is no second price
