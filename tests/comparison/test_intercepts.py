"""Shrunken levels: lme4, the formulas of a balanced design, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.formula.api import mixedlm

from optima_lib.comparison.intercepts import fit_levels
from optima_lib.errors import ComparisonError


def test_dyestuff_gives_the_levels_of_lme4(fixtures, expected):
    told = fit_levels(pd.read_csv(fixtures / "shrink/dyestuff.csv"), "Yield ~ 1", "Batch")
    values = expected["lme4_dyestuff_reml"]
    assert told.fit["Intercept"].estimate == pytest.approx(values["fixef"], abs=1e-9)
    assert told.fit["Intercept"].error == pytest.approx(values["se"], abs=1e-6)
    assert told.between == pytest.approx(values["sd_batch"], abs=1e-6)
    assert told.within == pytest.approx(values["sd_res"], abs=1e-6)
    assert -2 * told.fit.parameters["log_vraisemblance"] == pytest.approx(values["reml_dev"], abs=1e-6)
    assert {each.name: each.effect for each in told.levels} == pytest.approx(values["ranef"], abs=1e-6)
    assert [each.error for each in told.levels] == pytest.approx(values["cond_sd"], abs=1e-6)


def test_dyestuff_has_the_standard_deviations_of_the_book(fixtures, published):
    told = fit_levels(pd.read_csv(fixtures / "shrink/dyestuff.csv"), "Yield ~ 1", "Batch")
    values = published["lme4_dyestuff"]
    assert (told.fit["Intercept"].estimate, told.between, told.within) == pytest.approx(
        (values["fixef"], values["sd_batch"], values["sd_res"]), abs=5e-3
    )


def test_a_level_is_its_gap_times_its_reliability(fixtures):
    table = pd.read_csv(fixtures / "shrink/dyestuff.csv")
    told = fit_levels(table, "Yield ~ 1", "Batch")
    for each in told.levels:
        # B = τ² / (τ² + σ²/5): 1764.05 / (1764.05 + 2451.25 / 5) = 0.78253
        assert each.reliability == pytest.approx(0.78253, abs=1e-5)
        gap = table.loc[table["Batch"] == each.name, "Yield"].mean() - 1527.5
        assert each.effect == pytest.approx(each.reliability * gap, abs=1e-6)
    # τ² / (τ² + σ²) with τ² = 1764.05 and σ² = 2451.25
    assert told.intraclass == pytest.approx(0.41849, abs=1e-5)


def test_more_contracts_are_more_reliable():
    draw = np.random.default_rng(1)
    siren = np.repeat(np.arange(30), np.tile([2, 20], 15))
    table = pd.DataFrame({"siren": siren, "y": draw.normal(size=30)[siren] + draw.normal(size=len(siren))})
    told = fit_levels(table, "y ~ 1", "siren")
    assert {each.n for each in told.levels} == {2, 20}
    assert max(e.reliability for e in told.levels if e.n == 2) < min(e.reliability for e in told.levels if e.n == 20)


def test_terms_and_unequal_authorities_agree_with_statsmodels():
    draw = np.random.default_rng(2)
    siren = np.repeat(np.arange(40), draw.integers(1, 12, 40))
    table = pd.DataFrame({"siren": siren, "x": draw.normal(size=len(siren))})
    table["y"] = 2 + 0.5 * table["x"] + draw.normal(size=40)[siren] + draw.normal(size=len(siren))
    told, theirs = fit_levels(table, "y ~ x", "siren"), mixedlm("y ~ x", table, groups="siren").fit(reml=True)
    assert told.fit["x"].estimate == pytest.approx(theirs.fe_params["x"], abs=1e-5)
    assert told.fit["x"].error == pytest.approx(theirs.bse_fe["x"], rel=1e-3)
    assert told.between**2 == pytest.approx(theirs.cov_re.iloc[0, 0], rel=1e-3)
    assert told.fit.parameters["log_vraisemblance"] == pytest.approx(theirs.llf, abs=1e-6)
    for each in told.levels:
        assert each.effect == pytest.approx(theirs.random_effects[int(each.name)].iloc[0], abs=1e-4)
        assert each.error**2 == pytest.approx(theirs.random_effects_cov[int(each.name)].iloc[0, 0], rel=1e-3)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-1e4, 1e4))
def test_neither_the_unit_nor_the_origin_changes_what_is_reliable(seed, scale, shift):
    draw = np.random.default_rng(seed)
    siren = np.repeat(np.arange(12), 6)
    table = pd.DataFrame({"siren": siren, "y": 3 * draw.normal(size=12)[siren] + draw.normal(size=72)})
    told, moved = (fit_levels(each, "y ~ 1", "siren") for each in (table, table.assign(y=scale * table["y"] + shift)))
    assert moved.between == pytest.approx(scale * told.between, rel=1e-4)
    assert [e.reliability for e in moved.levels] == pytest.approx([e.reliability for e in told.levels], abs=1e-5)
    assert all(0 < e.reliability < 1 for e in told.levels)


def test_authorities_that_nothing_tells_apart_are_not_ranked():
    table = pd.DataFrame({"y": [1.0, 9, 1, 9, 1, 9, 1, 9, 1, 9], "siren": list("aabbccddee")})
    with pytest.raises(ComparisonError, match="la variance entre collectivités est estimée à zéro"):
        fit_levels(table, "y ~ 1", "siren")


def test_one_row_per_authority_is_refused():
    table = pd.DataFrame({"y": [1.0, 9, 1, 9, 3], "siren": list("abcde")})
    with pytest.raises(ComparisonError, match="chaque collectivité n’a qu’une ligne"):
        fit_levels(table, "y ~ 1", "siren")
