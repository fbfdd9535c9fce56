"""Pairs of groups: which a sentence names, and in which direction each is read."""

import pytest

from optima_lib.comparison.contrasts import Contrast
from optima_lib.reporting.ensembles.paires import oriented, strongest, tell_established


def pair(first, second, estimate, p):
    return Contrast(first, second, estimate, estimate / 2, estimate * 2, p)


SIX = tuple(pair("a", name, gap, p) for name, gap, p in (
    ("b", 1.0, 0.04), ("c", 5.0, 0.001), ("d", -9.0, 0.001), ("e", 2.0, 0.03), ("f", 3.0, 0.0001), ("g", 1.5, 0.049),
))  # fmt: skip
NOT_SURE = pair("b", "c", 9.0, 0.05)


def test_more_than_five_pairs_are_counted_and_the_strongest_named():
    said = tell_established((*SIX, NOT_SURE), "rangs")
    assert said == (
        "l'écart est établi pour 6 des 7 paires, notamment entre « a » et « f », entre « a » et « d » et entre « a » et « c » "
        "(toutes sont au tableau des groupes deux à deux, plus bas)"
    )


def test_five_pairs_or_fewer_are_all_named():
    said = tell_established((*SIX[:5], NOT_SURE), "rangs")
    assert said.count("entre « ") == 5
    assert "notamment" not in said
    assert tell_established((NOT_SURE,), "rangs") == "aucune paire, prise seule, n'est établie"


def test_a_ratio_far_below_1_is_as_strong_as_one_far_above():
    told = strongest([pair("a", "b", 2.0, 0.01), pair("a", "c", 0.1, 0.01)], "moyennes_geometriques")
    assert [each.second for each in told] == ["c", "b"]


def test_the_reference_comes_second_and_its_gaps_turn():
    difference, other = oriented([Contrast("a", "b", 2.0, -1.0, 5.0, 0.3), pair("b", "c", 1.0, 0.2)], "a", "rangs")
    assert (difference.first, difference.second) == ("b", "a")
    assert (difference.estimate, difference.low, difference.high, difference.p) == (-2.0, -5.0, 1.0, 0.3)
    assert (other.first, other.second) == ("b", "c")
    ratio = oriented([Contrast("a", "b", 1.25, 0.5, 2.0, 0.3)], "a", "moyennes_geometriques")[0]
    assert (ratio.estimate, ratio.low, ratio.high) == pytest.approx((0.8, 0.5, 2.0))
