"""The facts that bids tell, one contract at a time: yes, no, and what cannot be told."""

import polars as pl
import pytest

from optima_lib.indicators.facts import base_of
from optima_lib.indicators.facts.bids import add_bids
from optima_lib.schemas import SCHEMAS

TYPES = {name: each.dtype.type for name, each in SCHEMAS["offres"].to_schema().columns.items()}
NAMES = {"won": "est_retenue", "late": "est_hors_delai", "lot": "lot_publie"}
VALID, OUT, PENDING, UNTOLD = "recevable", "écartée", "déposée", None


def bid(name, status=VALID, price=100.0, **fields):
    told = {"soumissionnaire": name, "statut": status, "montant_eur": price}
    return told | {"est_retenue": False} | {NAMES.get(each, each): value for each, value in fields.items()}


def fact(column, *bids):
    """The fact of a contract of some bids."""
    rows = [{"uid": "a", "offre_id": str(number), "date_depot": None} | each for number, each in enumerate(bids)]
    contracts = pl.LazyFrame({"uid": ["a", "b"]})
    facts = add_bids(contracts, base_of(offres=pl.DataFrame(rows, schema=TYPES))).collect()
    assert facts.row(1) == ("b", *[None] * (facts.width - 1))  # no bid published: nothing is told
    return facts[column][0]


WON = bid("t1", won=True)


@pytest.mark.parametrize(
    ("bids", "alone"),
    [
        ((WON, bid("t2", OUT)), True),
        ((WON, bid("t2", OUT), bid("t3", OUT)), True),
        ((WON,), False),
        ((WON, bid("t2", OUT), bid("t3")), False),
        ((WON, bid("t1", OUT)), False),  # its own variant was set aside
        ((bid("t1+t2", won=True), bid("t1", OUT)), False),  # a member of the group
        ((WON, bid("t1+t2", OUT)), True),
        ((WON, bid("t2", won=True), bid("t3", OUT)), False),  # two retained
        ((WON, bid("t2", PENDING), bid("t3", OUT)), None),
        ((WON, bid("t2", UNTOLD), bid("t3", OUT)), None),
        ((WON, bid("t2", PENDING), bid("t3")), False),  # whatever becomes of the second, the third is valid
        ((WON, bid(None, OUT)), None),  # perhaps its own
        ((WON, bid(None, OUT), bid("t2", OUT)), True),
        ((WON, bid(None, won=None), bid("t2", OUT)), None),
        ((bid("t1", won=None), bid("t2", OUT, won=None)), None),  # no supplier is published
        ((bid("t1", won=True, lot="A"), bid("t2", OUT, lot="B")), None),
    ],
)
def test_all_but_the_winner_were_set_aside(bids, alone):
    assert fact("est_seule_recevable", *bids) is alone


@pytest.mark.parametrize(
    ("bids", "same"),
    [
        ((WON, bid("t2")), True),
        ((WON, bid("t2", OUT)), True),
        ((WON, bid("t2", price=110.0)), False),
        ((WON, bid("t1")), False),  # twice the same tenderer
        ((WON, bid("t2"), bid("t3", price=None)), True),
        ((WON, bid("t2", price=110.0), bid("t3", price=None)), None),
        ((WON, bid(None)), None),
        ((WON, bid(None, price=110.0)), False),
        ((bid(None, price=None), bid(None, price=None)), None),
        ((bid("t1", lot="A", won=True), bid("t2", lot="B")), False),  # for two lots
        ((WON, bid("t2", UNTOLD, 110.0)), None),
        ((WON, bid("t2", UNTOLD)), None),  # perhaps no bid
        ((WON,), None),
    ],
)
def test_two_tenderers_submitted_one_price(bids, same):
    assert fact("a_prix_identiques", *bids) is same


@pytest.mark.parametrize(
    ("bids", "late"),
    [
        ((bid("t1", won=True, late=True), bid("t2", late=False)), True),
        ((bid("t1", won=True, late=False), bid("t2", late=True)), False),
        ((bid("t1", won=True, late=True), bid("t1", won=True, late=False)), False),  # one of its bids came in time
        ((bid("t1", won=True, late=True), bid("t1", won=True)), None),
        ((bid("t1", won=True, late=True), bid("t2", won=True, late=False)), True),  # one of two suppliers
        ((bid("t1", won=True), bid("t2", won=True, late=False)), None),
        ((bid("t1", late=True), bid("t2", late=True)), None),  # none is retained
    ],
)
def test_a_bid_retained_came_late(bids, late):
    assert fact("est_retenue_hors_delai", *bids) is late


@pytest.mark.parametrize(
    ("bids", "lowest"),
    [
        ((WON, bid("t2", OUT, 90.0)), True),
        ((WON, bid("t2", OUT)), False),  # as low
        ((WON, bid("t2", price=80.0), bid("t3", OUT, 90.0)), False),
        ((WON, bid("t2", OUT, None)), None),
        ((WON, bid("t2", OUT, 90.0), bid("t3", PENDING, 120.0)), None),
        ((WON, bid("t2")), None),
        ((bid("t1", won=True, lot="A"), bid("t2", OUT, 90.0, lot="B")), None),  # another lot is another price
    ],
)
def test_the_lowest_bid_was_set_aside(bids, lowest):
    assert fact("a_moins_disante_ecartee", *bids) is lowest


@pytest.mark.parametrize(
    ("bids", "gap", "no_matter"),
    [
        ((WON, bid("t2", price=125.0)), 0.25, False),
        ((WON, bid("t2", OUT, 50.0), bid("t3", price=110.0), bid("t4", price=150.0)), pytest.approx(0.1), False),
        ((WON, bid("t2")), 0.0, False),
        ((WON,), None, True),
        ((WON, bid("t2", OUT)), None, True),  # one valid tenderer
        ((WON, bid("t1", won=True)), None, True),  # one tenderer, twice
        ((WON, bid("t2", price=90.0)), None, True),  # not the lowest: price did not decide
        ((WON, bid("t2", won=True), bid("t3")), None, True),
        ((WON, bid("t2", price=None)), None, False),
        ((WON, bid("t2", PENDING, 120.0)), None, False),
        ((WON, bid("t2", UNTOLD, 120.0)), None, False),
        ((WON, bid("t2", won=None)), None, False),
        ((bid("t1"), bid("t2")), None, False),
        ((bid("t1", won=True, lot="A"), bid("t2", price=120.0, lot="B")), None, False),
    ],
)
def test_the_gap_between_the_two_lowest_prices(bids, gap, no_matter):
    assert fact("ecart_prix", *bids) == gap
    assert fact("est_ecart_sans_objet", *bids) is no_matter


def test_bids_are_counted_where_their_status_is_known():
    told = (WON, bid("t2", OUT))
    assert (fact("offres_deposees", *told), fact("offres_ecartees", *told)) == (2, 1)
    assert (fact("offres_deposees", *told, bid("t3", PENDING)), fact("offres_ecartees", *told, bid("t3", PENDING))) == (3, None)  # fmt: skip
    assert fact("offres_deposees", *told, bid("t3", UNTOLD)) is None
