"""A file is known by its content: each layout, whatever its name, its compression or the order of its columns."""

import gzip
import io
import json

import polars as pl
import pytest

from optima_lib.errors import RawFileError, UnknownLayoutError
from tests.cleaning.records import FIRM, OTHER, TOWN, award, change
from tests.sources.inputs import as_json, csv_lines, read, read_content, zipped

CONSOLIDATED = {
    "uid": f"{TOWN}2024-01",
    "id": "2024-01",
    "acheteur_id": TOWN,
    "acheteur_nom": "VILLE INVENTÉE",
    "titulaire_id": FIRM,
    "titulaire_nom": "ROUTES INVENTÉES",
    "montant": "10000",
    "dateNotification": "2024-03-01",
    "codeCPV": "45233000",
    "offresRecues": "3",
}
MINISTRY = {
    "titulaire_id_1": FIRM,
    "titulaire_typeIdentifiant_1": "SIRET",
    "titulaire_id_2": "CDL",
    "titulaire_typeIdentifiant_2": "CDL",
    "id": "2024-01",
    "objet": "Voirie",
    "acheteur.id": TOWN,
    "dateNotification": "2024-03-01",
    "montant": "10000.0",
    "marcheInnovant": "MQ",
    "ccag": "INX Travaux",
    "tauxAvance": "NC",
    "considerationsSociales": "['Clause sociale']",
    "idModification": "CDL",
}
SIX = {
    "id_marche": "2024-01",
    "date_notification": "2024-03-01",
    "objet_marche": "Voirie",
    "montant_marche": "10000.0000",
    "id_acheteur": TOWN,
    "code_postal_acheteur": "00100",
}
BRETAGNE = {
    "Année": "2019",
    "Id du marché ": "90001",
    "Nom acheteur": "Région Inventée",
    "SIRET acheteur": "21 000 001 400 014",
    "Objet marché": "Forêt",
    "Date notification": "30/01/2019",
    "Montant initial (Ht)": "38 800,50",
    "Montant modifie (Ht)": "40 000,00",
    "Titulaire/Mandataire": "BOIS INVENTÉS",
    "Siret_Titulaire": FIRM,
}


def csv_of(row, **options):
    return csv_lines(row, row.values(), **options)


def parquet_of(row):
    content = io.BytesIO()
    pl.DataFrame([row]).write_parquet(content)
    return content.getvalue()


PORTAL = {name.replace(".", "_").lower(): value for name, value in MINISTRY.items()} | {"montant": 10_000.0}
FLAT = {
    "decp-consolide-csv": csv_of(CONSOLIDATED, separator=","),
    "decp-consolide-parquet": parquet_of(CONSOLIDATED | {"montant": 10_000.0, "offresRecues": 3}),
    "decp-consolide-json": as_json([CONSOLIDATED]),
    "decp-ministere-csv": csv_of(MINISTRY, encoding="utf-8-sig"),
    "decp-ministere-json": as_json([PORTAL]),
    "decp-ministere-parquet": parquet_of(MINISTRY),
    "decp-6-colonnes-csv": csv_of(SIX, separator=","),
    "region-bretagne-csv": csv_of(BRETAGNE, encoding="cp1252"),
}


@pytest.mark.parametrize("name", FLAT)
def test_a_flat_layout_is_known_from_its_columns(tmp_path, name):
    found = read_content(tmp_path, FLAT[name])
    assert found.format == name
    [row] = found.publications
    assert row["acheteur_id"].replace(" ", "") == TOWN
    assert float(row["montant"].replace(" ", "").replace(",", ".")) in {10_000, 38_800.5}


@pytest.mark.parametrize("name", ["decp-ministere-csv", "decp-ministere-json"])
def test_the_fillers_of_the_ministry_are_read_as_published(tmp_path, name):
    [row] = read_content(tmp_path, FLAT[name]).publications
    assert (row["marche_innovant"], row["ccag"], row["taux_avance"]) == ("MQ", "INX Travaux", "NC")


def test_rows_of_the_portal_under_results_are_known(tmp_path):
    found = read_content(tmp_path, as_json({"total_count": 1, "results": [PORTAL]}))
    assert found.format == "decp-ministere-json"
    assert found.titulaires[0]["titulaire_id"] == FIRM


