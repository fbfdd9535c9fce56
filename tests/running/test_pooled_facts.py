"""Facts and quarters of a pooled question are those of the indicator: the same numbers, no other definition."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from optima_lib.indicators import find
from optima_lib.indicators.measure import measure
from optima_lib.paths import processed
from optima_lib.running.facts import ready_facts
from optima_lib.running.pooled_facts import read_facts, read_quarters
from tests.running.market import write_towns


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faits")
    write_towns(folder, 6)
    return {name: pl.scan_parquet(path) for name, path in ready_facts(processed(folder)).items()}


@pytest.mark.parametrize(
    ("code", "summed"), [("C01", "mean"), ("C03", "mean"), ("S14", "median"), ("S02", "sum"), ("P05", "median")]
)
def test_the_facts_of_an_authority_make_its_value(facts, code, summed):
    rows = read_facts(facts, find(code)).groupby("acheteur_siren")["valeur"]
    values = measure(facts, [code], by=("acheteur_siren",)).set_index("acheteur_siren")
    assert np.allclose(rows.agg(summed), values["valeur"])
    assert rows.size().tolist() == values["effectif"].tolist()


def test_a_contract_of_several_suppliers_is_one_fact():
    rows = {
        "acheteur_siren": ["1"] * 3,
        "uid": ["x", "x", "y"],
        "annee": [2024] * 3,
        "est_acheteur": [True, False, False],
        "part": [0.5, 0.5, 1.0],
    }
    told = read_facts({"titulaires": pl.LazyFrame(rows)}, find("I13"))
    assert len(told) == 2
    assert told["valeur"].max() <= 1


def test_what_has_no_value_for_one_contract_gives_none(facts):
    assert read_facts(facts, find("S10")) is None
    assert read_facts(facts, find("F07")) is None


def test_quarters_are_those_of_the_notification(facts):
    sirens = facts["marches"].collect()["acheteur_siren"].unique().to_list()
    told = read_quarters(facts, find("S01"), sirens)
    dated = facts["marches"].filter(pl.col("date_notification").is_between(dt.date(2023, 4, 1), dt.date(2023, 6, 30)))
    assert told.set_index("trimestre")["valeur"][4 * 2023 + 1] == dated.collect().height
    assert told["valeur"].sum() == 360
    one = read_quarters(facts, find("S01"), sirens[:1])
    assert one["valeur"].sum() == 60


def test_a_quarter_of_few_facts_has_no_share(facts):
    sirens = facts["marches"].collect()["acheteur_siren"].unique().to_list()
    assert read_quarters(facts, find("C01"), sirens[:1])["effectif"].ge(10).all()
    assert len(read_quarters(facts, find("C01"), sirens)) == 8


def test_what_has_no_day_gives_none(facts):
    assert read_quarters(facts, find("S04"), []) is None
