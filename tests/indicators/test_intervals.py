"""Intervals against printed values, and what must hold whatever the facts."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from optima_lib.indicators.intervals import ceiling, entropies, means, medians, wilson

VALUES = st.lists(st.integers(1, 50), min_size=1, max_size=60)


def counted(values, group="a"):
    numbers = pd.Series(values, dtype=float).value_counts()
    return pd.DataFrame({"g": group, "cle": numbers.index, "effectif": numbers.to_numpy(dtype=float)})


@pytest.mark.parametrize(("hits", "n", "low", "high"), [(0, 10, 0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1)])
def test_wilson_gives_the_printed_values(hits, n, low, high):
    found = wilson(pd.Series([float(hits)]), pd.Series([float(n)]))
    assert [round(each.iloc[0], 3) for each in found] == [low, high]


def test_no_fact_has_no_interval():
    assert all(each.isna().all() for each in wilson(pd.Series([0.0]), pd.Series([0.0])))


@given(VALUES)
def test_a_median_is_that_of_numpy(values):
    assert medians(counted(values), ["g"])["valeur"].iloc[0] == np.median(values)


@given(VALUES)
def test_a_median_lies_in_its_interval_which_needs_six_facts(values):
    row = medians(counted(values), ["g"]).iloc[0]
    if len(values) < 6:
        assert np.isnan(row["ic_bas"])
        assert np.isnan(row["ic_haut"])
    else:
        assert row["ic_bas"] <= row["valeur"] <= row["ic_haut"]


@given(VALUES, VALUES)
def test_groups_do_not_change_one_another(one, other):
    together = medians(pd.concat([counted(one), counted(other, "b")]), ["g"]).set_index("g")
    assert together.loc["a", "valeur"] == np.median(one)
    assert together.loc["b", "valeur"] == np.median(other)


@given(VALUES)
def test_a_mean_is_that_of_numpy_below_the_ceiling(values):
    assert means(counted(values), ["g"], np.inf)["valeur"].iloc[0] == pytest.approx(np.mean(values))


def test_a_mean_has_the_interval_of_student():
    # 1, 2, 3: mean 2, deviation 1, t(0.975, 2) = 4.3027: 2 ± 4.3027 / sqrt(3)
    row = means(counted([1, 2, 3]), ["g"], np.inf).iloc[0]
    assert (row["ic_bas"], row["ic_haut"]) == pytest.approx((2 - 2.4841, 2 + 2.4841), abs=1e-3)


@pytest.mark.parametrize(("values", "highest"), [([1] * 99 + [500], 1), ([1] * 98 + [500] * 2, 500)])
def test_the_ceiling_is_the_smallest_value_that_99_percent_do_not_exceed(values, highest):
    assert ceiling(counted(values), 0.99) == highest


def test_equal_shares_have_the_highest_entropy():
    assert entropies(counted([1, 2, 3, 4]), ["g"])["valeur"].iloc[0] == pytest.approx(np.log(4))
