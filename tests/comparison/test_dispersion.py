"""Overdispersion and the limits of funnels, against metafor, FunnelPlotR and Spiegelhalter."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.comparison.dispersion import dersimonian_laird, overdispersion, winsorise
from optima_lib.comparison.funnel import (
    exact_ratio_limits,
    exact_share_limit,
    odds_limits,
    ratio_limits,
    share_limits,
    volume_effect,
)
from optima_lib.errors import ComparisonError

TIGHT = {"rel": 1e-6, "abs": 1e-9}


def test_overdispersion_of_proportions_is_that_of_funnelplotr(fixtures, expected):
    told = expected["funnel_PR_arcsine_winsor10"]
    table = pd.read_csv(fixtures / "funnel" / "simulated_proportions_30.csv")
    events, n = (table[name].to_numpy(dtype=float) for name in table.columns[-2:])
    s = 1 / (2 * np.sqrt(n))
    z = (np.arcsin(np.sqrt(events / n)) - np.arcsin(np.sqrt(events.sum() / n.sum()))) / s
    found = overdispersion(z, s)
    assert s == pytest.approx(told["s"], **TIGHT)
    assert z == pytest.approx(told["z"], **TIGHT)
    assert winsorise(z) == pytest.approx(told["wz"], **TIGHT)
    assert (found.phi, found.tau2, found.n) == pytest.approx((told["phi"], told["tau2"], told["n"]), **TIGHT)
    assert z * s / np.sqrt(s**2 + found.tau2) == pytest.approx(told["z_od"], **TIGHT)


def test_the_variance_of_the_bcg_trials_is_that_of_metafor(fixtures, expected):
    told = expected["metafor_bcg"]
    table = pd.read_csv(fixtures / "shrink" / "bcg_metafor.csv")
    y, v = table["yi"].to_numpy(), table["vi"].to_numpy()
    tau2 = dersimonian_laird(y, v)
    w = 1 / (v + tau2)
    assert tau2 == pytest.approx(told["DL"]["tau2"], **TIGHT)
    assert ((w * y).sum() / w.sum(), 1 / np.sqrt(w.sum())) == pytest.approx(
        (told["DL"]["mu"], told["DL"]["se"]), **TIGHT
    )


@pytest.mark.parametrize(("value", "error"), [(np.nan, 1.0), (1.0, np.nan), (1.0, 0.0), (1.0, -1.0)])
def test_a_missing_value_or_no_error_is_refused_and_never_a_variance_of_zero(value, error):
    y, v = np.array([value, 2.0, 9.0]), np.array([error, 1.0, 1.0])
    for told in (dersimonian_laird, overdispersion):
        with pytest.raises(ComparisonError, match="1 valeurs sur 3"):
            told(y, v)


def test_overdispersion_of_ratios_is_that_of_funnelplotr(fixtures, expected):
    told = expected["funnel_SR_SHMI_trunc10"]
    table = pd.read_csv(fixtures / "funnel" / "simulated_sr_30.csv")
    observed, wanted = (table[name].to_numpy(dtype=float) for name in table.columns[-2:])
    s = 1 / np.sqrt(wanted)
    z = np.log(observed / wanted) / s
    found = overdispersion(z, s, trim=True)
    assert s == pytest.approx(told["s"], **TIGHT)
    assert z == pytest.approx(told["z"], **TIGHT)
    dropped = [each is None for each in told["wz"]]
    assert (winsorise(z) != z).tolist() == dropped
    assert (found.phi, found.tau2, found.n) == pytest.approx((told["phi"], told["tau2"], told["n"]), **TIGHT)
    assert z * s / np.sqrt(s**2 + found.tau2) == pytest.approx(told["z_od"], **TIGHT)


def test_exact_limits_are_those_of_poisson_and_of_spiegelhalter(expected):
    told = expected["funnel_limits_exact_poisson_E100"]
    for level, low, high in ((0.95, "ll95", "ul95"), (0.998, "ll998", "ul998")):
        found = exact_ratio_limits(np.array([100.0]), level)
        assert [float(each[0]) for each in found] == pytest.approx([told[low], told[high]], **TIGHT)
    shares = expected["funnel_limits_interp_binomial"]
    n = np.array(shares["n"], dtype=float)
    for name, p in (("p025", 0.025), ("p975", 0.975), ("p001", 0.001), ("p999", 0.999)):
        # statistics.md §2.2: the formula goes under 0 for few facts, where there is no limit
        wanted = np.maximum(shares[name], 0.0)
        assert exact_share_limit(shares["theta0"], n, p) == pytest.approx(wanted, **TIGHT)


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


def test_limits_of_ratios_are_brought_back_from_the_square_root():
    # statistics.md §0.4: at E = 100, 0.814 to 1.206; with τ² = .0075, √(.0025 + .0075) = .1: (1 ± .196)²
    plain, wide = ratio_limits(np.array([100.0])), ratio_limits(np.array([100.0]), tau2=0.0075)
    assert [plain.low[0.95][0], plain.high[0.95][0]] == pytest.approx([0.814, 1.206], abs=5e-4)
    assert [wide.low[0.95][0], wide.high[0.95][0]] == pytest.approx([0.6464, 1.4304], abs=1e-4)


def test_limits_of_two_counts_are_brought_back_from_the_logarithm():
    # O = 2, D = 8: 2/2.5² + 8/8.5² = .4307; with τ² = .5693 the error is 1: exp(±1.96) around a target of .5
    told = odds_limits(0.5, np.array([2.0]), np.array([8.0]), tau2=1 - (2 / 6.25 + 8 / 72.25))
    assert told.n.tolist() == [10.0]
    assert [told.low[0.95][0], told.high[0.95][0]] == pytest.approx([0.5 / 7.0993, 0.5 * 7.0993], rel=1e-4)


def test_a_volume_effect_is_seen():
    n = np.arange(10.0, 40.0)
    assert volume_effect(n**2, n)[0] == pytest.approx(1.0)


ONE, NONE = np.array([1.0]), np.array([])


@pytest.mark.parametrize(("y", "said"), [(NONE, "0 unité à comparer"), (ONE, "1 unité à comparer")])
@pytest.mark.parametrize("told", [dersimonian_laird, overdispersion])
def test_the_spread_of_fewer_than_two_units_is_refused(told, y, said):
    with pytest.raises(ComparisonError, match=said):
        told(y, y)


def test_trimming_must_leave_two_units():
    # the cut falls between two values, or on the middle one of three: none and one are left
    with pytest.raises(ComparisonError, match="0 unité à comparer"):
        overdispersion(np.array([1.0, 2.0]), np.ones(2), trim=True)
    with pytest.raises(ComparisonError, match="1 unité à comparer"):
        overdispersion(np.array([1.0, 2.0, 3.0]), np.ones(3), trim=True)


@pytest.mark.parametrize("cut", [-0.1, 0.5, 0.6, np.nan])
def test_a_cut_that_leaves_nothing_between_is_refused(cut):
    with pytest.raises(ComparisonError, match="ne se coupe pas de chaque côté"):
        overdispersion(np.arange(5.0), np.ones(5), cut=cut)


def test_two_units_have_a_spread():
    # weights of 1: Q = 2·1.5² = 4.5, less 1, over 2 - 2/2
    assert dersimonian_laird(np.array([0.0, 3.0]), np.ones(2)) == pytest.approx(3.5)
    # uncut: phi = (1 + 9)/2, tau² = (10 - 1)/(2 - 1)
    found = overdispersion(np.array([1.0, 3.0]), np.ones(2), cut=0)
    assert (found.phi, found.tau2, found.n) == pytest.approx((5, 9, 2))


@pytest.mark.parametrize("target", [-0.1, 1.1, np.nan])
def test_a_target_that_is_no_share_is_refused(target):
    for limit in (lambda: share_limits(target, np.array([9.0])), lambda: exact_share_limit(target, np.array([9]), 0.5)):
        with pytest.raises(ComparisonError, match="n’est pas une part"):
            limit()


@pytest.mark.parametrize("tau2", [-0.001, np.nan, np.inf])
def test_a_variance_that_is_none_is_refused(tau2):
    n = np.array([9.0])
    for limit in (
        lambda: share_limits(0.5, n, tau2),
        lambda: ratio_limits(n, tau2),
        lambda: odds_limits(0.5, n, n, tau2),
    ):
        with pytest.raises(ComparisonError, match="n’est pas une variance"):
            limit()


@pytest.mark.parametrize("p", [0.001, 0.025, 0.975])
def test_the_limit_of_a_sure_share_is_that_share(p):
    assert float(exact_share_limit(1, 10, p)) == 1
    assert exact_share_limit(1.0, np.array([1, 10]), p).tolist() == [1, 1]
    assert exact_share_limit(0.0, np.array([1, 10]), p).tolist() == [0, 0]


@pytest.mark.parametrize("p", [0, 1, -1, np.nan])
def test_a_limit_of_no_probability_is_refused(p):
    with pytest.raises(ComparisonError, match="n’est pas la probabilité d’une limite"):
        exact_share_limit(0.5, np.array([10]), p)
