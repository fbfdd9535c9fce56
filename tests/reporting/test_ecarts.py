"""A gap said in French: direction, decimals, spaces, one sentence for each verdict, never a star."""

import pandas as pd
import pytest

from optima_lib.comparison.families import Declaration
from optima_lib.indicators import CATALOGUE
from optima_lib.reporting.ecarts import Ecart, probability, readings

DECLARED = Declaration(
    ("C01", "C03"), ("S14",), {"C01": (0.05, "ecart"), "C03": (0.5, "ecart"), "S14": (1.2, "rapport")}, ()
)
ROW = {
    "indicateur": "C01", "acheteur_siren": "210000014", "valeur": 0.312, "effectif": 154.0, "pairs": 18,
    "etape": 1, "groupe": "commune, 75 000 à 99 999 habitants", "attendu": 0.24, "ecart": 0.072, "ecart_bas": 0.01,
    "ecart_haut": 0.134, "attendu_brut": 0.25, "ecart_brut": 0.062, "composition": True, "simpson": False, "tau": 0.05,
    "z": 2.41, "z_hasard": 2.9, "p": 0.0284, "p_ajuste": 0.0568, "p_simple": 0.03, "p_rang": 0.105, "famille": "principale", "rang_bas": 2.0,
    "rang_haut": 15.0, "retreci": 0.3, "fiabilite": 0.8, "marge_basse": -0.05, "marge_haute": 0.05, "verdict": "établi",
    "statut": "comparé avec prudence", "motif": None, "rapport": 1.3, "rapport_bas": 1.1, "rapport_haut": 1.5,
}  # fmt: skip


def gap(**changes):
    return Ecart.of(pd.Series(ROW | changes), DECLARED)


def test_an_established_gap_says_its_direction_and_that_its_family_is_corrected():
    assert gap().phrase() == (
        "Part des marchés à offre unique : 31\xa0%, contre 24\xa0% attendus au vu de ce qui est acheté, et de 18\xa0pairs. "
        "Écart établi : moins de concurrence que chez ses pairs (écart : +7,2\xa0points, de +1,0\xa0point à +13,4\xa0points "
        "avec 95 % de confiance). Il ne résiste pas à la correction pour les 2 comparaisons de la famille principale, fixée "
        "avant le calcul : à confirmer par d'autres données."
    )


def test_the_other_side_says_the_other_direction():
    told = gap(ecart=-0.072, ecart_bas=-0.134, ecart_haut=-0.01, p_ajuste=0.03).phrase()
    assert "plus de concurrence que chez ses pairs" in told
    assert "−7,2\xa0points" in told
    assert "Il résiste à la correction" in told


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("négligeable", "établi mais négligeable : il reste en deçà du seuil d'intérêt, à 5,0\xa0points près"),
        ("équivalent", "Équivalence établie : la collectivité est au niveau de ses pairs, à 5,0\xa0points près"),
        ("non tranché", "Écart non tranché : les données n'établissent ni différence ni équivalence"),
    ],
)
def test_each_verdict_has_its_sentence(verdict, words):
    told = gap(verdict=verdict).phrase()
    assert words in told
    assert "*" not in told
    assert "significatif" not in told


def test_a_change_of_sign_that_matters_is_an_alert():
    # from +7.2 points to -3.0: ten points, beyond the five that matter; from +1 to -1, two of them
    turned = gap(simpson=True, ecart_brut=-0.03, attendu_brut=0.342).phrase()
    assert "change de sens" in turned
    assert "34\xa0% seraient attendus" in turned
    assert "change de sens" not in gap(simpson=True, ecart=0.01, ecart_brut=-0.01).phrase()


def test_a_refusal_has_a_sentence_and_no_number():
    told = gap(statut="non comparé", verdict=None, motif="trop peu de pairs").phrase()
    assert told.startswith("Part des marchés à offre unique : pas de comparaison.")
    assert not any(sign.isdigit() for sign in told)


def test_a_factor_is_said_in_per_cent():
    assert gap(indicateur="S14", famille="exploratoire").seuil == "20\xa0% près"


def test_a_gap_is_brought_to_the_smallest_one_that_matters():
    # five points for C01; a factor of 1.2, by logarithms, for S14: 120 against 100 is one, 100/1.2 is minus one
    assert gap().en_seuils == pytest.approx((0.2, 1.44, 2.68))
    told = gap(indicateur="S14", attendu=100.0, ecart_bas=100 / 1.2 - 100, ecart=0.0, ecart_haut=44.0)
    assert told.en_seuils == pytest.approx((-1, 0, 2))


@pytest.mark.parametrize(
    ("verdict", "p", "words"),
    [
        ("établi", 0.03, "écart établi"),
        ("établi", 0.06, "écart établi\nà confirmer : ne résiste pas à la correction"),
        ("équivalent", 0.9, "équivalence établie"),
        ("non tranché", 0.06, "écart non tranché"),
    ],
)
def test_a_table_says_whether_an_established_gap_holds(verdict, p, words):
    assert gap(verdict=verdict, p_ajuste=p).verdict_court == words


def test_a_gap_that_rounds_to_nothing_is_not_zero_point_zero():
    assert gap(ecart=0.0001).ecart == "presque nul"


def test_the_better_side_is_that_of_the_indicator():
    assert gap().favorable is False
    assert gap(ecart=-0.1).favorable is True
    assert gap(indicateur="S14", famille="exploratoire").favorable is None


def test_ranks_and_probabilities_are_french():
    assert gap().rang == "entre le 2e et le 15e rang sur 19"
    assert gap(rang_bas=1.0, rang_haut=1.0).rang == "1er sur 19"
    assert probability(0.0004) == "<\xa00,001"


def test_a_sentence_knows_its_facts():
    said = gap().phrase()
    assert said.faits["verdict"] == "établi"
    assert said.faits["statut"] == "confirmatoire"
    assert said.faits["comparaison"]["z"] == 2.41
    assert any("loi normale" in each for each in said.faits["hypotheses"])


def test_directions_are_those_of_known_indicators():
    assert set(readings()) <= set(CATALOGUE)
    assert all(above != below for above, below in readings().values())
