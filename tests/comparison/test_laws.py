from itertools import combinations, product
from math import comb

import numpy as np
import pytest

from optima_lib.comparison.laws import exact_p, exact_rank, mann_whitney, normal_rank, signed_rank
from optima_lib.errors import ComparisonError


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 4), (3, 2), (4, 5)])
def test_the_mann_whitney_law_is_that_of_all_rearrangements(m, n):
    found = np.zeros(m * n + 1)
    for ranks in combinations(range(m + n), m):
        found[sum(ranks) - m * (m - 1) // 2] += 1
    assert mann_whitney(m, n) * comb(m + n, m) == pytest.approx(found)


@pytest.mark.parametrize("n", [1, 3, 6])
def test_the_signed_rank_law_is_that_of_all_signs(n):
    found = np.zeros(n * (n + 1) // 2 + 1)
    for signs in product((0, 1), repeat=n):
        found[sum(sign * rank for rank, sign in enumerate(signs, start=1))] += 1
    assert (signed_rank(n) * 2**n).tolist() == found.tolist()


@pytest.mark.parametrize("law", [mann_whitney(49, 49), mann_whitney(3, 49), signed_rank(49)])
def test_a_long_law_is_whole_and_symmetric(law):
    assert law.sum() == pytest.approx(1, abs=1e-12)
    assert law == pytest.approx(law[::-1], rel=1e-9)


@pytest.mark.parametrize(("m", "n", "below"), [(4, 4, 0), (5, 5, 2), (8, 8, 13), (10, 10, 23), (20, 20, 127)])
def test_the_rank_is_one_above_the_critical_value_of_tables(m, n, below):
    # two-sided 5 % critical values of U, largest refused, in any table (Mann and Whitney, 1947)
    assert exact_rank(mann_whitney(m, n), 0.95) == below + 1


@pytest.mark.parametrize(("n", "below"), [(6, 0), (8, 3), (10, 8), (20, 52), (25, 89)])
def test_the_signed_rank_is_one_above_the_critical_value_of_tables(n, below):
    # two-sided 5 % critical values of Wilcoxon's signed ranks, largest refused, in any table
    assert exact_rank(signed_rank(n), 0.95) == below + 1


def test_too_few_values_for_a_level_are_refused_with_the_level_they_reach():
    with pytest.raises(ComparisonError, match=r"n’atteint que 0\.900"):
        exact_rank(mann_whitney(3, 3), 0.95)
    assert exact_rank(mann_whitney(3, 3), 0.9) == 1


def test_a_tail_that_is_just_the_side_is_reached_whatever_its_rounding():
    # P(V <= 1) = 2/64; P(U <= 1) = 2/70 for four against four
    assert exact_rank(signed_rank(6), 1 - 4 / 64) == 1
    assert exact_rank(mann_whitney(4, 4), 1 - 4 / 70) == 1


@pytest.mark.parametrize(
    ("law", "variance"),
    [
        (mann_whitney(49, 49), 49 * 49 * 99 / 12),
        (mann_whitney(30, 45), 30 * 45 * 76 / 12),
        (mann_whitney(20, 49), 20 * 49 * 70 / 12),
        (signed_rank(49), 49 * 50 * 99 / 24),
    ],
)
@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_where_the_normal_law_takes_over_its_level_is_the_exact_one_to_a_few_thousandths(law, variance, level):
    normal = normal_rank((len(law) - 1) / 2, variance, level)
    assert 1 - 2 * law[:normal].sum() == pytest.approx(level, abs=0.004)


def test_a_p_value_doubles_the_smaller_tail():
    # two against two: U = 0 one time in six, U = 2 or less four times in six
    assert [exact_p(mann_whitney(2, 2), count) for count in (0, 4, 2)] == pytest.approx([1 / 3, 1 / 3, 1])


def test_a_law_once_made_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        mann_whitney(2, 2)[0] = 1
