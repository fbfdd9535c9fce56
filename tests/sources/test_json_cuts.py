"""A JSON file is cut into whole records, whatever the size of the pieces it is read in."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.errors import RawFileError, UnknownLayoutError
from optima_lib.sources.json_cuts import cut_json
from tests.cleaning.records import FIRM, OTHER, award, change, holders

CHANGED = award(
    "modifié",
    modifications=[
        change(1, "2024-05-01", montant=12_000, dureeMois=14, datePublicationDonneesModification="2024-06-01"),
        change(2, "2024-06-01", objetModification='Transfert à { "la" [régie]', titulaires=holders(FIRM, OTHER)),
    ],
)


def cut(data, chunk=1 << 20):
    """The records of a file, and the positions and texts of the broken ones."""
    records, broken, rang = [], [], 0
    for stretch in cut_json(io.BytesIO(data), "f.json", chunk):
        assert stretch.rang == rang
        rang += stretch.count
        told = [(stretch.rang + place, text) for place, _, text in stretch.broken]
        if stretch.spans is None:
            records += json.loads(stretch.source)
        else:
            records += [json.loads(stretch.source[start:end]) for start, end in stretch.spans]
        broken += told
    return records, broken


def text_of(records):
    return json.dumps(records, ensure_ascii=False)


SHAPES = {
    "bare list": "{}",
    "2019": '{{"$schema": "x", "marches": {}}}',
    "2022": '{{"marches": {{"marche": {}}}}}',
    "portal": '{{"total_count": 2, "results": {}, "links": []}}',
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_list_of_records_is_found_in_each_shape_of_file(shape):
    records = [award("1"), award("2")]
    assert cut(shape.format(text_of(records)).encode()) == (records, [])


def test_two_lists_of_one_file_are_read_one_after_the_other():
    data = text_of({"marches": {"marche": [award("1")], "contrat-concession": [award("2"), award("3")]}}).encode()
    assert [each["id"] for each in cut(data)[0]] == ["1", "2", "3"]


@pytest.mark.parametrize("data", [b'{"marches": []}', b"[]", b" [ ] \n", b'{"marches": {"marche": []}}'])
def test_an_empty_list_has_no_record_and_is_no_error(data):
    assert cut(data) == ([], [])


spaces = st.sampled_from(["", " ", "\n", "\r\n\t"])
texts = st.text(st.characters(codec="utf-8"), max_size=12)
wide = st.fixed_dictionaries(dict.fromkeys(("id", "objet", "nature", "procedure", "source", "montant"), texts))


@settings(deadline=None, max_examples=80)
@given(st.lists(wide, max_size=6), st.integers(1, 300), spaces, st.sampled_from(list(SHAPES.values())))
def test_the_records_do_not_depend_on_the_size_of_the_pieces(records, chunk, space, shape):
    text = "[" + space + f"{space},{space}".join(map(text_of, records)) + space + "]"
    assert cut((space + shape.format(text) + space).encode(), chunk) == (records, [])


@pytest.mark.parametrize("chunk", [1, 7, 100, 400, 401, 402, 500, 640, 700, 900, 1500])
def test_a_record_longer_than_a_piece_is_not_taken_for_a_broken_one(chunk):
    records = [CHANGED, award("2"), CHANGED]
    assert cut(text_of({"marches": {"marche": records}}).encode(), chunk) == (records, [])


# What a platform may write instead of a record.
BROKEN = [
    '{"id": "x" "objet": "virgule oubliée", "nature": "", "procedure": "", "source": "", "montant": ""}',
    '{"id": "x", "objet": "guillemet "oublié"", "nature": "", "procedure": "", "source": "", "montant": ""}',
    '{"id": "x", "objet":',
    "{id: 1}",
    "CDL",
]


@settings(deadline=None, max_examples=60)
@given(st.lists(wide, min_size=3, max_size=5), st.integers(0, 2), st.sampled_from(BROKEN), st.integers(60, 400))
def test_a_broken_record_is_set_aside_with_its_text_and_the_others_are_read(records, place, broken, chunk):
    texts = list(map(text_of, records))
    texts.insert(place, broken)
    found, aside = cut(('{"marches": [' + ", ".join(texts) + "]}").encode(), chunk)
    assert found == records
    assert aside == [(place, broken)]


def test_a_broken_last_record_does_not_hide_the_end_of_the_file():
    records = [award("1"), award("2")]
    data = '{"marches": [' + ", ".join([*map(text_of, records), BROKEN[0]]) + "]}"
    assert cut(data.encode()) == (records, [(2, BROKEN[0])])


def test_what_is_no_object_is_set_aside():
    found, aside = cut(('{"marches": [3, "x", null, ' + text_of(award("1")) + "]}").encode())
    assert [each["id"] for each in found] == ["1"]
    assert aside == [(0, "3"), (1, '"x"'), (2, "null")]


def test_a_value_that_json_does_not_have_is_read_as_missing():
    records, broken = cut(b'{"marches": [{"id": "1", "montant": NaN}, {"id": "2", "montant": 3}]}')
    assert [each["id"] for each in records] == ["1", "2"]
    assert not broken


@pytest.mark.parametrize("lost", [1, 2, 3, 4, 30, 200, 440])
def test_a_truncated_file_is_said_with_its_position_and_its_cure(lost):
    data = text_of({"marches": {"marche": [award("1"), award("2"), award("3")]}}).encode()[:-lost]
    with pytest.raises(RawFileError, match=rf"f\.json : JSON tronqué à l'octet {len(data)}\. Téléchargez de nouveau"):
        cut(data)


@pytest.mark.parametrize("data", [b'{"erreur": "absent"}', b"{}", b'{"marches": 3}'])
def test_a_file_without_a_list_of_records_is_unknown(data):
    with pytest.raises(UnknownLayoutError, match="aucune liste d'enregistrements"):
        cut(data)
