"""Peers by the stated rule: worked by hand on a few authorities."""

import numpy as np
import pandas as pd
import pytest

from optima_lib.comparison.gates import MOTIFS
from optima_lib.comparison.neighbours import balance, nearest, standardised_difference
from optima_lib.comparison.peers import barred, build_steps, choose, listed, stratum_numbers
from optima_lib.errors import ComparisonError


def buyers(rows):
    return pd.DataFrame(rows, columns=["categorie", "nature_juridique", "population", "region"])


def test_strata_are_those_of_the_code_of_local_authorities():
    population = pd.Series([499, 500, 3_499, 20_000, 80_441, 200_000])
    assert stratum_numbers(pd.Series(["commune"] * 6), population).tolist() == [1, 2, 4, 10, 13, 15]


def test_a_commune_finds_its_stratum_then_the_neighbouring_ones():
    towns = [("commune", "COM", 80_000 + rank, "75") for rank in range(4)]
    larger = [("commune", "COM", 120_000 + rank, "75") for rank in range(7)]
    villages = [("commune", "COM", 300, "75")] * 20
    table = buyers([*towns, *larger, *villages])
    steps = build_steps(table)
    usable = np.ones(len(table), dtype=bool)
    assert steps[0].peers_of_each(usable)[0] == 3
    assert steps[1].peers_of_each(usable)[0] == 10
    chosen = choose(steps, usable)
    assert (chosen.step[0], chosen.peers[0]) == (1, 10)
    assert (chosen.step[20], chosen.peers[20]) == (0, 19)
    assert steps[1].labels[steps[1].pool_of[0]] == "commune, 50 000 à 199 999 habitants"


def test_an_authority_that_is_no_peer_still_finds_its_own():
    table = buyers([("SDIS", None, None, None)] * 12)
    usable = np.array([False] + [True] * 11)
    chosen = choose(build_steps(table), usable)
    assert chosen.peers[0] == 11
    assert chosen.peers[1] == 10


def test_intercommunalities_begin_with_their_legal_nature():
    table = buyers([("EPCI", "CA", 150_000, "75")] * 3 + [("EPCI", "CU", 150_000, "75")] * 2)
    steps = build_steps(table)
    usable = np.ones(5, dtype=bool)
    assert steps[0].peers_of_each(usable).tolist() == [2, 2, 2, 1, 1]
    assert steps[1].peers_of_each(usable).tolist() == [4] * 5


def test_a_region_may_come_first():
    table = buyers([("commune", "COM", 80_000, "75")] * 3 + [("commune", "COM", 80_000, "76")] * 9)
    steps = build_steps(table, region=True)
    usable = np.ones(12, dtype=bool)
    assert steps[0].peers_of_each(usable)[0] == 2
    assert steps[1].peers_of_each(usable)[0] == 11
    assert [each.number for each in steps] == [1, 2, 3, 4]


def test_without_a_category_or_a_population_there_are_no_peers():
    table = buyers([(None, None, None, None), ("commune", "COM", None, "75"), ("commune", "COM", 600, "75")])
    told = [MOTIFS[each] for each in barred(table, build_steps(table))]
    assert told == ["catégorie inconnue", "population inconnue", ""]


def test_a_list_of_the_partner_is_its_only_step():
    steps = listed(["a", "b", "c", "d"], "b", ["a", "d"], "même bassin")
    assert steps[0].peers_of_each(np.ones(4, dtype=bool)).tolist() == [0, 2, 0, 0]
    assert "même bassin" in steps[0].labels[0]


def test_the_nearest_are_found_on_the_shape_of_the_others():
    # the others spread four times as much across as up: d² = x² / 16/1.25 + …
    table = pd.DataFrame({"x": [0.0, 4.0, -4.0, 4.0, -4.0, 2.0], "y": [0.0, 1.0, -1.0, -1.0, 1.0, 0.0]})
    assert nearest(table, 0, 1).tolist() == [5]
    assert sorted(nearest(table, 0, 5).tolist()) == [1, 2, 3, 4, 5]
    assert nearest(table, 0, 5, caliper=0.9).tolist() == [5]


def test_a_missing_covariate_is_said():
    with pytest.raises(ComparisonError, match="population"):
        nearest(pd.DataFrame({"population": [np.nan, 1.0, 2.0, 3.0]}), 0, 2)
    with pytest.raises(ComparisonError, match="distinguent"):
        nearest(pd.DataFrame({"population": [1.0, 2.0, 2.0, 2.0]}), 0, 2)
    table = pd.DataFrame({"same": [5.0] * 4, "population": [1.0, 4.0, 2.0, 3.0]})
    assert nearest(table, 0, 2).tolist() == [2, 3]


def test_balance_is_worked_by_hand():
    table = pd.DataFrame({"population": [10.0, 2.0, 4.0, 6.0]})
    told = balance(table, 0, [1, 2, 3]).loc["population"]
    assert (told["moyenne"], told["ecart_type"], told["ecart"]) == (4, 2, 3)
    # (3 - 2) / √((2 + 2) / 2)
    assert standardised_difference(pd.Series([2.0, 4.0]), pd.Series([1.0, 3.0])) == pytest.approx(1 / np.sqrt(2))
