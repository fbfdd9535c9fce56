import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from optima_lib.comparison.equivalence import tost, tost_means, tost_p
from optima_lib.errors import ComparisonError
from tests.comparison.samples import samples


def test_the_sleep_of_student_is_not_equivalent_at_half_an_hour(sleep, expected):
    values = expected["tost_sleep_welch_0.5"]
    told = tost_means(*sleep, tuple(values["bounds"]))
    assert (told.p_lower, told.p_upper) == pytest.approx((values["p_lower"], values["p_upper"]), abs=1e-10)
    assert (told.estimate.low, told.estimate.high) == pytest.approx(values["ci90"], abs=1e-10)
    assert (told.estimate.p, told.established, told.estimate.n) == (told.p_lower, False, (10, 10))
    assert told.estimate.level == pytest.approx(0.9)


def test_a_meta_analysis_is_as_printed_by_toster(published):
    values = published["tostmeta"]
    told = tost(values["ES"], values["se"], tuple(values["bounds"]))
    # half a unit of the last printed digit; z from the p values: above the lower bound, under the upper one
    z_lower, z_upper = norm.isf(told.p_lower), norm.ppf(told.p_upper)
    assert z_lower == pytest.approx(values["Z"][0], abs=5e-3)
    assert z_upper == pytest.approx(values["Z"][1], abs=5e-4)
    assert told.p_lower == pytest.approx(values["p"][0], abs=5e-5)
    assert told.p_upper == pytest.approx(values["p"][1], abs=5e-4)
    assert (told.estimate.low, told.estimate.high) == pytest.approx(values["ci90"], abs=5e-4)
    assert (told.estimate.level, told.established) == (pytest.approx(0.9), False)


def test_a_difference_inside_the_bounds_is_established():
    # 1.645 standard errors on each side of zero
    assert tost(0, 1, (-1.65, 1.65)).established
    assert not tost(0, 1, (-1.64, 1.64)).established


def test_many_at_once_are_those_one_by_one():
    lower, upper = tost_p([0.12, 0.0, 0.3], [0.09, np.nan, 0.0], (-0.2, 0.2))
    one = tost(0.12, 0.09, (-0.2, 0.2))
    assert (lower[0], upper[0]) == (one.p_lower, one.p_upper)
    assert np.isnan([lower[1:], upper[1:]]).all()


@pytest.mark.parametrize("se", [0, -1, math.nan, math.inf])
def test_an_error_that_is_none_is_refused(se):
    with pytest.raises(ComparisonError, match="erreur type"):
        tost(0.1, se, (-1, 1))


def test_bounds_out_of_order_are_refused():
    with pytest.raises(ComparisonError, match="dans l’ordre"):
        tost(0.1, 1, (1, -1))
    with pytest.raises(ComparisonError, match="dispersion est nulle"):
        tost_means([1, 1], [2, 2], (-1, 1))


@given(
    st.floats(-3, 3), st.floats(0.01, 3), st.floats(-3, -0.1), st.floats(0.1, 3), st.sampled_from([3.0, 20.0, math.inf])
)
def test_equivalence_is_p_below_alpha_and_mirrors(estimate, se, low, high, df):
    told, mirror = tost(estimate, se, (low, high), df=df), tost(-estimate, se, (-high, -low), df=df)
    assert told.established == (told.estimate.p < 0.05)
    assert (told.p_lower, told.p_upper) == pytest.approx((mirror.p_upper, mirror.p_lower))
    assert told.estimate.low < told.estimate.estimate < told.estimate.high


@given(samples(), samples(), st.sampled_from([0.25, 4.0]))
def test_the_unit_does_not_change_p(x, y, scale):
    told = tost_means(x, y, (-5, 5))
    scaled = tost_means(np.array(x) * scale, np.array(y) * scale, (-5 * scale, 5 * scale))
    assert scaled.estimate.p == pytest.approx(told.estimate.p)
