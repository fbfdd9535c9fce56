"""Firm amounts, ceilings of frameworks, call-offs, and what cannot be told."""

import polars as pl
import pytest

from tests.cleaning.records import award, clean_records

FRAMEWORK, NONE = {"technique": ["Accord-cadre"]}, {"technique": ["Sans objet"]}
DECLARED = {
    "ferme": award("ferme"),
    "plafond-technique": award("plafond-technique", techniques=FRAMEWORK),
    "plafond-parmi": award("plafond-parmi", techniques={"technique": ["Concours", "Accord-cadre"]}),
    "plafond-nature": award("plafond-nature", nature="Accord-cadre", techniques=None),
    "subsequent": award("subsequent", techniques=FRAMEWORK, idAccordCadre="AC-1"),
    "subsequent-nature": award("subsequent-nature", nature="Marché subséquent", techniques=None),
    "soi-meme": award("soi-meme", techniques=FRAMEWORK, idAccordCadre="soi-meme"),
    "cadre-vide": award("cadre-vide", idAccordCadre="NC"),
    "nature-seule": award("nature-seule", techniques=None),
    "rien": award("rien", nature=None, techniques=None),
    "concession": award("concession", nature="Concession de travaux", techniques=FRAMEWORK),
    "delegation": award("delegation", nature="Délégation de service public", techniques=NONE),
}


@pytest.fixture(scope="module")
def classes():
    marches = clean_records(*DECLARED.values())["marches"]
    return dict(marches.select("marche_id", pl.col("classe_montant").cast(pl.String)).iter_rows())


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("ferme", "ferme"),
        ("plafond-technique", "plafond"),
        ("plafond-parmi", "plafond"),
        ("plafond-nature", "plafond"),
        ("subsequent", "subsequent"),
        ("subsequent-nature", "subsequent"),
        ("soi-meme", "plafond"),
        ("cadre-vide", "ferme"),
        ("nature-seule", "ferme"),
        ("rien", None),
        ("concession", None),
        ("delegation", None),
    ],
)
def test_the_class_of_an_amount_is_that_of_its_contract(classes, number, expected):
    assert classes[number] == expected
