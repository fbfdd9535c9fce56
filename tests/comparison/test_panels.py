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


def test_two_years_give_the_difference_of_the_differences():
    # six authorities; changes of 1, 2, 3 where x comes and 5, 6, 10 where it does not: 2 - 7
    changes = {0: 1, 1: 2, 2: 3, 3: 5, 4: 6, 5: 10}
    rows = [(i, t, 100 * i + change * t, float(i < 3 and t)) for i, change in changes.items() for t in (0, 1)]
    told = fitted(pd.DataFrame(rows, columns=["siren", "annee", "part", "x"]))
    assert told["x"].estimate == pytest.approx(-5)
    assert (told.n, told.clusters, told.parameters["periodes"]) == (12, 6, 2)
    # residual changes -1, 0, 1 and -2, -1, 3; HC0 of the difference of means (2/9 + 14/9), times 6/5 and 11/(12 - 3)
    assert told["x"].error == pytest.approx(np.sqrt((2 / 9 + 14 / 9) * 6 / 5 * 11 / 9))


def test_unequal_panels_agree_with_dummies():
    table = panel().drop(index=[3, 10, 11, 25])
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
    assert told.remarks[0] == "Autorités vues une seule fois, laissées de côté : 1."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table[table["annee"] == 2018], r"une seule période \(2018\)"),
        (lambda table: pd.concat([table, table]), "« 0 » a plusieurs lignes pour 2018"),
        (lambda table: table.assign(x=table["siren"]), "« x » ne change dans aucune autorité"),
        (lambda table: table.assign(x=table["annee"]), "« x » est le même pour toutes à chaque date"),
        (lambda table: table.assign(x=table["annee"] + table["siren"]), "ne se distinguent pas"),
        (lambda table: table[table["siren"] < 3], "3 autorités, il en faut au moins 5"),
        (lambda table: table[table["annee"] - 2018 == table["siren"] % 4], "aucune autorité n’est vue deux fois"),
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
