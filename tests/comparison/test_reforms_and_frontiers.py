"""Synthetic controls, reforms, frontiers: published values."""

import numpy as np
import pandas as pd
import pytest

from optima_lib.comparison.frontier import efficiency
from optima_lib.comparison.reforms import placebos, synthetic, synthetic_did
from optima_lib.errors import ComparisonError


@pytest.fixture(scope="session")
def california(fixtures):
    return pd.read_csv(fixtures / "synth" / "california_prop99.csv", sep=";")


@pytest.fixture(scope="session")
def smoking(california):
    return california.pivot_table(index="Year", columns="State", values="PacksPerCapita")


def squared_gap(smoking, weights):
    before = smoking[smoking.index < 1989]
    return float(((before["California"] - before[weights.index] @ weights) ** 2).sum())


def test_the_synthetic_california_is_that_of_its_published_weights(smoking, published, expected):
    found = synthetic(smoking, "California", 1989)
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights >= 0).all()
    # statistics.md §4: -19.51 by hand, -19.62 with the ridge of synthdid, -19.48 in Stata
    assert found.effect == pytest.approx(-19.51, abs=0.01)
    assert found.effect == pytest.approx(published["synthdid_prop99"]["stata_sc"], abs=0.05)
    weights = pd.Series(expected["synthdid_prop99"]["sc_weights"])
    assert found.weights.loc[weights.index].to_numpy() == pytest.approx(weights.to_numpy(), abs=0.02)
    # synthdid stops before the optimum: its weights, brought to a sum of one, leave a larger gap
    assert squared_gap(smoking, found.weights) < squared_gap(smoking, weights / weights.sum())


def test_no_other_weights_leave_a_smaller_gap(smoking):
    # first-order conditions on the simplex: the slope of the squared gap is the same for all donors in use, no less for others
    found = synthetic(smoking, "California", 1989)
    before = smoking[smoking.index < 1989]
    slope = -2 * before[found.weights.index].T @ found.gap[before.index]
    used = found.weights > 0
    assert np.ptp(slope[used]) < 1e-6
    assert slope[~used].min() > slope[used].mean()


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e3, 1e6])
@pytest.mark.parametrize("shift", [0.0, 1000.0])
def test_neither_the_unit_nor_the_origin_of_the_outcome_moves_the_synthetic_control(smoking, scale, shift):
    found, scaled = (synthetic(each, "California", 1989) for each in (smoking, scale * (smoking + shift)))
    assert scaled.effect / scale == pytest.approx(-19.5136, abs=5e-5)
    assert scaled.weights.to_numpy() == pytest.approx(found.weights.to_numpy(), abs=1e-6)
    assert scaled.ratio == pytest.approx(found.ratio, rel=1e-6)


def test_the_unit_of_the_outcome_does_not_move_a_rank(smoking):
    tiny = placebos(1e-6 * smoking, "California", 1989)
    assert (tiny.rank, len(tiny.ratios)) == (3, 39)
    assert tiny.ratios["California"] == pytest.approx(
        placebos(smoking, "California", 1989).ratios["California"], rel=1e-6
    )


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


def put(table, state, value):
    return table.assign(PacksPerCapita=table["PacksPerCapita"].where(table["State"] != state, value))


@pytest.fixture(scope="session")
def differences(california):
    pytest.importorskip("diff_diff")
    marked = california.assign(cible=(california["State"] == "California").astype(int))
    return synthetic_did(marked, "PacksPerCapita", "State", "Year", "cible", post=range(1989, 2001))


def test_synthetic_difference_in_differences_is_that_of_synthdid(differences, expected, published):
    values = expected["synthdid_prop99"]
    assert differences.effect == pytest.approx(values["sdid"], abs=1e-6)
    assert differences.plain == pytest.approx(values["did"], abs=1e-6)
    assert differences.plain == pytest.approx(published["synthdid_prop99"]["did"], abs=0.05)
    units, times = values["sdid_omega_top"], values["sdid_lambda"]
    assert differences.units[list(units)].to_dict() == pytest.approx(units, abs=1e-6)
    assert {str(time): each for time, each in differences.times.items()} == pytest.approx(times, abs=1e-6)
    assert list(differences.units.nlargest(8).index) == list(units)
    assert (differences.units.sum(), differences.times.sum()) == pytest.approx((1, 1))


