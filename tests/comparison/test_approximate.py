"""Bootstrap intervals without draws: R, the means of a symmetric sample, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.comparison.approximate import approximate_bootstrap
from optima_lib.comparison.bootstrap import bootstrap
from optima_lib.errors import ComparisonError
from tests.comparison.samples import samples


def ratio(values, weights):
    return float(np.exp(weights @ np.log(values)))


def test_the_mean_of_aircondit_has_the_interval_of_r(aircondit, expected):
    told = approximate_bootstrap(aircondit)
    assert told.estimate == pytest.approx(expected["bca_aircondit_mean"]["mean"])
    assert (told.low, told.high) == pytest.approx(expected["bca_aircondit_mean"]["abc"], rel=1e-6)


def test_a_symmetric_sample_has_the_interval_of_its_plain_error():
    # no skewness: a = z0 = 0, mean ± 1.959964 s / √n with s of divisor n; -2 to 2: s² = 2, n = 5
    told = approximate_bootstrap([-2, -1, 0, 1, 2])
    assert (told.low, told.high) == pytest.approx((-1.959964 * np.sqrt(0.4), 1.959964 * np.sqrt(0.4)), abs=1e-6)


def test_a_curved_statistic_is_near_its_bca(aircondit):
    told = approximate_bootstrap(aircondit, ratio)
    drawn = bootstrap(np.log(aircondit), seed=1, resamples=20_000)  # the geometric mean is monotone in the mean of logs
    assert told.estimate == pytest.approx(np.exp(drawn.estimate))
    assert (told.low, told.high) == pytest.approx((np.exp(drawn.low), np.exp(drawn.high)), rel=0.05)


@given(samples(4, 15), st.sampled_from([0.5, 4.0]), st.sampled_from([-8.0, 0.0, 8.0]))
def test_the_unit_and_the_origin_move_the_interval_with_the_values(x, scale, shift):
    told, moved = approximate_bootstrap(x), approximate_bootstrap(np.array(x) * scale + shift)
    size = np.ptp(x)
    assert moved.low == pytest.approx(told.low * scale + shift, abs=1e-4 * scale * size)
    assert moved.high == pytest.approx(told.high * scale + shift, abs=1e-4 * scale * size)


@pytest.mark.parametrize(
    ("values", "statistic", "said"),
    [
        ([1], ratio, "effectif de 1"),
        ([2, 2, 2], ratio, "dispersion est nulle"),
        ([1, 2, 3], lambda values, _: float(np.max(values)), "ne change pas avec les poids"),
    ],
)
def test_what_has_no_slopes_is_refused(values, statistic, said):
    with pytest.raises(ComparisonError, match=said):
        approximate_bootstrap(values, statistic)
