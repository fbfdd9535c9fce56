"""Authorities followed over years: each compared with itself, and the years that too few share left out."""

import pandas as pd
import pytest

from optima_lib.reporting.ensembles.annees import Annees
from tests.reporting.pooled import of, years

GAPS = (0.08, 0.12, 0.08, 0.12, 0.09, 0.11)
TWO = years({f"s{rank}": {2020: 0.1 * rank, 2021: 0.1 * rank + gap} for rank, gap in enumerate(GAPS)})


def html(section):
    return section.montrer()._repr_html_()


def term(values):
    rows = [(siren, year, value) for siren, told in values.items() for year, value in told.items()]
    return pd.DataFrame(rows, columns=["acheteur_siren", "annee", "valeur"])


def test_the_change_of_a_year_is_the_mean_of_the_changes_of_its_authorities():
    told = of(Annees, "C01", annees=TWO)
    assert told.reference == 2020
    assert told.effets[2021][0].estimate == pytest.approx(0.1)
    assert "un changement depuis 2020 est établi en 2021 (+10,0\xa0points" in html(told)


def test_an_authority_seen_once_says_nothing_of_a_change():
    once = years({"seule": {2021: 0.99}})
    told = of(Annees, "C01", annees=pd.concat([TWO, once]))
    assert told.modele.clusters == 6
    assert told.effets[2021][0].estimate == pytest.approx(0.1)


def test_a_year_that_too_few_authorities_share_is_left_out_and_told():
    more = years({f"s{rank}": {2023: 0.5} for rank in range(4)})
    told = of(Annees, "C01", annees=pd.concat([TWO, more]))
    assert sorted(told.panel["annee"].unique()) == [2020, 2021]
    assert "trop peu de collectivités communes\xa0: 2023" in html(told)


def test_amounts_change_by_a_factor():
    rows = years({f"s{rank}": {2020: 10.0 * (rank + 1), 2021: 20.0 * (rank + 1) * each}
                  for rank, each in enumerate((0.8, 1.25, 1.0, 0.5, 2.0))})  # fmt: skip
    told = of(Annees, "S14", annees=rows)
    assert told.echelle.effet(told.effets[2021][0].estimate) == "×\xa02,00"


def test_a_year_without_any_record_is_not_a_count_of_none():
    rows = years({f"s{rank}": {2020: rank + 1, 2021: 2 * rank + 3} for rank in range(5)})
    assert "n&#x27;est pas un zéro" in html(of(Annees, "S01", annees=rows))
    assert "n&#x27;est pas un zéro" not in html(of(Annees, "C01", annees=TWO))


def test_what_changes_with_a_term_is_told_at_equal_years():
    rows = years(
        {
            f"s{rank}": {
                year: 0.2 + 0.01 * rank + 0.03 * ((rank * year) % 3) + 0.001 * ((rank + year) % 2)
                for year in range(2019, 2023)
            }
            for rank in range(10)
        }
    )
    moved = term({f"s{rank}": {year: (rank * year) % 3 for year in range(2019, 2023)} for rank in range(10)})
    told = of(Annees, "C01", annees=rows, terme=moved)
    assert told.terme.modele["terme"].estimate == pytest.approx(0.03, abs=0.002)
    assert "Quand le terme augmente d&#x27;une unité" in html(told)
    assert "terme : effets fixes" in told.point()


def test_a_term_of_others_is_refused_in_words():
    told = of(Annees, "C01", annees=TWO, terme=term({"ailleurs": {2020: 1.0}}))
    assert "aucune de ses lignes" in html(told)
    still = of(Annees, "C01", annees=TWO, terme=term({f"s{rank}": {2020: 1.0, 2021: 1.0} for rank in range(6)}))
    assert "ne change dans aucune collectivité" in html(still)


def test_without_years_a_sentence_and_no_number():
    told = of(Annees, "C01", terme=term({"s1": {2020: 1.0}}))
    assert "5 collectivités au moins" in html(told)
    assert told.terme is None
    assert told.point() == "Non fait, pour la raison dite plus haut."
