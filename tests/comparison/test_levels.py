import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, norm

from optima_lib.comparison.levels import (
    geometric_mean,
    harrell_davis,
    jackknife_error,
    modified_cox,
    ratio_of_geometric_means,
)
from optima_lib.comparison.means import difference_of_means
from optima_lib.errors import ComparisonError
from tests.comparison.samples import amounts, samples

T2 = 4.302652729749464  # Student's 97.5 % with two degrees of freedom, in any table: 4.303

# R 4.2.2, Hmisc 4.8.0, hdquantile(x, se = TRUE)
HARRELL_DAVIS = [
    (0.25, 0.9240186204646, 0.1772798877858),
    (0.5, 1.331114076308, 0.1876427648085),
    (0.75, 1.676048820513, 0.1748961760145),
]


def test_a_geometric_mean_by_hand():
    told = geometric_mean([1, math.e, math.e**2])  # logarithms 0, 1, 2: mean 1, standard deviation 1
    assert (told.estimate, told.low, told.high) == pytest.approx(
        (math.e, math.exp(1 - T2 / math.sqrt(3)), math.exp(1 + T2 / math.sqrt(3)))
    )


def test_a_modified_cox_interval_by_hand():
    told = modified_cox([1, math.e, math.e**2])  # s² = 1, n = 3: 1 + 1/2 ± t √(1/3 + 1/4)
    half = T2 * math.sqrt(7 / 12)
    expected = (math.exp(1.5), math.exp(1.5 - half), math.exp(1.5 + half))
    assert (told.estimate, told.low, told.high) == pytest.approx(expected)


def test_the_modified_cox_interval_holds_the_lognormal_mean_nine_times_in_ten():
    rng = np.random.default_rng(4)
    truth = math.exp(1.5**2 / 2)
    told = [modified_cox(np.exp(1.5 * rng.standard_normal(20))) for _ in range(500)]
    # 93 % in the reference simulation of 20 amounts; three standard errors of 500 draws
    assert np.mean([each.low <= truth <= each.high for each in told]) == pytest.approx(0.93, abs=0.035)


@pytest.mark.parametrize(("q", "estimate", "error"), HARRELL_DAVIS)
def test_the_quantiles_of_harrell_and_davis_are_those_of_hmisc(chorion, q, estimate, error):
    told = harrell_davis(chorion[0], q)
    assert told.estimate == pytest.approx(estimate, abs=1e-10)
    assert jackknife_error(np.sort(chorion[0]), q) == pytest.approx(error, abs=1e-10)
    assert (told.high - told.low) / 2 / error == pytest.approx(2.262157, abs=1e-6)  # Student, nine degrees of freedom


@given(samples(3, 12), st.sampled_from([0.1, 0.5, 0.75]))
def test_the_jackknife_is_that_of_one_value_left_out_at_a_time(x, q):
    ordered, n = np.sort(x), len(x)
    weights = np.diff(beta.cdf(np.arange(n) / (n - 1), (n + 1) * q, (n + 1) * (1 - q)))
    found = [weights @ np.delete(ordered, place) for place in range(n)]
    assert jackknife_error(ordered, q) == pytest.approx(math.sqrt((n - 1) ** 2 / n * np.var(found, ddof=1)), abs=1e-9)


def test_the_interval_of_a_median_covers_what_its_notes_say():
    rng = np.random.default_rng(5)
    told = [harrell_davis(1.5 * rng.standard_normal(20)) for _ in range(500)]
    assert np.mean([each.low <= norm.ppf(0.5) <= each.high for each in told]) == pytest.approx(0.93, abs=0.035)


def test_a_ratio_is_the_difference_of_logarithms():
    x, y = [10.0, 30.0, 20.0], [1.0, 2.0, 8.0]
    told, logs = ratio_of_geometric_means(x, y), difference_of_means(np.log(x), np.log(y))
    assert (told.low, told.high) == pytest.approx((math.exp(logs.low), math.exp(logs.high)))
    assert told.estimate == pytest.approx((6000 / 16) ** (1 / 3))
    assert (told.p, told.n, told.method) == (logs.p, (3, 3), "welch_logs")


@pytest.mark.parametrize("function", [geometric_mean, modified_cox])
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([5], "effectif de 1"),
        ([5, 0], "nuls ou négatifs dans l’échantillon \\(1 sur 2\\)"),
        ([5, 5, 5], "dispersion est nulle"),
        ([5, np.nan], "manquantes"),
    ],
)
def test_a_level_without_ground_is_refused(function, values, sentence):
    with pytest.raises(ComparisonError, match=sentence):
        function(values)


def test_a_quantile_without_ground_is_refused():
    with pytest.raises(ComparisonError, match="ordre 50 refusé"):
        harrell_davis([1, 2, 3], 50)
    with pytest.raises(ComparisonError, match="dispersion est nulle"):
        harrell_davis([2, 2, 2])
    with pytest.raises(ComparisonError, match="premier échantillon"):
        ratio_of_geometric_means([-1, 2], [1, 2])


@given(amounts, st.sampled_from([0.01, 3.0, 100.0]))
def test_levels_change_with_the_unit_and_stay_in_their_interval(values, scale):
    for function in (geometric_mean, modified_cox, harrell_davis):
        told, scaled = function(values), function(np.array(values) * scale)
        assert told.low <= told.estimate <= told.high
        ends = [each * scale for each in (told.estimate, told.low, told.high)]
        assert [scaled.estimate, scaled.low, scaled.high] == pytest.approx(ends, rel=1e-8, abs=1e-8)


@given(amounts)
def test_a_quantile_is_between_the_extremes_and_its_mirror_is_its_complement(values):
    told, mirror = harrell_davis(values, 0.25), harrell_davis([-each for each in values], 0.75)
    assert min(values) <= told.estimate <= max(values)
    assert told.estimate == pytest.approx(-mirror.estimate)


@given(amounts, amounts)
def test_a_ratio_is_turned_over_when_samples_swap(x, y):
    told, swapped = ratio_of_geometric_means(x, y), ratio_of_geometric_means(y, x)
    assert (told.low, told.high) == pytest.approx((1 / swapped.high, 1 / swapped.low))
