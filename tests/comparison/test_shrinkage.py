"""Shrunken estimates, against metafor, and the maximum that REML must not miss."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from optima_lib.comparison.shrinkage import shrink
from optima_lib.errors import ComparisonError

TIGHT = {"rel": 1e-6, "abs": 1e-9}


@pytest.fixture(scope="module")
def bcg(fixtures):
    table = pd.read_csv(fixtures / "shrink" / "bcg_metafor.csv")
    return table["yi"].to_numpy(), table["vi"].to_numpy()


def test_the_bcg_trials_are_shrunken_as_by_metafor(bcg, expected):
    told, found = expected["metafor_bcg"], shrink(*bcg)
    reml, blup = told["REML"], told["blup"]
    assert (found.tau2[0], found.mean[0], found.mean_se[0]) == pytest.approx(
        (reml["tau2"], reml["mu"], reml["se"]), **TIGHT
    )
    assert found.value == pytest.approx(blup["pred"], rel=1e-6, abs=1e-7)
    assert found.se == pytest.approx(blup["se"], rel=1e-6, abs=1e-7)
    half = 1.959963984540054 * found.se
    assert found.value - half == pytest.approx(blup["lb"], rel=1e-6, abs=1e-6)
    assert found.value + half == pytest.approx(blup["ub"], rel=1e-6, abs=1e-6)


def test_another_trial_is_foreseen_as_by_metafor(bcg, expected):
    found = shrink(*bcg)
    half = 1.959963984540054 * np.sqrt(found.tau2[0] + found.mean_se[0] ** 2)
    assert [found.mean[0] - half, found.mean[0] + half] == pytest.approx(expected["metafor_bcg"]["pi"], **TIGHT)


def test_groups_are_shrunken_as_if_each_were_alone(bcg):
    y, v = bcg
    group = np.arange(len(y)) % 2
    together = shrink(y, v, group)
    for each in (0, 1):
        alone = shrink(y[group == each], v[group == each])
        assert together.tau2[each] == pytest.approx(alone.tau2[0], **TIGHT)
        assert together.value[group == each] == pytest.approx(alone.value, **TIGHT)


def minus(tau2, y, v):
    """The restricted likelihood as statistics.md §2.3 writes it, to be minimised."""
    w = 1 / (v + tau2)
    mean = (w * y).sum() / w.sum()
    return (np.log(v + tau2).sum() + np.log(w.sum()) + (w * (y - mean) ** 2).sum()) / 2


@given(st.integers(0, 10_000))
def test_no_variance_is_likelier_than_that_found(seed):
    rng = np.random.default_rng(seed)
    k = rng.integers(3, 20)
    y, v = rng.standard_t(2, k) * rng.choice([0.1, 1, 10]), np.exp(rng.normal(0, 2.5, k))
    found = minus(shrink(y, v).tau2[0], y, v)
    tried = [0.0, *np.geomspace(1e-6, 1e5, 60)]
    best = min(minus(each, y, v) for each in tried)
    bounded = minimize_scalar(minus, bounds=(0, 1e5), args=(y, v), method="bounded", options={"xatol": 1e-12}).fun
    assert found <= min(best, bounded) + 1e-6 * (1 + abs(best))


def test_two_maxima_give_the_higher():
    # One unit is known far better than the others: the likelihood has a first top at 0, and a higher one far from it.
    y, v = np.array([0.0, 10.0, -10.0, 9.0, -9.5]), np.array([1e-6, 90.0, 90.0, 90.0, 1e-2])
    tau2 = shrink(y, v).tau2[0]
    assert minus(tau2, y, v) <= min(minus(each, y, v) for each in np.geomspace(1e-8, 1e4, 400)) + 1e-9


@pytest.mark.parametrize(("value", "variance"), [(np.nan, 1.0), (1.0, np.nan), (1.0, 0.0)])
def test_what_cannot_be_weighed_is_refused(value, variance):
    with pytest.raises(ComparisonError, match="Dispersion refusée : 1 valeurs sur 3"):
        shrink(np.array([value, 2.0, 9.0]), np.array([variance, 1.0, 1.0]))


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 4)), min_size=3, max_size=30), st.floats(-3, 3))
def test_shrinkage_moves_with_the_values_and_stays_between_mean_and_value(pairs, shift):
    y, v = (np.array(each) for each in zip(*pairs, strict=True))
    found, moved = shrink(y, v), shrink(y + shift, v)
    assert found.tau2[0] >= 0
    assert np.all((found.reliability >= 0) & (found.reliability <= 1))
    assert moved.value == pytest.approx(found.value + shift, abs=1e-4)
    mean = found.mean[0]
    assert np.all(np.abs(found.value - mean) <= np.abs(y - mean) + 1e-9)


def test_a_group_without_units_is_not_known_and_moves_no_other():
    y, v = np.array([1.0, 2.0, 6.0, 5.0, 9.0]), np.ones(5)
    found, close = shrink(y, v, np.array([0, 0, 0, 2, 2])), shrink(y, v, np.array([0, 0, 0, 1, 1]))
    for name in ("mean", "mean_se", "tau2"):
        told = getattr(found, name)
        assert np.isnan(told).tolist() == [False, True, False]
        assert told[[0, 2]].tolist() == getattr(close, name).tolist()
    for name in ("value", "se", "reliability"):
        assert getattr(found, name).tolist() == getattr(close, name).tolist()
    # the first group: 14/2 - 1 = 6; the second: 8 - 1 = 7 around 7
    assert found.tau2[[0, 2]] == pytest.approx([6, 7], rel=1e-6)
    assert found.mean[[0, 2]] == pytest.approx([3, 7])


@pytest.mark.parametrize("group", [[0, -1, 0], [0.0, 1.0, 0.0], [0, 0]])
def test_what_numbers_no_group_is_refused(group):
    with pytest.raises(ComparisonError, match="0 ou plus, pour le groupe de chacune des 3 unités"):
        shrink(np.arange(3.0), np.ones(3), np.array(group))
