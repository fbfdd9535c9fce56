"""Each indicator gives what its case, worked by hand, says."""

import math

import pandas as pd
import pytest

from optima_lib.indicators.catalogue import computable
from optima_lib.indicators.measure import measure
from optima_lib.schemas import SCHEMAS
from tests.indicators.cases import CASES, facts_of_case, read_expected


def test_every_indicator_has_a_case_and_every_case_an_indicator():
    cases = {path.name.removesuffix(".expected.csv") for path in CASES.glob("*.expected.csv")}
    assert cases == set(computable())
    tables = (".expected", *(f".{name}" for name in SCHEMAS))
    assert {path.stem for path in CASES.glob("*.csv") if not path.stem.endswith(tables)} == cases


@pytest.mark.parametrize("code", computable())
def test_an_indicator_gives_the_values_worked_by_hand(code):
    measured = measure(facts_of_case(code), [code]).to_dict("records")
    found = {(row["acheteur_siren"], row["annee"]): row for row in map(_plain, measured)}
    for expected in read_expected(code).iter_rows(named=True):
        row = found[expected["acheteur_siren"], expected["annee"]]
        for name, value in expected.items():
            if name in {"acheteur_siren", "annee"}:
                continue
            where = f"{code} {expected['acheteur_siren']} {expected['annee']} {name}"
            if value is None:
                assert math.isnan(row[name]), where
            elif name == "statut":
                assert row[name] == value, where
            else:
                # the intervals of the cases are printed with three decimals
                tolerance = {"abs": 5e-4} if name in {"ic_bas", "ic_haut"} else {"rel": 1e-9, "abs": 1e-12}
                assert row[name] == pytest.approx(value, **tolerance), where


def _plain(row):
    """Write a missing year as None."""
    return row | {"annee": None if pd.isna(row["annee"]) else int(row["annee"])}


@pytest.mark.parametrize("code", computable())
def test_an_indicator_says_its_coverage(code):
    measured = measure(facts_of_case(code), [code])
    concerned = measured[measured["eligibles"] > 0]
    assert (concerned["couverture"] == concerned["effectif"] / concerned["eligibles"]).all()
    assert measured.loc[measured["eligibles"] == 0, "statut"].eq("sans objet").all()