def test_placebos_give_the_error_that_synthdid_draws(differences, expected):
    # synthdid draws 200 times among the 38 placebos: its error must be one that such draws give, 99 times in 100
    draw = np.random.default_rng(0)
    drawn = [draw.choice(differences.placebos, 200).std() for _ in range(2000)]
    low, high = np.quantile(drawn, [0.005, 0.995])
    assert low < expected["synthdid_prop99"]["placebo_se"] < high
    assert low < differences.error < high
    assert len(differences.placebos) == 38
    farther = (differences.placebos.abs() >= 15.6038).sum()
    assert differences.p == pytest.approx((1 + farther) / 39)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.assign(cible=0), r"une seule \(ici 0\)"),
        (lambda table: table.assign(cible=(table["State"] < "California").astype(int)), "une seule"),
        (lambda table: table.iloc[1:], "Une valeur du panel manque"),
        (lambda table: table[table["State"].isin(["California", "Utah", "Nevada"])], "trois donneurs"),
        (lambda table: table[table["Year"] > 1987], "deux périodes avant"),
        (lambda table: put(table, "Utah", np.nan), "Une valeur du panel manque.*31 lignes"),
        (lambda table: put(table, "Utah", np.inf), "« PacksPerCapita » contient un nombre infini"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "« .* » a plusieurs lignes pour 1970"),
        (lambda table: table.astype({"PacksPerCapita": str}), "« PacksPerCapita » ne contient pas que des nombres"),
        (lambda table: table.drop(columns="Year"), "la colonne « Year » n’est pas dans le tableau"),
        (lambda table: table.drop(columns="cible"), "la colonne « cible » n’est pas dans le tableau"),
        (lambda table: table.assign(PacksPerCapita=3.0), "aucune collectivité ne change d’une période à l’autre"),
        (lambda table: table.assign(PacksPerCapita=table["State"].str.len()), "aucune collectivité ne change"),
    ],
)
def test_what_has_no_synthetic_difference_is_refused(california, change, said):
    pytest.importorskip("diff_diff")
    marked = california.assign(cible=(california["State"] == "California").astype(int))
    with pytest.raises(ComparisonError, match=said):
        synthetic_did(change(marked), "PacksPerCapita", "State", "Year", "cible", post=range(1989, 2001))


@pytest.mark.parametrize(("post", "hole"), [([2, 5], 3), ([2, 3, 5], 4), ([2, 3, 4], 5)])
def test_a_time_after_the_event_is_never_counted_before_it(post, hole):
    pytest.importorskip("diff_diff")
    rows = [(i, t, float((i * t) % 5), int(i == 0)) for i in range(6) for t in range(6)]
    panel = pd.DataFrame(rows, columns=["u", "t", "y", "d"])
    with pytest.raises(ComparisonError, match=f"la période {hole} vient après l’événement"):
        synthetic_did(panel, "y", "u", "t", "d", post=post)


def test_the_names_of_the_columns_do_not_move_the_effect(california, differences):
    marked = california.assign(valeur=(california["State"] == "California").astype(int))
    named = marked.rename(columns={"State": "cible", "Year": "unite", "PacksPerCapita": "temps"})
    found = synthetic_did(named, "temps", "cible", "unite", "valeur", post=range(1989, 2001))
    assert found.effect == differences.effect


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


@pytest.mark.parametrize(("column", "said"), [("résultat", "aucun résultat"), ("ressource", "aucune ressource")])
def test_a_unit_that_has_nothing_is_named_and_refused(column, said):
    names = [f"service {each}" for each in "abcdefg"]
    table = pd.DataFrame({"ressource": range(1, 8), "résultat": [2.0, 3, 5, 6, 7, 7, 9]}, index=names)
    table.loc["service c", column] = 0
    with pytest.raises(ComparisonError, match=f"l’unité « service c » n’a {said}"):
        efficiency(table[["ressource"]], table[["résultat"]])
    with pytest.raises(ComparisonError, match=f"l’unité « 3 » n’a {said}"):
        efficiency(table["ressource"].tolist(), table["résultat"].tolist())


def test_a_unit_that_lacks_one_of_two_outputs_keeps_its_score():
    # one input of 1 each; outputs (2, 0) and (0, 2) span the frontier: (1, 0) is half, (1, 1) is on the line between them
    outputs = [[2, 0], [0, 2], [1, 0], [1, 1], [0.5, 0.5], [2, 0], [0, 2], [0, 1], [1, 1]]
    found = efficiency([1] * 9, outputs)
    assert found == pytest.approx([1, 1, 0.5, 1, 0.5, 1, 1, 0.5, 1])
