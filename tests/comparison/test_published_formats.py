"""Differences that gtsummary prints, as a French reader expects them; their data are not published with them."""

import pandas as pd
import pytest

from optima_lib.comparison.families import Declaration
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import Ecart, probability

DECLARED = Declaration(("C01",), (), {"C01": (0.05, "ecart")}, ())


@pytest.fixture
def trial(published):
    """Differences between two arms of a trial: estimate, bounds, p where it is printed."""
    return published["gtsummary_trial"]


def test_a_difference_of_shares_is_said_in_points_with_a_sign_and_a_comma(trial):
    # printed -4.2% (-18%, 9.9%)
    names = ("ecart", "ecart_bas", "ecart_haut")
    row = {"indicateur": "C01"} | {
        name: each / 100 for name, each in zip(names, trial["response_prop_diff_pct"], strict=True)
    }
    told = Ecart.of(pd.Series(row), DECLARED)
    assert told.ecart == "−4,2\u00a0points"
    assert told.intervalle == "−18,0\u00a0points à +9,9\u00a0points"


@pytest.mark.parametrize(
    ("name", "digits", "written"),
    [
        ("age_diff", (2, 1, 1), ("−0,44", "−4,6", "3,7")),  # printed -0.44 (-4.6, 3.7)
        ("marker_diff", (2, 2, 2), ("0,20", "−0,05", "0,44")),  # printed 0.20 (-0.05, 0.44)
        ("age_hedges_g", (2, 2, 2), ("−0,03", "−0,31", "0,25")),  # printed -0.03 (-0.31, 0.25)
    ],
)
def test_a_difference_of_means_has_a_comma_and_the_minus_of_a_page(trial, name, digits, written):
    assert tuple(french.decimal(each, digit) for each, digit in zip(trial[name], digits, strict=False)) == written


def test_a_probability_keeps_two_digits(trial):
    # printed 0.8 and 0.12: the second digit of the first is unknown, and written as read
    assert [probability(trial[name][-1]) for name in ("age_diff", "marker_diff")] == ["0,80", "0,12"]
