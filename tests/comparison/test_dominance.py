import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import brunnermunzel, t

from optima_lib.comparison.dominance import brunner_munzel, chance_of_exceeding, cliff_delta, variance
from optima_lib.errors import ComparisonError
from tests.comparison.samples import samples

# Hogarty and Kromrey (1999), as in the tests of R's effsize
TREATMENT, CONTROL = [10, 10, 20, 20, 20, 30, 30, 30, 40, 50], [10, 20, 30, 40, 40, 50]


def test_cliff_is_that_of_effsize():
    told = cliff_delta(TREATMENT, CONTROL)
    assert (told.estimate, told.low, told.high) == pytest.approx((-0.25, -0.7265846, 0.3890062), abs=5e-8)
    assert variance(np.array(TREATMENT, float), np.array(CONTROL, float)) == pytest.approx(0.09805556, abs=5e-9)
    assert (told.n, told.method, told.p) == ((10, 6), "cliff_delta", None)


@given(samples(2, 15), samples(2, 15))
def test_the_variance_is_that_of_the_whole_matrix(x, y):
    x, y = np.array(x), np.array(y)
    d = np.sign(np.subtract.outer(x, y))
    m, n = d.shape
    delta = d.mean()
    squares = [((d.mean(axis=axis) - delta) ** 2).sum() for axis in (1, 0)]
    expected = (n**2 * squares[0] + m**2 * squares[1] - ((d - delta) ** 2).sum()) / (m * n * (m - 1) * (n - 1))
    assert variance(x, y) == pytest.approx(max(expected, (1 - delta**2) / (m * n - 1)), abs=1e-12)


def test_the_variance_has_a_floor():
    # signs -1 -1 / 0 -1: delta -3/4, unbiased variance 1/16, floor (1 - 9/16)/3
    assert variance(np.array([0.0, 1.0]), np.array([1.0, 2.0])) == pytest.approx(7 / 48)


def test_the_chance_of_exceeding_by_hand():
    told = chance_of_exceeding([3, 5, 6], [1, 2, 4])  # 3 exceeds two of three, 5 and 6 all: 8 pairs of 9
    delta = cliff_delta([3, 5, 6], [1, 2, 4])
    assert told.estimate == pytest.approx(8 / 9)
    assert (told.low, told.high) == pytest.approx(((delta.low + 1) / 2, (delta.high + 1) / 2))


def test_a_complete_separation_has_one_end_open():
    told = cliff_delta([5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 4.5])
    z2 = 2.262157**2  # Student, nine degrees of freedom
    assert (told.estimate, told.high) == (1, 1)
    assert told.low == pytest.approx((5 - z2) / (5 + z2), abs=1e-6)


def test_brunner_munzel_by_hand():
    told = brunner_munzel([3, 5, 6, 9], [1, 2, 4, 7])
    # placements 2/4, 3/4, 3/4, 1 and 1, 1, 3/4, 1/4: variances 1/24 and 1/8, df = 3 (1/24 + 1/8)² / (1/24² + 1/8²)
    variances = np.array([1 / 24, 1 / 8])
    df = 3 * variances.sum() ** 2 / (variances**2).sum()
    assert df == pytest.approx(4.8)
    assert told.estimate == 0.75
    assert 0.75 - told.low == pytest.approx(t.ppf(0.975, df) * (variances.sum() / 4) ** 0.5)
    assert told.high == 1


def test_brunner_munzel_reads_x_above_y():
    rng = np.random.default_rng(1)
    x, y = rng.normal(0.5, 1, 40), rng.normal(0, 2, 30)
    told = brunner_munzel(x, y)
    assert told.p == pytest.approx(brunnermunzel(x, y).pvalue)
    assert told.estimate == pytest.approx(np.mean(np.greater.outer(x, y)))


@pytest.mark.parametrize("function", [cliff_delta, chance_of_exceeding, brunner_munzel])
@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([1], [1, 2], "effectif de 1 dans le premier échantillon"),
        ([2, 2], [2, 2], "aucune n’en dépasse une autre"),
        ([1, np.inf], [1, 2], "manquantes ou infinies"),
    ],
)
def test_a_dominance_without_ground_is_refused(function, x, y, sentence):
    with pytest.raises(ComparisonError, match=sentence):
        function(x, y)


def test_brunner_munzel_refuses_a_complete_separation():
    with pytest.raises(ComparisonError, match="aucune valeur d’un échantillon ne tombe parmi celles de l’autre"):
        brunner_munzel([1, 2, 3], [4, 5, 6, 7])


@given(samples(2, 20), samples(2, 20), st.sampled_from([0.8, 0.95, 0.99]))
def test_delta_is_antisymmetric_and_its_interval_holds_it(x, y, level):
    told, swapped = cliff_delta(x, y, level), cliff_delta(y, x, level)
    assert -1 <= told.low <= told.estimate + 1e-12
    assert told.estimate - 1e-12 <= told.high <= 1 + 1e-12
    assert [told.estimate, told.low, told.high] == pytest.approx([-swapped.estimate, -swapped.high, -swapped.low])


@given(samples(2, 20), samples(2, 20))
def test_dominance_depends_on_the_order_of_values_only(x, y):
    moved = [np.exp(np.array(each) / 16) * 3 + 1 for each in (x, y)]
    assert cliff_delta(x, y) == cliff_delta(*moved)


@given(samples(3, 20), samples(3, 20))
def test_brunner_munzel_mirrors_when_samples_swap(x, y):
    if abs(cliff_delta(x, y).estimate) < 1:
        told, swapped = brunner_munzel(x, y), brunner_munzel(y, x)
        assert told.low <= told.estimate <= told.high
        assert [1 - told.high, 1 - told.low] == pytest.approx([swapped.low, swapped.high], abs=1e-9)
        assert told.p == pytest.approx(swapped.p)
        assert told.estimate == pytest.approx(chance_of_exceeding(x, y).estimate)
