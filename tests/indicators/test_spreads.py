"""Concentration, first shares, inequality and diversity against values worked by hand, and what must hold."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from optima_lib.indicators.spreads import entropy, first_share, gini, herfindahl, keys_for
from optima_lib.indicators.sums import Amounts

AMOUNTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=30)
QUICK = settings(max_examples=50, deadline=None)


def alone(function, amounts, *more):
    return function(Amounts(np.zeros(len(amounts), dtype=np.int64), np.array(amounts, dtype=float), 1), *more).item()


@QUICK
@given(AMOUNTS)
def test_concentration_lies_between_equal_shares_and_one(amounts):
    assert 10_000 / len(amounts) - 1e-6 <= alone(herfindahl, amounts) <= 10_000 + 1e-6


@QUICK
@given(AMOUNTS)
def test_inequality_and_diversity_keep_their_bounds(amounts):
    assert -1e-9 <= alone(entropy, amounts) <= np.log(len(amounts)) + 1e-9
    if len(amounts) > 1:
        assert -1e-9 <= alone(gini, amounts) <= 1 + 1e-9


@QUICK
@given(AMOUNTS, AMOUNTS)
def test_groups_do_not_change_one_another(one, other):
    group = np.array([0] * len(one) + [1] * len(other))
    amounts = np.array(one + other, dtype=float)
    for function, more in ((herfindahl, ()), (entropy, ()), (gini, ()), (first_share, (2,)), (keys_for, (0.8,))):
        found = function(Amounts(group, amounts, 2), *more)
        np.testing.assert_allclose(found, [alone(function, one, *more), alone(function, other, *more)], atol=1e-9)


@pytest.mark.parametrize(("amounts", "share", "keys"), [([80, 10, 10], 0.8, 1), ([79, 11, 10], 0.8, 2), ([5], 0.8, 1), ([1] * 10, 0.95, 10)])  # fmt: skip
def test_the_smallest_number_of_keys_that_make_a_share(amounts, share, keys):
    assert alone(keys_for, amounts, share) == keys


def test_gini_of_a_printed_case():
    # 1, 2, 3, 4: G = 0.25, corrected by n / (n - 1): 0.3333
    assert alone(gini, [1, 2, 3, 4]) == pytest.approx(1 / 3)
