"""Histories worked by hand: which publications of one identifier are states of one lot."""

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.cleaning.lots import Publication, tell_lots

A, B, C = (frozenset([letter]) for letter in "ABC")
SPRING, SUMMER, AUTUMN = dt.date(2024, 3, 1), dt.date(2024, 7, 1), dt.date(2024, 10, 1)


def publication(date, amount, firms, **fields):
    return Publication(date, amount, firms, **fields)


def lots(*publications):
    """The numbers of the publications of each lot, in the order given."""
    found = defaultdict(list)
    for number, place in enumerate(tell_lots(publications)):
        found[place.lot].append(number)
    return sorted(found.values())


def repeated(*publications):
    """The numbers of the publications that only repeat the figure of another lot."""
    return [number for number, place in enumerate(tell_lots(publications)) if not place.counts]


def test_different_suppliers_and_amounts_on_one_day_are_lots():
    rows = [publication(SPRING, 1e5, A), publication(SPRING, 4e4, B), publication(SPRING, 7e4, C)]
    assert lots(*rows) == [[0], [1], [2]]


def test_a_supplier_in_common_does_not_make_one_lot_of_two_numbers_of_bids():
    assert lots(publication(SPRING, 1e5, A, offres=3), publication(SPRING, 4e4, A, offres=5)) == [[0], [1]]


@pytest.mark.parametrize(
    ("amount", "count"), [(150_000, 1), (150_001, 2), (70_000, 1), (69_999, 2), (100_000, 1), (1_000, 2)]
)
def test_a_modification_adds_half_at_most_and_takes_off_three_tenths_at_most(amount, count):
    assert len(lots(publication(SPRING, 100_000, A), publication(SUMMER, amount, A))) == count


def test_a_published_rank_of_modification_needs_no_near_amount():
    assert lots(publication(SPRING, 1e5, A), publication(SUMMER, 9e5, A, version=1)) == [[0, 1]]


def test_successive_modifications_are_measured_from_the_state_before():
    rows = [publication(SPRING, 1e5, A), publication(SUMMER, 1.4e5, A), publication(AUTUMN, 1.9e5, A)]
    assert lots(*rows) == [[0, 1, 2]]


def test_interleaved_modifications_go_each_to_its_own_lot():
    rows = [
        publication(SPRING, 1e5, A, offres=3),
        publication(SPRING, 4e4, A, offres=5),
        publication(SUMMER, 1.05e5, A, offres=3),
        publication(AUTUMN, 4.2e4, A, offres=5),
    ]
    assert lots(*rows) == [[0, 2], [1, 3]]


def test_of_two_lots_of_one_supplier_the_nearest_amount_takes_the_modification():
    rows = [
        publication(SPRING, 100_000, A, publie_le=SUMMER),
        publication(SPRING, 80_000, A, publie_le=SUMMER),
        publication(AUTUMN, 82_000, A),
    ]
    assert lots(*rows) == [[0], [1, 2]]


def test_a_later_publication_of_one_notification_is_a_republication():
    rows = [publication(SPRING, 1e5, A, publie_le=SUMMER), publication(SPRING, 4e5, A, publie_le=AUTUMN)]
    assert lots(*rows) == [[0, 1]]


def test_two_amounts_published_the_same_day_are_lots():
    rows = [publication(SPRING, 1e5, A, publie_le=SUMMER), publication(SPRING, 4e5, A, publie_le=SUMMER)]
    assert lots(*rows) == [[0], [1]]


def test_two_objects_published_the_same_day_are_lots():
    rows = [publication(SPRING, 1e5, A, objet="toiture"), publication(SPRING, 1e5, A, objet="chauffage")]
    assert lots(*rows) == [[0], [1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("groupe scolaire lot 1 gros oeuvre", "groupe scolaire lot 2 peinture"),
        ("mairie lot no 04", "mairie lot no 05"),
        ("lot n 1", "lot n 12"),
        ("lot1 toiture", "lot2 toiture"),
    ],
)
def test_two_lot_numbers_are_two_lots_whenever_they_are_published(one, other):
    rows = [
        publication(SPRING, 1e5, A, objet=one, publie_le=SUMMER),
        publication(SPRING, 1e5, A, objet=other, publie_le=AUTUMN),
    ]
    assert lots(*rows) == [[0], [1]]


