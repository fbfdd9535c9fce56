import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.comparison.means import difference_of_means, welch
from optima_lib.errors import ComparisonError
from tests.comparison.samples import samples


def test_the_sleep_of_student_is_that_of_r(sleep):
    told = difference_of_means(*sleep)  # R 4.2.2, t.test(extra ~ group)
    parts = welch(*map(np.array, sleep))
    assert (parts.t, parts.df) == pytest.approx((-1.860813467487, 17.776473516178), abs=1e-10)
    expected = (0.07939414018736, -3.365483230712, 0.2054832307117)
    assert (told.p, told.low, told.high) == pytest.approx(expected, abs=1e-10)
    assert told.estimate == pytest.approx(0.75 - 2.33)


def test_a_level_beyond_doubt_is_wider(sleep):
    usual, wide = difference_of_means(*sleep), difference_of_means(*sleep, level=0.99)
    assert wide.low < usual.low < usual.high < wide.high


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([1], [1, 2], "effectif de 1 dans le premier échantillon"),
        ([1, 2], [], "effectif de 0 dans le second échantillon"),
        ([1, 1], [2, 2], "dispersion est nulle"),
        ([0.3, 0.1 + 0.2], [2, 2], "dispersion est nulle"),
        ([1, np.nan], [1, 2], "manquantes ou infinies dans le premier échantillon"),
        ([1, 2], [1, np.inf], "manquantes ou infinies dans le second échantillon"),
    ],
)
def test_what_cannot_be_compared_is_refused(x, y, sentence):
    with pytest.raises(ComparisonError, match=sentence):
        difference_of_means(x, y)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_is_a_share(level):
    with pytest.raises(ComparisonError, match="Niveau de confiance"):
        difference_of_means([1, 2], [1, 3], level=level)


@given(samples(), samples(), st.integers(-64, 64), st.sampled_from([0.25, 2.0, 16.0]))
def test_a_shift_leaves_a_difference_and_a_scale_multiplies_it(x, y, shift, scale):
    told = difference_of_means(x, y)
    moved = difference_of_means(np.array(x) * scale + shift, np.array(y) * scale + shift)
    assert told.low <= told.estimate <= told.high
    ends = [each * scale for each in (told.estimate, told.low, told.high)]
    assert [moved.estimate, moved.low, moved.high] == pytest.approx(ends, abs=1e-9)
    assert moved.p == pytest.approx(told.p, abs=1e-9)


@given(samples(), samples())
def test_a_difference_is_the_opposite_when_samples_swap(x, y):
    told, swapped = difference_of_means(x, y), difference_of_means(y, x)
    assert (told.low, told.high) == pytest.approx((-swapped.high, -swapped.low), abs=1e-12)
    assert told.p == pytest.approx(swapped.p)
