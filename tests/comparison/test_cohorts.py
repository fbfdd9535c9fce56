"""Reforms at different dates: the vignette of did, R, differences worked by hand, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from optima_lib.comparison import extras
from optima_lib.comparison.reforms import staggered
from optima_lib.errors import ComparisonError

pytest.importorskip("diff_diff")

COLUMNS = ("lemp", "countyreal", "year", "cohorte")


@pytest.fixture(scope="session")
def counties(fixtures):
    return pd.read_csv(fixtures / "did" / "mpdta.csv").rename(columns={"first.treat": "cohorte"})


@pytest.fixture(scope="session")
def found(counties):
    return staggered(counties, *COLUMNS)


def told(effects, column="effet"):
    return {f"{row.cohorte:.0f} {row.temps:.0f}": getattr(row, column) for row in effects.itertuples()}


def test_effects_of_cohorts_are_those_of_r(found, expected, published):
    assert told(found.effects) == pytest.approx(expected["did_mpdta_2x2_from_base"], abs=1e-6)
    assert told(found.effects) == pytest.approx(published["did_mpdta"]["att_gt"], abs=5e-5)
    assert found.remarks == ()


def test_a_universal_base_cumulates_the_changes_before_the_reform(counties, expected):
    # before: from the base back to the time, less the steps between; the base itself is zero and not told
    wanted = dict(expected["did_mpdta_2x2_from_base"])
    steps = {name: wanted.pop(name) for name in ("2006 2004", "2006 2005", "2007 2004", "2007 2005", "2007 2006")}
    wanted |= {
        "2006 2003": -steps["2006 2004"] - steps["2006 2005"],
        "2006 2004": -steps["2006 2005"],
        "2007 2003": -steps["2007 2004"] - steps["2007 2005"] - steps["2007 2006"],
        "2007 2004": -steps["2007 2005"] - steps["2007 2006"],
        "2007 2005": -steps["2007 2006"],
    }
    universal = staggered(counties, *COLUMNS, base="universal")
    assert told(universal.effects) == pytest.approx(wanted, abs=1e-6)
    assert universal.parallel_trends_p() == pytest.approx(0.16812, abs=5e-6)


def test_an_overall_effect_depends_on_the_aggregation_that_is_named(found, published):
    values = published["did_mpdta"]
    dynamic, balanced = found.aggregate("dynamique"), found.aggregate("equilibree", horizon=1)
    assert found.aggregate("simple").overall.estimate == pytest.approx(values["simple_overall"], abs=5e-5)
    for aggregation, printed in ((dynamic, values["dynamic"]), (balanced, values["balance_e_1"])):
        exposures = {f"{row.exposition:.0f}": row.effet for row in aggregation.by_exposure.itertuples()}
        assert {"overall": aggregation.overall.estimate, **exposures} == pytest.approx(printed, abs=5e-5)
    assert (dynamic.name, dynamic.overall.name) == ("dynamique", "dynamique")


def test_parallel_trends_are_tested_as_in_the_vignette(found, published):
    assert found.parallel_trends_p() == pytest.approx(published["did_mpdta"]["pretest_p"], abs=5e-6)


@pytest.fixture(scope="session")
def changes(counties):
    """Change of each county since 2005 in 2006, in 2007 and in the mean of both, and its cohort."""
    wide = counties.pivot_table(index="countyreal", columns="year", values="lemp")
    told = pd.DataFrame({"2006": wide[2006] - wide[2005], "2007": wide[2007] - wide[2005]})
    return told.assign(both=told.mean(axis=1), cohorte=counties.groupby("countyreal")["cohorte"].first())


def error(changes, column):
    """The error of the change of the 40 counties of 2006 less that of the 309 never treated, by hand, without factor."""
    parts = [changes.loc[changes["cohorte"] == each, column] for each in (2006, 0)]
    assert [len(part) for part in parts] == [40, 309]
    return np.sqrt(sum(part.var(ddof=0) / len(part) for part in parts))


def test_the_error_of_an_effect_is_that_of_the_difference_of_two_mean_changes(found, changes):
    # clusters: 500 counties, G/(G - 1)
    errors = told(found.effects, "erreur")
    for time in ("2006", "2007"):
        assert errors[f"2006 {time}"] == pytest.approx(error(changes, time) * np.sqrt(500 / 499))


@pytest.mark.parametrize("base", ["varying", "universal"])
@pytest.mark.parametrize("name", ["simple", "dynamique", "equilibree"])
def test_of_one_cohort_all_aggregations_are_the_difference_of_the_mean_changes(counties, changes, name, base):
    alone = counties[counties["cohorte"].isin([0, 2006])]
    overall = staggered(alone, *COLUMNS, base=base).aggregate(name, horizon=1).overall
    means = changes.groupby("cohorte")["both"].mean()
    assert overall.estimate == pytest.approx(means[2006] - means[0])
    assert overall.error == pytest.approx(error(changes, "both") * np.sqrt(349 / 348))


def test_the_error_of_an_overall_effect_counts_that_of_the_sizes_of_cohorts():
    # effects at once 2 and 4, without noise, in 6 and 6 of 18 units: their mean moves with the shares alone; that of 6 among
    # 12 has the variance .5 (1 - .5)/12, times (4 - 2)², times G/(G - 1)
    table = small()
    table["part"] += 2 * ((table["debut"] == 4) & (table["annee"] >= 4))
    told = read(table).aggregate("dynamique")
    at_once = told.by_exposure.set_index("exposition").loc[0]
    assert at_once["effet"] == pytest.approx(3, abs=1e-5)
    assert at_once["erreur"] == pytest.approx(np.sqrt(0.25 / 12 * 4 * 18 / 17), rel=1e-5)


def test_errors_of_the_event_study_are_those_that_the_vignette_draws(found):
    # statistics.md §4, exposures 0 to 3, 1 000 draws: quartiles give an error to 3.7 % (one standard deviation)
    printed = [0.0124, 0.0163, 0.0402, 0.0354]
    for seed in (None, 1):
        by = found.aggregate("dynamique", seed=seed).by_exposure
        assert by.loc[by["exposition"] >= 0, "erreur"].tolist() == pytest.approx(printed, rel=3 * 0.037)


def test_draws_have_a_seed(found):
    first, again, other = (found.aggregate("simple", seed=seed).overall for seed in (1, 1, 2))
    assert first == again
    assert first != other


def small(sizes=((0, 6), (3, 6), (4, 6)), times=(1, 2, 3, 4, 5)):
    """Cohorts whose effect is 2 at first, one more at each time; each unit has its level, each time its height."""
    first = np.repeat(*zip(*sizes, strict=True))
    rows = [(unit, time, g) for unit, g in enumerate(first) for time in times]
    table = pd.DataFrame(rows, columns=["siren", "annee", "debut"])
    noise = np.random.default_rng(0).normal(size=len(table)) * 1e-6
    effect = (2 + table["annee"] - table["debut"]) * ((table["debut"] > 0) & (table["annee"] >= table["debut"]))
    return table.assign(part=10 * table["siren"] + table["annee"] ** 2 + effect + noise)


def read(table):
    return staggered(table, "part", "siren", "annee", "debut")


def test_aggregations_of_known_effects_are_those_worked_by_hand():
    # cohort 3: 2, 3, 4; cohort 4: 2, 3; equal sizes
    found = read(small())
    assert found.aggregate("simple").overall.estimate == pytest.approx(14 / 5, abs=1e-5)
    assert found.aggregate("dynamique").overall.estimate == pytest.approx((2 + 3 + 4) / 3, abs=1e-5)
    assert found.aggregate("equilibree", horizon=1).overall.estimate == pytest.approx(2.5, abs=1e-5)
    # Student's quantile at 97.5 % with 5 degrees of freedom: 2.571 (any printed table); six units on the smaller side
    told = found.aggregate("simple").overall
    assert (told.high - told.estimate) / told.error == pytest.approx(2.571, abs=5e-4)


def test_units_that_miss_a_time_stand_in_the_changes_where_they_are_seen():
    table = small()
    assert read(table.drop(index=[2, 33, 60])).aggregate("simple").overall.estimate == pytest.approx(14 / 5, abs=1e-5)


def test_what_is_left_out_or_frail_is_said():
    found = read(small(((0, 6), (1, 3), (3, 6), (4, 2), (9, 1))))
    assert found.remarks == (
        "Collectivités touchées dès la première période, laissées de côté : 3.",
        "Cohorte 4 : 2 collectivités seulement, ses erreurs sont trop petites.",
    )
    # who joins after the last time has not joined
    assert found.rows.loc[found.rows["debut"] == 0, "unite"].nunique() == 7


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (small(((3, 6), (4, 6))), "des collectivités jamais touchées"),
        (small(((0, 6), (1, 6))), "vues avant et après"),
        (pd.concat([small(), small()]), "« 0 » a plusieurs lignes pour 1"),
        (small().assign(debut=lambda table: table["debut"] + (table.index == 50)), "a plusieurs dates de réforme"),
        (
            small().assign(part=lambda table: table["part"].where((table["debut"] != 4) | (table["annee"] != 3))),
            "manquent",
        ),
    ],
)
def test_what_is_no_staggered_reform_is_refused(table, said):
    with pytest.raises(ComparisonError, match=said):
        read(table)


@pytest.mark.parametrize(
    ("sizes", "name", "horizon", "said"),
    [
        (((0, 9), (3, 9)), "calendaire", None, "Agrégation inconnue : « calendaire »"),
        (((0, 9), (3, 9)), "equilibree", None, "aucune cohorte n’est vue à cet horizon"),
        (((0, 9), (3, 9)), "equilibree", 3, "aucune cohorte n’est vue à cet horizon"),
        (((0, 9), (3, 4)), "simple", None, r"ne tient qu’à 4 collectivités.*`reforms.placebos`"),
        (((0, 1), (3, 9)), "dynamique", None, "ne tient qu’à 1 collectivité d’un côté"),
        (((0, 9), (2, 4), (4, 9)), "equilibree", 3, "ne tient qu’à 4 collectivités"),
    ],
)
def test_an_aggregation_that_is_none_or_rests_on_few_is_refused(sizes, name, horizon, said):
    with pytest.raises(ComparisonError, match=said):
        read(small(sizes)).aggregate(name, horizon=horizon)


def test_trends_need_two_times_before_a_reform():
    with pytest.raises(ComparisonError, match="n’est vue deux fois avant"):
        read(small(((0, 6), (2, 6)))).parallel_trends_p()


def test_units_that_are_all_alike_are_refused():
    table = small(((0, 6), (3, 6))).assign(part=lambda table: (table["annee"] >= 3) * (table["debut"] > 0) * 2.0)
    for refused in (
        lambda found: found.aggregate("simple"),
        lambda found: found.aggregate("dynamique"),
        lambda found: found.aggregate("dynamique", seed=1),
        lambda found: found.parallel_trends_p(),
    ):
        with pytest.raises(ComparisonError, match="rien ne varie entre collectivités"):
            refused(read(table))


def test_a_unit_is_named_whatever_its_type():
    table = small().assign(siren=lambda table: pd.Categorical(table["siren"].map("ville {}".format)))
    assert read(table[table["siren"] != "ville 3"]).effects.equals(read(small().query("siren != 3")).effects)
    with pytest.raises(ComparisonError, match="« ville 10 » a plusieurs dates"):
        read(table.assign(debut=table["debut"] + (table.index == 50)))


def test_a_library_that_is_absent_is_named_with_its_cure(monkeypatch):
    def absent(module):
        raise ModuleNotFoundError(module)

    monkeypatch.setattr(extras, "import_module", absent)
    with pytest.raises(ComparisonError, match=r"diff_diff n’est pas installé.*pip install 'optima-lib\[panels\]'"):
        read(small())
