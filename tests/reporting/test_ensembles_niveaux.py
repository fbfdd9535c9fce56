"""Shrunken levels: the share between authorities worked out by hand, and what is drawn."""

import pytest

from optima_lib.reporting.ensembles.niveaux import Niveaux
from tests.reporting.pooled import facts, of

PAIRS = [[0.1, 0.2], [0.5, 0.6], [0.9, 1.0], [0.4, 0.5], [0.7, 0.8]]
LONG = [[0.1, 0.3] * 5, [0.5, 0.7] * 5, [0.8, 1.0] * 5, [0.4, 0.6] * 5, [0.2, 0.4] * 5, [0.6, 0.8]]


def html(section):
    return section.montrer()._repr_html_()


def test_the_share_between_authorities_is_that_of_the_analysis_of_variance():
    told = of(Niveaux, "V07", faits=facts({"a": PAIRS}))
    # each pair has variance 0.005; the five means have variance 0.092: between 0.092 - 0.005/2 = 0.0895, of 0.0945
    assert told.modele.intraclass == pytest.approx(0.0895 / 0.0945, rel=1e-4)
    assert "95\xa0% de la variation tient à la collectivité" in html(told)


def test_a_level_lies_between_its_own_mean_and_that_of_all():
    told = of(Niveaux, "V07", faits=facts({"a": PAIRS}))
    top = told.table.iloc[0]
    kept = 0.0895 / (0.0895 + 0.005 / 2)
    assert top["valeur"] == pytest.approx(0.57 + kept * (0.95 - 0.57), rel=1e-4)
    assert top["fiabilite"] == pytest.approx(kept, rel=1e-4)


def test_groups_that_separate_authorities_account_for_them():
    told = of(
        Niveaux,
        "V07",
        faits=facts({"a": [[0.1, 0.2], [0.12, 0.25], [0.1, 0.3]], "b": [[0.8, 0.9], [0.85, 0.9], [0.7, 1.0]]}),
    )
    assert told.explique is None or told.explique > 0.9  # nothing is left between authorities of a group
    mixed = of(Niveaux, "V07", faits=facts({"a": PAIRS[:3], "b": PAIRS[3:]}))
    assert "ne rendent compte de rien" in html(mixed)


def test_only_authorities_of_enough_facts_are_drawn_and_named_when_all_is_public():
    told = of(Niveaux, "V07", faits=facts({"a": LONG}))
    assert "5\xa0collectivités d&#x27;au moins 10\xa0marchés" in html(told)
    assert b"Ville" not in told.montrer().contenu[1].svg
    named = of(Niveaux, "V07", faits=facts({"a": LONG}), noms_affiches=True)
    assert named.montrer().contenu[1].svg != told.montrer().contenu[1].svg
    assert "<figure" not in html(of(Niveaux, "V07", faits=facts({"a": PAIRS})))


def test_a_share_stays_between_0_and_1():
    told = of(
        Niveaux, "C01", faits=facts({"a": [[1] * 12, [0] * 12, [1, 0] * 6, [1, 1, 1, 0] * 3, [0, 0, 0, 1] * 3]})
    ).table
    assert told[["valeur", "ic_bas", "ic_haut"]].min().min() == 0
    assert told[["valeur", "ic_bas", "ic_haut"]].max().max() == 1


def test_what_cannot_be_shrunken_is_said():
    assert "sans valeur marché par marché" in html(of(Niveaux, "S10"))
    assert "qu’une ligne" in html(of(Niveaux, "C01", faits=facts({"a": [[1], [0], [1], [0], [1]]})))
    alike = of(Niveaux, "C01", faits=facts({"a": [[1, 0]] * 5}))
    assert "rien ne les distingue" in html(alike)
    assert alike.point() == "Non fait, pour la raison dite plus haut."


def test_facts_without_logarithm_are_left_out_and_told():
    told = of(Niveaux, "C03", faits=facts({"a": [[0, 1, 2], [4, 5, 6], [2, 3, 3], [0, 8, 9], [1, 1, 2]]}))
    assert told.modele.fit.n == 13
    assert "Sans logarithme, laissés de côté\xa0: 2\xa0marchés de valeur nulle." in html(told)
