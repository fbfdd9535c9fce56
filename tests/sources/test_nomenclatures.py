"""CPV and NAF files come down to one row per code, whatever their publisher."""

import gzip
import json

import pytest

from optima_lib.errors import RawFileError, UnknownLayoutError
from optima_lib.sources.files import RawFile
from optima_lib.sources.recognition import recognise
from tests.sources.inputs import NOBODY, as_json, csv_lines

NAF = {
    "01.11Z": {
        "code": "01.11Z",
        "description": "Céréales",
        "classe": {"code": "01.11", "description": "Classe"},
        "groupe": {"code": "01.1", "description": "Groupe"},
        "division": {"code": "01", "description": "Division"},
        "section": {"code": "A", "description": "SECTION"},
    }
}


def read(tmp_path, content):
    """The format of a file, its rows and what was set aside."""
    path = tmp_path / "codes.dat"
    path.write_bytes(content)
    reading = recognise(RawFile("codes", path))
    [portion] = reading.portions(NOBODY)
    assert portion.count == len(portion.parts[reading.donnees]) + len(portion.aside)
    return reading.format, portion.parts[reading.donnees].rows(named=True), portion.aside


@pytest.mark.parametrize(
    ("content", "name", "libelle", "libelle_en"),
    [
        (csv_lines(("CODE", "FR"), ("03111000-2", "Graines"), separator=","), "cpv-code-libelle-csv", "Graines", None),
        (
            csv_lines(("id", "name", "parent"), ("03111000-2", "Graines", "03110000-5"), separator=","),
            "cpv-parents-csv",
            "Graines",
            None,
        ),
        (
            csv_lines(("codecpv", "description"), ("03111000", "Seeds"), separator="|"),
            "cpv-code-description-csv",
            None,
            "Seeds",
        ),
    ],
)
def test_cpv_codes_are_read_without_their_check_digit(tmp_path, content, name, libelle, libelle_en):
    told, [row], aside = read(tmp_path, content)
    assert told == name
    assert (row["cpv"], row["libelle"], row["libelle_en"]) == ("03111000", libelle, libelle_en)
    assert not aside


def test_a_code_that_is_none_is_set_aside_with_its_row(tmp_path):
    rows = csv_lines(("CODE", "FR"), ("03111000-2", "Graines"), ("3111", "Trop court"), separator=",")
    _, found, aside = read(tmp_path, rows)
    assert len(found) == 1
    [(rang, motif, brut)] = aside
    assert (rang, motif) == (1, "ce n'est pas un code CPV")
    assert json.loads(brut) == {"CODE": "3111", "FR": "Trop court"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_tree_of_activities_is_read_with_its_upper_levels(tmp_path, pack):
    name, [row], aside = read(tmp_path, pack(as_json(NAF)))
    assert name == "naf-arbre-json"
    assert (row["naf"], row["libelle"], row["classe"], row["groupe"]) == ("01.11Z", "Céréales", "01.11", "01.1")
    assert (row["division"], row["section"], row["section_libelle"]) == ("01", "A", "SECTION")
    assert not aside


@pytest.mark.parametrize("label", ["label", "Libellé"])
def test_a_plain_list_of_activities_is_read_with_or_without_the_point(tmp_path, label):
    rows = csv_lines(("code", label), ("A", "SECTION"), ("01", "Division"), ("0111Z", "Céréales"), ("01.12Z", "Riz"))
    name, found, aside = read(tmp_path, rows)
    assert name in {"naf-code-label-csv", "naf-code-libelle-csv"}
    assert [(row["naf"], row["libelle"]) for row in found] == [("01.11Z", "Céréales"), ("01.12Z", "Riz")]
    assert [each[:2] for each in aside] == [(rank, "ce n'est pas une sous-classe de la NAF") for rank in (0, 1)]


@pytest.mark.parametrize(
    "content",
    [
        csv_lines(("code", "label"), ("FR", "France"), ("BE", "Belgique")),
        csv_lines(("code", "libelle"), ("64", "Pyrénées-Atlantiques")),
        csv_lines(("id", "name", "parent"), ("1", "Racine", ""), ("2", "Feuille", "1")),
    ],
)
def test_codes_of_another_kind_are_not_taken_for_a_nomenclature(tmp_path, content):
    with pytest.raises(UnknownLayoutError, match="format inconnu"):
        read(tmp_path, content)


def test_a_truncated_tree_is_said_with_its_cure(tmp_path):
    with pytest.raises(RawFileError, match=r"JSON illisible.*Téléchargez-le de nouveau"):
        read(tmp_path, as_json(NAF)[:-1])
