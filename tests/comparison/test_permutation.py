import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.comparison.permutation import permutation_test
from optima_lib.errors import ComparisonError
from tests.comparison.samples import samples


@pytest.mark.parametrize(
    ("convention", "expected"),
    [("distance", 0.1318681318681), ("doubled", 0.1272061272061)],  # R coin 1.4-2; scipy 1.17, checked in R too
)
def test_the_two_conventions_on_the_chorion(chorion, convention, expected):
    told = permutation_test(*chorion, seed=1, convention=convention)
    assert told.p == pytest.approx(expected, abs=1e-10)
    assert (told.rearrangements, told.exact, told.seed, told.convention) == (3003, True, None, convention)


@pytest.mark.parametrize("convention", ["distance", "doubled"])
def test_the_two_conventions_agree_on_equal_samples(sleep, convention):
    told = permutation_test(*sleep, seed=1, convention=convention)
    assert told.p == pytest.approx(0.0814479638009, abs=1e-10)  # R coin 1.4-2, exactRankTests 0.8-35
    assert (told.rearrangements, told.exact) == (184_756, True)


def test_the_conventions_by_hand():
    # (9) against (1, 2, 3): T is 7 here, else -11/3, -7/3 and -1; E T is 0
    found = [permutation_test([9], [1, 2, 3], seed=1, convention=each).p for each in ("distance", "doubled")]
    assert found == [0.25, 0.5]
    # (1): T is -11/3, |T| is reached twice, the lower tail once
    found = [permutation_test([1], [9, 2, 3], seed=1, convention=each).p for each in ("distance", "doubled")]
    assert found == [0.5, 0.5]


def test_too_many_rearrangements_are_drawn_with_their_seed():
    rng = np.random.default_rng(1)
    x, y = rng.normal(0.5, 1, 30), rng.normal(0, 1, 30)
    told, again, other = (permutation_test(x, y, seed=seed, draws=999) for seed in (1, 1, 2))
    assert (told.exact, told.rearrangements, told.seed) == (False, 999, 1)
    assert told == again
    assert told.p == pytest.approx(other.p, abs=0.05)


def test_a_drawn_p_value_is_never_zero():
    told = permutation_test(np.arange(30.0), np.arange(30.0) + 1000, seed=1, draws=99)
    assert told.p == 1 / 100


def test_a_drawn_p_value_is_near_the_exact_one(sleep, monkeypatch):
    monkeypatch.setattr("optima_lib.comparison.permutation.EXACT_UP_TO", 1)
    told = permutation_test(*sleep, seed=1, draws=9_999)
    assert told.p == pytest.approx(0.0814, abs=3 * (0.0814 * 0.9186 / 9_999) ** 0.5)


def test_equal_values_are_refused():
    with pytest.raises(ComparisonError, match="les mélanger ne change rien"):
        permutation_test([2, 2], [2, 2, 2], seed=1)
    assert permutation_test([1, 1], [2, 2], seed=1).p == pytest.approx(1 / 3)


@settings(max_examples=40)
@given(samples(2, 6), samples(2, 6), st.sampled_from(["distance", "doubled"]), st.sampled_from([0, 2**38]))
def test_labels_levels_and_units_do_not_change_p(x, y, convention, level):
    told, swapped, moved = (
        permutation_test(first, second, seed=1, convention=convention)
        for first, second in ((x, y), (y, x), (np.array(x) * 4 + level, np.array(y) * 4 + level))
    )
    assert 0 < told.p <= 1
    assert told.p == swapped.p == moved.p
    assert told.difference == pytest.approx(-swapped.difference)


def test_a_high_level_does_not_make_near_differences_equal():
    x, y = np.array([0, 1, 3, 7, 12, 20]) / 2, np.array([2, 5, 4, 30, 31]) / 2
    assert permutation_test(x + 2**38, y + 2**38, seed=1).p == permutation_test(x, y, seed=1).p
