"""Records of a JSON file: read at once or one by one, the text of each kept at hand."""

import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.sources.json_records import OBJECTS, read_json
from tests.cleaning.records import award


def records(data, chunk=1 << 20):
    """Position, value and text of each readable record; position and reason of the others."""
    good, bad = [], []
    for some in read_json(io.BytesIO(data), "f.json", OBJECTS, chunk):
        good += [
            (rang, value, some.text(i)) for i, (rang, value) in enumerate(zip(some.ranks, some.values, strict=True))
        ]
        bad += [(rang, reason) for rang, reason, _ in some.unreadable]
    return good, bad


def test_each_record_keeps_its_position_and_its_text():
    data = b'[{"id": "1", "objet": "a"}, oups, {"id": "2", "objet": "b"}]'
    good, bad = records(data)
    assert [(rang, text) for rang, _, text in good] == [
        (0, '{"id": "1", "objet": "a"}'),
        (2, '{"id": "2", "objet": "b"}'),
    ]
    assert bad == [(1, "JSON illisible")]


def test_a_field_name_with_a_stray_space_is_read_without_it():
    good, _ = records(b'[{"id ": "1", "objet": "a : b"}]')
    assert good[0][1] == {"id": "1", "objet": "a : b"}


def test_a_text_that_holds_a_space_before_a_colon_stays_as_it_is():
    value = {"objet": 'Travaux "neufs ": lot 1', "note ": " x "}
    good, _ = records(json.dumps([value]).encode())
    assert good[0][1] == {"objet": 'Travaux "neufs ": lot 1', "note": " x "}


def test_accents_in_cp1252_and_in_utf_8_are_both_read():
    data = b'[{"objet": "' + "forêt".encode("cp1252") + b'"}, {"objet": "' + "été".encode() + b'"}]'
    assert [value["objet"] for _, value, _ in records(data)[0]] == ["forêt", "été"]


def test_a_control_sign_in_a_text_does_not_break_the_record():
    good, bad = records(b'[{"objet": "ligne\n1\t2"}, {"objet": "x"}]')
    assert [value["objet"] for _, value, _ in good] == ["ligne\n1\t2", "x"]
    assert not bad


def test_a_text_cut_in_the_middle_of_an_emoji_does_not_stop_the_file():
    # platforms cut objects at 256 signes of UTF-16: half of an emoji is then left
    good, bad = records(json.dumps([award("1", objet="Fête \ud83c"), award("2")]).encode())
    assert len(good) + len(bad) == 2
    for _, value, text in good:
        text.encode()
        value["objet"].encode()


def test_brackets_nested_beyond_measure_do_not_stop_the_file():
    deep = "[" * 100_000 + "]" * 100_000
    good, bad = records(f'[{json.dumps(award("1"))}, {{"id": {deep}}}, {json.dumps(award("2"))}]'.encode())
    assert [value["id"] for _, value, _ in good if isinstance(value["id"], str)] == ["1", "2"]
    assert len(good) + len(bad) == 3


plain = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.text(st.characters(codec="utf-8"), max_size=9)
)
values = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4), st.one_of(plain, st.lists(plain, max_size=3)), min_size=1, max_size=6
)


@settings(deadline=None, max_examples=60)
@given(st.lists(values, min_size=1, max_size=8))
def test_any_records_come_out_as_they_were_written(written):
    good, bad = records(json.dumps(written, ensure_ascii=False).encode())
    assert [value for _, value, _ in good] == written
    assert [json.loads(text) for _, _, text in good] == written
    assert [rang for rang, _, _ in good] == list(range(len(written)))
    assert not bad


@settings(deadline=None, max_examples=60)
@given(st.lists(values, min_size=1, max_size=6))
def test_records_read_at_once_and_one_by_one_are_the_same(written):
    """A value that only the lenient parser takes sends the whole stretch the slow way."""
    fast, _ = records(json.dumps(written).encode())
    slow, _ = records((json.dumps(written)[:-1] + ', {"z": NaN}]').encode())
    assert slow[:-1] == fast
