import math

import pytest

from optima_lib.comparison.estimates import LEVEL, Estimate, side
from optima_lib.errors import ComparisonError, OptimaError


def test_a_decreasing_scale_swaps_the_ends():
    told = Estimate(2.0, 1.0, 4.0, LEVEL, (5, 6), "welch_logs", 0.2, ("dit",)).through(lambda each: 1 / each)
    assert told == Estimate(0.5, 0.25, 1.0, LEVEL, (5, 6), "welch_logs", 0.2, ("dit",))


def test_an_exponential_makes_a_ratio_of_a_shift():
    told = Estimate(0.0, -math.log(2), math.log(3), LEVEL, (5, 6), "hodges_lehmann_exact").through(math.exp)
    assert (told.low, told.estimate, told.high) == pytest.approx((0.5, 1, 3))


def test_a_level_leaves_equal_sides():
    assert side(0.95) == pytest.approx(0.025)
    with pytest.raises(ComparisonError, match="95 refusé"):
        side(95)
    assert issubclass(ComparisonError, OptimaError)
