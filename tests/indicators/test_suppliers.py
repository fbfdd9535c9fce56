"""What suppliers take, whom they win with, what the register says of them; against the cases of other projects."""

import csv
import datetime as dt
import json

import polars as pl
import pytest

from optima_lib.indicators.facts import base_of, build_facts
from optima_lib.indicators.facts.market_suppliers import winner_score
from optima_lib.indicators.measure import measure
from optima_lib.references import bound
from tests.indicators.tables import BUYER, OTHER, contracts_of

# The arithmetic of the cases that these facts feed (tests/cases):
# F06: 60, 20, 20, 20, 80 thousand of 200; both years: 160 of 300. F06.cinq: 90 of 100. F06.dix: 60 + 9 x 4 of 100.
# F08: family 301 in region 75: 80, 20, 20, 20, 20 of 160: .25 + 4/64 = .3125; family 341 there: 30, 20, 20, 20, 10 of
#      100: .22; (11 x 3125 + 3 x 2200) / 14. In the whole base, family 341 has 100 more of one: .15² + 3 x .1² + .05² +
#      .5² = .305. The buyer alone in region 53 has no market; the one of département 64 is in region 75.
# F09: 2024: family 301 is held at 60 of 100 thousand, 341 at exactly half, 501 alone with 2 021 of 202 100 (1 %), 600 weighs
#      less: 2 of 3 families, 102 021 of 202 021. Both years: 301 at 140 of 200, 341 at half, 501 weighs less: 1 of 2.
# F11: 60 and 80 thousand of 200 (the consortium's 40 and the unnamed 20 are in the total): (6 x 70 + 4 x 60) / 10.
# F12: divisions of the ten suppliers of at least 20 contracts alone: 1 1 1 2 2 2 2 3 3 6; Q1 = 1, Q3 = 3 (ranks 2.917
#      and 8.083 of type 8), fence 6. 20 contracts and half a consortium, of 43 with a supplier. The one of 19 contracts
#      in 8 divisions, and half the consortium, is not judged large.
# F14: ceased on 2024-12-31: before 2025-01-15 (two), not before 2024-12-31 (two), not after the notification (one).
# F20: occasions 1 January (two lots), 1 February, 1 March: the pair has 3 of 5, lift 3 x 5 / (3 x 3); the six lots of
#      1 April are one occasion. Ceilings and a single supplier are not concerned, eleven suppliers are not paired.
# F05: known 10 of 11; F05.montant: 40 + 20 + 30 + 100 + 10 = 200 thousand known, 20 unknown.
# E17: the other buyer has 15 in 30: 12 contracts expect 6, 9 seen; 10 expect 5, the least that is told; the interval of
#      Garwood of 9 is 4.115 to 17.085, of 10 is 4.795 to 18.391, of 19 is 11.439 to 29.671.

FIRM = {"nature": "Marché", "classe_montant": "ferme", "annee": 2024}
DAY = dt.date(2024, 3, 1)


def facts_of(rows, entreprises=None):
    """Return the facts *titulaires* of some contracts; ``noms`` lists the suppliers of each."""
    told = [{"uid": f"u{number}"} | row for number, row in enumerate(rows)]
    names = [row.pop("noms", []) for row in told]
    held = [
        {"uid": row["uid"], "titulaire_id": name, "titulaire_siren": name}
        for row, each in zip(told, names, strict=True)
        for name in each
    ]
    contracts = [
        row | {"nb_titulaires": len(each), "montant_eur": row.get("montant_eur")}
        for row, each in zip(told, names, strict=True)
    ]
    texts = dict.fromkeys(("uid", "titulaire_id", "titulaire_siren"), pl.String)
    tables = {"marches": contracts_of(contracts), "titulaires": pl.DataFrame(held, schema=texts)}
    if entreprises is not None:
        tables["entreprises"] = entreprises
    return {name: table.collect() for name, table in build_facts(base_of(**tables)).items()}


@pytest.fixture
def digiwhist(shared):
    folder = shared / "fixtures" / "peers" / "digiwhist"
    with (folder / "status_cases.csv").open(encoding="utf-8", newline="") as file:
        statuses = {(row["indicator"], row["case"]): row for row in csv.DictReader(file)}
    return json.loads((folder / "winner_share_cases.json").read_text(encoding="utf-8")), statuses


def test_the_score_of_a_share_is_that_of_digiwhist(digiwhist):
    for case in digiwhist[0]["compute"]:
        told = pl.DataFrame(case).select(winner_score(pl.col("supplier_value"), pl.col("buyer_total"))).item()
        assert told == pytest.approx(case["expected"], abs=digiwhist[0]["tolerance"])