def test_an_export_of_a_region_in_cp1252_is_read_from_a_declared_mapping(tmp_path):
    found = read_content(tmp_path, FLAT["region-bretagne-csv"])
    [row] = found.publications
    assert (row["marche_id"], row["objet"], row["montant"]) == ("90001", "Forêt", "38 800,50")
    assert found.titulaires[0]["titulaire_nom"] == "BOIS INVENTÉS"
    assert found.modifications[0]["montant"] == "40 000,00"


@pytest.mark.parametrize("pack", [gzip.compress, bytes, lambda data: b"\xef\xbb\xbf" + data])
def test_a_nested_file_is_known_compressed_or_not(tmp_path, pack):
    found = read_content(tmp_path, pack(as_json({"marches": {"marche": [award()]}})))
    assert (found.format, found.column("marche_id")) == ("decp-2022-json", ["2024-01"])


def test_a_flat_file_inside_an_archive_is_read_like_any_other(tmp_path):
    path = tmp_path / "lot.zip"
    path.write_bytes(zipped({f"d/{name}": data for name, data in FLAT.items()}))
    for name in FLAT:
        assert read(path, f"d/{name}").format == name


def test_a_first_record_of_many_modifications_does_not_hide_the_layout(tmp_path):
    changes = [
        change(i, "2024-05-01", montant=12_000, dureeMois=3, datePublicationDonneesModification="2024-06-01",
               objetModification="x" * 1000)
        for i in range(1, 200)
    ]  # fmt: skip
    found = read_content(tmp_path, as_json({"marches": {"marche": [award("1", modifications=changes), award("2")]}}))
    assert found.format == "decp-2022-json"
    assert found.column("marche_id") == ["1", "2"]
    assert len(found.modifications) == 199


@pytest.mark.parametrize("data", [b'{"marches": []}', b'{"marches": {"marche": []}}', b"<marches/>"])
def test_a_file_without_a_record_is_known_and_gives_none(tmp_path, data):
    found = read_content(tmp_path, data)
    assert "sans enregistrement" in found.format
    assert not found.publications


def test_a_file_whose_every_record_is_broken_loses_nothing_of_their_text(tmp_path):
    found = read_content(tmp_path, b'{"marches": [{"id": 1 "objet": "x"}, 3]}')
    assert [(rang, reason) for rang, reason, _ in found.unreadable] == [(0, "JSON illisible")]
    assert found.unreadable[0][2] == '{"id": 1 "objet": "x"}, 3'


def unknown(tmp_path, data):
    with pytest.raises(UnknownLayoutError) as told:
        read_content(tmp_path, data)
    return str(told.value)


def test_an_unknown_layout_is_said_with_its_columns_and_the_nearest_known_one(tmp_path):
    row = {name: value for name, value in SIX.items() if name != "id_acheteur"}
    told = unknown(tmp_path, csv_of(row))
    assert "livraison.dat : format inconnu" in told
    assert "id_marche, date_notification, objet_marche, montant_marche" in told
    assert "« extrait réduit à six colonnes, sans titulaire ni procédure », auquel il manque id_acheteur" in told


def test_unknown_json_rows_are_said_with_their_columns_too(tmp_path):
    told = unknown(tmp_path, as_json([{"nom": "a", "prix": 3}]))
    assert "colonnes vues : nom, prix" in told


def test_no_more_than_twelve_columns_are_told(tmp_path):
    told = unknown(tmp_path, csv_of({f"c{i}": i for i in range(20)}))
    assert "c11…" in told
    assert "c12" not in told


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html><body>404</body></html>", "page HTML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01", "n'est pas un tableau de données connu"),
        (b"", "le fichier est vide"),
        (csv_lines(CONSOLIDATED, separator=","), "sans aucune ligne"),
        (b"<rss/>", "racine"),
        (json.dumps({"erreur": 404}).encode(), "aucune liste d'enregistrements"),
    ],
)
def test_what_is_no_award_file_is_said_in_words(tmp_path, data, words):
    assert words in unknown(tmp_path, data)


def test_a_broken_file_of_a_known_layout_is_no_unknown_layout(tmp_path):
    data = as_json({"marches": [award("1", titulaires=[{"id": OTHER}]), award("2")]})
    with pytest.raises(RawFileError, match="tronqué") as told:
        read_content(tmp_path, data[:-40])
    assert not isinstance(told.value, UnknownLayoutError)
