"""The groups compared on their contracts: ratios worked out by hand, and what cannot be compared."""

import numpy as np
import pytest

from optima_lib.comparison.linear import fit_linear
from optima_lib.reporting.ensembles.marches import Marches
from tests.reporting.pooled import NOTHING, facts, of

HALF, QUARTER = [1, 1, 0, 0], [1, 0, 0, 0]
TURNED = [[1, 1, 1, 0], [1, 0, 0, 0], *[HALF] * 3]  # 10 yes of 20, as five halves
FEWER = [[1, 1, 0, 0], [0, 0, 0, 0], *[QUARTER] * 4]  # 6 yes of 24


def html(section):
    return section.montrer()._repr_html_()


def test_the_odds_of_yes_of_two_groups_are_their_ratio():
    told = of(Marches, "C01", faits=facts({"membre": TURNED, "autre": FEWER}))
    each = told.effets["membre"]
    assert np.exp(each.coefficient.estimate) == pytest.approx(3)  # (10/10)/(6/18)
    assert each.p == each.coefficient.p
    assert told.reference == "autre"
    assert "rapport de cotes ×\xa03,00" in html(told)
    assert "44\xa0marchés de 11\xa0collectivités" in html(told)


def test_amounts_are_compared_by_the_ratio_of_their_geometric_means():
    small = [[90, 1000 / 9]] * 3 + [[50, 100], [200, 100]]
    large = [[180, 2000 / 9]] * 3 + [[200, 200], [100, 200], [400, 200]]
    told = of(Marches, "S14", faits=facts({"a": small, "b": large}))
    assert told.loi.ajuster is fit_linear
    assert told.effectifs.loc["a", "niveau"] == pytest.approx(100)
    assert told.effectifs.loc["b", "niveau"] == pytest.approx(200)
    assert np.exp(told.effets["a"].coefficient.estimate) == pytest.approx(0.5)


def test_a_delay_of_no_day_is_half_a_day():
    told = of(Marches, "P05", faits=facts({"a": [[0, 4]] * 5, "b": [[0, 1]] * 6}))
    assert told.effectifs.loc["a", "niveau"] == pytest.approx((0.5 * 4.5) ** 0.5 - 0.5)


def test_a_count_of_bids_is_compared_by_the_ratio_of_its_means():
    told = of(
        Marches,
        "C03",
        faits=facts({"a": [[1, 9, 2]] * 3 + [[1, 8, 2], [1, 10, 2]], "b": [[1, 2, 3]] * 4 + [[1, 1, 3], [1, 2, 4]]}),
    )
    assert np.exp(told.effets["a"].coefficient.estimate) == pytest.approx(2, rel=1e-5)  # means 4 and 2
    assert "binomiale négative" in told.point()


def test_a_number_that_may_be_negative_is_compared_by_a_difference():
    told = of(
        Marches,
        "V07",
        faits=facts(
            {"a": [[-0.1, 0.3]] * 3 + [[0.0, 0.3], [0.0, 0.1]], "b": [[0.0, 2.0]] * 4 + [[0.4, 1.8], [0.4, 1.4]]}
        ),
    )
    assert told.effets["a"].coefficient.estimate == pytest.approx(0.1 - 1.0)
    assert "−90,0\xa0points" in html(told)


def test_a_group_of_few_authorities_or_of_one_answer_is_shown_and_not_judged():
    told = of(Marches, "C01", faits=facts({"a": TURNED, "b": FEWER, "c": [HALF] * 4, "d": [[0, 0]] * 6}))
    assert set(told.effets) == {"a"}
    assert list(told.effectifs.index) == ["a", "b", "c", "d"]
    assert "moins de 5 collectivités, ou dont toutes les réponses sont les mêmes, à une collectivité près" in html(told)


def test_p_values_are_corrected_for_all_the_groups():
    told = of(Marches, "C01", faits=facts({"a": TURNED, "b": FEWER, "c": [*FEWER, QUARTER]}))
    first, second = sorted(each.coefficient.p for each in told.effets.values())
    corrected = sorted(each.p for each in told.effets.values())
    assert corrected == pytest.approx([min(1, 2 * first), max(min(1, 2 * first), second)])


def test_facts_without_logarithm_are_left_out_and_told():
    told = of(
        Marches, "S14", faits=facts({"a": [[0, 90, 110]] * 3 + [[80, 120]] * 2, "b": [[200, 300]] * 5 + [[250, 240]]})
    )
    assert len(told.lignes) == 22
    assert "3\xa0marchés de valeur nulle" in html(told)


