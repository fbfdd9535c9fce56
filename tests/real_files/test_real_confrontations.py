"""The chair's partners beside their peers, on the real files: a comparison, or a reason."""

import pytest

from optima_lib.comparison.gates import SENTENCES
from optima_lib.partners import Entite
from optima_lib.running.confrontation import confront_one

# reference/domain.md §9 and data/territories/README.md
PARTNERS = {
    "216404459": ("Pau", None),
    "200067254": ("Pau Béarn Pyrénées", None),
    "216403352": ("Lescar", None),
    "215801945": ("Nevers", None),
    "214401432": ("Rezé", None),
    "226500015": ("Hautes-Pyrénées", None),
    "286400023": ("SDIS 64", "SDIS"),  # in no territory file: its partner's file tells its category
}


@pytest.fixture(scope="module", params=PARTNERS, ids=[name for name, _ in PARTNERS.values()])
def told(request, real_data):
    name, category = PARTNERS[request.param]
    return confront_one(request.param, real_data, entite=Entite(siren=request.param, nom=name, categorie=category))


def test_each_value_is_compared_or_refused_with_a_sentence(told):
    rows = told.comparaisons
    assert len(rows)
    refused = rows["statut"] == "non comparé"
    assert rows.loc[refused, "motif"].map(SENTENCES).notna().all()
    assert rows.loc[refused, ["attendu", "z", "p", "verdict"]].isna().all().all()
    assert rows.loc[~refused, ["attendu", "z", "p", "verdict"]].notna().all().all()


def test_each_has_steps_of_peers_that_widen(told):
    steps = told.etapes
    assert len(steps)
    assert steps["acheteurs"].is_monotonic_increasing


def test_a_category_that_nothing_tells_is_refused_before_any_number(real_data):
    told = confront_one("286400023", real_data)
    assert set(told.comparaisons["motif"]) <= {"catégorie inconnue", "hors comparaison"}
    assert told.etapes.empty
