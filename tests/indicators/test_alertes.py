"""Digits and runs against values worked by hand."""

import math

import polars as pl
import pytest

from optima_lib.indicators.facts.rotations import rotation_facts
from optima_lib.indicators.measure import measure

BUYERS = ["210000014", "240000018"]


def digits(counts):
    """Return the facts of as many firm contracts as said of each pair of digits."""
    rows = [pair for pair, number in counts.items() for _ in range(number)]
    return pl.DataFrame({"premiers_chiffres": rows}).with_columns(
        acheteur_siren=pl.Series([BUYERS[number % 2] for number in range(len(rows))]),
        annee=pl.lit(2024, pl.Int32),
        est_ferme=pl.lit(value=True),
        est_de_classe_inconnue=pl.lit(value=False),
        montant_initial_eur=pl.lit(100_000.0),
    )


@pytest.mark.parametrize(
    ("counts", "gap"),
    [
        # uniform: the shares of 10 to 38 exceed 1/90, and sum to log10(39/10)
        (dict.fromkeys(range(10, 100), 10), 2 * (math.log10(3.9) - 29 / 90) / 90),
        # one pair alone: it exceeds its share by 1 - log10(1.1), the others lack as much
        ({10: 300}, 2 * (1 - math.log10(1.1)) / 90),
        # the law itself, to a ten-thousandth
        ({d: round(10_000 * math.log10(1 + 1 / d)) for d in range(10, 100)}, 0),
    ],
)
def test_the_gap_to_the_law_of_benford_of_a_whole_market(counts, gap):
    row = measure({"marches": digits(counts)}, ["I12"], by=()).iloc[0]
    assert row["valeur"] == pytest.approx(gap, abs=5e-5)
    assert row["statut"] == "calculé"


def test_the_law_of_benford_says_nothing_of_few_amounts_or_of_one_buyer():
    few = measure({"marches": digits({10: 299})}, ["I12"], by=()).iloc[0]
    assert (few["statut"], few["effectif"]) == ("données insuffisantes", 299)
    alone = measure({"marches": digits({10: 1000})}, ["I12"])
    assert set(alone["statut"]) == {"données insuffisantes"}


def runs(winners):
    """Return the facts of one family whose winners follow each other, a day each."""
    days = pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 1, len(winners)), eager=True)
    suppliers = pl.DataFrame({"titulaire_no": [ord(each) for each in winners], "date_notification": days})
    told = suppliers.with_columns(acheteur_siren=pl.lit(BUYERS[0]), famille=pl.lit("301"), nb_titulaires=1)
    return rotation_facts(told.lazy()).collect().row(0, named=True)


def test_runs_are_those_of_the_test_of_two_categories():
    # ABAB… of 10 and 10: 20 runs, 11 expected, variance 2·10·10·(200 - 20) / (20²·19) = 4.7368 (Wald and Wolfowitz)
    told = runs("AB" * 10)
    assert told["nb_series"] == 20
    assert told["ecart_series"] == pytest.approx((20 - 0.5 - 11) / math.sqrt(36_000 / 7_600))
    assert told["est_alternance"] is True


def test_winners_that_follow_in_blocks_or_at_random_do_not_alternate():
    assert runs("A" * 10 + "B" * 10)["est_alternance"] is False
    assert runs("ABBABAAABBABBAABABBA")["est_alternance"] is False  # 13 runs, 11 expected: less than one deviation
    assert runs("A" * 20)["est_alternance"] is None
    assert runs("AB" * 9)["est_alternance"] is None


def test_three_winners_in_turn_alternate():
    # ABC × 7: Σn² = 147, Σn³ = 1 029; E = (21·22 - 147) / 21 = 15; V = (147·(147 + 462) - 42·1 029 - 9 261) / (441·20)
    told = runs("ABC" * 7)
    assert told["ecart_series"] == pytest.approx((21 - 0.5 - 15) / math.sqrt((147 * 609 - 42 * 1029 - 9261) / 8820))
    assert told["est_alternance"] is True
