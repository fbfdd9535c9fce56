"""The files that a pooled question brings: both separators, decimal commas, and each fault with its cure."""

import pandas as pd
import pytest

from optima_lib.errors import ComparisonError
from optima_lib.running.pooled_files import read_groups, read_term, tell_absent


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "fichier.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_groups_are_read_whatever_separates_the_columns(written):
    for text in ("acheteur_siren,groupe\n012345678,membre\n", "\ufeffgroupe;acheteur_siren\n membre ;012345678\n"):
        assert read_groups(written(text)).to_dict() == {"012345678": "membre"}


def test_a_term_takes_a_decimal_comma(written):
    told = read_term(written("acheteur_siren;annee;valeur\n012345678;2024;1,5\n"))
    assert told.to_dict("list") == {"acheteur_siren": ["012345678"], "annee": [2024], "valeur": [1.5]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("siren;annee;valeur\n1;2024;1\n", "il manque acheteur_siren"),
        ("acheteur_siren;annee;valeur\n100000000;2024;1\n100000000;2024;2\n", "100000000, 2024 y est deux fois"),
        (
            "acheteur_siren;annee;valeur\n100000000;2024;1\n\n200000000;2024;un\n",
            "ligne 4 : « un » n'est pas un nombre",
        ),
        ("acheteur_siren;annee;valeur\n100000000;2024,5;1\n", "ligne 2 : « 2024,5 » n'est pas une année"),
        ("acheteur_siren;annee;valeur\n100000000;1e300;1\n", "ligne 2 : « 1e300 » n'est pas une année"),
        ("acheteur_siren;annee;valeur\n100000000;2024;inf\n", "ligne 2 : « inf » n'est pas un nombre"),
        ("", "doit avoir les colonnes acheteur_siren, annee, valeur"),
        ("acheteur_siren;annee;valeur\n100000000;2024;1;note\n", "ligne 2 : 4 cases, quand l'en-tête en a 3"),
    ],
)
def test_a_wrong_term_is_said_with_its_cure(written, text, said):
    with pytest.raises(ComparisonError) as error:
        read_term(written(text))
    assert said in str(error.value)


def test_another_encoding_is_said(written):
    with pytest.raises(ComparisonError, match="UTF-8"):
        read_groups(written("acheteur_siren,groupe\n1,é\n", "latin-1"))


def test_an_authority_in_two_groups_is_refused(written):
    with pytest.raises(ComparisonError, match="deux fois"):
        read_groups(written("acheteur_siren,groupe\n100000000,a\n100 000 000,b\n"))


@pytest.mark.parametrize("wrong", ["12345678", "1234567890", "12345678A", "1.2e+08", "", "１２３４５６７８９"])
def test_what_is_not_a_siren_is_refused_with_its_line_and_its_cure(written, wrong):
    for read, head, end in ((read_groups, "groupe", "a"), (read_term, "annee,valeur", "2024,1")):
        text = f"acheteur_siren,{head}\n100000000,{end}\n{wrong},{end}\n"
        with pytest.raises(ComparisonError) as error:
            read(written(text))
        assert f"fichier.csv, ligne 3 : « {wrong} » n'est pas un SIREN, qui a neuf chiffres" in str(error.value)
        assert "en texte, pour qu'un zéro du début n'y soit pas perdu" in str(error.value)


def test_spaces_in_a_siren_and_empty_lines_are_no_fault(written):
    text = "acheteur_siren;groupe\n100 000 000;a\n\n;\n200\xa0000\xa0000;b\n"
    assert read_groups(written(text)).to_dict() == {"100000000": "a", "200000000": "b"}


def test_authorities_out_of_the_base_are_counted_and_the_first_ones_named():
    buyers = pd.DataFrame({"acheteur_siren": ["100000000", "200000000"], "categorie": ["commune", None]})
    away = [f"30000000{rank}" for rank in range(4)]
    assert tell_absent("m.csv", [*away, "100000000"], buyers, "") == (
        "4 SIREN de m.csv ne sont pas dans la base : 300000000, 300000001, 300000002…",
    )
    assert tell_absent("m.csv", ["100000000", "200000000"], buyers, "commune") == (
        "1 SIREN de m.csv n'est pas de la catégorie « commune ».",
    )
    assert tell_absent("m.csv", ["100000000"], buyers, "") == ()
