"""On how many authorities a term rests: effective numbers worked by hand, and tiny changes that count for nothing."""

import numpy as np
import pandas as pd
import pytest

from optima_lib.comparison.carriers import count_carriers, remark_carriers
from optima_lib.comparison.panels import fit_panel
from optima_lib.errors import ComparisonError

AFTER = np.array([0, 0, 0, 1, 1, 1])


def table(heights, years=6):
    """A term that goes from 0 to a height of its own in each authority, halfway."""
    rows = [(i, t, height * AFTER[t]) for i, height in enumerate(heights) for t in range(years)]
    made = pd.DataFrame(rows, columns=["siren", "annee", "x"])
    return made.assign(part=np.random.default_rng(0).normal(size=len(made)))


def carried(heights):
    return count_carriers(table(heights), "x", "siren", "annee")


@pytest.mark.parametrize(
    ("heights", "carriers"),
    [
        ([1] * 5 + [0] * 15, 5),  # alike: their count
        ([1] * 15 + [0] * 5, 5),  # and the others' when they are fewer
        ([1] * 5 + [0] * 5, 5),
        ([2, 1] + [0] * 8, 25 / 17),  # squares 4 and 1: 5²/(16 + 1)
        ([3, 1, 1, 1] + [0] * 8, 144 / 84),  # squares 9, 1, 1, 1
        ([1] + [1e-9] * 6 + [0] * 23, 1),
        ([1] + [1e-200] * 6 + [0] * 23, 1),
        ([0] * 9, 0),
    ],
)
def test_an_authority_counts_for_how_much_it_changes(heights, carriers):
    assert carried(heights) == pytest.approx(carriers)


@pytest.mark.parametrize("scale", [1e-200, 1e-6, 1e6, 1e200])
def test_the_unit_of_a_term_does_not_move_its_carriers(scale):
    assert carried([2 * scale, scale] + [0] * 8) == pytest.approx(25 / 17)


def test_a_path_that_is_common_to_all_carries_nothing():
    # four authorities of twenty-four beside a trend of all: the trend makes all change, and tells nothing
    rows = table([1] * 4 + [0] * 20)
    assert count_carriers(rows.assign(x=rows["x"] + 10 * rows["annee"]), "x", "siren", "annee") == pytest.approx(4)


def test_tiny_changes_do_not_make_carriers():
    with pytest.raises(ComparisonError, match="« x » ne tient qu’à 1 collectivité face"):
        fit_panel(table([1] + [1e-9] * 6 + [0] * 23), "part", ["x"], "siren", "annee")


def test_a_term_that_differs_from_another_in_one_authority_is_refused():
    rows = table([1] * 15 + [0] * 15)
    other = rows.assign(z=rows["x"] + (rows["siren"] == 20) * AFTER[rows["annee"]])
    with pytest.raises(ComparisonError, match="ne tient qu’à l’équivalent de 1,1 collectivité face"):
        fit_panel(other, "part", ["x", "z"], "siren", "annee")


def test_a_fraction_of_an_authority_is_said_with_its_degrees_of_freedom():
    # heights 2 and 1, six of each: (6·4 + 6)²/(6·16 + 6) = 900/102 = 8.8
    told = fit_panel(table([2] * 6 + [1] * 6 + [0] * 18), "part", ["x"], "siren", "annee")
    assert told.remarks[-1].endswith(
        "l’équivalent de 8,8 collectivités sur 30 : son intervalle a 7,8 degrés de liberté."
    )
    assert remark_carriers({"x": 30.0}, 30) == ()