def test_suppliers_and_buyers_sum_to_what_digiwhist_sums(digiwhist):
    cases = digiwhist[0]
    facts = facts_of(_awards(cases))["titulaires"].sort("uid")
    total, value = cases["buyer_totals"][0]["expected"], cases["supplier_totals"]
    assert (total, value[0]["expected"], value[2]["expected"], value[3]["expected"]) == (
        101_000,
        20_000,
        30_000,
        50_000,
    )
    expected = {name: 100 * (1 - won / total) for name, won in (("S1", 20_000), ("S2", 30_000), ("S3", 50_000))}
    told = dict(facts.filter(acheteur_siren=BUYER).drop_nulls("titulaire").select("titulaire", "score_partage").rows())
    assert told == pytest.approx(expected)
    assert facts.filter(acheteur_siren=OTHER)["score_partage"].to_list() == [0]  # 10 000 of 10 000
    # a winner without a name: its amount counts, its score does not exist
    assert facts.filter(pl.col("titulaire").is_null())["score_partage"].to_list() == [None]


def _awards(cases):
    """Turn the tenders of digiwhist into contracts: a lot with one winning bid; a tender without one buyer is no award."""
    rows = []
    for name, tender in cases["tenders"].items():
        for lot in tender["lots"]:
            bid = next((each for each in lot["bids"] if each.get("winning")), None)
            if bid and len(tender["buyers"]) == 1 and name != "tender7":  # published nowhere: in no file
                buyer = {"B1": BUYER, "B2": OTHER}[tender["buyers"][0]]
                rows.append(
                    FIRM
                    | {"acheteur_siren": buyer, "annee": 2019, "montant_eur": float(bid["net_amount"])}
                    | {"noms": bid.get("bidders", [])}
                )
    return rows


@pytest.mark.parametrize(
    ("names", "year", "amount"),
    [(["a", "b"], 2024, 100.0), ([], 2024, 100.0), (["a"], None, 100.0), (["a"], 2024, None)],
)
def test_a_bid_that_digiwhist_does_not_use_has_no_score(names, year, amount):
    rows = [FIRM | {"noms": ["a"], "montant_eur": 50.0}, FIRM | {"noms": names, "annee": year, "montant_eur": amount}]
    assert facts_of(rows)["titulaires"].filter(uid="u1")["score_partage"].is_null().all()


NEW_COMPANY = {
    "tender5": (dt.date(2016, 1, 1), dt.date(2016, 3, 1)),
    "tender6": (dt.date(2015, 2, 1), dt.date(2017, 1, 2)),
    "tender7": (dt.date(2016, 4, 5), dt.date(2017, 1, 2)),
    "tender9": (None, dt.date(2017, 1, 2)),
}


@pytest.mark.parametrize("case", NEW_COMPANY)
def test_a_new_company_is_that_of_digiwhist(case, digiwhist):
    created, day = NEW_COMPANY[case]
    row = digiwhist[1]["new_company_lot", case]
    firms = pl.DataFrame(
        {"siren": ["000000018"], "date_creation": [created]}, schema_overrides={"date_creation": pl.Date}
    )
    facts = facts_of([{"date_notification": day, "noms": ["000000018"]}], _register(firms))["titulaires"]
    expected = {"0": True, "100": False, "": None}[row["expected_value"]]
    assert (row["expected_status"] == "CALCULATED") is (expected is not None)
    assert facts["est_jeune"].to_list() == [expected]


def _register(firms):
    """Return the table *entreprises* of some firms; what they leave out is missing."""
    columns = base_of()["entreprises"].collect_schema()
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in columns.items() if name not in firms.columns]
    return firms.with_columns(absent).select(columns.names())


@pytest.mark.parametrize(("case", "bids"), [("awarded, no count", None), ("bids=1", 1), ("bids=10", 10)])
def test_a_single_bid_is_that_of_digiwhist(case, bids, digiwhist):
    row = digiwhist[1]["single_bid_lot", case]
    rows = [{"offres_recues": bids, "procedure": "Procédure adaptée", "annee": 2024}] * 10
    told = measure(facts_of(rows), ["C01"]).iloc[-1]
    if row["expected_status"] == "CALCULATED":
        assert told["valeur"] == 1 - float(row["expected_value"]) / 100  # their score is 0 for a single bid
    else:
        assert told["statut"] == "données insuffisantes"


