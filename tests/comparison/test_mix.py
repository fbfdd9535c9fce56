"""Case mix: standardised by hand, Simpson's reversal, and a reference without the focal authority."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.comparison.mix import Mix


def mix(rows):
    """Make the contracts of some authorities from rows (authority, kind, hits, n)."""
    unit, kind, hits, n = (np.array(each) for each in zip(*rows, strict=True))
    return Mix(unit, kind, hits.astype(float), n.astype(float))


def without(focal, size):
    """Return the one set of peers of an authority: all the others."""
    return (np.arange(size) != focal)[None, :]


# two kinds, works (4521) and services (7021); authority 0 buys mostly works, where single bids are frequent
ROWS = [
    (0, 4521, 36, 90), (0, 7021, 0, 10),
    (1, 4521, 5, 10), (1, 7021, 9, 90),
    (2, 4521, 5, 10), (2, 7021, 9, 90),
]  # fmt: skip


def test_the_expected_number_is_worked_by_hand():
    told = mix(ROWS).of(np.arange(3))
    # peers of 0: works 10/20 = .5, services 18/180 = .1; expected 90 × .5 + 10 × .1 = 46, observed 36
    expected = told.expected(without(0, 3))
    assert expected[0, 0] == pytest.approx(46)
    # and of a peer, by those of the other one: works 5/10, services 9/90; 10 × .5 + 90 × .1 = 14, as observed
    assert expected[0, 1] == pytest.approx(14)


def test_a_crude_gap_above_may_hide_a_standardised_gap_below():
    told = mix(ROWS).of(np.arange(3))
    crude = told.hits[0].sum() / told.n[0].sum() - told.hits[1:].sum() / told.n[1:].sum()
    standardised = (told.hits[0].sum() - told.expected(without(0, 3))[0, 0]) / told.n[0].sum()
    assert crude == pytest.approx(0.36 - 0.14)
    assert standardised == pytest.approx(-0.10)


def test_direct_standardisation_is_worked_by_hand():
    told = mix(ROWS).of(np.arange(3))
    # half works, half services: 0 → .5 × .4 + .5 × 0; 1 → .5 × .5 + .5 × .1
    assert told.direct(np.array([0.5, 0.5])).tolist() == pytest.approx([0.2, 0.3, 0.3])


def test_a_kind_that_peers_hardly_buy_takes_the_rate_of_a_wider_one():
    rows = [
        (0, 4521, 1, 4), (0, 4522, 2, 6),
        (1, 4521, 1, 4), (1, 4524, 1, 2), (1, 7021, 3, 10),
    ]  # fmt: skip
    told = mix(rows).of(np.arange(2))
    # no peer has 5 contracts of 4521 nor of 4522; without the procedure, 452x: 2 of 6
    assert told.expected(without(0, 2))[0, 0] == pytest.approx(10 * 2 / 6)


def test_an_authority_without_contract_expects_nothing():
    told = mix(ROWS).of(np.array([0, 1, 2, 7]))
    assert told.expected(without(0, 4))[0, 3] == 0


counts = st.integers(0, 20)
tables = st.lists(st.tuples(counts, counts, counts, counts), min_size=3, max_size=8)


@given(tables, st.tuples(counts, counts))
def test_what_the_focal_authority_does_changes_nothing_in_its_reference(rows, other):
    def made(own):
        told = [(0, 4521, min(own[0], 20), 20), (0, 7021, min(own[1], 20), 20)]
        for unit, (a, b, c, d) in enumerate(rows, start=1):
            told += [(unit, 4521, min(a, b), b), (unit, 7021, min(c, d), d)]
        return mix(told).of(np.arange(len(rows) + 1))

    one, another = made((1, 1)), made(other)
    peers = without(0, len(rows) + 1)
    assert np.array_equal(one.expected(peers), another.expected(peers), equal_nan=True)


def test_a_peer_is_expected_at_the_level_of_all_by_the_kinds_of_the_others():
    rows = [(0, 4521, 1, 10), (1, 4521, 8, 10), (1, 7021, 2, 10), (2, 4521, 4, 10), (2, 7021, 4, 20), (3, 7021, 6, 10)]
    told = mix(rows).of(np.arange(4)).expected(without(0, 4))[0]
    # peers 1, 2, 3 hit 24 times. Of 1: works of 2 alone 4/10, services of 2 and 3 10/30: 4 + 10/3 = 22/3, against 10
    # hits; 24 × (22/3) / (24 - 10 + 22/3)
    assert told[1] == pytest.approx(24 * (22 / 3) / (14 + 22 / 3))
    # of 0, by all of them: works 12/20
    assert told[0] == pytest.approx(6)


@given(tables)
def test_one_kind_expects_the_rate_of_all_peers(rows):
    told = [(unit, 4521, min(a, b + 5), b + 5) for unit, (a, b, _, _) in enumerate(rows)]
    table = mix(told).of(np.arange(len(rows)))
    peers = table.hits[1:].sum() / table.n[1:].sum()
    # with hits at all, and others that tell the kind
    if peers > 0 and len(rows) > 3:
        assert table.expected(without(0, len(rows)))[0] == pytest.approx(table.n[:, 0] * peers)
