"""Intervals against printed values, and what must hold whatever the facts."""

import hypothesis.strategies as st
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from optima_lib.indicators.intervals import mean, poisson, quantile, wilson
from optima_lib.indicators.sums import Sums, sum_facts

VALUES = st.lists(st.integers(1, 50), min_size=1, max_size=60)
QUICK = settings(max_examples=50, deadline=None)


def summed(values, group="a"):
    return sums_of(pd.DataFrame({"g": group, "v": pd.Series(values, dtype=float)}))


def sums_of(table):
    return sum_facts(table, ["g"], "v", {"effectif": nw.lit(1.0)})


def moments(values):
    numbers = np.array(values, dtype=float)
    parts = {"effectif": numbers**0, "somme": numbers, "carres": numbers**2}
    return Sums(pd.DataFrame({"g": ["a"]}), np.zeros(len(numbers), dtype=np.int64), None, parts)


@pytest.mark.parametrize(("hits", "n", "low", "high"), [(0, 10, 0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1)])
def test_wilson_gives_the_printed_values(hits, n, low, high):
    found = wilson(np.array([float(hits)]), np.array([float(n)]))
    assert [round(each.item(), 3) for each in found] == [low, high]


def test_no_fact_has_no_interval():
    assert all(np.isnan(each).all() for each in wilson(np.array([0.0]), np.array([0.0])))


@pytest.mark.parametrize(("events", "low", "high"), [(0, 0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.391)])
def test_the_interval_of_a_count_is_that_of_garwood(events, low, high):
    # Garwood (1936), table; as Ulm (1990) prints it
    found = poisson(np.array([float(events)]))
    assert [each.item() for each in found] == pytest.approx([low, high], abs=1e-3)


@QUICK
@given(VALUES, st.sampled_from([0.25, 0.5, 0.9]))
def test_a_quantile_is_that_of_numpy(values, q):
    assert quantile(summed(values), q)[0].item() == pytest.approx(np.quantile(values, q))


@QUICK
@given(VALUES)
def test_a_median_lies_in_its_interval_which_needs_six_facts(values):
    value, low, high = (each.item() for each in quantile(summed(values), 0.5))
    if len(values) < 6:
        assert np.isnan(low)
        assert np.isnan(high)
    else:
        assert low <= value <= high


@QUICK
@given(VALUES, VALUES)
def test_groups_do_not_change_one_another(one, other):
    table = pd.DataFrame({"g": ["a"] * len(one) + ["b"] * len(other), "v": [float(each) for each in one + other]})
    assert quantile(sums_of(table), 0.5)[0].tolist() == [np.median(one), np.median(other)]


@QUICK
@given(VALUES)
def test_a_mean_is_that_of_numpy(values):
    assert mean(moments(values))[0].item() == pytest.approx(np.mean(values))


def test_a_mean_has_the_interval_of_student():
    # 1, 2, 3: mean 2, deviation 1, t(0.975, 2) = 4.3027: 2 ± 4.3027 / sqrt(3)
    _, low, high = (each.item() for each in mean(moments([1, 2, 3])))
    assert (low, high) == pytest.approx((2 - 2.4841, 2 + 2.4841), abs=1e-3)


def test_the_mean_of_equal_numbers_has_no_spread():
    # 0.1 three times: the sum of squares less n times the squared mean leaves 3e-18
    numbers = np.array([0.1])
    parts = {"effectif": numbers * 30, "somme": numbers * 3, "carres": numbers * 0.3}
    value, low, high = mean(Sums(pd.DataFrame({"g": ["a"]}), np.zeros(1, dtype=np.int64), None, parts))
    assert (value.item(), low.item(), high.item()) == pytest.approx((0.1, 0.1, 0.1), abs=1e-15)
