"""Flat layouts are declared, not coded."""

import polars as pl
import pytest
from pydantic import ValidationError

from optima_lib.cleaning.publications import EVERY
from optima_lib.sources.awards import MODIFICATIONS, TITULAIRES
from optima_lib.sources.layouts import Layout, find_layout, fold, layouts, nearest_layout, pick
from optima_lib.sources.nomenclatures import COLUMNS as NOMENCLATURES
from optima_lib.sources.territories import COLUMNS

UNITS = {
    *("siren", "statut_diffusion", "denomination", "denomination_usuelle", "prenom_usuel", "prenom", "nom_usage"),
    *("nom_naissance", "categorie", "annee_categorie", "naf", "nomenclature_naf", "categorie_juridique"),
    *("date_creation", "date_debut", "etat", "ess", "societe_mission", "traite_le"),
}
KNOWN = {
    "marches": {*EVERY, "acheteur_id"},
    "territoires": {*COLUMNS, "membres", "type"},
    "entreprises": UNITS,
    "etablissements": {"siret", "siege", "commune", "naf", "nomenclature_naf", "etat", "traite_le"},
    **{name: set(columns) for name, columns in NOMENCLATURES.items()},
}
SIX = ["id_marche", "date_notification", "objet_marche", "montant_marche", "id_acheteur", "code_postal_acheteur"]


@pytest.mark.parametrize("layout", layouts(), ids=lambda each: each.nom)
def test_a_layout_gives_only_columns_that_the_suite_knows(layout):
    known = KNOWN[layout.donnees]
    assert set(layout.colonnes) | set(layout.constantes) <= known
    assert all(set(place) <= set(TITULAIRES) for place in layout.titulaires)
    assert set(layout.modification) <= {*MODIFICATIONS, *TITULAIRES}


@pytest.mark.parametrize("layout", layouts(), ids=lambda each: each.nom)
def test_a_layout_is_found_from_the_columns_that_it_requires_and_no_fewer(layout):
    assert find_layout(layout.requis) is not None
    assert find_layout(layout.published() + layout.requis) == layout
    assert layout.missing(layout.requis[1:]) == [layout.requis[0]]


def test_a_layout_with_an_unknown_key_is_refused():
    with pytest.raises(ValidationError, match="separateur"):
        Layout(nom="x", libelle="x", source="x", donnees="marches", requis=[], colonnes={}, separateur=";")


def test_columns_are_compared_without_accents_case_spaces_nor_punctuation():
    names = ["acheteur.id", "acheteur_id", "Acheteur ID ", "acheteurId", "ACHETEUR-ID"]
    assert {fold(name) for name in names} == {"acheteurid"}
    assert fold("Montant modifié (Ht)") == "montantmodifieht"


def test_a_layout_is_found_whatever_the_order_and_case_of_its_columns():
    assert find_layout([name.upper() for name in reversed(SIX)]).nom == "decp-6-colonnes"


def test_the_nearest_layout_is_that_which_lacks_least():
    near = nearest_layout([name for name in SIX if name != "id_acheteur"])
    assert near.nom == "decp-6-colonnes"
    assert near.missing(SIX[:3]) == ["id_acheteur", "montant_marche"]


def test_no_layout_is_found_for_columns_of_another_kind():
    assert find_layout(["id", "montant", "objet"]) is None


def test_published_columns_are_picked_under_our_names():
    frame = pl.DataFrame({"Id du marché ": ["1"], "autre": ["x"]})
    picked = pick(frame, {"marche_id": "Id du marché", "objet": "Objet marché"})
    assert picked.rows(named=True) == [{"marche_id": "1"}]


def test_two_published_columns_of_one_name_are_merged():
    frame = pl.DataFrame({"nom": [None, "b"], "nom ": ["a", None]})
    assert pick(frame, {"nom": "nom"})["nom"].to_list() == ["a", "b"]
