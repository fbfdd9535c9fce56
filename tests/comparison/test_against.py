"""One authority against its peers: worked by hand, published ranks, and what never enters a reference."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from optima_lib.comparison.against import against, refer
from optima_lib.comparison.ranks import exact_p, exact_ps, mid_percentile, rank_bounds, rank_set
from optima_lib.comparison.verdicts import VERDICTS, verdicts


def one(y, v, focal, focal_v):
    """Compare one authority with all the others."""
    peers = np.ones((1, len(y)), dtype=bool)
    return against(refer(np.array([y]), np.array([v]), peers), np.array([focal]), np.array([focal_v]))


def test_values_observed_whole_are_those_of_crawford_and_howell():
    # peers 2, 4, 6, 8, 10: mean 6, s = √10; t = (16 - 6) / (√10 √(1 + 1/5)) = 2.8868
    found = one([2.0, 4.0, 6.0, 8.0, 10.0], [0.0] * 5, 16.0, 0.0)
    assert found.mean[0] == pytest.approx(6)
    assert found.z[0] == pytest.approx(10 / np.sqrt(12), rel=1e-12)
    assert found.p[0] == pytest.approx(2 * student.sf(10 / np.sqrt(12), 3), rel=1e-12)
    assert np.isnan(found.z_chance[0])


def test_equal_variances_are_worked_by_hand():
    # v = 1, peers 0, 0, 3, 3, 9: mean 3, Q = Σ(y - 3)² = 54; τ² = (54 - 4) / (5 - 1) = 12.5; q = 54 / 13.5 / 4 = 1
    # se² = 1 + 12.5 + 13.5 / 5 = 16.2
    found = one([0.0, 0.0, 3.0, 3.0, 9.0], [1.0] * 5, 12.0, 1.0)
    assert found.tau2[0] == pytest.approx(12.5)
    assert found.se[0] == pytest.approx(np.sqrt(16.2))
    assert found.z[0] == pytest.approx(9 / np.sqrt(16.2))
    assert found.half[0.95][0] == pytest.approx(student.ppf(0.975, 3) * np.sqrt(16.2))
    assert found.z_chance[0] == pytest.approx(9 / np.sqrt(1.2))


def test_peers_closer_than_chance_scale_the_interval_down():
    # v = 4, peers 1, 2, 3: mean 2, Q = 2 / 4 < 2, so τ² = 0 and q = (2 / 4) / 2 = 1/4; se² = (4 + 4/3) / 4
    found = one([1.0, 2.0, 3.0], [4.0] * 3, 5.0, 4.0)
    assert found.tau2[0] == 0
    assert found.se[0] == pytest.approx(np.sqrt(16 / 3 / 4))


def test_no_variation_and_too_few_peers_give_no_number():
    assert np.isnan(one([1.0, 1.0, 1.0], [0.0] * 3, 2.0, 0.0).z[0])
    assert np.isnan(one([1.0, 2.0], [1.0] * 2, 2.0, 1.0).z[0])


values = st.lists(st.floats(-5, 5), min_size=6, max_size=25)


@given(values, st.floats(-5, 5), st.floats(0.05, 3), st.floats(0.1, 10), st.floats(-4, 4))
def test_a_change_of_unit_changes_no_probability(y, focal, v, scale, shift):
    same = one(y, [v] * len(y), focal, v)
    moved = one([scale * each + shift for each in y], [v * scale**2] * len(y), focal * scale + shift, v * scale**2)
    assert np.isnan(same.p[0]) == np.isnan(moved.p[0]) or np.ptp(y) < 1e-3
    if np.ptp(y) > 1e-2:
        assert moved.p[0] == pytest.approx(same.p[0], rel=1e-6, abs=1e-9)


@given(values, st.floats(-5, 5), st.floats(-5, 5))
def test_the_focal_value_never_enters_its_reference(y, focal, other):
    one_way, another = (one(y, [0.5] * len(y), each, 0.5) for each in (focal, other))
    assert (one_way.mean[0], one_way.tau2[0], one_way.se[0]) == (another.mean[0], another.tau2[0], another.se[0])


def test_an_exact_probability_is_counted_by_hand():
    # median of 0…5 is 2.5; the first stands 2.5 away, the last as far, the others not
    y = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    assert exact_p(y, np.array([0, 1])).tolist() == [2 / 6, 4 / 6]
    assert exact_ps(np.array([y, y]), np.array([0, 1])).tolist() == [2 / 6, 4 / 6]
    assert mid_percentile(y[None, 1:], np.ones((1, 5), dtype=bool), np.array([3.0])).tolist() == [0.5]


def test_the_rank_of_the_united_kingdom_is_that_of_csranks(fixtures):
    table = pd.read_csv(fixtures / "shrink" / "pisa2018_csranks.csv")
    told = json.loads((fixtures / "shrink" / "expected_csranks.json").read_text(encoding="utf-8"))
    y, se = table["math_score"].to_numpy(), table["math_se"].to_numpy()
    found = np.array([rank_set(y, se, unit) for unit in range(len(y))])
    low, high = np.array(told["marg_L"]), np.array(told["marg_U"])
    # statistics.md §2.4: a single step equals the step-down of csranks on 87 % and 92 % of the bounds, and is wider
    assert (found[:, 0] == low).mean() >= 0.86
    assert (found[:, 1] == high).mean() >= 0.91
    assert np.all(np.abs(found[:, 0] - low) <= 2)
    assert np.all(np.abs(found[:, 1] - high) <= 2)
    assert np.all((found[:, 0] <= told["rank"]) & (told["rank"] <= found[:, 1]))


def test_bounded_ranks_hold_the_drawn_ones(fixtures):
    table = pd.read_csv(fixtures / "shrink" / "pisa2018_csranks.csv")
    y, se = table["math_score"].to_numpy(), table["math_se"].to_numpy()
    low, high = rank_bounds(y[None, :], se**2, np.arange(len(y)))
    drawn = np.array([rank_set(y, se, unit) for unit in range(len(y))])
    assert np.all(low <= drawn[:, 0])
    assert np.all(high >= drawn[:, 1])
    assert (high - low - (drawn[:, 1] - drawn[:, 0])).mean() < 1  # Šidák is a little wide


def test_values_observed_whole_have_a_rank_and_ties_a_span():
    low, high = rank_bounds(np.array([[5.0, 3.0, 3.0, 3.0, 1.0]]), np.zeros(5), np.array([1, 0]))
    assert (low.tolist(), high.tolist()) == ([2, 1], [4, 1])


@pytest.mark.parametrize(
    ("interval", "narrow", "verdict"),
    [
        ((0.01, 0.20), (0.02, 0.19), "établi"),
        ((-0.20, -0.01), (-0.19, -0.02), "établi"),
        ((0.01, 0.04), (0.015, 0.035), "négligeable"),
        ((-0.06, 0.04), (-0.049, 0.03), "équivalent"),
        ((-0.06, 0.04), (-0.051, 0.03), "non tranché"),
        ((0.0, 0.2), (0.01, 0.19), "non tranché"),
    ],
)
def test_a_verdict_is_read_on_the_intervals(interval, narrow, verdict):
    pairs = ((np.array([low]), np.array([high])) for low, high in (interval, narrow, (-0.05, 0.05)))
    told = verdicts(*pairs)
    assert VERDICTS[told[0]] == verdict


def test_no_interval_no_verdict():
    nothing = np.array([np.nan])
    assert verdicts((nothing, nothing), (nothing, nothing), (nothing, nothing)).tolist() == [-1]
