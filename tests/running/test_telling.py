"""What ``optima clean`` says: the sum of each file, what was left aside, what failed; in French."""

import pytest

from optima_lib.running.numbers import count
from optima_lib.running.telling import Progress, tell_cleaning
from tests.cleaning.records import DISTRICT, award, run, write_2022


@pytest.fixture
def said(tmp_path):
    """Clean some files and give what was said of it."""

    def say(*names, **options):
        return list(
            tell_cleaning(run(tmp_path / "data", *(tmp_path / name for name in names), **options), tmp_path / "data")
        )

    return say


@pytest.fixture
def files(tmp_path):
    write_2022(tmp_path / "a.json", [*3 * [award("1")], award("2"), *2 * [award("3", acheteur=None)]])
    write_2022(tmp_path / "b.json", [award("4", acheteur={"id": DISTRICT}), award("1")])
    return tmp_path


def test_the_sum_of_each_file_and_of_all_is_said(said, files):
    told = said("a.json", "b.json")
    sum_of_a = "6 enregistrements lus = 2 de contrats + 2 doublons + 2 écartés"
    assert f"a.json [decp-2022-json] : {sum_of_a}" in told
    total = "Total de 2 fichiers de marchés : 8 enregistrements lus = 3 de contrats + 3 doublons + 2 écartés"
    assert total in told
    assert told[-1] == f"Tables écrites dans {files / 'data' / 'processed'}."


def test_a_second_run_says_that_there_is_nothing_new(said, files):
    said("a.json", "b.json")
    told = said("a.json", "b.json")
    assert told[-1] == f"Rien de nouveau : les tables de {files / 'data' / 'processed'} sont inchangées."
    assert any(line.startswith("2 fichiers déjà lus, inchangés : 8 enregistrements lus") for line in told)


def test_a_file_that_changed_is_said(said, files):
    said("a.json")
    write_2022(files / "a.json", [award("9")])
    assert "a.json a changé : son ancien contenu quitte la base." in said("a.json")


def test_a_failure_is_said_before_the_sums(said, files):
    (files / "x.json").write_text('{"marches": [', encoding="utf-8")
    told = said("a.json", "x.json")
    assert told[0].startswith("Échec : x.json : JSON tronqué")
    assert len(told) > 2


def test_when_nothing_could_be_read_that_is_what_is_said(said, files):
    (files / "x.json").write_text('{"marches": [', encoding="utf-8")
    assert said("x.json")[-1] == "Rien n'a été écrit : aucun fichier lisible."


def test_numbers_are_written_the_french_way():
    assert [count(number) for number in (0, 999, 5_180, 1_234_567)] == ["0", "999", "5\u202f180", "1\u202f234\u202f567"]


@pytest.mark.parametrize(("number", "words"), [(1, "1 enregistrement lu"), (2, "2 enregistrements lus")])
def test_one_is_singular_and_more_are_plural(said, tmp_path, number, words):
    write_2022(tmp_path / "a.json", [award(str(i)) for i in range(number)])
    assert any(words + " = " in line for line in said("a.json"))


def test_no_bar_is_drawn_where_there_is_no_terminal(capsys):
    with Progress() as progress:
        progress.reading("a.json", 5)
        progress.merging(1, 2)
    assert capsys.readouterr().err == ""
