"""Territory tables of each publisher come down to one table of authorities."""

import gzip
import json

from optima_lib.sources.files import RawFile
from optima_lib.sources.recognition import recognise
from tests.sources.inputs import NOBODY, as_json, csv_lines


def territories(tmp_path, content):
    """The format of a file, its authorities and its members."""
    path = tmp_path / "territoire.dat"
    path.write_bytes(content)
    reading = recognise(RawFile("territoire", path))
    assert not reading.holds_awards
    authorities, members = [], []
    for portion in reading.portions(NOBODY):
        authorities += portion.parts["territoires"].rows(named=True)
        members += portion.parts["membres"].rows()
        assert portion.count == len(portion.parts["territoires"]) + len(portion.aside)
    return reading.format, authorities, members


COMMUNES = [
    {
        "code": "00001",
        "nom": "Ville-Inventée",
        "departement": "00",
        "region": "0",
        "type": "commune-actuelle",
        "siren": "210000014",
        "codesPostaux": ["00100"],
        "population": 48_213,
    },
    {"code": "00901", "nom": "Sans-Siren", "type": "commune-actuelle", "codesPostaux": ["00900"], "population": 12},
    {"code": "00002", "nom": "Déléguée", "type": "commune-deleguee", "chefLieu": "00001"},
]


def test_communes_are_read_and_those_without_a_siren_left_out(tmp_path):
    name, found, members = territories(tmp_path, gzip.compress(json.dumps(COMMUNES).encode()))
    assert name == "territoire-communes-etalab-json"
    [commune] = found
    assert (commune["siren"], commune["code_insee"], commune["categorie"]) == ("210000014", "00001", "commune")
    assert (commune["population"], commune["departement"], commune["nom"]) == ("48213", "00", "Ville-Inventée")
    assert not members


def test_intercommunalities_are_read_with_their_members(tmp_path):
    epci = {
        "code": "240000018",
        "nom": "CA Inventée",
        "type": "CA",
        "modeFinancement": "FPU",
        "populationTotale": 105_386,
        "membres": [
            {"code": "00001", "siren": "210000014"},
            {"code": "00002", "siren": "210000022"},
            {"code": "00003"},
        ],
    }
    name, [found], members = territories(tmp_path, as_json([epci]))
    assert name == "territoire-epci-etalab-json"
    assert (found["siren"], found["categorie"], found["nature_juridique"]) == ("240000018", "EPCI", "CA")
    assert found["population"] == "105386"
    assert members == [("210000014", "240000018"), ("210000022", "240000018")]


def test_codes_of_kinds_of_authority_become_categories(tmp_path):
    header = ("nom", "SIREN", "COG", "type", "code_region")
    rows = [
        ("A", "220000012", "00", "DEP", "0"),
        ("B", "230000010", "0", "REG", "0"),
        ("C", "240000018", "", "MET", "0"),
    ]
    more = [
        ("D", "200000016", "0", "CTU", "0"),
        ("E", "210000014", "00001", "COM", "0"),
        ("F", "250000015", "", "?", ""),
    ]
    name, found, _ = territories(tmp_path, csv_lines(header, *rows, *more, separator=","))
    assert name == "territoire-identifiants-csv"
    categories = ["département", "région", "EPCI", "collectivité territoriale unique", "commune", None]
    assert [each["categorie"] for each in found] == categories
    assert [each["nature_juridique"] for each in found] == ["DEP", "REG", "MET", "CTU", "COM", "?"]


def test_codes_that_begin_with_a_zero_stay_text(tmp_path):
    data = "\ufeffsiren;insee;nom_com\n210000014;00001;Ville-Inventée\n".encode()
    name, [found], _ = territories(tmp_path, data)
    assert name == "territoire-correspondance-csv"
    assert (found["siren"], found["code_insee"]) == ("210000014", "00001")


def test_a_number_that_is_no_siren_is_left_out(tmp_path):
    data = csv_lines(
        ("siren", "insee", "nom_com"), ("21000001", "00001", "A"), ("", "00002", "B"), ("210000022", "2", "C")
    )
    assert [each["nom"] for each in territories(tmp_path, data)[1]] == ["C"]


def test_a_file_bears_the_priority_of_its_layout(tmp_path):
    _, [commune], _ = territories(tmp_path, as_json(COMMUNES[:1]))
    _, [other], _ = territories(tmp_path, csv_lines(("siren", "insee", "nom_com"), ("210000014", "00001", "A")))
    assert commune["priorite"] < other["priorite"]
