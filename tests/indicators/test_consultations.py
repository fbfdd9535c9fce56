"""Which contracts are lots of one consultation: identifiers as buyers publish them."""

import datetime as dt
from itertools import permutations

import pytest

from optima_lib.indicators.facts import base_of, build_facts
from tests.indicators.tables import OTHER, contracts_of

DAY = dt.date(2024, 3, 1)


def contract(number, subject=None, days=0, **more):
    return {"marche_id": number, "objet": subject, "date_notification": DAY + dt.timedelta(days), "annee": 2024} | more


def lots_of(rows):
    facts = build_facts(base_of(marches=contracts_of(rows)))["marches"].collect()
    return dict(facts.select("uid", "nb_lots_consultation").iter_rows())


@pytest.mark.parametrize(
    ("one", "other", "lots"),
    [
        (contract("2024OP166-LOT1"), contract("2024OP166-LOT12"), 2),
        (contract("2018001L1200"), contract("2018001L200"), 2),  # 00: no modification yet
        (contract("2023-02_LOT_1"), contract("2023-02_lot_2"), 2),
        (contract("2025393/LOT 5"), contract("2025393/LOT 6", days=14), 2),
        (contract("2025393/LOT 5"), contract("2025393/LOT 6", days=15), 1),
        (contract("2024OP166-LOT1"), contract("2024OP167-LOT1"), 1),
        (contract("2024A0240L00"), contract("2024A0241L00"), 1),  # lot 00: no lot
        (contract("20241", "Assurances - lot n°1 : flotte"), contract("20242", "ASSURANCES LOT 2 Dommages", 9), 2),
        (contract("20241", "Entretien des locaux"), contract("20242", "Entretien des locaux"), 2),
        (contract("20241", "Entretien des locaux"), contract("20242", "Entretien des locaux", acheteur_siren=OTHER), 1),
        (contract("20241", "Entretien des locaux"), contract("20242", "Entretien des espaces verts"), 1),
        (contract("20241", "Lot 1 - Gros œuvre"), contract("20242", "Lot 2 - Toiture"), 2),
        (contract("20241", "Lot 1 - Gros œuvre"), contract("20242", "Lot 2 - Toiture", days=1), 1),
        (contract("20241"), contract("20241"), 2),  # several lots are published under one number
        (contract("20241", "Achat de pain"), contract("20241", "Réfection du toit"), 1),
        (contract("000000"), contract("000000"), 1),  # no number at all
        (contract("20241"), contract("20242"), 1),  # no object: nothing brings them together
        (contract(None), contract(None), 1),
        (contract("20241", "Achat de pain", classe_montant="subsequent"), contract("20242", "Achat de pain"), 1),
        (contract("20241", "Achat de pain", date_notification=None), contract("20242", "Achat de pain"), 1),
    ],
)
def test_two_contracts_are_lots_of_one_consultation_or_not(one, other, lots):
    assert set(lots_of([one, other]).values()) == {lots}


@pytest.mark.parametrize(
    ("number", "marked"),
    [("2024A0341L01", True), ("2019001L400", True), ("2024OP166-LOT10", True), ("2024A0240L00", False), ("MAIL12", False), ("2024PILOTE", False)],
)  # fmt: skip
def test_a_contract_alone_is_a_lot_when_its_identifier_says_so(number, marked):
    facts = build_facts(base_of(marches=contracts_of([contract(number, "Achat")])))["marches"].collect()
    assert facts["est_alloti"].item() is marked


def test_identifier_and_object_bring_together_in_turn_whatever_the_order():
    # a and b share their object, b and c their identifier, d nothing
    rows = [
        contract("20241", "Assurances de la ville - lot 1", uid="a"),
        contract("20242-LOT2", "Assurances de la ville - lot 2", uid="b"),
        contract("20242-LOT3", "Responsabilité civile", uid="c"),
        contract("20249", "Peinture routière", uid="d"),
    ]
    for each in permutations(rows):
        assert lots_of(each) == {"a": 3, "b": 3, "c": 3, "d": 1}


def test_a_long_series_stops_at_the_first_gap():
    rows = [contract(f"2024{number}", "Achat de papier", 10 * number) for number in range(3)]
    later = [contract("20249", "Achat de papier", 40)]
    assert sorted(lots_of([*rows, *later]).values()) == [1, 3, 3, 3]
