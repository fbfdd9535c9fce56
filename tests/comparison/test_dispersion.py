"""Overdispersion and shrinkage, against metafor, lme4 and FunnelPlotR."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.comparison.dispersion import dersimonian_laird, overdispersion, shrink
from optima_lib.comparison.funnel import exact_ratio_limits, exact_share_limit, share_limits, volume_effect

TIGHT = {"rel": 1e-6, "abs": 1e-9}


def test_shrinkage_of_the_bcg_trials_is_that_of_metafor(fixtures, expected):
    told = expected["metafor_bcg"]
    table = pd.read_csv(fixtures / "shrink" / "bcg_metafor.csv")
    y, v = table["yi"].to_numpy(), table["vi"].to_numpy()
    found = shrink(y, v)
    assert dersimonian_laird(y, v) == pytest.approx(told["DL"]["tau2"], **TIGHT)
    assert found.tau2[0] == pytest.approx(told["REML"]["tau2"], rel=1e-5)
    assert found.mean[0] == pytest.approx(told["REML"]["mu"], rel=1e-5)
    assert found.mean_se[0] == pytest.approx(told["REML"]["se"], rel=1e-5)
    assert found.value == pytest.approx(told["blup"]["pred"], rel=1e-4)
    assert found.se == pytest.approx(told["blup"]["se"], rel=1e-4)


def test_groups_are_shrunken_as_if_each_were_alone(fixtures):
    table = pd.read_csv(fixtures / "shrink" / "bcg_metafor.csv")
    y, v = table["yi"].to_numpy(), table["vi"].to_numpy()
    group = np.arange(len(y)) % 2
    together = shrink(y, v, group)
    for each in (0, 1):
        alone = shrink(y[group == each], v[group == each])
        assert together.tau2[each] == pytest.approx(alone.tau2[0], **TIGHT)
        assert together.value[group == each] == pytest.approx(alone.value, **TIGHT)


def test_overdispersion_of_proportions_is_that_of_funnelplotr(fixtures, expected):
    told = expected["funnel_PR_arcsine_winsor10"]
    table = pd.read_csv(fixtures / "funnel" / "simulated_proportions_30.csv")
    events, n = (table[name].to_numpy(dtype=float) for name in table.columns[-2:])
    s = 1 / (2 * np.sqrt(n))
    z = (np.arcsin(np.sqrt(events / n)) - np.arcsin(np.sqrt(events.sum() / n.sum()))) / s
    found = overdispersion(z, s)
    assert z == pytest.approx(told["z"], **TIGHT)
    assert (found.phi, found.tau2, found.n) == pytest.approx((told["phi"], told["tau2"], told["n"]), **TIGHT)
    assert z * s / np.sqrt(s**2 + found.tau2) == pytest.approx(told["z_od"], **TIGHT)


def test_overdispersion_of_ratios_is_that_of_funnelplotr(fixtures, expected):
    told = expected["funnel_SR_SHMI_trunc10"]
    table = pd.read_csv(fixtures / "funnel" / "simulated_sr_30.csv")
    observed, wanted = (table[name].to_numpy(dtype=float) for name in table.columns[-2:])
    s = 1 / np.sqrt(wanted)
    z = np.log(observed / wanted) / s
    found = overdispersion(z, s, trim=True)
    assert z == pytest.approx(told["z"], **TIGHT)
    assert (found.phi, found.tau2, found.n) == pytest.approx((told["phi"], told["tau2"], told["n"]), **TIGHT)


def test_exact_limits_are_those_of_poisson_and_of_spiegelhalter(expected):
    told = expected["funnel_limits_exact_poisson_E100"]
    for level, low, high in ((0.95, "ll95", "ul95"), (0.998, "ll998", "ul998")):
        found = exact_ratio_limits(np.array([100.0]), level)
        assert [float(each[0]) for each in found] == pytest.approx([told[low], told[high]], **TIGHT)
    shares = expected["funnel_limits_interp_binomial"]
    n = np.array(shares["n"], dtype=float)
    for name, p in (("p025", 0.025), ("p975", 0.975), ("p001", 0.001), ("p999", 0.999)):
        assert exact_share_limit(shares["theta0"], n, p) == pytest.approx(shares[name], **TIGHT)


@given(st.floats(0.02, 0.98), st.floats(0, 0.05))
def test_a_funnel_narrows_with_the_number_of_facts_and_holds_its_target(target, tau2):
    limits = share_limits(target, np.array([10.0, 40.0, 160.0, 640.0]), tau2)
    for level in limits.low:
        assert np.all(np.diff(limits.high[level]) <= 1e-12)
        assert np.all(np.diff(limits.low[level]) >= -1e-12)
        assert np.all((limits.low[level] <= target + 1e-12) & (target <= limits.high[level] + 1e-12))
    assert np.all(limits.low[0.998] <= limits.low[0.95])


def test_a_funnel_without_overdispersion_is_the_arcsine_interval():
    # arcsin √.5 ± 1.96 / 20 = .7854 ± .0980, brought back by sin²: .4032 and .5968
    limits = share_limits(0.5, np.array([100.0]))
    assert [float(limits.low[0.95][0]), float(limits.high[0.95][0])] == pytest.approx([0.4026, 0.5974], abs=1e-3)


def test_a_volume_effect_is_seen():
    n = np.arange(10.0, 40.0)
    assert volume_effect(n**2, n)[0] == pytest.approx(1.0)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 4)), min_size=3, max_size=30), st.floats(-3, 3))
def test_shrinkage_moves_with_the_values_and_stays_between_mean_and_value(pairs, shift):
    y, v = (np.array(each) for each in zip(*pairs, strict=True))
    found, moved = shrink(y, v), shrink(y + shift, v)
    assert found.tau2[0] >= 0
    assert np.all((found.reliability >= 0) & (found.reliability <= 1))
    assert moved.value == pytest.approx(found.value + shift, abs=1e-4)
    mean = found.mean[0]
    assert np.all(np.abs(found.value - mean) <= np.abs(y - mean) + 1e-9)
