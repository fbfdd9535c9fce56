"""The published scales and benchmarks, against the tables of their authors."""

import csv
import math

import pytest

from optima_lib.indicators.catalogue import THEMES
from optima_lib.indicators.reperes import publication_grade, traffic_light
from optima_lib.references import reference

# the names of the scoreboard, and the codes of the catalogue
SCOREBOARD = {
    "single_bidder": "C01",
    "no_calls_for_bids": "C06",
    "publication_rate": "P06",
    "cooperative_procurement": "G01",
    "award_criteria_lowest_price": "C13",
    "decision_speed": "P03",
    "sme_contractors": "F02",
    "sme_bids": "F04",
    "procedures_divided_into_lots": "C14",
    "missing_seller_registration": "Q02",
    "missing_buyer_registration": "Q02",
}


@pytest.mark.parametrize(
    ("code", "value", "colour"),
    [
        ("C01", 19, "jaune"),  # France, 2021
        ("P03", 89, "vert"),
        ("G01", 6, "rouge"),
        ("C13", 7, "vert"),
        ("C01", 10, "vert"),  # the bounds of the edition of 2015, each side
        ("C01", 10.01, "jaune"),
        ("C01", 20, "jaune"),
        ("C01", 20.01, "rouge"),
        ("C06", 5, "vert"),
        ("C06", 9.99, "jaune"),
        ("C06", 10, "rouge"),
        ("G01", 10, "vert"),
        ("G01", 9.99, "rouge"),
        ("C13", 79.99, "vert"),
        ("C13", 80, "rouge"),
        ("P03", 119.99, "vert"),
        ("P03", 120, "rouge"),
        ("F02", 60, "jaune"),
        ("F02", 60.01, "vert"),
        ("F02", 45, "jaune"),
        ("F02", 44.99, "rouge"),
    ],
)
def test_the_traffic_light_of_the_european_scoreboard(code, value, colour):
    assert traffic_light(code, value) == colour


def test_what_is_not_known_has_no_colour():
    assert traffic_light("C01", math.nan) is None
    assert traffic_light("C01", None) is None
    assert traffic_light("S10", 2.0) is None


def test_a_scale_has_its_bounds_in_order_and_stands_once():
    rows = reference("feux")
    assert len({row["indicateur"] for row in rows}) == len(rows)
    for row in rows:
        assert row["source"], row
        assert row["annee"], row
        assert row["confiance"], row
        order = 1 if row["sens"] == "bas" else -1
        assert order * float(row["vert"]) <= order * float(row["rouge"]), row


def test_the_grades_of_publication_are_those_that_their_author_tests(shared):
    path = shared / "fixtures" / "peers" / "eclaireur" / "publication_rate_grades.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 29
    for row in rows:
        assert publication_grade(float(row["publication_rate_percent"])) == row["expected_grade"], row


def test_the_benchmarks_of_the_scoreboard_are_those_that_it_publishes(shared):
    told = {(row["indicateur"], row["annee"], row["perimetre"], float(row["valeur"])) for row in reference("reperes")}
    path = shared / "fixtures" / "peers" / "scoreboard" / "single_market_scoreboard.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] in SCOREBOARD]
    assert len(rows) == 19
    for row in rows:
        place = "France" if row["geo"] == "FR" else "Pays médian de l'Union"
        code = SCOREBOARD[row["indicator"]]
        assert (code, row["year"], place, float(row["value"])) in told, row
        assert (code, row["year"], "Pays médian de l'Union", float(row["eu_typical"])) in told, row


def test_every_benchmark_that_the_reference_gives_for_an_indicator_is_there(shared):
    told = {(row["indicateur"], float(row["valeur"])) for row in reference("reperes")}
    with (shared / "reference" / "national_benchmarks.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["value"] and row["indicator_id"] not in {"", "Q"}]
    missing = [row for row in rows if (row["indicator_id"].split("+")[0], float(row["value"])) not in told]
    assert not missing


def test_a_benchmark_says_what_it_is_and_how_far_it_compares():
    for row in reference("reperes"):
        assert row["indicateur"][0] in THEMES, row
        assert all(row.values()), row
        float(row["valeur"])
        if row["source"].startswith("OECP") and row["perimetre"] != "France, État" and "évolution" not in row["unite"]:
            assert "upture de série en 2024" in row["note"], row
