import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.comparison.pairs import differences, middle, walsh
from tests.comparison.samples import samples


@given(samples(1, 12), samples(1, 12), st.data())
def test_differences_are_in_order_whether_held_or_counted(x, y, data):
    told = sorted(a - b for a in x for b in y)
    rank = data.draw(st.integers(1, len(told)))
    for held in (10**6, 0):
        assert differences(np.array(x), np.array(y), [rank], held) == pytest.approx([told[rank - 1]], abs=1e-12)


@given(samples(1, 12), st.data())
def test_walsh_averages_are_in_order_whether_held_or_counted(x, data):
    told = sorted((x[i] + x[j]) / 2 for i in range(len(x)) for j in range(i, len(x)))
    rank = data.draw(st.integers(1, len(told)))
    for held in (10**6, 0):
        assert walsh(np.array(x), [rank], held) == pytest.approx([told[rank - 1]], abs=1e-12)


def test_the_middle_of_pairs():
    assert [middle(number) for number in (1, 2, 5)] == [[1, 1], [1, 2], [3, 3]]


def test_ten_thousand_millions_of_differences_are_not_held():
    x, y = np.arange(100_000.0), np.arange(100_000.0) + 0.5
    # as many differences above -0.5 as below, one by one: the middle two are both -0.5
    assert differences(x, y, middle(10**10)) == pytest.approx([-0.5, -0.5], abs=1e-9)
