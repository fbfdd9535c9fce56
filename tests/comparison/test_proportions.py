import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import MonteCarloMethod, binom, binomtest, contingency, fisher_exact

from optima_lib.comparison.proportions import clopper_pearson, newcombe, wilson
from optima_lib.errors import ComparisonError
from tests.comparison.samples import counts

# R 4.2.2, prop.test(correct = FALSE) and binom.test; the four pairs are those of Newcombe (1998), Statistics in Medicine 17:857
PAIRS = [(81, 263), (15, 148), (0, 20), (1, 29)]
WILSON = [
    (0.2552885198783, 0.3662095769828),
    (0.06238639953074, 0.1604872417233),
    (0, 0.1611251580528),
    (0.006113214292763, 0.1717552187932),
]
CLOPPER_PEARSON = [
    (0.2527367455853, 0.3676219226014),
    (0.05784401008345, 0.1616504903495),
    (0, 0.1684334709831),
    (0.0008726468835799, 0.1776442954887),
]
PRINTED = [(0.2553, 0.3662), (0.0624, 0.1605), (0, 0.1611), (0.0061, 0.1718)]  # Newcombe (1998), table I


@pytest.mark.parametrize(("function", "expected"), [(wilson, WILSON), (clopper_pearson, CLOPPER_PEARSON)])
def test_the_intervals_of_shares_are_those_of_r(function, expected):
    hits, n = np.array(PAIRS).T
    told = function(hits, n)
    assert np.column_stack([told.low, told.high]) == pytest.approx(np.array(expected), abs=1e-12)
    assert told.estimate == pytest.approx(hits / n)


def test_wilson_is_as_printed_by_newcombe():
    told = wilson(*np.array(PAIRS).T)
    assert np.column_stack([told.low, told.high]) == pytest.approx(np.array(PRINTED), abs=5e-5)


def test_the_difference_of_two_shares_is_as_printed_by_newcombe():
    told = newcombe(56, 70, 48, 80)  # Newcombe (1998), Statistics in Medicine 17:873, method 10
    assert (told.estimate, told.low, told.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_wilson_by_hand_at_half_of_four():
    z2 = 1.959963984540054**2
    told = wilson(2, 4)
    # p = 1/2: the centre is 1/2, the half width z √(1/16 + z²/64) / (1 + z²/4)
    assert told.high - 0.5 == pytest.approx((z2 * (1 / 16 + z2 / 64)) ** 0.5 / (1 + z2 / 4))


@pytest.mark.parametrize("function", [wilson, clopper_pearson])
def test_no_unit_gives_no_interval(function):
    told = function([3, 0, np.nan], [9, 0, np.nan])
    assert np.isnan([told.estimate[1:], told.low[1:], told.high[1:]]).all()
    assert not np.isnan([told.estimate[0], told.low[0], told.high[0]]).any()


def test_a_difference_needs_both_sides():
    told = newcombe([3, 0, 3], [9, 0, 9], [1, 1, 0], [4, 4, 0])
    assert np.isnan(told.low).tolist() == [False, True, True]


@pytest.mark.parametrize(("hits", "n"), [(5, 4), (-1, 4), (np.inf, np.inf), (0.5, 4)])
def test_impossible_counts_are_refused(hits, n):
    with pytest.raises(ComparisonError, match="Comptes impossibles"):
        wilson(hits, n)


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_an_interval_holds_its_share_and_mirrors_its_complement(pair, level):
    hits, n = pair
    for function in (wilson, clopper_pearson):
        told, mirror = function(hits, n, level), function(n - hits, n, level)
        assert 0 <= told.low <= told.estimate <= told.high <= 1
        ends = [1 - float(told.high), 1 - float(told.low)]
        assert ends == pytest.approx([float(mirror.low), float(mirror.high)], abs=1e-12)


@given(counts)
def test_the_exact_interval_ends_where_the_binomial_tails_are_one_in_forty(pair):
    hits, n = pair
    told = clopper_pearson(hits, n)
    assert hits == 0 or binom.sf(hits - 1, n, told.low) == pytest.approx(0.025)
    assert hits == n or binom.cdf(hits, n, told.high) == pytest.approx(0.025)


@given(counts, counts)
def test_a_difference_is_the_opposite_when_sides_swap(first, second):
    told, swapped = newcombe(*first, *second), newcombe(*second, *first)
    assert -1 <= told.low <= told.estimate <= told.high <= 1
    assert [-told.high, -told.low] == pytest.approx([float(swapped.low), float(swapped.high)], abs=1e-12)


# The next cases hold scipy to R: the suite calls scipy for them, and has no function of its own.


def test_scipy_fisher_tea():
    table = [[3, 1], [1, 3]]  # Fisher (1935): four cups of each kind, one of each mistaken; R fisher.test, greater
    assert fisher_exact(table, alternative="greater").pvalue == pytest.approx(0.2428571428571, abs=1e-12)
    odds = contingency.odds_ratio(table, kind="conditional")
    # R's search for the root of E(psi) = 3 stops at 1.2e-4, scipy's goes on
    weights = np.array([1, 16, 36, 16, 1]) * odds.statistic ** np.arange(5)
    assert weights @ np.arange(5) / weights.sum() == pytest.approx(3, abs=1e-10)
    assert odds.statistic == pytest.approx(6.408308867006, abs=1.2e-4)
    low, high = odds.confidence_interval(0.95, alternative="greater")
    assert (low, high) == (pytest.approx(0.3135692641102, abs=1.2e-4), np.inf)
    weights = np.array([1, 16, 36, 16, 1]) * low ** np.arange(5)
    assert weights[3:].sum() / weights.sum() == pytest.approx(0.05, abs=1e-10)


def test_scipy_fisher_job_is_drawn_with_a_seed():
    table = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]  # Agresti (2002), p. 57; R fisher.test
    drawn = MonteCarloMethod(n_resamples=9_999, rng=np.random.default_rng(20_240_101))
    found = fisher_exact(table, method=drawn).pvalue
    # three standard errors of a share of 9 999 draws
    assert found == pytest.approx(0.7826849389656, abs=3 * (0.7827 * 0.2173 / 9_999) ** 0.5)


def test_scipy_binomial_two_sided():
    assert binomtest(682, 925, 0.75).pvalue == pytest.approx(0.3824915595749, abs=1e-10)  # R binom.test
