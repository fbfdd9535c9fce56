"""Texts: damage repaired where nothing is guessed, flagged where a letter is lost."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optima_lib.cleaning.text import repair, repair_texts


@pytest.mark.parametrize(
    ("published", "meant"),
    [
        ("MaÃ®trise d'Å“uvre", "Maîtrise d'œuvre"),  # UTF-8 read as cp1252
        ("Rénovation de lâ\u0080\u0099école", "Rénovation de l’école"),  # UTF-8 read as Latin-1
        ("dâ\u0080\u0099apport", "d’apport"),
        ("MAITRISE D\x92\x8cUVRE", "MAITRISE D’ŒUVRE"),  # cp1252 read as Latin-1: C1 controls
        ("Lot 2 \x96 Menuiserie", "Lot 2 – Menuiserie"),
        ("R&eacute;seau d&#8217;eau &amp; gaz", "Réseau d’eau & gaz"),
        ("Entretien de l¿aire de jeu", "Entretien de l'aire de jeu"),
        ("Entretien de l?aire de jeu", "Entretien de l'aire de jeu"),
        ("Qu?il soit", "Qu'il soit"),
        ("Lot 1 ¿ Peinture", "Lot 1 – Peinture"),
        ("Voirie\x07 et ré\u00adseaux", "Voirie et réseaux"),
    ],
)
def test_a_damaged_text_is_repaired_and_said_to_be(published, meant):
    found = repair(published)
    assert (found.text, found.repaired, found.lost) == (meant, True, False)


@pytest.mark.parametrize("published", ["R\ufffdgie de quartier", "ALUMINIUM?PVC", "Ma¿5trise"])
def test_a_lost_letter_is_flagged_and_not_guessed(published):
    found = repair(published)
    assert found.lost
    assert found.text == published


@pytest.mark.parametrize(
    "text",
    [
        "Maîtrise d'œuvre – lot n° 4 : façades (Noël)",
        "Éclairage « LED » & réseaux",
        "Quel projet pour la place ?",
        "ÂGE ET AUTONOMIE",
    ],
)
def test_a_sound_text_is_left_as_it_is(text):
    assert repair_texts(pl.Series("objet", [text])).rows() == [(text, False, False)]


def test_spaces_and_line_ends_come_down_to_one_space_without_being_flagged():
    spaced = pl.Series("objet", ["  Voirie  et\u00a0réseaux \n divers "])
    assert repair_texts(spaced).rows() == [("Voirie et réseaux divers", False, False)]


def test_a_column_keeps_its_length_and_its_missing_values():
    found = repair_texts(pl.Series("objet", ["l¿aire", None, " ", "R\ufffdgie", "l¿aire"], dtype=pl.String))
    assert found["objet"].to_list() == ["l'aire", None, None, "R\ufffdgie", "l'aire"]
    assert found["est_repare"].to_list() == [True, False, False, False, True]
    assert found["est_perdu"].to_list() == [False, False, False, True, False]


LETTERS = "abcdefghijklmnopqrstuvwxyzéèêëàâîïôöùûüçœÉÈÀÇ"


@given(st.lists(st.text(LETTERS, min_size=2, max_size=9), min_size=1, max_size=6))
def test_repairing_a_second_time_changes_nothing(words):
    once = repair(" ".join(words)).text
    assert repair(once).text == once


@given(st.lists(st.sampled_from(["école", "théâtre", "façade", "réseaux", "à", "voirie", "Noël"]), min_size=1))
def test_french_words_read_as_latin_1_are_read_back(words):
    meant = "Rénovation : " + " ".join(words)
    assert repair(meant.encode().decode("latin-1")).text == meant