def together(*days, names=("a", "b"), **more):
    return [FIRM | {"noms": list(names), "date_notification": day} | more for day in days]


LATER = [DAY + dt.timedelta(each) for each in range(5)]
OTHERS = together(LATER[4], names=("y", "z"))


@pytest.mark.parametrize(
    ("rows", "usual"),
    [
        (together(*LATER[:3]), True),
        (together(*LATER[:2]), False),
        (together(DAY, DAY, DAY), False),  # three lots of one day are one occasion
        (together(None, None, None), True),  # no date: each contract is an occasion
        (together(*LATER[:2]) + together(DAY, acheteur_siren=OTHER), True),
        (together(*LATER[:3], classe_montant="plafond"), None),
        (together(*LATER[:3], names=("a",)), None),
        (together(*LATER[:3], names=[f"s{each}" for each in range(11)]), None),
    ],
)
def test_a_pair_is_of_habit_when_it_wins_together_on_enough_occasions(rows, usual):
    told = facts_of([*rows, *OTHERS])["titulaires"].filter(pl.col("uid") == "u0")
    assert set(told["a_paire_recurrente"]) == {usual}


def test_a_pair_that_chance_explains_is_not_of_habit():
    # every consortium of the base is this pair: occasions 3, of each 3, of all 3; lift 1
    assert not facts_of(together(*LATER[:3]))["titulaires"]["a_paire_recurrente"].any()


def trades(number, divisions, contracts=20):
    """Return contracts of one supplier in some divisions."""
    return [{"cpv": f"{30 + each % divisions}000000", "noms": [f"s{number}"]} for each in range(contracts)]


@pytest.mark.parametrize(
    ("divisions", "found"),
    [
        ([1] * 10, []),  # all alike: none stands out, although the fence is 1
        ([1] * 9 + [2], ["s9"]),
        ([1, 1, 1, 2, 2, 2, 2, 3, 3, 5], []),  # fence 3 + 1.5 x 2 = 6
        ([1, 1, 1, 2, 2, 2, 2, 3, 3, 6], ["s9"]),
    ],
)
def test_a_supplier_stands_out_at_the_fence(divisions, found):
    rows = [row for number, each in enumerate(divisions) for row in trades(number, each)]
    told = facts_of(rows)["titulaires"]
    assert told.filter("est_heterogene")["titulaire"].unique().to_list() == found


def test_too_few_large_suppliers_make_no_fence():
    rows = [row for number in range(9) for row in trades(number, 1)] + trades(9, 8, contracts=19)
    assert facts_of(rows)["titulaires"]["est_heterogene"].is_null().all()
    assert bound("marches_minimum_heterogene") == 20


@pytest.mark.parametrize("number", [5, 8])
def test_equal_shares_make_the_concentration_that_they_must(number):
    # 10 000 / n, and 0 once corrected for the number of suppliers (indices of Herfindahl and Hirschman)
    rows = [
        FIRM | {"cpv": "30190000", "noms": [f"s{each}"], "montant_eur": 100.0, "acheteur_siren": buyer}
        for each in range(number)
        for buyer in (BUYER, OTHER)
    ] * 2
    facts = facts_of(rows)
    assert facts["titulaires"]["concentration_famille"].to_list() == pytest.approx([10_000 / number] * 4 * number)
    told = measure(facts, ["F07", "F07.normalise"], by=("acheteur_siren",)).groupby("indicateur")["valeur"].first()
    assert told.to_list() == pytest.approx([10_000 / number, 0])


def test_a_duration_that_no_calendar_holds_stops_nothing():
    gone = {"siren": ["000000018"], "etat": ["cessée"], "date_cessation": [dt.date(2025, 1, 1)]}
    row = {"date_notification": DAY, "duree_mois": 9_999_999, "noms": ["000000018"]}
    facts = facts_of([row], _register(pl.DataFrame(gone)))["titulaires"]
    assert facts["est_cesse_en_cours"].to_list() == [None]


def test_a_buyer_of_the_rate_of_the_others_observes_what_is_expected():
    # one in two everywhere: O / E = 1
    kind = {"cpv": "45210000", "montant_initial_eur": 50_000.0, "annee": 2024}
    rows = [
        kind | {"a_consideration_sociale": each % 2 == 0, "acheteur_siren": buyer}
        for buyer in (BUYER, OTHER)
        for each in range(30)
    ]
    told = measure(facts_of(rows), ["E17.social"], by=("acheteur_siren",))
    assert told["valeur"].to_list() == pytest.approx([1, 1])
