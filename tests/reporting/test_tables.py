"""Tables and texts on the page: escaped, captioned, French."""

import pandas as pd
from lxml import html

from optima_lib.indicators import find
from optima_lib.reporting import french
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Chiffres, Liste, Texte


def shown(thing):
    return html.fromstring(thing._repr_html_())


def test_a_table_writes_numbers_the_french_way_and_says_what_is_missing():
    frame = pd.DataFrame({"Année": ["2023", "2024"], "Montant": [1234567.0, float("nan")]})
    page = shown(Tableau(frame, "Montants", {"Montant": french.euros}))
    assert [cell.text_content() for cell in page.iter("td")] == ["1\u202f234\u202f567\xa0€", "–"]


def test_nothing_that_was_published_can_write_html():
    frame = pd.DataFrame({"Titulaire": ["<script>alert(1)</script>"], "Objet": ["A & <b>B</b>"]})
    page = shown(Tableau(frame, "<i>"))
    assert not list(page.iter("script", "b", "i"))
    assert not list(shown(Texte(("<script>",))).iter("script"))
    assert not list(shown(Liste((("<b>", "<script>"),))).iter("script"))
    assert not list(shown(Chiffres((("<b>", "<i>", "<script>"),))).iter("script", "i"))


def row(**changed):
    base = dict.fromkeys(("valeur", "ic_bas", "ic_haut", "borne_basse", "borne_haute"))
    return base | {"effectif": 0.0, "eligibles": 0.0, "statut": "sans objet"} | changed


def test_a_finding_never_turns_missing_into_zero():
    told = Constat.read(find("C01"), row(effectif=4.0, eligibles=31.0, statut="données insuffisantes"))
    assert told.phrase().endswith("données insuffisantes (4 exploitables sur 31\xa0marchés concernés).")
    assert told.texte == "données insuffisantes"
    assert "sans objet" in Constat.read(find("C01"), None).phrase()


def test_a_finding_says_on_what_it_rests_and_how_sure_it_is():
    numbers = {"valeur": 0.25, "effectif": 20.0, "eligibles": 30.0, "ic_bas": 0.11, "ic_haut": 0.47}
    told = Constat.read(find("C01"), row(**numbers, statut="indicatif")).phrase()
    assert "25\xa0% (sur 20 des 30\xa0marchés concernés" in told
    assert "intervalle à 95 % : de 11\xa0% à 47\xa0%" in told
    assert "indicative" in told
