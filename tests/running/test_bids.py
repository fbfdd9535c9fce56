"""From the bids of an OCDS file to the alerts of the catalogue, and what they owe to the rules of ``optima flags``."""

import json
import random

import polars as pl
import pytest

from optima_lib.running.clean import clean
from optima_lib.running.facts import ready_facts
from optima_lib.running.flags import flag
from optima_lib.running.measure import measure
from tests.cleaning.records import DISTRICT, LATEST, TOWN, award, supplier, write_2022
from tests.sources.test_ocds import PARTIES, euros, made, release

FIRMS = [{"id": f"t{n}", "identifier": {"scheme": "FR-SIRET", "id": supplier(n)}} for n in range(10, 16)]
BY_BIDS = ("I03", "I03.ecart", "I05", "I06", "I07", "I08", "I09", "I10")
SAME = {
    "R024": "est_prix_proche",
    "R028": "a_prix_identiques",
    "R030": "est_retenue_hors_delai",
    "R035": "est_seule_recevable",
    "R036": "a_moins_disante_ecartee",
    "R058": "est_prix_eloigne",
}


def bid(rank, amount, status="valid", came="2024-02-19T12:00:00Z"):
    """The bid of the firm of a rank."""
    told = {"id": f"o{rank}", "tenderers": [{"id": FIRMS[rank]["id"]}], "status": status}
    return told | {"value": euros(amount), "date": came}


def process(number, bids, winner=0):
    """A call closed on 20 February at noon, awarded to the firm of a rank."""
    suppliers = [{"id": FIRMS[winner]["id"]}]
    ocid, parties = f"ocds-000000-{number}", [PARTIES[0], *FIRMS]
    one = release(ocid, made(suppliers=suppliers), bids={"details": bids}, parties=parties)
    one["tender"] |= {"tenderPeriod": {"endDate": "2024-02-20T12:00:00Z"}, "procurementMethod": "open"}
    return one


def written(folder, processes):
    path = folder / "ocds.jsonl"
    path.write_text("\n".join(map(json.dumps, processes)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Fifteen processes of a town with their bids, and twelve contracts of a district without.

    The second price is 10 % above the first in six, 20 % in six, 0.1 % in one, ten times it in one; the last has one bid.
    """
    folder = tmp_path_factory.mktemp("bids")
    seconds = [110] * 6 + [120] * 6 + [100.1, 1_100]
    bids = [[bid(0, 100), bid(1, second)] for second in seconds] + [[bid(0, 100)]]
    bids[0].append(bid(2, 110))  # two who lost submitted the same price
    contracts = [award(f"d{number}", acheteur={"id": DISTRICT}, objet=f"Voie {number}") for number in range(12)]
    paths = [
        written(folder, [process(number, each) for number, each in enumerate(bids)]),
        write_2022(folder / "decp.json", contracts),
    ]
    clean(paths, folder, latest=LATEST)
    return pl.read_parquet(measure(folder)).filter(annee=2024)


def of_buyer(measured, siret):
    rows = measured.filter(acheteur_siren=siret[:9]).rows(named=True)
    return {row["indicateur"]: row for row in rows}


@pytest.mark.parametrize(
    ("code", "value", "known"),
    [
        ("I02", 1 / 15, 15),
        # 14 gaps: the quartiles of type 8 are 10 % (rank 3.92) and 20 % (rank 11.08), 2 apart in ratio; the fences
        # are 10 % / 2^1.5 = 3.5 % and 20 % × 2^1.5 = 56.6 %
        ("I03", 1 / 14, 14),
        ("I10", 1 / 14, 14),
        ("I03.ecart", 0.15, 14),  # halfway from the seventh, 10 %, to the eighth, 20 %
        ("I05", 1 / 14, 14),
        ("I06", 0.0, 15),
    ],
)
def test_bids_give_the_values_worked_by_hand(measured, code, value, known):
    row = of_buyer(measured, TOWN)[code]
    assert (row["valeur"], row["effectif"], row["statut"]) == (pytest.approx(value), known, "indicatif")


@pytest.mark.parametrize("code", BY_BIDS)
def test_a_buyer_whose_bids_are_not_published_is_not_told_clean(measured, code):
    row = of_buyer(measured, DISTRICT)[code]
    told = (row["valeur"], row["effectif"], row["eligibles"], row["statut"])
    assert told == (None, 0, 12, "données insuffisantes")


def drawn(draw, number, holes):
    """A process; of a share of its bids, one thing is not told, the tenderer of a bid set aside always is."""
    ranks = draw.sample(range(len(FIRMS)), draw.randint(1, 4))
    scale = [1_000, 1_000, 1_010, 1_100, 1_300, 1_500, 1_600, 1_700, 2_000, 2_000_000]
    amounts = [draw.choice(scale) if draw.random() < 0.5 else draw.randint(1_000, 2_000) for _ in ranks]
    statuses = ["valid", *draw.choices(["valid", "valid", "disqualified"], k=len(ranks) - 1)]
    days = draw.choices([19, 19, 21], k=len(ranks))
    bids = [bid(*each[:3], f"2024-02-{each[3]}T12:00:00Z") for each in zip(ranks, amounts, statuses, days, strict=True)]
    valid = [each for each in zip(amounts, ranks, statuses, strict=True) if each[2] == "valid"]
    winner = min(valid) if draw.random() < 0.9 else draw.choice(valid)
    for each in bids:
        if draw.random() < holes:
            del each[draw.choice(["value", "date", "status", "tenderers"][: 4 if each["status"] == "valid" else 3])]
    return process(number, bids, winner[1])


def compared(folder, holes):
    """The contracts that bear each alert, those whose process the rule flags, and all of them."""
    draw = random.Random(1)  # noqa: S311 - invented data, the same each time
    path = written(folder, [drawn(draw, number, holes) for number in range(300)])
    clean([path], folder, latest=LATEST)
    facts = pl.read_parquet(ready_facts(folder / "processed")["marches"])
    flagged = flag(path).result["OCID"]
    for code, column in SAME.items():
        raised = {f"{TOWN}{ocid}-1" for ocid, found in flagged.items() if code in found}
        yield code, set(facts.filter(column)["uid"]), raised, facts.height


def test_where_all_is_told_a_contract_bears_the_flags_of_its_process(tmp_path):
    """The rules of ``optima flags`` are written apart, and held against Cardinal's own results."""
    for code, alerts, raised, contracts in compared(tmp_path, 0):
        assert 0 < len(raised) < contracts, code
        assert alerts == raised, code


def test_what_is_not_told_raises_no_alert_that_the_rule_does_not_raise(tmp_path):
    for code, alerts, raised, _ in compared(tmp_path, 0.2):
        assert alerts, code
        assert alerts <= raised, code
