"""Tables and texts on the page: escaped, captioned, French."""

import re

import pandas as pd
import pytest
from lxml import html

from optima_lib.evidence.finding import Dit
from optima_lib.indicators import CATALOGUE, find
from optima_lib.reporting import french, lectures
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Chiffres, Liste, Texte
from tests.reporting.studies import TOWN, study_of


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


def test_a_row_that_says_a_finding_leads_to_it():
    frame = pd.DataFrame({"Indicateur": ["a", "b"], "Valeur": ["1", "2"]})
    table = Tableau(frame, "Écarts", phrases=(Dit("a : 1", {"indicateur": "C01"}), "b : 2"))
    page, (whole, *rows) = shown(table), table.findings()
    assert [each.get("data-constat") for each in page.iter("tr") if each.get("data-constat")] == [
        r["cle"] for r in rows
    ]
    assert [each["texte"] for each in rows] == ["a : 1", "b : 2"]
    assert rows[0]["indicateur"] == "C01"
    assert whole["genre"] == "tableau"


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


def test_a_finding_says_what_missing_data_could_make_of_it():
    """Of 65 contracts, 14 tell their bids and none had a single one: of the whole, from 0 to 51 had."""
    numbers = {"valeur": 0.0, "effectif": 14.0, "eligibles": 65.0, "borne_basse": 0.0, "borne_haute": 51 / 65}
    told = Constat.read(find("C01"), row(**numbers, statut="indicatif"))
    assert told.bornes == "entre 0\xa0% et 78\xa0%"
    assert "; entre 0\xa0% et 78\xa0% selon les données manquantes ;" in told.phrase()


@pytest.mark.parametrize(
    "changed",
    [
        {"effectif": 65.0, "borne_basse": 0.2, "borne_haute": 0.3},  # nothing is missing
        {"borne_basse": 0.2499, "borne_haute": 0.2503},  # no difference is seen once rounded
        {"borne_basse": 0.2, "borne_haute": None},  # one of them is not known
        {"valeur": None, "borne_basse": 0.2, "borne_haute": 0.3, "statut": "données insuffisantes"},
    ],
)
def test_bounds_are_not_said_where_they_say_nothing(changed):
    numbers = {"valeur": 0.25, "effectif": 64.0, "eligibles": 65.0, "statut": "calculé"} | changed
    told = Constat.read(find("C01"), row(**numbers))
    assert not told.bornes
    assert "manquantes" not in told.phrase()


@pytest.mark.parametrize(
    ("code", "used", "concerned", "words"),
    [
        ("S01", 65.0, 65.0, "sur 65\xa0contrats"),
        ("S02", 41.0, 41.0, "sur 41\xa0marchés fermes chiffrés"),
        ("S03", 8.0, 23.0, "sur 8\xa0accords-cadres chiffrés ; 15\xa0contrats dont la classe ou le montant n'est pas publié n'y entrent pas"),
        ("S03", 1.0, 2.0, "sur 1\xa0accord-cadre chiffré ; 1\xa0contrat dont la classe ou le montant n'est pas publié n'y entre pas"),
        ("C14", 30.0, 40.0, "sur 30 des 40\xa0consultations concernées"),
        ("F17", 46.0, 46.0, "sur 46\xa0fournisseurs suivis d'une année sur l'autre"),
        ("C01", 14.0, 65.0, "sur 14 des 65\xa0marchés concernés"),
    ],
)  # fmt: skip
def test_a_finding_names_what_it_counts(code, used, concerned, words):
    assert (
        Constat.read(find(code), row(valeur=1.0, effectif=used, eligibles=concerned, statut="calculé")).appui == words
    )


def test_no_consultation_is_said_in_the_feminine():
    assert Constat.read(find("C14"), None).phrase().endswith("sans objet, aucune consultation n'est concernée.")


def test_the_lines_of_a_cell_stand_one_below_the_other():
    frame = pd.DataFrame({"Indicateur": ["Offre unique"], "Valeur": ["0 %\nmanquants : entre 0 % et 78 %\n<b>"]})
    cell = next(shown(Tableau(frame, "Concurrence")).iter("td"))
    assert cell.text.strip() == "0\xa0%"
    assert [each.text for each in cell.iter("span")] == ["manquants\xa0: entre 0\xa0% et 78\xa0%", "<b>"]


def test_a_table_of_indicators_says_the_interval_the_bounds_and_the_facts():
    """Ten contracts tell their bids, two of them one bid; ten do not: 20 %, and from 2 to 12 of 20."""
    called = {"annee": 2024, "procedure": "Procédure adaptée"}
    told = [called | {"offres_recues": 1 if number < 2 else 3} for number in range(10)]
    etude = study_of([*told, *(called for _ in range(10))], sirens=(TOWN,))
    cell = lectures.tableau_indicateurs(etude, ("C01",), "Concurrence").frame.loc[0, "Valeur"]
    # Wilson, 2 of 10: 5.7 % to 51.0 %
    assert cell.split("\n") == [
        "20\xa0%",
        "intervalle : 6 à 51\xa0%",
        "manquants : 10 à 60\xa0%",
        "10 sur 20, indicatif",
    ]


def test_the_notes_for_readers_name_no_file_of_the_project():
    codes = [code for code, each in CATALOGUE.items() if each.define is not None]
    notes = [words for _, words in lectures.comment_lire(tuple(codes)).points]
    assert not [words for words in notes if "references/" in words]
    assert not [words for words in notes if re.search(r"\b[STFGEVQP]\d\d\b", words)]
    assert "à lire avec « Part des marchés à offre unique »" in lectures.comment_lire(("C02",)).points[0][1]
