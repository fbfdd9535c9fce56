"""What two runs at once, a damaged base, a wrong partner and a full disk get: one sentence, and nothing lost."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from optima_lib.cli import main
from optima_lib.errors import OptimaError, PartnerError, TableError
from optima_lib.partners import load_partner
from optima_lib.running.etude import open_study
from optima_lib.running.lock import alone
from optima_lib.running.measure import measure
from optima_lib.sources.files import walk
from tests.running.test_bad_input import awards, clean, content, data, write  # noqa: F401 - a fixture

HOLD = """
import sys
from pathlib import Path
from optima_lib.running.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_waits_for_its_turn_and_the_first_loses_nothing(data, tmp_path):  # noqa: F811
    before = content(data)
    command = [sys.executable, "-c", HOLD, str(data / "processed")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603 - ours
        assert other.stdout.readline() == "held\n"
        refused = clean(data, write(tmp_path / "autre.json", awards("3")))
        assert refused.exit_code == 1
        assert "Une autre commande écrit déjà" in refused.output
        other.kill()  # the lock dies with its process
    assert content(data) == before
    assert clean(data, write(tmp_path / "autre.json", awards("3"))).exit_code == 0


def test_one_folder_is_held_once(tmp_path):
    with alone(tmp_path), pytest.raises(OptimaError, match="Une autre commande"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def test_a_damaged_table_is_named_then_made_again(data, tmp_path):  # noqa: F811
    before = content(data)["marches.parquet"]
    cut(data / "processed" / "marches.parquet")
    with pytest.raises(TableError, match=r"marches\.parquet est illisible"):
        measure(data)
    again = clean(data, tmp_path / "bon.json")
    assert again.exit_code == 0
    assert "inchangées" not in again.output
    assert content(data)["marches.parquet"] == before


def test_what_was_kept_of_a_reading_and_is_damaged_is_named(data, tmp_path):  # noqa: F811
    before = content(data)
    cut(next((data / "processed" / ".lectures").glob("*/*.parquet")))
    refused = clean(data, write(tmp_path / "autre.json", awards("3")))
    assert refused.exit_code == 1
    assert "--fresh" in refused.output
    assert content(data) == before


def test_a_folder_of_which_nothing_is_read_is_a_failure(tmp_path):
    folder = tmp_path / "brut"
    folder.mkdir()
    write(folder / "notes.csv", "a;b\n1;2\n")
    write(folder / "vide.json", "")
    told = clean(tmp_path / "data", folder)
    assert told.exit_code == 1
    assert "vide.json : le fichier est vide" in told.output
    assert "aucun fichier lisible" in told.output


def test_a_file_that_does_not_open_is_set_aside_alone(tmp_path, monkeypatch):
    """The administrator opens every file: the refusal of the system is played."""
    for name in ("a.json", "b.json"):
        write(tmp_path / name, awards("1"))
    opened = type(tmp_path).open

    def refusing(path, *more, **kept):
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *more, **kept)

    monkeypatch.setattr(type(tmp_path), "open", refusing)
    refused, read = walk([tmp_path])
    assert "a.json : le fichier ne s'ouvre pas" in str(refused)
    assert read.label.endswith("b.json")


def test_an_error_of_the_system_is_one_sentence(tmp_path):
    taken = write(tmp_path / "data", "a file stands where the folder would be")
    told = CliRunner().invoke(
        main, ["clean", str(write(tmp_path / "x.json", awards("1"))), "--data", str(taken / "in")]
    )
    assert told.exit_code == 1
    assert told.output.startswith("Erreur : ")
    assert "Vérifiez les droits" in told.output


@pytest.mark.parametrize("name", ["../partners/pau", "pau.yml", "a/b", ""])
def test_a_partner_is_named_without_folder(name):
    with pytest.raises(PartnerError, match="n'a pas de fichier"):
        load_partner(name)


PARTNER = """nom: La Ville
entites:
  - {siren: "210000014", nom: Ville}
  - {siren: "216404459", nom: Pau}
partenariat: exploratoire
periode: {debut: 2018, fin: 2025}
"""


def test_a_legal_person_that_is_absent_is_named(data, tmp_path, monkeypatch):  # noqa: F811
    write(tmp_path / "ville.yml", PARTNER)
    monkeypatch.setattr("optima_lib.partners.load_partner.__defaults__", (tmp_path,))
    etude = open_study("ville", data)
    assert [each.nom for each in etude.absents] == ["Pau"]
    told = CliRunner().invoke(main, ["check", "ville", "--data", str(data)])
    assert told.exit_code == 1
    assert "rien à corriger" not in told.output
    assert "Aucun contrat dans les tables pour Pau (216404459)" in told.output
