import numpy as np
import pytest
from hypothesis import given, settings

from optima_lib.comparison.bootstrap import bootstrap
from optima_lib.errors import ComparisonError
from tests.comparison.samples import samples


@pytest.mark.parametrize(("method", "expected"), [("BCa", (57, 225.583333)), ("percentile", (46.666667, 190.75))])
def test_the_mean_of_aircondit_is_that_of_r_but_for_the_draws(aircondit, method, expected):
    told = bootstrap(aircondit, np.mean, seed=3, resamples=50_000, method=method)  # R boot 1.3-28.1, R = 199 999
    assert told.estimate == pytest.approx(108.083333333)
    assert (told.low, told.high) == pytest.approx(expected, rel=0.02)


def test_bca_is_near_the_interval_of_aircondit_that_draws_nothing(aircondit):
    told = bootstrap(aircondit, np.mean, seed=3, resamples=50_000)
    assert (told.low, told.high) == pytest.approx((57.192763194959, 226.717272314717), rel=0.02)  # R boot, abc.ci


def test_a_seed_gives_the_same_interval():
    told, again, other = (bootstrap([3, 5, 7, 18, 43], seed=seed, resamples=499) for seed in (1, 1, 2))
    assert told == again
    assert told != other


@settings(max_examples=20)
@given(samples(5, 15))
def test_an_interval_of_draws_is_within_the_values(x):
    told = bootstrap(x, seed=1, resamples=199, method="percentile")
    assert min(x) <= told.low <= told.high <= max(x)


@pytest.mark.parametrize(("values", "sentence"), [([1], "effectif de 1"), ([2, 2, 2], "dispersion est nulle")])
def test_what_has_no_draws_is_refused(values, sentence):
    with pytest.raises(ComparisonError, match=sentence):
        bootstrap(values, seed=1)


def test_draws_that_are_all_alike_are_refused():
    with pytest.raises(ComparisonError, match="presque tous la même valeur"):
        bootstrap([0] * 40 + [1], np.median, seed=1, resamples=99)
