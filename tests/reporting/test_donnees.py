"""What chapters say of the files: the sum of the records, the doubles, the files that hold one kind only."""

import datetime as dt

import pytest

from optima_lib.indicators.facts import Conventions
from optima_lib.reporting import avertissements, concurrence, donnees, fournisseurs, profil, responsable, sorts
from optima_lib.reporting.limites import limites
from tests.reporting.studies import TOWN, study_of

CALLED = {"annee": 2024, "procedure": "Procédure adaptée", "type_achat": "Travaux", "titulaires": 1}
WORKS = {"fichier": "decp/travaux.csv", "contrats": 100, "nb_types_achat": 1, "type_achat": "Travaux"}
ALL = {"fichier": "decp/tout.json", "contrats": 500, "nb_types_achat": 3, "type_achat": "Fournitures"}


def record(uid, file="decp/tout.json", fate="contrat", why=None, rank=0):
    return {"fichier": file, "rang": rank, "sort": fate, "uid": uid, "motif": why}


def test_a_record_with_the_amount_of_another_lot_is_named_in_the_sum():
    """Six records: three describe a contract, one bears another lot's amount, two repeat one."""
    told = [
        *(record(uid) for uid in ("u0", "u1", "u2")),
        record("u2", why="montant d'un autre lot"),
        record("u0", fate="doublon", why="même contenu"),
        record("u1", fate="doublon", why="même contenu"),
    ]
    etude = study_of([{"annee": 2024}] * 3, records=told)
    names = ["Décrit un contrat", "Répète un autre enregistrement (même contenu)"]
    names += ["Décrit un contrat, mais porte le montant d'un autre lot, qui ne compte pas"]
    assert dict(sorts.tableau(etude).frame.itertuples(index=False)) == dict(zip(names, (3, 2, 1), strict=True))
    assert sorts.lecture(etude).paragraphes[0] == (
        "6\xa0enregistrements lus = 3 qui décrivent un contrat + 2 qui en répètent un autre (même contenu) "
        "+ 1 dont le montant est celui d'un autre lot, et ne compte pas."
    )


@pytest.mark.parametrize(
    ("alike", "words"),
    [
        (0, "Aucun contrat ne ressemble à un autre"),
        (1, "1 des 4\xa0contrats ressemble à un autre"),
        (2, "2 des 4\xa0contrats ressemblent à un autre"),
    ],
)
def test_contracts_that_may_be_one_are_counted_for_the_reader(alike, words):
    etude = study_of([{"annee": 2024, "double_possible": number < alike} for number in range(4)])
    assert sorts.lecture(etude).paragraphes[1].startswith(words)


def extract():
    """Three contracts: of 2023 and 2024 in the whole file, of 2025 and 2024 in the file of works (one in both)."""
    rows = [CALLED | {"annee": year} for year in (2023, 2024, 2025)]
    records = [record("u0"), record("u1"), record("u1", "decp/travaux.csv"), record("u2", "decp/travaux.csv")]
    return study_of(rows, sirens=(TOWN,), records=records, files=[WORKS, ALL])


def test_a_file_of_one_kind_is_warned_of_before_the_figures_that_it_feeds():
    etude = extract()
    told = avertissements.extraits(etude)
    assert len(told) == 1
    assert told[0].startswith(
        "Extrait limité aux travaux : 1 des 3\xa0contrats étudiés, dont tous ceux de 2025, ne vient que du fichier travaux.csv"
    )
    short = "Rappel : 1 des 3\xa0contrats étudiés, dont tous ceux de 2025, ne vient que d'un fichier limité aux travaux, et ne dit rien des autres achats."
    for text, words in (
        (profil.synthese(etude), told[0]),
        (profil.lecture_titulaires(etude), short),
        (profil.lecture_concurrence(etude), short),
        (concurrence.synthese(etude), told[0]),
        (fournisseurs.synthese(etude), told[0]),
        (responsable.synthese(etude), told[0]),
    ):
        assert text.avertissements[0] == words
        assert text._repr_html_().index('role="note"') < text._repr_html_().index("<p data-constat")


def test_a_file_of_all_kinds_or_too_small_to_tell_is_not_warned_of():
    small = WORKS | {"contrats": 99}
    etude = study_of([CALLED], records=[record("u0", "decp/travaux.csv")], files=[small, ALL])
    assert not avertissements.extraits(etude)


def test_years_of_which_a_first_or_last_quarter_is_missing_are_named():
    days = [(2018, 5), (2018, 12), (2019, 1), (2019, 2), (2020, 3), (2020, 10)]
    etude = study_of([{"annee": year, "date_notification": dt.date(year, month, 9)} for year, month in days])
    told = avertissements.annees_partielles(etude, [2018, 2019, 2020])
    assert len(told) == 1
    assert "en 2018, de mai à déc. (2\xa0contrats) ; en 2019, de janv. à févr. (2\xa0contrats)." in told[0]
    assert not avertissements.annees_partielles(etude, [2020])


def test_the_conventions_of_counting_are_printed_among_the_limits():
    etude = study_of([CALLED])
    etude.conventions = Conventions("premier_titulaire", "montant_initial_eur")
    for told in (limites(etude), fournisseurs.limites(etude)):
        words = dict(told.points)["Conventions de calcul"]
        assert (
            words
            == "Montant d'un groupement réparti au premier titulaire nommé ; fournisseurs pesés au montant initial."
        )


def test_a_legal_person_of_which_nothing_was_read_is_named_first():
    etude = study_of([{"annee": 2024}] * 3)
    assert "Aucun contrat dans les fichiers lus pour Ville" in donnees.synthese(etude).avertissements[0]
