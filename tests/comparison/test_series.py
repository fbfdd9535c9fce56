"""Interrupted series: Linden's example, the errors worked from their definition, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from optima_lib.comparison.series import find_break
from optima_lib.errors import ComparisonError


@pytest.fixture
def california(fixtures):
    packs = pd.read_csv(fixtures / "synth" / "california_prop99.csv", sep=";")
    return packs.pivot_table(index="Year", columns="State", values="PacksPerCapita")


def drawn(seed, n=24):
    return np.random.default_rng(seed).normal(size=n).cumsum() + np.arange(n)


def following(seed, n, rho, draws):
    """Stationary series without break, each value ρ times the one before and a draw."""
    noise = np.random.default_rng(seed).normal(size=(draws, n))
    noise[:, 0] /= np.sqrt(1 - rho**2)
    for place in range(1, n):
        noise[:, place] += rho * noise[:, place - 1]
    return noise


def test_california_gives_the_table_of_linden(california):
    # Linden (2015), Stata Journal 15:480, §4.1: itsa cigsale, single trperiod(1989) lag(1) (quoted from memory)
    found = find_break(california["California"], start=19, lag=1)
    told = found.newey_west
    assert told.slope_before.estimate == pytest.approx(-1.779474, abs=5e-7)
    assert told.slope_before.error == pytest.approx(0.3834188, abs=5e-8)
    assert told.level.estimate == pytest.approx(-20.0581, abs=5e-5)
    assert told.level.error == pytest.approx(4.724395, abs=5e-7)
    assert told.slope.estimate == pytest.approx(-1.494652, abs=5e-7)
    assert (found.before, found.after, found.lag, found.controlled) == (19, 12, 1, False)


@given(st.integers(0, 1000), st.integers(0, 6))
def test_errors_are_those_of_newey_and_west(seed, lag):
    values = drawn(seed)
    time = np.arange(24.0)
    matrix = np.column_stack([np.ones(24), time, time >= 12, (time >= 12) * (time - 12)])
    scores = matrix * (values - matrix @ np.linalg.lstsq(matrix, values)[0])[:, None]
    meat = scores.T @ scores
    for step in range(1, lag + 1):
        cross = scores[step:].T @ scores[:-step]
        meat += (1 - step / (lag + 1)) * (cross + cross.T)
    bread = np.linalg.inv(matrix.T @ matrix)
    errors = np.sqrt(np.diag(bread @ meat @ bread) * 24 / 20)
    found = find_break(values, 12, lag=lag).newey_west
    assert [found.slope_before.error, found.level.error, found.slope.error] == pytest.approx(errors[1:], rel=1e-6)


def test_the_lag_is_that_of_newey_and_west_and_it_is_printed():
    # 4 (24/100)^(2/9) = 2.91
    found = find_break(drawn(1), 12)
    assert found.lag == 2
    assert "décalage 2" in found.remarks[0]


def test_only_a_control_lets_one_speak_of_an_effect(california):
    alone = find_break(california["California"], 19)
    beside = find_break(california["California"], 19, control=california.drop(columns="California").mean(axis=1))
    assert "et non l’effet" in alone.remarks[1]
    assert beside.controlled
    assert "un effet si" in beside.remarks[1]


def test_with_a_control_the_coefficients_are_those_of_the_model_of_both_series():
    values, control = drawn(1), drawn(2)
    both, alone, other = (find_break(*each).newey_west for each in ((values, 12, control), (values, 12), (control, 12)))
    assert both.level.estimate == pytest.approx(alone.level.estimate - other.level.estimate)
    assert both.slope.estimate == pytest.approx(alone.slope.estimate - other.slope.estimate)


def test_seasons_are_taken_out():
    # four seasons of known height on a line with a jump of 10 and a change of slope of 2, and a little noise
    time = np.arange(32)
    noise = np.random.default_rng(0).normal(size=32) * 0.01
    values = time + 10 * (time >= 16) + 2 * (time >= 16) * (time - 16) + np.array([0, 30, -20, 5])[time % 4] + noise
    found = find_break(values, 16, season=list(time % 4))
    assert found.level.estimate == pytest.approx(10, abs=0.05)
    assert found.slope.estimate == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize(("n", "rho"), [(16, 0.0), (24, 0.0), (24, 0.6)])
def test_a_break_is_seen_about_one_time_in_twenty_where_there_is_none(n, rho):
    # 5 %, give or take three standard errors of 400 draws; least squares with Newey and West: 14 to 37 %
    found = [find_break(each, n // 2) for each in following(seed=6, n=n, rho=rho, draws=400)]
    margin = 3 * np.sqrt(0.05 * 0.95 / 400)
    for change in ("level", "slope"):
        assert np.mean([getattr(each, change).p < 0.05 for each in found]) == pytest.approx(0.05, abs=margin)
        assert np.mean([getattr(each.newey_west, change).p < 0.05 for each in found]) > 0.05 + margin


def test_a_break_that_is_there_is_seen():
    # a jump of five standard deviations on white noise, sixteen points
    found = [find_break(each + 5 * (np.arange(16) >= 8), 8).level for each in following(3, 16, 0.0, 100)]
    assert np.mean([each.p < 0.05 for each in found]) > 0.5
    assert np.mean([each.estimate for each in found]) == pytest.approx(5, abs=3 * 1.4 / 10)


def test_the_errors_and_their_degrees_of_freedom_are_said():
    found = find_break(drawn(1), 12)
    assert f"{found.df[1]:.1f} degrés de liberté pour le saut".replace(".", ",") in found.remarks[0]
    # Student's law with the degrees of freedom that are said
    assert found.level.high - found.level.estimate == pytest.approx(t.isf(0.025, found.df[1]) * found.level.error)
    assert found.df[1] < 20


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        (drawn(1), {"start": 7}, "7 points avant et 17 après"),
        (drawn(1), {"start": 17}, "17 points avant et 7 après"),
        (np.arange(24), {"start": 12}, "la série est droite"),
        (np.ones(24), {"start": 12}, "toutes les valeurs sont égales"),
        (np.append(drawn(1)[1:], np.nan), {"start": 12}, "il manque une valeur"),
        (drawn(1), {"start": 12, "control": drawn(2, 23)}, "23 périodes de contrôle pour 24"),
        (drawn(1), {"start": 12, "season": "abc"}, "3 saisons pour 24 périodes"),
        (drawn(1), {"start": 12, "season": "a" * 12 + "b" * 12}, "ne se distinguent pas de la rupture"),
        (drawn(1), {"start": 12, "season": range(24)}, "ne se distinguent pas de la rupture"),
        (drawn(1), {"start": 12, "season": [min(each, 18) for each in range(24)]}, "ne se distinguent pas"),
        (drawn(1), {"start": None}, "« None » n’est pas la place d’une période"),
        (drawn(1), {"start": 12.5}, "« 12.5 » n’est pas la place"),
        (drawn(1), {"start": "12"}, "« 12 » n’est pas la place"),
        (drawn(1)[:, None], {"start": 12}, "un nombre par période"),
        (5.0, {"start": 12}, "un nombre par période"),
        (["a"] * 24, {"start": 12}, "un nombre par période"),
        (drawn(1), {"start": 12, "control": ["a"] * 24}, "un nombre par période"),
        (drawn(1), {"start": 12, "lag": -1}, "un décalage de -1 n’existe pas pour 24 périodes"),
        (drawn(1), {"start": 12, "lag": 24}, "un nombre entier de 0 à 23"),
        (drawn(1), {"start": 12, "lag": 1.5}, "un nombre entier de 0 à 23"),
        (drawn(1), {"start": 12, "lag": float("nan")}, "un nombre entier de 0 à 23"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(values, options, said):
    with pytest.raises(ComparisonError, match=said):
        find_break(values, **options)


@pytest.mark.parametrize("scale", [1e-200, 1e-6, 1e6, 1e200])
def test_the_unit_of_a_series_does_not_move_what_is_found(scale):
    plain, scaled = find_break(drawn(1), 12), find_break(scale * drawn(1), 12)
    assert scaled.rho == pytest.approx(plain.rho, abs=1e-6)
    assert scaled.df == pytest.approx(plain.df, rel=1e-5)
    for one, other in ((plain, scaled), (plain.newey_west, scaled.newey_west)):
        for name in ("slope_before", "level", "slope"):
            told, moved = getattr(one, name), getattr(other, name)
            assert moved.p == pytest.approx(told.p, rel=1e-5)
            for part in ("estimate", "error", "low", "high"):
                assert getattr(moved, part) / scale == pytest.approx(getattr(told, part), rel=1e-5)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_a_straight_series_is_told_so_whatever_its_unit(scale):
    with pytest.raises(ComparisonError, match="la série est droite"):
        find_break(scale * np.arange(24), 12)
