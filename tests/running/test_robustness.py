"""What two runs at once, a damaged base, a wrong partner and a full disk get: one sentence, and nothing lost."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from optima_lib.cli import main
from optima_lib.errors import OptimaError, PartnerError, TableError
from optima_lib.partners import load_partner
from optima_lib.running.etude import open_study
from optima_lib.running.facts import ready_facts
from optima_lib.running.lock import alone
from optima_lib.running.measure import measure
from optima_lib.sources.files import walk
from tests.running.test_bad_input import awards, clean, content, data, write  # noqa: F401 - a fixture

HOLD = """
import sys
from pathlib import Path
from optima_lib.running.facts import ready_facts
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


def damage_reading(folder):
    cut(next((folder / "processed" / ".lectures").glob("*/*.parquet")))


def test_a_damaged_reading_is_made_again_from_its_file(data, tmp_path):  # noqa: F811
    before = content(data)["marches.parquet"]
    damage_reading(data)
    told = clean(data, tmp_path / "bon.json")
    assert told.exit_code == 0
    assert "bon.json a été relu" in told.output
    assert content(data)["marches.parquet"] == before
    added = clean(data, write(tmp_path / "autre.json", awards("3")))
    assert added.exit_code == 0
    assert "a été relu" not in added.output
    assert "= 3 de contrats" in added.output


@pytest.mark.parametrize("numbers", [None, ("9",)], ids=["gone", "changed"])
def test_a_damaged_reading_whose_file_is_no_longer_as_it_was_is_named(data, tmp_path, numbers):  # noqa: F811
    before = content(data)
    damage_reading(data)
    if numbers:
        write(tmp_path / "bon.json", awards(*numbers))
    else:
        (tmp_path / "bon.json").unlink()
    refused = clean(data, write(tmp_path / "autre.json", awards("3")))
    assert refused.exit_code == 1
    assert "est illisible" in refused.output
    assert "--fresh" in refused.output
    assert content(data) == before


def test_damaged_facts_are_made_again(data):  # noqa: F811
    paths = ready_facts(data / "processed")
    before = {name: path.read_bytes() for name, path in paths.items()}
    for path in paths.values():
        cut(path)
    assert {name: path.read_bytes() for name, path in ready_facts(data / "processed").items()} == before


READ_ONLY = """
import sys, tempfile
from pathlib import Path
from optima_lib.running.facts import ready_facts
processed, make = Path(sys.argv[1]), tempfile.mkdtemp
def refusing(suffix=None, prefix=None, dir=None):
    if dir == processed:
        raise PermissionError(13, "Permission denied", str(dir))
    return make(suffix, prefix, dir)
tempfile.mkdtemp = refusing
first, again = ready_facts(processed), ready_facts(processed)
assert first == again
assert all(path.is_file() for path in first.values())
print(next(iter(first.values())).parent.parent)
"""


def test_facts_of_a_folder_that_takes_nothing_are_temporary(data):  # noqa: F811
    """The administrator writes everywhere: the refusal of the system is played in a process of its own."""
    before = sorted((data / "processed").iterdir())
    command = [sys.executable, "-c", READ_ONLY, str(data / "processed")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert told.returncode == 0, told.stderr
    folder = Path(told.stdout.strip())
    assert folder.name.startswith("optima-faits-")
    assert not folder.exists()  # removed when the process ended
    assert sorted((data / "processed").iterdir()) == before


def test_a_folder_of_which_nothing_is_read_is_a_failure(tmp_path):
    folder = tmp_path / "brut"
    folder.mkdir()
    write(folder / "notes.csv", "a;b\n1;2\n")
    write(folder / "vide.json", "")
    told = clean(tmp_path / "data", folder)
    assert told.exit_code == 1
    assert "vide.json : le fichier est vide" in told.output
    assert "aucun fichier lisible" in told.output


def test_a_folder_of_which_nothing_is_read_fails_on_a_base_too(data, tmp_path):  # noqa: F811
    before = content(data)
    folder = tmp_path / "brut"
    folder.mkdir()
    write(folder / "notes.csv", "montant;objet\n1;2\n")
    told = clean(data, folder)
    assert told.exit_code == 1
    assert "Format connu le plus proche" in told.output
    assert "Aucun fichier lisible dans ce que vous avez donné" in told.output
    assert content(data) == before


def test_a_link_to_a_file_that_is_gone_is_named_and_the_others_are_read(tmp_path):
    folder = tmp_path / "brut"
    folder.mkdir()
    write(folder / "bon.json", awards("1"))
    try:
        (folder / "lien.json").symlink_to(tmp_path / "parti.json")
    except OSError:
        pytest.skip("ce système ne laisse pas créer de lien")
    told = clean(tmp_path / "data", folder)
    assert told.exit_code == 1
    assert "brut/lien.json : lien vers un fichier qui n'existe pas" in told.output
    assert "= 1 de contrats" in told.output
    assert len(content(tmp_path / "data")) > 0


def test_a_folder_named_like_a_file_is_searched(tmp_path):
    folder = tmp_path / "brut" / "x.json"
    folder.mkdir(parents=True)
    write(folder / "bon.json", awards("1"))
    told = clean(tmp_path / "data", tmp_path / "brut")
    assert told.exit_code == 0
    assert "= 1 de contrats" in told.output


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


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied", "/d/x.tmp"),
        PermissionError(errno.EACCES, "Failed to open local file '/d/x.tmp'. Detail: [errno 13] Permission denied"),
    ],
)
def test_a_refusal_of_the_system_is_told_in_french_with_its_place(data, monkeypatch, error):  # noqa: F811
    def refusing(*_):
        raise error

    monkeypatch.setattr("optima_lib.running.measure.measure", refusing)
    told = CliRunner().invoke(main, ["measure", "--data", str(data)])
    assert told.exit_code == 1
    assert told.output.startswith("Erreur : /d/x.tmp : accès refusé. Vérifiez les droits")


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
    assert "noms les plus proches : aucun" in told.output  # the only buyer of these tables has no name


def test_a_damaged_register_is_named_and_a_fresh_start_cures_it(data, tmp_path):  # noqa: F811
    register = data / "processed" / ".lectures" / "registre.json"
    register.write_bytes(register.read_bytes()[:-20])
    refused = clean(data, tmp_path / "bon.json")
    assert refused.exit_code == 1
    assert "registre.json est illisible" in refused.output
    cured = CliRunner().invoke(main, ["clean", str(tmp_path / "bon.json"), "--fresh", "--data", str(data)])
    assert cured.exit_code == 0
