"""Control charts: NIST, values worked by hand, and what must hold whatever the points."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given

from optima_lib.comparison.charts import draw_laney_p, draw_laney_u, draw_xmr
from optima_lib.comparison.limits import find_runs, xmr_lines
from optima_lib.errors import ComparisonError

POINTS = st.lists(st.integers(-50, 50), min_size=12, max_size=40).filter(lambda each: len(set(each)) > 1)


def test_flow_rates_have_the_limits_of_nist(fixtures, expected):
    # ten batches: the lines of the handbook, which the suite draws from twelve points on
    flow = pd.read_csv(fixtures / "spc" / "nist_flowrate.csv")["flow"].to_numpy()
    centre, half, ranges, limit = xmr_lines(flow)
    values = expected["spc_xmr_nist"]
    assert (centre, ranges.mean()) == pytest.approx((values["mean"], values["mrbar"]))
    assert (centre - half, centre + half) == pytest.approx((values["lcl"], values["ucl"]))
    assert limit == pytest.approx(values["mr_ucl"], abs=5e-5)
    with pytest.raises(ComparisonError, match="10 points, il en faut au moins 12"):
        draw_xmr(flow)


def test_limits_and_signals_of_a_chart_worked_by_hand():
    # ten ranges of 1 and one of 20: mean 30/11; mean of the points 85/12
    values = [5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 25]
    chart = draw_xmr(values)
    assert chart.centre == pytest.approx(85 / 12)
    assert chart.high[0] - chart.centre == pytest.approx(3 * (30 / 11) / 1.128)
    assert chart.range_limit == pytest.approx(3.267 * 30 / 11)
    assert chart.beyond == (11,)
    assert chart.runs == ((0, 10),)


@pytest.mark.parametrize(
    ("sides", "runs"),
    [
        ([1] * 7 + [-1] * 7, ()),
        ([1] * 8 + [-1] * 9, ((0, 7), (8, 16))),
        ([1] * 4 + [0] + [1] * 4, ()),
        ([0] * 9, ()),
    ],
)
def test_eight_points_in_a_row_on_one_side_are_a_run(sides, runs):
    assert find_runs(np.array(sides, dtype=float)) == runs


@given(st.lists(st.integers(1, 99), min_size=12, max_size=30).filter(lambda each: len(set(each)) > 1))
def test_with_equal_numbers_the_charts_of_laney_are_the_chart_of_single_values(hits):
    single = draw_xmr(np.array(hits) / 100)
    for chart in (draw_laney_p(hits, [100] * len(hits)), draw_laney_u(hits, [100] * len(hits))):
        assert chart.centre == pytest.approx(single.centre)
        assert chart.high == pytest.approx(np.minimum(single.high, 1) if chart.method == "laney_p" else single.high)
        assert chart.low == pytest.approx(np.maximum(single.low, 0))
        assert chart.runs == single.runs


def test_a_chart_of_shares_worked_by_hand():
    # n = 100 then 400 by turns, shares 0.55 then 0.475: two values of z by turns, so one range of all
    n = [100, 400] * 6
    hits = [55, 190] * 6
    chart = draw_laney_p(hits, n)
    centre = 1470 / 3000
    z = [(p - centre) / np.sqrt(centre * (1 - centre) / size) for p, size in ((0.55, 100), (0.475, 400))]
    assert chart.centre == pytest.approx(centre)
    assert chart.spread == pytest.approx((z[0] - z[1]) / 1.128)
    assert chart.high[0] - centre == pytest.approx(3 * np.sqrt(centre * (1 - centre) / 100) * (z[0] - z[1]) / 1.128)
    assert chart.high[1] - centre == pytest.approx((chart.high[0] - centre) / 2)


def test_shares_that_vary_as_their_numbers_say_keep_the_limits_of_a_p_chart():
    draw = np.random.default_rng(1)
    chart = draw_laney_p(draw.binomial(200, 0.3, 2000), np.full(2000, 200))
    assert chart.spread == pytest.approx(1, abs=0.05)


def test_a_trend_is_said_to_spoil_the_limits():
    assert any("les limites ne valent que comme repères" in said for said in draw_xmr(range(12)).remarks)
    assert not draw_xmr([5, 6, 7, 5, 6, 6, 5, 7, 6, 5, 7, 6]).remarks


@given(POINTS, st.integers(1, 9), st.integers(-100, 100))
def test_neither_unit_nor_origin_changes_the_signals(points, scale, shift):
    chart = draw_xmr(points)
    assume(np.min(np.abs(np.concatenate([chart.points - chart.low, chart.points - chart.high]))) > 1e-6)
    assume(np.all((chart.points == chart.centre) | (np.abs(chart.points - chart.centre) > 1e-6)))
    assume(not np.any(chart.points == chart.centre))
    moved = draw_xmr([scale * point + shift for point in points])
    assert (moved.beyond, moved.runs) == (chart.beyond, chart.runs)
    assert moved.high - moved.low == pytest.approx(scale * (chart.high - chart.low))


@pytest.mark.parametrize(
    ("draw", "arguments", "said"),
    [
        (draw_xmr, ([1] * 12,), "toutes les valeurs sont égales"),
        (draw_xmr, ([1, 2] * 5,), "10 points"),
        (draw_xmr, ([np.nan, 2] * 6,), "il manque une valeur"),
        (draw_laney_p, ([0] * 12, [9] * 12), "toutes les parts valent 0"),
        (draw_laney_p, ([9] * 12, [9] * 12), "toutes les parts valent 1"),
        (draw_laney_p, ([9, 1] * 6, [5] * 12), "dépasse son total"),
        (draw_laney_p, ([1, 2] * 6, [0, 5] * 6), "n’a aucun fait"),
        (draw_laney_p, ([1, 2] * 6, [5] * 13), "12 nombres pour 13 totaux"),
        (draw_laney_u, ([0] * 12, [9] * 12), "aucun événement"),
        (draw_xmr, ([[1.0, 2.0]] * 12,), "un nombre par période"),
        (draw_xmr, (["a", "b"] * 6,), "un nombre par période"),
        (draw_xmr, (["1", "2"] * 6,), "un nombre par période"),
        (draw_xmr, (5.0,), "un nombre par période"),
        (draw_xmr, (None,), "un nombre par période"),
        (draw_xmr, ([[1, 2], [3]],), "un nombre par période"),
        (draw_laney_p, ([[1, 2]] * 12, [9] * 12), "un nombre par période"),
        (draw_laney_p, ([1, 2] * 6, 9), "un nombre par période"),
        (draw_laney_u, ("abc", [9] * 12), "un nombre par période"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_one_sentence(draw, arguments, said):
    with pytest.raises(ComparisonError, match=said):
        draw(*arguments)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_points_of_any_size_have_the_same_signals(scale):
    points = np.array([5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 25])
    plain, scaled = draw_xmr(points), draw_xmr(points * scale)
    assert (scaled.beyond, scaled.runs, scaled.remarks) == (plain.beyond, plain.runs, plain.remarks)
    assert scaled.autocorrelation == pytest.approx(plain.autocorrelation)
    assert scaled.high == pytest.approx(plain.high * scale)
