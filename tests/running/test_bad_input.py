"""What bad input gets: one clear sentence with the file, the cause and the cure, and nothing half-written."""

import gzip
import json
import zipfile

import polars as pl
import pytest
from click.testing import CliRunner

from optima_lib.cli import main

AWARD = {
    "id": "2024001",
    "acheteur": {"id": "21000001400011"},
    "objet": "Entretien de la voirie",
    "codeCPV": "45233141",
    "procedure": "Procédure adaptée",
    "nature": "Marché",
    "dateNotification": "2024-03-01",
    "datePublicationDonnees": "2024-03-20",
    "montant": 52000.0,
    "dureeMois": 12,
    "offresRecues": 3,
    "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": "00000001800019"}}],
}


def awards(*numbers):
    return {"marches": {"marche": [AWARD | {"id": number} for number in numbers]}}


def write(path, content):
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def clean(data, *sources):
    return CliRunner().invoke(main, ["clean", *map(str, sources), "--data", str(data)])


@pytest.fixture
def data(tmp_path):
    """A data folder that a first, good run has filled."""
    folder = tmp_path / "data"
    assert clean(folder, write(tmp_path / "bon.json", awards("1", "2"))).exit_code == 0
    return folder


def content(data):
    return {path.name: path.read_bytes() for path in sorted((data / "processed").glob("*.parquet"))}


def deep_zip(path, size=150_000_000):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.json", "w") as member:
        member.write(b'{"marches": [')
        for _ in range(size // 1_000_000):
            member.write(b" " * 1_000_000)
    return path


def escaping_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../dehors.json", json.dumps(awards("3")))
    return path


def bad_files(folder):
    """Every kind of bad file: its path, and the words that the message must hold."""
    text = json.dumps(awards("3", "4"))
    yield write(folder / "tronque.json", text[:-60]), ["tronqué"]
    (folder / "tronque.json.gz").write_bytes(gzip.compress(text.encode())[:-30])
    yield folder / "tronque.json.gz", ["archive incomplète", "Téléchargez-la de nouveau"]
    yield write(folder / "inconnu.csv", "couleur;poids\nbleu;3\n"), ["format inconnu", "couleur, poids", "plus proche"]
    doctype = '<?xml version="1.0"?><!DOCTYPE marches [<!ENTITY a "b">]><marches><marche>&a;</marche></marches>'
    yield write(folder / "entites.xml", doctype), ["DOCTYPE"]
    yield write(folder / "page.json", "<!DOCTYPE html><html><body>404</body></html>"), ["page HTML"]
    yield deep_zip(folder / "bombe.zip"), ["fois la taille de l'archive"]
    yield escaping_zip(folder / "evasion.zip"), ["evasion.zip"]
    yield write(folder / "faux.zip", "PK\x03\x04 rien"), ["faux.zip"]


KINDS = ["tronque.json", "tronque.json.gz", "inconnu.csv", "entites.xml", "page.json", "bombe.zip", "evasion.zip", "faux.zip"]  # fmt: skip


@pytest.fixture
def bad(request, tmp_path):
    folder = tmp_path / "mauvais"
    folder.mkdir()
    return {path.name: (path, words) for path, words in bad_files(folder)}[request.param]


@pytest.mark.parametrize("bad", KINDS, indirect=True)
def test_a_bad_file_is_one_sentence_and_the_tables_are_untouched(bad, data):
    path, words = bad
    before = content(data)
    result = clean(data, path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    told = [line for line in result.output.splitlines() if path.name in line]
    assert len(told) == 1
    assert all(word in told[0] for word in words), told
    assert content(data) == before
    assert not [each for each in (data / "processed").iterdir() if each.name.startswith((".tables", "tmp"))]


@pytest.mark.parametrize("bad", KINDS, indirect=True)
def test_a_bad_file_does_not_stop_the_others_and_the_status_tells(bad, data, tmp_path):
    path, _ = bad
    result = clean(data, path, write(tmp_path / "autre.json", awards("8", "9")))
    assert result.exit_code == 1
    assert path.name in result.output
    assert "autre.json [decp-2022-json] : 2 enregistrements lus = 2 de contrats" in result.output


def test_an_unknown_file_met_in_a_folder_is_listed_and_skipped(data, tmp_path):
    folder = tmp_path / "livraison"
    folder.mkdir()
    write(folder / "marches.json", awards("5"))
    write(folder / "note.csv", "couleur;poids\nbleu;3\n")
    result = clean(data, folder)
    assert result.exit_code == 0
    assert "Non reconnu, laissé de côté : livraison/note.csv" in result.output


def test_an_empty_folder_and_a_missing_file_are_said(data, tmp_path):
    (tmp_path / "vide").mkdir()
    for source in (tmp_path / "vide", tmp_path / "absent.json"):
        result = clean(data, source)
        assert result.exit_code == 1
        assert source.name in result.output
        assert "Traceback" not in result.output


def test_a_bad_record_never_stops_a_file(data, tmp_path):
    text = json.dumps(awards("5", "6", "7")).replace('"id": "6"', '"id": "6')
    result = clean(data, write(tmp_path / "abime.json", text))
    assert result.exit_code == 0
    assert "3 enregistrements lus = 2 de contrats + 0 doublons + 1 écarté" in result.output


def test_a_record_without_a_buyer_is_set_aside_with_its_reason(data, tmp_path):
    lost = {"marches": {"marche": [{name: value for name, value in AWARD.items() if name != "acheteur"}]}}
    assert clean(data, write(tmp_path / "sans.json", lost)).exit_code == 0
    (row,) = pl.read_parquet(data / "processed" / "ecartes.parquet").to_dicts()
    assert (row["fichier"], row["rang"], row["motif"]) == ("sans.json", 0, "acheteur absent")
    assert json.loads(row["brut"])["objet"] == AWARD["objet"]
