"""The parameters of a pooled notebook: what is wrong is said in French, all at once, before anything is computed."""

import datetime as dt
from pathlib import Path

import pytest

from optima_lib.errors import ComparisonError
from optima_lib.running.question import read_question

GOOD = {"question": "Pourquoi ?", "indicateur": "C01", "groupes": "strate", "donnees": "data"}


def test_a_question_has_its_defaults():
    told = read_question(**GOOD)
    assert (told.parmi, told.estimand, told.terme, told.date, told.noms) == ("", "rangs", "", "", "masqués")
    assert told.jour is None
    assert read_question(**{name: told for name, told in GOOD.items() if name != "question"}).question == ""
    assert read_question(**GOOD, date="2024-07-01").jour == dt.date(2024, 7, 1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"groupes": "strates"}, "Vouliez-vous dire « strate » ?"),
        ({"groupes": "strates"}, f"ni un fichier du dossier de travail du carnet ({Path.cwd()})."),
        ({"groupes": "membres.csv"}, f"({Path.cwd()}). Corrigez le chemin, ou donnez-le en entier."),
        ({"groupes": "/nulle/part.csv"}, "ni un fichier. Corrigez le chemin, ou donnez-le en entier."),
        ({"terme": "absent.csv"}, f"n'est pas un fichier du dossier de travail du carnet ({Path.cwd()}). Corrigez"),
        ({"estimand": "rang"}, "Vouliez-vous dire « rangs » ?"),
        ({"date": "1er juillet"}, "Écrivez-la AAAA-MM-JJ, ou laissez vide."),
        ({"date": "20240701"}, "n'est pas une date"),
        ({"terme": "absent.csv"}, "n'est pas un fichier"),
        ({"noms": "oui"}, "vaut « masqués » ou « affichés »"),
        ({"parmi": 1001}, "doit être un texte entre guillemets"),
        ({"temoin": "autre"}, "Donnez aussi le paramètre « date »"),
        ({"dates": "2024-07-01"}, "Paramètre « dates » : n'est pas un paramètre"),
    ],
)
def test_what_is_wrong_is_said_with_its_cure(wrong, said):
    with pytest.raises(ComparisonError) as error:
        read_question(**(GOOD | wrong))
    assert said in str(error.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(ComparisonError, match=r"« estimand ».*« date »"):
        read_question(**GOOD, estimand="modes", date="hier")


def test_a_sentence_has_one_end():
    with pytest.raises(ComparisonError) as error:
        read_question(**(GOOD | {"groupes": "strates"}))
    assert str(error.value).endswith("« strate » ?")
