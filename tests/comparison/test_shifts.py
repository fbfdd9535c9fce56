import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, wilcoxon

from optima_lib.comparison.shifts import TIES, ZEROS, hodges_lehmann, hodges_lehmann_paired
from optima_lib.errors import ComparisonError
from tests.comparison.samples import samples

UNTIED = st.lists(st.integers(-4_000, 4_000).map(lambda each: each / 8), min_size=12, max_size=40, unique=True)


def test_the_chorion_of_hollander_and_wolfe_is_that_of_r(chorion):
    told = hodges_lehmann(*chorion)  # R 4.2.2, wilcox.test(x, y, conf.int = TRUE)
    assert (told.estimate, told.low, told.high) == pytest.approx((0.305, -0.15, 0.76), abs=1e-12)
    assert told.p == pytest.approx(0.2544122544123, abs=1e-12)
    assert (told.n, told.method, told.remarks) == ((10, 5), "hodges_lehmann_exact", ())
    # W = 35 of 50: P(W >= 35) = 0.1272061272061 in R, half of p
    assert told.p / 2 == pytest.approx(0.1272061272061, abs=1e-12)


def test_the_depression_of_hollander_and_wolfe_is_that_of_r(depression):
    told = hodges_lehmann_paired(*depression)  # R 4.2.2, wilcox.test(paired = TRUE, conf.int = TRUE): V = 40
    assert (told.estimate, told.low, told.high) == pytest.approx((0.46, 0.01, 0.786), abs=1e-12)
    assert (told.p, told.p / 2) == (0.0390625, 0.01953125)
    assert (told.n, told.method, told.remarks) == ((9,), "hodges_lehmann_paired_exact", ())


def test_four_against_four_by_hand():
    # U = 0 has one chance in 70, so the interval at 95 % is from the first difference to the last
    told = hodges_lehmann([1, 2, 4, 8], [16, 32, 64, 128])
    assert (told.low, told.high, told.p) == (-127, -8, pytest.approx(2 / 70))
    # in order: -127 -126 -124 -120 -63 -62 -60 -56 | -31 -30 -28 -24 -15 -14 -12 -8
    assert told.estimate == -43.5


def test_ties_are_told_and_their_p_is_normal():
    x, y = [1, 2, 2, 3, 7, 9], [2, 4, 4, 8, 8, 9]
    told = hodges_lehmann(x, y)
    assert told.remarks == (TIES,)
    assert told.p == pytest.approx(mannwhitneyu(x, y, method="asymptotic").pvalue)


def test_zeros_stay_in_the_interval_and_leave_the_test():
    x, y = np.array([3, 1, 4, 1, 5, 9, 2, 6.0]), np.array([3, 2, 2, 4, 1, 4, 8, 7.0])
    told = hodges_lehmann_paired(x, y)  # differences 0 -1 2 -3 4 5 -6 -1
    assert told.remarks == (TIES, ZEROS)
    assert told.n == (8,)
    expected = wilcoxon(x - y, zero_method="wilcox", correction=True, method="asymptotic").pvalue
    assert told.p == pytest.approx(expected)


def test_large_samples_go_through_the_normal_law():
    rng = np.random.default_rng(1)
    x, y = rng.normal(1, 1, 60), rng.normal(0, 1, 400)
    told, paired = hodges_lehmann(x, y), hodges_lehmann_paired(x, y[:60])
    assert (told.method, paired.method) == ("hodges_lehmann_normal", "hodges_lehmann_paired_normal")
    assert told.low < 1 < told.high
    assert paired.low < 1 < paired.high


def test_the_interval_of_fifty_goes_on_from_that_of_forty_nine():
    rng = np.random.default_rng(2)
    x, y = rng.normal(0, 1, 50), rng.normal(0, 1, 50)
    exact, normal = hodges_lehmann(x[:49], y[:49]), hodges_lehmann(x, y)
    assert (normal.low, normal.high) == pytest.approx((exact.low, exact.high), abs=0.1)


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([1, 2, 3], [4, 5, 6], "trop peu de valeurs pour un intervalle de niveau 0.95"),
        ([2] * 8, [3] * 8, "dispersion est nulle"),
        ([1, 2], [np.nan, 1], "manquantes"),
    ],
)
def test_a_shift_without_ground_is_refused(x, y, sentence):
    with pytest.raises(ComparisonError, match=sentence):
        hodges_lehmann(x, y)


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([1, 2, 4, 8, 16], [0] * 5, "n’atteint que 0.938"),
        (range(8), range(1, 9), "dispersion est nulle"),
        ([1, 2], [1, 2, 3], "2 valeurs d’un côté, 3 de l’autre"),
    ],
)
def test_a_paired_shift_without_ground_is_refused(x, y, sentence):
    with pytest.raises(ComparisonError, match=sentence):
        hodges_lehmann_paired(list(x), list(y))


@given(samples(4), samples(4), st.integers(-64, 64), st.sampled_from([0.25, 2.0]))
def test_a_move_of_x_moves_the_shift_and_a_scale_multiplies_it(x, y, move, scale):
    told = hodges_lehmann(x, y)
    moved = hodges_lehmann(np.array(x) * scale + move, np.array(y) * scale)
    assert told.low <= told.estimate <= told.high
    ends = [each * scale + move for each in (told.estimate, told.low, told.high)]
    assert [moved.estimate, moved.low, moved.high] == ends


@given(samples(4), samples(4))
def test_a_shift_is_the_opposite_when_samples_swap(x, y):
    told, swapped = hodges_lehmann(x, y), hodges_lehmann(y, x)
    assert (told.estimate, told.low, told.high) == (-swapped.estimate, -swapped.high, -swapped.low)
    assert told.p == pytest.approx(swapped.p)


@given(UNTIED, st.integers(5, 7))
def test_without_ties_p_and_interval_are_two_sides_of_one_exact_test(drawn, part):
    x, y = np.array(drawn[:part]), np.array(drawn[part:])
    told = hodges_lehmann(x, y)
    assert told.p == pytest.approx(mannwhitneyu(x, y, method="exact").pvalue)
    assert (told.p > 0.05) == (told.low <= 0 <= told.high)


@given(UNTIED)
def test_a_paired_shift_agrees_with_the_exact_signed_rank_test(drawn):
    gaps = np.array([each for each in drawn if each])
    assume(len(np.unique(np.abs(gaps))) == len(gaps) and len(gaps) >= 6)
    told, swapped = (hodges_lehmann_paired(sign * gaps, np.zeros(len(gaps))) for sign in (1, -1))
    assert told.low <= told.estimate <= told.high
    assert (told.low, told.high) == (-swapped.high, -swapped.low)
    assert told.p == pytest.approx(wilcoxon(gaps, method="exact").pvalue)
    assert (told.p > 0.05) == (told.low <= 0 <= told.high)


@given(samples(6, 20), st.permutations(range(6)))
def test_a_paired_shift_does_not_depend_on_the_order_of_units(x, order):
    y = np.arange(len(x)) ** 2 / 4
    places = [*order, *range(6, len(x))]
    assume(np.ptp(np.array(x) - y) > 0)
    assert hodges_lehmann_paired(x, y) == hodges_lehmann_paired(np.array(x)[places], y[places])
