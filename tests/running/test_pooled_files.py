"""The files that a pooled question brings: both separators, decimal commas, and each fault with its cure."""

import pytest

from optima_lib.errors import ComparisonError
from optima_lib.running.pooled_files import read_groups, read_term


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
        ("acheteur_siren;annee;valeur\n1;2024;1\n1;2024;2\n", "1, 2024 y est deux fois"),
        ("acheteur_siren;annee;valeur\n1;2024;1\n2;2024;un\n", "ligne 3 : « un » n'est pas un nombre"),
        ("acheteur_siren;annee;valeur\n1;2024,5;1\n", "ligne 2 : « 2024,5 » n'est pas une année"),
        ("", "n'est pas un fichier CSV lisible"),
        ("acheteur_siren;annee;valeur\n1;2;3;4;5\n1;2\n1;2;3;4;5;6\n", "n'est pas un fichier CSV lisible"),
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
        read_groups(written("acheteur_siren,groupe\n1,a\n1,b\n"))
