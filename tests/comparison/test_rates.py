import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, gamma, poisson
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from optima_lib.comparison.rates import _binomial_p, gamma_rate, garwood, rate_ratio
from optima_lib.errors import ComparisonError

events = st.integers(0, 300)
exposures = st.sampled_from([0.5, 1.0, 8.0, 100.0, 3011.0])


def test_a_hundred_events_expected_and_seen():
    # R 4.2.2, poisson.test(100, 100), at 95 % and 99.8 %
    wide, wider = garwood(100, 100), garwood(100, 100, level=0.998)
    found = [wide.low, wide.high, wider.low, wider.high]
    assert found == pytest.approx([0.8136399125092, 1.216267937924, 0.71921397495, 1.349243190613], abs=1e-10)


def test_no_event_ends_where_none_has_one_chance_in_forty():
    told = garwood(0, 2)
    assert (told.low, told.high) == (0, pytest.approx(-np.log(0.025) / 2))


def test_a_contract_shared_between_suppliers_lies_between_the_whole_numbers_around_it():
    told, around = gamma_rate([8.4, 9.0], 7.0), garwood([8, 9], 7.0)
    assert told.estimate[0] == pytest.approx(1.2)
    assert around.low[0] < told.low[0] < around.low[1] == told.low[1]
    assert around.high[0] < told.high[0] < around.high[1] == told.high[1]
    # the ends are quantiles of gamma laws of shapes y and y + 1
    assert told.low[0] == pytest.approx(gamma.ppf(0.025, 8.4) / 7)
    assert told.high[0] == pytest.approx(gamma.ppf(0.975, 9.4) / 7)


def test_less_than_one_event_is_not_none():
    told = gamma_rate(0.4, 5.0)
    assert told.low == pytest.approx(gamma.ppf(0.025, 0.4) / 5)


def test_the_ratio_of_two_rates_is_that_of_r():
    told = rate_ratio(11, 800, 21, 3011)  # R 4.2.2, poisson.test(c(11, 21), c(800, 3011))
    expected = (1.971488095238, 0.8584264033916, 4.277265943654, 0.07966863303333)
    assert (told.estimate, told.low, told.high, told.p) == pytest.approx(expected, abs=1e-9)


def test_a_ratio_without_event_below_has_no_upper_end():
    told = rate_ratio(3, 10, 0, 10)
    # 3 of 3: the lower end of the share is the cube root of 1/40; p = 2/8
    share = 0.025 ** (1 / 3)
    assert (told.estimate, told.high) == (np.inf, np.inf)
    assert (told.low, told.p) == (pytest.approx(share / (1 - share)), pytest.approx(0.25))


def test_a_ratio_needs_an_event_and_two_exposures():
    told = rate_ratio([0, 3, 3], [10, 0, 10], [0, 1, 1], [10, 10, np.nan])
    assert np.isnan([told.estimate, told.low, told.high, told.p]).all()


@pytest.mark.parametrize(("count", "over", "sentence"), [(-1, 1, "Comptes"), (1.5, 1, "Comptes"), (1, -1, "Expo")])
def test_impossible_rates_are_refused(count, over, sentence):
    with pytest.raises(ComparisonError, match=sentence):
        garwood(count, over)


@given(events, exposures)
def test_the_exact_interval_ends_where_the_poisson_tails_are_one_in_forty(count, over):
    told = garwood(count, over)
    assert told.low <= told.estimate <= told.high
    assert count == 0 or poisson.sf(count - 1, told.low * over) == pytest.approx(0.025)
    assert poisson.cdf(count, told.high * over) == pytest.approx(0.025)


@given(events.filter(bool), exposures, events.filter(bool), exposures)
def test_a_ratio_is_turned_over_when_sides_swap(count, over, count_0, over_0):
    told, swapped = rate_ratio(count, over, count_0, over_0), rate_ratio(count_0, over_0, count, over)
    assert told.low <= told.estimate <= told.high
    assert (told.low, told.high) == pytest.approx((1 / swapped.high, 1 / swapped.low))
    assert told.p == pytest.approx(swapped.p, rel=1e-6)
    many = rate_ratio([count] * 2, over * 7, count_0, over_0 * 7)
    assert many.low == pytest.approx([float(told.low)] * 2)


@given(st.integers(0, 120), exposures, st.integers(1, 120), exposures)
def test_the_p_value_is_that_of_statsmodels(count, over, count_0, over_0):
    expected = poisson_2indep(count, over, count_0, over_0, method="exact-cond").pvalue
    assert rate_ratio(count, over, count_0, over_0).p == pytest.approx(expected, rel=1e-9)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60), st.sampled_from([0.1, 0.25, 0.5, 0.75]))))
def test_many_binomial_tests_at_once_are_those_of_scipy_one_by_one(rows):
    rows = [(n, min(hits, n), share) for n, hits, share in rows]
    n, hits, share = np.array(rows, dtype=float).reshape(-1, 3).T
    expected = [binomtest(k, size, chance).pvalue for size, k, chance in rows]
    assert _binomial_p(hits, n, share) == pytest.approx(np.array(expected), rel=1e-9)


def test_binomial_two_sided_is_that_of_r():
    assert _binomial_p(np.array(682.0), np.array(925.0), np.array(0.75)) == pytest.approx(0.3824915595749, abs=1e-10)
