"""Quartiles and fences against published values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.flags.fences import lower_fence, quantile_8, quartiles, rounded, upper_fence


def test_the_published_quartile_of_type_8():
    # rank (4 + 1/3)·0.25 + 1/3 = 1.4167: 1 + 0.4167·65
    assert quantile_8([1, 66, 99, 99], 0.25) == pytest.approx(28.08, abs=0.005)


def test_the_fences_of_cardinals_documentation():
    assert lower_fence(0.05, 0.07) == pytest.approx(0.02)  # R024: 5 % and 7 % give 2 %
    assert lower_fence(0.5, 0.75) == 0.125  # R025: one half and three quarters give one eighth
    assert upper_fence(0.02, 0.22) == pytest.approx(0.52)  # R038, a buyer
    assert upper_fence(0, 0.24) == pytest.approx(0.60)  # R038, a tenderer
    assert upper_fence(1, 4) == 8.5  # R048


@settings(max_examples=40)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.sampled_from([0.0, 0.05, 0.25, 0.5, 0.75, 1.0]))
def test_the_quantile_is_that_of_numpy(values, level):
    expected = np.quantile(values, level, method="median_unbiased")
    assert quantile_8(values, level) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_no_value_has_no_quartile_and_no_number_is_printed():
    assert [rounded(each) for each in quartiles([])] == [None, None]
    assert rounded(float("inf")) is None


def test_halves_are_rounded_away_from_zero():
    assert rounded(0.00005) == 0.0001
    assert rounded(-0.25005) == -0.2501
