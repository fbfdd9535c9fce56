"""The chapter « Profil des achats » on a few contracts: what is whose, and what a figure counts."""

import pytest

from optima_lib.reporting import profil
from tests.reporting.studies import AGGLOMERATION, TOWN, study_of

FIRM = {"classe_montant": "ferme", "annee": 2024}
AMOUNTS = ["Montant ferme", "Plafonds", "Classe non publiée", "Concessions"]


def amounts(etude):
    frame = profil.tableau_montants(etude).frame
    return frame[frame["Année"] == "période"].set_index("Entité")


def test_a_town_without_contract_has_none_of_the_money_of_its_agglomeration():
    rows = [
        {"acheteur_siren": AGGLOMERATION, "annee": 2024, "montant_initial_eur": 70_000.0},
        {"acheteur_siren": AGGLOMERATION, "annee": 2024, "montant_initial_eur": 500_000.0, "nature": "Concession de service"},
        {"acheteur_siren": AGGLOMERATION, "montant_initial_eur": 30_000.0} | FIRM,
    ]  # fmt: skip
    table = amounts(study_of(rows))
    assert table.loc["Ville", AMOUNTS].isna().all()
    assert table.loc["Ville", "Contrats"] == 0
    for name in ("Agglomération", "Ensemble"):
        assert table.loc[name, AMOUNTS[0]] == 30_000
        assert table.loc[name, AMOUNTS[2:]].tolist() == [70_000, 500_000]


def test_the_whole_has_the_money_of_both():
    rows = [
        {"acheteur_siren": TOWN, "annee": 2024, "montant_initial_eur": 20_000.0},
        {"acheteur_siren": AGGLOMERATION, "annee": 2024, "montant_initial_eur": 70_000.0},
    ]
    table = amounts(study_of(rows))["Classe non publiée"]
    assert table.to_dict() == pytest.approx({"Ville": 20_000, "Agglomération": 70_000, "Ensemble": 90_000})
