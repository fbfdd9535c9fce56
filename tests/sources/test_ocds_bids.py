"""The bids of an OCDS release in the table *offres*: who, for which lot, how they ended, and what is not known."""

import polars as pl
import pytest

from optima_lib.running.clean import clean
from optima_lib.running.measure import measure
from optima_lib.sources.ocds_bids import WITHDRAWN
from tests.cleaning.records import DISTRICT, FIRM, LATEST, OTHER, TOWN, award, write_2022
from tests.sources.inputs import as_json, read_content
from tests.sources.test_ocds import PARTIES, cleaned, euros, made, packed, release

WINNER, SECOND = FIRM[:9], "BE0000000097"


def bid(number="o1", *tenderers, status="valid", amount=100, **fields):
    told = {"id": number, "status": status, "value": euros(amount), "tenderers": [{"id": each} for each in tenderers]}
    return told | fields


def offers(folder, *bids, awards=(), **fields):
    """Read one release and give the rows of its bids, those of the first award first."""
    told = release("o-1", *(awards or [made()]), bids={"details": list(bids)}, **fields)
    return read_content(folder, packed(told)).offres


def retained(rows):
    return {each["offre_id"]: each["est_retenue"] for each in rows}


def test_a_bid_without_a_status_stays_with_an_unknown_one(tmp_path):
    told = [bid("o1", "s1"), bid("o2", "s2", status=None), bid("o3", "s2", status="inventé"), bid("o4", "s2", status="invited")]  # fmt: skip
    rows = offers(tmp_path, *told)
    told = {each["offre_id"]: each["statut"] for each in rows}
    assert told == {"o1": "recevable", "o2": None, "o3": None, "o4": WITHDRAWN}


def test_a_bid_of_nobody_named_may_be_the_one_retained(tmp_path):
    rows = offers(tmp_path, bid("o1", "s1"), bid("o2"), bid("o3", "s2"), bid("o4", status="disqualified"))
    assert retained(rows) == {"o1": True, "o2": None, "o3": False, "o4": False}


def test_of_two_bids_of_a_supplier_that_of_the_very_group_is_retained(tmp_path):
    alone = offers(tmp_path, bid("o1", "s1"), bid("o2", "s1", "s2"))
    assert retained(alone) == {"o1": True, "o2": False}
    grouped = [made(suppliers=[{"id": "s1"}, {"id": "s2"}])]
    together = offers(tmp_path, bid("o1", "s1"), bid("o2", "s1", "s2"), awards=grouped)
    assert retained(together) == {"o1": False, "o2": True}
    assert [each["soumissionnaire"] for each in together] == [WINNER, f"{WINNER}+{SECOND}"]
    apart = offers(tmp_path, bid("o1", "s1"), bid("o2", "s2"), awards=grouped)
    assert retained(apart) == {"o1": True, "o2": True}  # a framework agreement of two suppliers


def test_the_bid_of_the_supplier_of_another_award_of_the_lot_is_not_told_refused(tmp_path):
    awards = [made("1", relatedLots=["A"]), made("2", relatedLots=["A"], suppliers=[{"id": "s2"}])]
    lot = {"relatedLots": ["A"]}
    rows = offers(tmp_path, bid("o1", "s1", **lot), bid("o2", "s2", **lot), bid("o3", "s3", **lot), awards=awards)
    assert [each["lot_publie"] for each in rows] == ["A"] * 6
    first, second = retained(rows[:3]), retained(rows[3:])
    assert (first, second) == (
        {"o1": True, "o2": None, "o3": False},
        {"o1": None, "o2": True, "o3": False},
    )


def test_two_bids_of_one_number_are_two_rows(tmp_path):
    rows = offers(tmp_path, bid("o1", "s1"), bid("o1", "s2", amount=120), bid(None, "s2", amount=130))
    assert sorted((each["offre_id"], each["montant"]) for each in rows) == [
        ("#3", 130.0),
        ("o1", 100.0),
        ("o1#2", 120.0),
    ]


def test_only_a_whole_number_of_a_register_is_cut_to_a_siren(tmp_path):
    parties = [
        *PARTIES,
        {"id": "s3", "identifier": {"scheme": "FR-RCS", "id": "Inventée B 987 654"}},
        {"id": "s4", "identifier": {"scheme": "FR-RCS", "id": "Inventée B 123 456"}},
    ]
    rows = offers(tmp_path, bid("o1", "s3"), bid("o2", "s4"), bid("o3", f"FR-SIRET-{OTHER}"), parties=parties)
    told = {each["offre_id"]: each["soumissionnaire"] for each in rows}
    assert told == {"o1": "Inventée B 987 654", "o2": "Inventée B 123 456", "o3": OTHER[:9]}


