"""Labels of the two schemas and of the platforms, brought to those of the 2022 schema."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.cleaning.labels import (
    as_published,
    blank_fillers,
    fold_label,
    harmonise,
    harmonise_list,
    have_consideration,
    hold,
    read_booleans,
)
from optima_lib.references import reference

NO_CALL = "Marché passé sans publicité ni mise en concurrence préalable"


def one(family, published):
    return harmonise(pl.Series([published], dtype=pl.String), family).cast(pl.String).item()


@pytest.mark.parametrize(
    ("family", "published", "harmonised"),
    [
        ("procedure", "Appel d offres ouvert", "Appel d'offres ouvert"),
        ("procedure", "APPEL D’OFFRES OUVERT", "Appel d'offres ouvert"),
        ("procedure", "Marché négocié sans publicité ni mise en concurrence préalable", NO_CALL),
        ("procedure", "Marché public négocié sans publicité ni mise en concurrence préalable", NO_CALL),
        ("procedure", NO_CALL, NO_CALL),
        ("procedure", "procedure adaptee", "Procédure adaptée"),
        ("procedure", "Procédure concurrentielle avec négociation", "Procédure avec négociation"),
        ("lieu_type", "CODE POSTAL", "Code postal"),
        ("lieu_type", "Code Postal", "Code postal"),
        ("lieu_type", "Code département", "Code département"),
        ("titulaire_type_id", "TVA_INTRACOMMUNAUTAIRE", "TVA"),
        ("titulaire_type_id", "HORS_UE", "HORS-UE"),
        ("titulaire_type_id", "FRW", "FRWF"),
        ("titulaire_type_id", "Siret", "SIRET"),
        ("titulaire_type_id", "siret", "SIRET"),
        ("nature", "ACCORD-CADRE", "Accord-cadre"),
        ("nature", "Marché simple", "Marché"),
        ("nature", "Concession de services", "Concession de service"),
        ("ccag", "MAÎTRISE D'ŒUVRE", "Maitrise d'œuvre"),
        ("procedure", "Procédure inconnue de tous", "Procédure inconnue de tous"),
        ("procedure", "NC", None),
        ("procedure", None, None),
    ],
)
def test_a_label_is_brought_to_that_of_the_2022_schema_and_an_unknown_one_kept(family, published, harmonised):
    assert one(family, published) == harmonised


def test_every_harmonised_label_is_its_own_label():
    for row in reference("libelles"):
        if row["famille"] != "booleen":
            assert one(row["famille"], row["libelle"]) == row["libelle"]


@given(st.sampled_from([row for row in reference("libelles") if row["famille"] != "booleen"]), st.data())
def test_neither_case_nor_apostrophes_nor_spaces_count(row, data):
    change = data.draw(st.sampled_from([str.upper, str.lower, lambda t: t.replace("'", "’"), lambda t: f" {t}  "]))
    assert one(row["famille"], change(row["publie"])) == row["libelle"]


@pytest.mark.parametrize("word", [row["valeur"] for row in reference("valeurs_vides")])
def test_a_word_of_filling_is_missing_in_labels_and_in_texts(word):
    assert as_published(pl.Series([word])).to_list() == [None]
    assert blank_fillers(pl.Series([f" {word} "])).to_list() == [None]


def test_the_case_of_a_word_of_filling_counts():
    assert blank_fillers(pl.Series(["NC", "nc", "Non communal"])).to_list() == [None, "nc", "Non communal"]


def test_the_mark_inx_goes_and_the_value_behind_it_stays():
    assert blank_fillers(pl.Series(["INX 2024-7", "INX", "INX  "])).to_list() == ["2024-7", None, None]


@pytest.mark.parametrize(
    "published",
    [
        '["Clause sociale", "Marché réservé"]',
        "['Clause sociale', 'Marché réservé']",
        '{"considerationSociale": ["Clause sociale", "Marché réservé"]}',
        '[{"considerationSociale": "Clause sociale"}, {"considerationSociale": "Marché réservé"}]',
        "Clause sociale, Marché réservé",
        "clause sociale,MARCHE RESERVE, Clause sociale",
    ],
)
def test_a_list_of_labels_is_read_in_every_way_it_is_published(published):
    read = harmonise_list(pl.Series([published]), "considerations_sociales")
    assert read.cast(pl.String).to_list() == ["Clause sociale, Marché réservé"]


@pytest.mark.parametrize("published", ["[]", "{}", "null", "NC", '["NC"]', None])
def test_a_list_that_says_nothing_is_missing(published):
    assert harmonise_list(pl.Series([published], dtype=pl.String), "techniques").to_list() == [None]


def test_no_consideration_is_declared_or_is_not_published():
    published = pl.Series(["Sans objet", "Clause environnementale", None])
    labels = harmonise_list(published, "considerations_environnementales")
    assert have_consideration(labels).to_list() == [False, True, None]


def test_a_list_holds_a_label_or_nothing_is_known():
    assert hold(pl.Series(["Accord-cadre, Concours", "Sans objet", None]), "Concours").to_list() == [True, False, None]


def test_yes_and_no_are_read_in_the_ways_they_are_written():
    published = pl.Series(["true", "True", "oui", "1", "false", "NON", "0", "peut-être", None])
    assert read_booleans(published).to_list() == [True] * 4 + [False] * 3 + [None] * 2


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold_label(fold_label(text)) == fold_label(text)
