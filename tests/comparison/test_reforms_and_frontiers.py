"""Synthetic controls, reforms, frontiers: published values."""

import pandas as pd
import pytest

from optima_lib.comparison.frontier import efficiency
from optima_lib.comparison.reforms import placebos, staggered, synthetic, synthetic_did
from optima_lib.errors import ComparisonError


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