@pytest.mark.parametrize(
    ("came", "deadline", "late"),
    [
        ("2024-02-20T10:00:00Z", "2024-02-20T12:00:00Z", False),
        ("2024-02-20T12:00:00Z", "2024-02-20T13:00:00+01:00", False),  # at the very moment
        ("2024-02-20T12:00:01Z", "2024-02-20T13:00:00+01:00", True),
        ("2024-02-20T10:00:00", "2024-02-20", False),  # a day without an hour lasts until its end
        ("2024-02-20T10:00:00Z", "2024-02-20T00:00:00Z", False),  # midnight stands for a day without an hour
        ("2024-02-21T10:00:00", "2024-02-20", True),
        ("2024-02-20", "2024-02-20T12:00:00", None),  # in the morning, or in the evening
        ("2024-02-19", "2024-02-20T12:00:00", False),
        ("2024-02-20T10:00:00", "2024-02-20T09:00:00Z", None),  # in one time zone only
        ("bientôt", "2024-02-20T09:00:00Z", None),
        (None, "2024-02-20T09:00:00Z", None),
        ("2024-02-20T10:00:00Z", None, None),
    ],
)
def test_a_bid_is_late_when_its_moment_is_surely_after_the_deadline(tmp_path, came, deadline, late):
    tender = release()["tender"] | {"tenderPeriod": {"endDate": deadline}}
    (row,) = offers(tmp_path, bid("o1", "s1", date=came), tender=tender)
    assert row["est_hors_delai"] is late


def test_a_price_that_stands_for_none_is_missing_as_one_in_another_currency(tmp_path):
    fillers = [bid(f"o{amount}", "s2", amount=amount) for amount in (0, -5, 1, 999_999_999, 12_311_111_111)]
    told = [*fillers, bid("chf", "s2", value={"amount": 100, "currency": "CHF"}), bid("eur", "s1", amount=1.5)]
    rows = cleaned(tmp_path, ocds=packed(release("o-1", made(), bids={"details": told})))["offres"]
    assert rows.filter(pl.col("montant_eur").is_not_null()).select("offre_id", "montant_eur").rows() == [("eur", 1.5)]


@pytest.mark.parametrize("order", [1, -1])
def test_what_was_published_last_holds_whatever_is_read_first(tmp_path, order):
    before = [bid("o1", "s1"), bid("o2", "s2", amount=120), bid("o3", "s2")]
    after = [bid("o1", "s1"), bid("o2", "s2", amount=110, status="disqualified"), bid("o3", "s2", status="withdrawn"), bid("o4", "s2")]  # fmt: skip
    first, later = (
        release("o-1", made(value=euros(100)), bids={"details": bids}, date=day)
        for bids, day in ((before, "2024-04-01T00:00:00Z"), (after, "2024-05-01T00:00:00Z"))
    )
    read = [as_json(first), as_json(later)][::order]
    rows = cleaned(tmp_path, **dict(zip(("a", "b"), read, strict=True)))["offres"].rows(named=True)
    told = [(each["offre_id"], each["statut"], each["montant_eur"]) for each in rows]
    assert told == [("o1", "recevable", 100.0), ("o2", "écartée", 110.0), ("o4", "recevable", 100.0)]


def test_a_base_without_bids_has_an_empty_table(tmp_path):
    assert cleaned(tmp_path, ocds=packed(release("o-1", made())))["offres"].is_empty()


def test_prices_of_an_ocds_file_reach_the_indicators_and_a_file_without_bids_tells_nothing(tmp_path):
    """Twelve processes won at 100 €: the next price is 110 € in ten, 100 € in one, 1 000 € in one."""
    prices = [110] * 10 + [100, 1_000]
    told = [
        release(f"o-{rank}", made(value=euros(100)), bids={"details": [bid("o1", "s1"), bid("o2", "s2", amount=price)]})
        for rank, price in enumerate(prices)
    ]
    (tmp_path / "a.json").write_bytes(packed(*told))
    others = [award(str(rank), acheteur={"id": DISTRICT}, montant=50_000 + rank) for rank in range(12)]
    write_2022(tmp_path / "b.json", others)
    clean([tmp_path / "a.json", tmp_path / "b.json"], tmp_path / "data", latest=LATEST)
    measured = pl.read_parquet(measure(tmp_path / "data")).filter(pl.col("annee") == 2024)
    values = {
        (row["indicateur"], row["acheteur_siren"]): (row["valeur"], row["effectif"], row["eligibles"], row["statut"])
        for row in measured.iter_rows(named=True)
    }
    # one gap in twelve is zero, under a quarter of them; the quartiles of the logarithms of the eleven others are ln 0.1
    assert values["I03", TOWN[:9]] == (pytest.approx(1 / 12), 12, 12, "indicatif")
    assert values["I10", TOWN[:9]] == (pytest.approx(1 / 12), 12, 12, "indicatif")
    assert values["I03.ecart", TOWN[:9]][0] == pytest.approx(0.1)
    assert values["I05", TOWN[:9]][0] == pytest.approx(1 / 12)
    assert values["I08", TOWN[:9]] == (None, 0, 0, "sans objet")  # no bid was set aside
    for code in ("I03", "I03.ecart", "I05", "I06", "I07", "I08", "I09", "I10"):
        assert values[code, DISTRICT[:9]] == (None, 0, 12, "données insuffisantes")
