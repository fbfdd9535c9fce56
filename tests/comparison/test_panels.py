"""Fixed effects: dummies, differences worked by hand, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from optima_lib.comparison import extras
from optima_lib.comparison.panels import fit_panel
from optima_lib.errors import ComparisonError

pytest.importorskip("linearmodels")


def panel(seed=0, authorities=8, years=4):
    draw = np.random.default_rng(seed)
    table = pd.DataFrame([(i, 2018 + t) for i in range(authorities) for t in range(years)], columns=["siren", "annee"])
    table["x"] = draw.normal(size=len(table))
    table["part"] = table["siren"] + 0.5 * table["annee"] + 2 * table["x"] + draw.normal(size=len(table))
    return table


def fitted(table, terms=("x",)):
    return fit_panel(table, "part", list(terms), "siren", "annee")


def reform(treated, others, years=4, late=0):
    """A reform in the third year; ``late`` authorities more get it in the fourth."""
    draw = np.random.default_rng(treated)
    start = np.repeat([2, 3, years], [treated, late, others])
    rows = [(i, t, float(t >= start[i])) for i in range(len(start)) for t in range(years)]
    table = pd.DataFrame(rows, columns=["siren", "annee", "x"])
    return table.assign(part=draw.normal(size=len(table)))


def test_two_years_give_the_difference_of_the_differences():
    # ten authorities; changes of 1, 2, 3, 1, 3 where x comes and 5, 6, 10, 6, 8 where it does not: 2 - 7
    changes = [1, 2, 3, 1, 3, 5, 6, 10, 6, 8]
    rows = [(i, t, 100 * i + change * t, float(i < 5 and t)) for i, change in enumerate(changes) for t in (0, 1)]
    told = fitted(pd.DataFrame(rows, columns=["siren", "annee", "part", "x"]))
    assert told["x"].estimate == pytest.approx(-5)
    assert (told.n, told.clusters, told.parameters["periodes"]) == (20, 10, 2)
    # residual changes -1, 0, 1, -1, 1 and -2, -1, 3, -1, 1: squares 4 and 16; HC0 of the difference of means
    # 4/25 + 16/25, times 10/9 and 19/(20 - 3)
    assert told["x"].error == pytest.approx(np.sqrt((4 / 25 + 16 / 25) * 10 / 9 * 19 / 17))
    # Student's quantile at 97.5 % with 4 degrees of freedom: 2.776 (any printed table); five authorities on each side
    assert (told["x"].high - told["x"].estimate) / told["x"].error == pytest.approx(2.776, abs=5e-4)


@pytest.mark.parametrize(
    ("treated", "others", "late", "carriers"),
    [(1, 20, 0, 1), (2, 20, 0, 2), (4, 20, 0, 4), (20, 3, 0, 3), (20, 0, 3, 3)],
)
def test_a_reform_of_few_authorities_or_with_few_others_is_sent_to_placebos(treated, others, late, carriers):
    with pytest.raises(ComparisonError, match=rf"ne tient qu’à {carriers} collectivités? face.*`reforms.placebos`"):
        fitted(reform(treated, others, late=late))


@pytest.mark.parametrize(("treated", "others", "late", "carriers"), [(5, 20, 0, 5), (20, 3, 3, "5,9"), (8, 0, 6, 6)])
def test_five_authorities_face_to_face_are_read_and_said(treated, others, late, carriers):
    # of three late ones the squares are 3/4 of those of the others, 1: (3 + 9/4)²/(3 + 27/16) = 5.88 against the path of
    # most; without it, the twenty and the late ones are far more
    told = fitted(reform(treated, others, late=late))
    said = (
        f"Le changement de « x » tient à {'l’équivalent de ' * isinstance(carriers, str)}{carriers} collectivités sur "
    )
    assert told.remarks[-1].startswith(f"{said}{told.clusters} ")


def test_gaps_in_the_years_do_not_hide_that_there_is_one_control():
    # the control and nine of the treated miss a year each: their paths differ, the reform does not
    table = reform(12, 1)
    with pytest.raises(ComparisonError, match="ne tient qu’à 1 collectivité face"):
        fitted(table[~((table["siren"] < 9) & (table["annee"] == table["siren"] % 4))])


def test_one_term_in_two_authorities_is_refused_beside_another_in_all():
    table = panel(authorities=12)
    few = table.assign(z=np.where(table["siren"] < 2, table["annee"] - 2018, 0.0))
    with pytest.raises(ComparisonError, match="« z » ne tient qu’à 2 collectivités"):
        fitted(few, ("x", "z"))


def test_a_reform_without_effect_is_seen_at_most_as_often_as_is_said():
    # five of thirty authorities, white noise: 5 % and three standard errors of 100 draws; Student's law with 29: 12 %
    seen = 0
    for seed in range(100):
        table = reform(5, 25)
        noise = np.random.default_rng(seed).normal(size=len(table))
        seen += fitted(table.assign(part=noise))["x"].p < 0.05
    assert seen / 100 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


def test_unequal_panels_agree_with_dummies():
    table = panel(authorities=16).drop(index=[3, 10, 11, 25])
    table["z"] = np.random.default_rng(1).normal(size=len(table))
    told = fitted(table, ("x", "z"))
    dummies = ols("part ~ x + z + C(siren) + C(annee)", table).fit()
    assert told["x"].estimate == pytest.approx(dummies.params["x"])
    assert told["z"].estimate == pytest.approx(dummies.params["z"])


def test_two_way_effects_of_counties_are_the_estimate_and_error_worked_on_deviations(fixtures):
    table = pd.read_csv(fixtures / "did" / "mpdta.csv")
    table["x"] = ((table["first.treat"] > 0) & (table["year"] >= table["first.treat"])).astype(float)
    told = fit_panel(table, "lemp", ["x"], "countyreal", "year")

    def deviations(name):
        wide = table.pivot_table(index="countyreal", columns="year", values=name)
        return wide.sub(wide.mean(axis=1), axis=0).sub(wide.mean(axis=0), axis=1).to_numpy() + wide.to_numpy().mean()

    x, y = deviations("x"), deviations("lemp")
    slope = (x * y).sum() / (x**2).sum()
    cluster = np.sqrt((((x * (y - slope * x)).sum(axis=1)) ** 2).sum()) / (x**2).sum()
    assert told["x"].estimate == pytest.approx(slope)
    assert told["x"].error == pytest.approx(cluster * np.sqrt(500 / 499 * 2499 / 2494))


def test_authorities_seen_once_are_left_out_and_told():
    table = panel()
    alone = pd.DataFrame({"siren": [99], "annee": [2018], "x": [1.0], "part": [5.0]})
    told = fitted(pd.concat([table, alone]))
    assert told.coefficients == fitted(table).coefficients
    assert told.remarks[0] == "Collectivités vues une seule fois, laissées de côté : 1."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table[table["annee"] == 2018], r"une seule période \(2018\)"),
        (lambda table: pd.concat([table, table]), "« 0 » a plusieurs lignes pour 2018"),
        (lambda table: table.assign(x=table["siren"]), "« x » ne change dans aucune collectivité"),
        (lambda table: table.assign(x=table["annee"]), "« x » est le même pour toutes à chaque date"),
        (lambda table: table.assign(x=table["annee"] + table["siren"]), "ne se distinguent pas"),
        (lambda table: table[table["siren"] < 3], "3 collectivités, il en faut au moins 5"),
        (lambda table: table[table["annee"] - 2018 == table["siren"] % 4], "aucune collectivité n’est vue deux fois"),
    ],
)
def test_what_is_no_panel_is_refused_in_one_sentence(change, said):
    with pytest.raises(ComparisonError, match=said):
        fitted(change(panel()))


def test_a_package_that_is_absent_is_named_with_its_cure(monkeypatch):
    def absent(module):
        raise ModuleNotFoundError(module)

    monkeypatch.setattr(extras, "import_module", absent)
    with pytest.raises(
        ComparisonError, match=r"Le paquet linearmodels n’est pas installé.*pip install 'optima-lib\[panels\]'"
    ):
        fitted(panel())
