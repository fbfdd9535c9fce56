"""Charts over time, interrupted series, synthetic controls, reforms, frontiers: published values."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.comparison.charts import BEYOND, SHIFT, laney, xmr
from optima_lib.comparison.frontier import efficiency
from optima_lib.comparison.reforms import placebos, staggered, synthetic, synthetic_did
from optima_lib.comparison.series import interrupted
from optima_lib.errors import ComparisonError


def test_the_chart_of_the_flow_rate_is_that_of_nist(fixtures, expected):
    told = expected["spc_xmr_nist"]
    table = pd.read_csv(fixtures / "spc" / "nist_flowrate.csv")
    flow = np.tile(table["flow"].to_numpy(), 1)
    with pytest.raises(ComparisonError, match="12 points"):
        xmr(flow)  # ten batches: NIST draws the limits, we wait for twelve points
    # the same ten batches there and back have the same mean and, but for a null range at the turn, the same ranges
    there_and_back = np.concatenate([flow, flow[::-1]])
    chart = xmr(there_and_back)
    ranges = 19 / 18  # ranges counted, of which the one at the turn is null
    assert chart.centre == pytest.approx(told["mean"])
    assert chart.moving_range * ranges == pytest.approx(told["mrbar"])
    assert chart.centre + (chart.high[0] - chart.centre) * ranges == pytest.approx(told["ucl"], rel=1e-6)
    assert chart.centre - (chart.centre - chart.low[0]) * ranges == pytest.approx(told["lcl"], rel=1e-6)
    assert chart.moving_range_high * ranges == pytest.approx(told["mr_ucl"], rel=1e-4)


def test_signals_are_a_point_beyond_or_eight_on_one_side():
    values = np.array([10.0, 11, 9, 10.5, 9.5, 10, 11, 9, 10, 30, 10, 9])
    assert xmr(values).signals[9] == BEYOND
    shifted = np.concatenate([np.tile([9.0, 9.4], 6), np.tile([10.6, 11.0], 6)])
    assert xmr(shifted).signals[-1] in {SHIFT, BEYOND}


def test_a_laney_chart_widens_with_what_chance_does_not_explain():
    n = np.full(14, 10_000.0)
    hits = n * np.tile([0.28, 0.32], 7)  # far apart for ten thousand facts
    chart = laney(hits, n)
    # z = ±.02 / √(.3 × .7 / 10 000) = ±4.364; mean range 8.729; σ_z = 7.738; limits .3 ± 3 × 7.738 × .004583
    assert chart.moving_range == pytest.approx(8.7287 / 1.128, rel=1e-4)
    assert chart.high[0] == pytest.approx(0.3 + 3 * 7.7382 * 0.0045826, rel=1e-4)
    assert not any(chart.signals)
    with pytest.raises(ComparisonError, match="variation"):
        laney(np.zeros(14), n)


def test_a_level_and_a_slope_that_change_are_found():
    rng = np.random.default_rng(2)
    time = np.arange(30.0)
    values = 5 + 0.2 * time + np.where(time >= 15, 3 + 0.5 * (time - 15), 0) + rng.normal(0, 0.05, 30)
    found = interrupted(values, 15)
    assert found.level[0] == pytest.approx(3, abs=0.15)
    assert found.slope[0] == pytest.approx(0.5, abs=0.02)
    assert found.level[1] < 3 < found.level[2]
    assert "témoin" in found.remarks[0]
    assert not interrupted(values, 15, control=np.sin(time)).remarks
    with pytest.raises(ComparisonError, match="8 points"):
        interrupted(values, 5)


@pytest.fixture(scope="session")
def california(fixtures):
    return pd.read_csv(fixtures / "synth" / "california_prop99.csv", sep=";")


@pytest.fixture(scope="session")
def smoking(california):
    return california.pivot_table(index="Year", columns="State", values="PacksPerCapita")


def test_the_synthetic_california_is_that_of_its_published_weights(smoking, published, expected):
    found = synthetic(smoking, "California", 1989)
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights >= 0).all()
    # statistics.md §4: -19.51 by hand, -19.62 with the ridge of synthdid, -19.48 in Stata
    assert found.effect == pytest.approx(-19.51, abs=0.01)
    assert found.effect == pytest.approx(published["synthdid_prop99"]["stata_sc"], abs=0.05)
    weights = expected["synthdid_prop99"]["sc_weights"]
    assert found.weights.loc[list(weights)].to_numpy() == pytest.approx(list(weights.values()), abs=0.02)


def test_california_is_third_of_thirty_nine(smoking):
    found = placebos(smoking, "California", 1989)
    assert (found.rank, len(found.ratios)) == (3, 39)  # statistics.md §0, finding 3: p = .077
    assert found.p == pytest.approx(3 / 39)
    assert not found.remarks


def test_few_donors_are_said_before(smoking):
    found = placebos(smoking[["California", "Utah", "Nevada", "Montana", "Colorado"]], "California", 1989)
    assert "1/5" in found.remarks[0]


def test_predictors_are_refused_as_published_weights_are_not_reproduced(smoking):
    with pytest.raises(ComparisonError, match="optimiseur"):
        synthetic(smoking, "California", 1989, predictors=["lnincome"])


def test_synthetic_difference_in_differences_is_that_of_synthdid(california, expected):
    california = california.assign(cible=(california["State"] == "California").astype(int))
    found = synthetic_did(california, "PacksPerCapita", "State", "Year", "cible", post=range(1989, 2001))
    assert found == pytest.approx(expected["synthdid_prop99"]["sdid"], abs=1e-6)


def test_effects_of_cohorts_are_those_of_the_did_vignette(fixtures, published):
    table = pd.read_csv(fixtures / "did" / "mpdta.csv").rename(columns={"first.treat": "cohorte"})
    found = staggered(table, "lemp", "countyreal", "year", "cohorte")
    told = {f"{int(row.cohorte)} {int(row.temps)}": row.effet for row in found.itertuples()}
    wanted = published["did_mpdta"]["att_gt"]
    assert {name: round(told[name], 4) for name in wanted} == wanted


def test_scores_of_the_twelve_hospitals_are_those_of_the_book(fixtures, expected, published):
    table = pd.read_csv(fixtures / "dea" / "hospital12_cooper_seiford_tone.csv")
    x, y = table[["doctors", "nurses"]], table[["outpatients", "inpatients"]]
    told = expected["dea_hospital"]
    for name, options in (
        ("ccr_in", {}), ("bcc_in", {"variable": True}), ("ccr_out", {"output": True}),
        ("bcc_out", {"variable": True, "output": True}),
    ):  # fmt: skip
        assert efficiency(x, y, **options) == pytest.approx(told[name], rel=1e-6)
    book = list(published["dea_cst_hospital"]["ccr_in"].values())
    assert efficiency(x, y).round(3) == pytest.approx(book, abs=1e-9)
    with pytest.raises(ComparisonError, match="au moins 12 unités"):
        efficiency(x[:11], y[:11])


@given(st.lists(st.floats(1, 100), min_size=12, max_size=20), st.floats(0.1, 10), st.floats(-50, 50))
def test_a_chart_follows_a_change_of_unit(values, scale, shift):
    one, moved = xmr(values), xmr(np.array(values) * scale + shift)
    assert moved.high[0] == pytest.approx(one.high[0] * scale + shift, abs=1e-6)