def test_a_sum_says_that_its_contracts_are_compared():
    told = of(Marches, "S02", faits=facts({"a": [[10, 20]] * 4 + [[10, 30]], "b": [[10, 20]] * 5 + [[20, 40]]}))
    assert "le montant de chacun, non leur total" in html(told)


def test_what_cannot_be_compared_is_said():
    assert "sans valeur marché par marché" in html(of(Marches, "S10"))
    assert "n&#x27;a aucun fait" in html(of(Marches, "C01", faits=facts({})))
    assert "deux groupes de 5 collectivités" in html(of(Marches, "C01", faits=facts({"a": TURNED, "b": [HALF]})))
    assert of(Marches, "S10").point() == "Non fait, pour la raison dite plus haut."
    assert Marches(of(Marches, "C01").indicator, NOTHING).effets == {}


def test_an_effect_has_the_degrees_of_freedom_of_the_few_authorities_that_carry_it():
    many = [[0, 2], [1, 3], [2, 4], [3, 5]] * 11  # 44 authorities of means 1 to 4
    few = [[9, 11], [10, 12], [11, 13], [12, 14], [8, 10]]
    told = of(Marches, "V07", faits=facts({"peu": few, "beaucoup": many}))
    each = told.effets["peu"]
    assert told.reference == "beaucoup"
    assert each.porteurs == 5
    half = 2.776445 * each.coefficient.error  # Student's law, 4 degrees of freedom
    assert each.coefficient.high - each.coefficient.estimate == pytest.approx(half, rel=1e-6)
    assert "Moins de 40\xa0collectivités portent l&#x27;écart de «\xa0peu\xa0»\xa0(5)" in html(told)
    assert "dans le plus petit des deux groupes comparés, moins un" in html(told)
    assert "moins un" in told.point()
    # fewer than 40 authorities in all: the warning is said of each group, not a second time of the model
    fewer = of(Marches, "V07", faits=facts({"peu": few, "beaucoup": many[:20]}))
    assert fewer.modele.remarks[0].startswith("25 collectivités seulement")
    assert "25 collectivités seulement" not in html(fewer)
    assert "«\xa0peu\xa0»\xa0(5)" in html(fewer)


def test_a_smaller_reference_never_lends_its_degrees_of_freedom():
    told = of(Marches, "C01", faits=facts({"a": TURNED, "b": FEWER}))
    assert told.montrer().findings()[0]["comparaison"]["groupes"]["a"]["degres"] == 4


def test_the_error_of_odds_leaves_each_authority_out():
    told = of(Marches, "C01", faits=facts({"a": [[1, 0]] * 3 + [[1, 1], [0, 0]], "b": [[1, 0]] * 4 + [[1, 1], [0, 0]]}))
    # a without its [1, 1]: 3 of 8; without [0, 0]: 5 of 8; without another: 4 of 8. b: 4 of 10, 6 of 10, 5 of 10
    expected = 2 * np.log(5 / 3) ** 2 + 2 * np.log(6 / 4) ** 2
    assert told.effets["a"].coefficient.error ** 2 == pytest.approx(expected)


def test_a_group_of_which_one_authority_carries_all_the_yes_is_not_judged():
    told = of(Marches, "C01", faits=facts({"a": TURNED, "b": FEWER, "c": [[0, 0]] * 5 + [[1, 0]]}))
    assert set(told.effets) == {"a"}


def test_facts_that_the_model_leaves_out_are_counted_where_levels_count_them():
    told = of(Marches, "C01", faits=facts({"a": TURNED, "b": FEWER, "c": [HALF] * 4}))
    assert told.modele.n == 44
    assert (
        "Hors de ce compte\xa0: 16\xa0marchés de 4\xa0collectivités, d&#x27;un groupe qui n&#x27;est pas jugé"
        in html(told)
    )
    assert "Hors de ce compte" not in html(of(Marches, "C01", faits=facts({"a": TURNED, "b": FEWER})))


def test_the_direction_of_an_effect_is_said():
    told = of(Marches, "C01", faits=facts({"membre": TURNED, "autre": FEWER}))
    assert "Rapport de plus de 1\xa0: le groupe est au-dessus de «\xa0autre\xa0»" in html(told)


def test_groups_without_any_gap_between_authorities_are_refused_in_words():
    told = of(Marches, "C03", faits=facts({"a": [[1, 9, 2]] * 5, "b": [[1, 2, 3]] * 6}))
    assert "toutes les collectivités ont la même moyenne" in html(told)


def test_one_group_only_is_told_with_its_cure():
    assert "Prenez d&#x27;autres groupes (et videz «\xa0parmi\xa0» s&#x27;il est rempli)" in html(
        of(Marches, "C01", faits=facts({"a": TURNED}))
    )