def test_the_same_lot_number_written_two_ways_is_one_lot():
    rows = [
        publication(SPRING, 1e5, A, objet="mairie lot no 04 peinture", publie_le=SUMMER),
        publication(SPRING, 1e5, A, objet="mairie lot 4 peinture", publie_le=AUTUMN),
    ]
    assert lots(*rows) == [[0, 1]]


@pytest.mark.parametrize("missing", [{"offres": None}, {"objet": None}, {"montant": None}, {"titulaires": frozenset()}])
def test_what_was_not_published_tells_no_lots_apart(missing):
    full = {"montant": 1e5, "titulaires": A, "offres": 3, "objet": "toiture"}
    rows = [Publication(date=SPRING, **full), Publication(date=SUMMER, **(full | missing))]
    assert lots(*rows) == [[0, 1]]


def test_another_supplier_on_a_later_day_is_another_lot():
    assert lots(publication(SPRING, 1e5, A), publication(SUMMER, 1e5, B)) == [[0], [1]]


STAMPED = [
    publication(SPRING, 100_000, A, offres=3),
    publication(SPRING, 40_000, B, offres=5),
    publication(SUMMER, 110_000, A, offres=3),
    publication(SUMMER, 110_000, B, offres=5),
]


def test_one_figure_stamped_on_all_lots_is_the_modification_of_the_nearest():
    assert lots(*STAMPED) == [[0, 2], [1, 3]]
    assert repeated(*STAMPED) == [3]


def test_a_figure_near_no_lot_is_that_of_the_lot_that_appears_that_day():
    rows = [*STAMPED[:2], *(publication(SUMMER, 300_000, each, offres=n) for each, n in ((A, 3), (B, 5), (C, 2)))]
    assert lots(*rows) == [[0, 2], [1, 3], [4]]
    assert repeated(*rows) == [2, 3]


def test_a_lot_known_by_the_figure_of_another_alone_is_a_lot_that_has_no_amount():
    rows = [*STAMPED, publication(SUMMER, 110_000, C, offres=4)]
    assert lots(*rows) == [[0, 2], [1, 3], [4]]
    assert repeated(*rows) == [3, 4]


def test_rows_that_name_different_objects_are_no_stamp():
    rows = [publication(each.date, each.montant, each.titulaires, objet=str(each.titulaires)) for each in STAMPED]
    assert repeated(*rows) == []


PUBLICATIONS = st.builds(
    Publication,
    date=st.sampled_from([SPRING, SUMMER, AUTUMN, None]),
    montant=st.sampled_from([None, 1e5, 1.1e5, 4e4, 9e5]),
    titulaires=st.sets(st.sampled_from("ABC")).map(frozenset),
    offres=st.sampled_from([None, 3, 5]),
    objet=st.sampled_from([None, "toiture", "lot 1", "lot 2"]),
    publie_le=st.sampled_from([None, SUMMER, AUTUMN]),
    version=st.sampled_from([None, 0, 1]),
)


@given(st.lists(PUBLICATIONS, unique=True, max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_reading_changes_no_place(publications, random):
    shuffled = random.sample(publications, len(publications))
    places = dict(zip(publications, tell_lots(publications), strict=True))
    assert places == dict(zip(shuffled, tell_lots(shuffled), strict=True))


@given(st.lists(PUBLICATIONS, unique=True, min_size=1, max_size=7))
def test_lots_are_numbered_without_a_gap(publications):
    numbers = {place.lot for place in tell_lots(publications)}
    assert numbers == set(range(len(numbers)))
