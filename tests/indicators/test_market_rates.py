"""What the market says of a kind of contract, and of the suppliers and years of a buyer."""

import datetime as dt

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from optima_lib.indicators.facts import base_of, build_facts
from optima_lib.references import bound, reference
from tests.indicators.tables import BUYER, OTHER, contracts_of

# The arithmetic of the cases that these facts feed (tests/cases):
# C04: 40 bids in division 45 (4 of 2, 30 of 3, 6 of 5), median 3; gaps of the buyer: 4 of -1, 6 of +2, median 2;
#      10 facts: the interval runs from rank 2 (-1) to rank 9 (2).
# C08: the others have 10 single bids in 40, rate 0.25; 24 contracts: 6 expected, 9 seen, 1.5; Garwood's 9: 4.115 to
#      17.085, over 6. For the other buyer: 9 in 36 elsewhere, 40 contracts, 10 expected, 10 seen.
# C11: 2022 has 10 suppliers, 2 of them seen in 2019-2021. The other buyer: in 2021 five date from 2016 (5 years, known),
#      five are new; in 2022 five date from 2021 and five from 2016 (6 years, new again).
# S04: 36 600 over 366 days: 184 in 2023, 182 in 2024; 73 100 over 731 days: 366 in 2024, 31 up to 31 January 2025.
# S12: 80, 120, 400, 400: (-3*80 - 120 + 400 + 3*400) / (3 * 1000) = 1240 / 3000.
# S14.moyenne: 5 of 40 000, 5 of 60 000: 50 000, standard error 10 000 / 3, t(0.975, 9) = 2.262157.
# S15.decembre: 3 in 12 contracts: 3 / (12 / 12) = 3; Garwood's 3: 0.619 to 8.767.

KIND = {"cpv": "45210000", "type_achat": "Travaux", "procedure": "Procédure adaptée", "montant_initial_eur": 50_000.0}
QUICK = settings(max_examples=15, deadline=None)
DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2023, 12, 31))


def facts_of(rows, name="marches"):
    return build_facts(base_of(marches=contracts_of(rows)))[name].collect()


def bids(buyer, *numbers):
    return [KIND | {"acheteur_siren": buyer, "offres_recues": number} for number in numbers]


@QUICK
@given(st.lists(st.integers(1, 9), min_size=30, max_size=40), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_the_rate_expected_of_a_buyer_is_that_of_the_others(others, mine):
    facts = facts_of(bids(OTHER, *others) + bids(BUYER, *mine)).filter(acheteur_siren=BUYER)
    assert facts["taux_offre_unique_attendu"].to_list() == pytest.approx([others.count(1) / len(others)] * len(mine))


@pytest.mark.parametrize(("others", "known"), [(29, False), (30, True)])
def test_a_rate_rests_on_enough_contracts_of_others(others, known):
    facts = facts_of(bids(OTHER, *[2] * others) + bids(BUYER, 2)).filter(acheteur_siren=BUYER)
    assert facts["taux_offre_unique_attendu"].is_not_null().item() is known
    assert facts["ecart_offres"].is_not_null().item() is known


@pytest.mark.parametrize(("amount", "size"), [(2, 1), (39_999.99, 1), (40_000, 2), (90_000, 3), (5_400_000, 6), (None, None)])  # fmt: skip
def test_an_amount_is_of_the_class_that_it_reaches(amount, size):
    assert facts_of([KIND | {"montant_initial_eur": amount}])["classe_taille"].item() == size


def test_the_classes_of_amounts_go_up():
    starts = [float(row["de_eur"]) for row in reference("classes_taille")]
    assert starts == sorted(set(starts))
    assert starts[0] == 0


@QUICK
@given(DAYS, st.integers(1, 47), st.integers(2, 10_000))
def test_the_years_of_a_contract_that_ended_make_its_amount(day, months, amount):
    last = {"date_notification": dt.date(2027, 12, 31)}  # the base goes on after its end
    mine = {"date_notification": day, "annee": day.year, "duree_mois": months, "montant_eur": float(amount)}
    years = facts_of([mine, last], "executions").filter(uid="u0")
    assert years["montant_annee_eur"].sum() == pytest.approx(amount)
    assert years["annee"].to_list() == list(range(day.year, day.year + years.height))
    assert years["part_annee"].is_between(0, 1, closed="right").all()


def test_a_contract_stops_with_the_base():
    # 2023-12-31 to 2025-12-31: 731 days, of which the base sees 1 in 2023 and 2 in 2024
    rows = [
        {"date_notification": dt.date(2023, 12, 31), "annee": 2023, "duree_mois": 24, "montant_eur": 731.0},
        {"date_notification": dt.date(2024, 1, 2), "annee": 2024},
    ]
    years = facts_of(rows, "executions").filter(uid="u0").sort("annee")
    assert years.select("annee", "montant_annee_eur").rows() == [(2023, pytest.approx(1)), (2024, pytest.approx(2))]


@pytest.mark.parametrize(
    ("latest", "year", "whole"),
    [
        (dt.date(2025, 3, 1), 2024, True),
        (dt.date(2025, 2, 28), 2024, False),  # the two months of the law have not passed
        (dt.date(2025, 3, 1), 2025, False),
        (dt.date(2025, 3, 1), 2019, True),
        (dt.date(2025, 3, 1), 2018, False),  # publication is compulsory from October 2018
    ],
)
def test_a_year_is_whole_when_no_month_of_it_is_cut(latest, year, whole):
    rows = [{"date_notification": dt.date(year, 1, 1)}, {"date_notification": latest}]
    assert facts_of(rows).filter(uid="u0")["est_annee_complete"].item() is whole


@pytest.mark.parametrize(("gap", "new"), [(1, False), (5, False), (6, True)])
def test_a_supplier_is_new_when_memory_holds_no_contract_of_it(gap, new):
    assert bound("memoire_fournisseurs_ans") == 5
    # another supplier wins every year, so that the buyer always has a past
    years = [(2010, "x"), *((year, "y") for year in range(2010, 2010 + gap + 1)), (2010 + gap, "x")]
    rows = [{"uid": f"{year}{name}", "annee": year, "nb_titulaires": 1} for year, name in dict.fromkeys(years)]
    names = [row["uid"][4:] for row in rows]
    held = pl.DataFrame(
        {"uid": [row["uid"] for row in rows], "titulaire_id": names, "titulaire_siren": [None] * len(names)},
        schema_overrides={"titulaire_siren": pl.String},
    )
    ties = build_facts(base_of(marches=contracts_of(rows), titulaires=held))["relations"].collect()
    last = ties.filter(pl.col("annee") == 2010 + gap, titulaire_no=1, est_titulaire=True)
    assert last["est_nouveau"].item() is new
    assert last["a_recul"].item() is (gap >= 3)
