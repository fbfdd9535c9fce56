"""Records of any keys become a table of texts."""

import polars as pl

from optima_lib.sources.rows import Records, as_text, gather, json_text, tabulate


def test_a_value_becomes_the_text_that_a_flat_file_would_hold():
    assert [as_text(value) for value in ("x", 12, 1.5, True, None)] == ["x", "12", "1.5", "true", None]
    assert as_text(["é", 1]) == '["é",1]'
    assert as_text({"a": None}) == '{"a":null}'


def test_records_of_different_keys_make_one_table():
    values = [{"id": 1, "nom": "a"}, {"id": "2", "code": [3]}]
    found = tabulate(Records(values, [4, 6], str, [(5, "illisible", "oups")]))
    assert found.frame.rows(named=True) == [
        {"id": "1", "nom": "a", "code": None, "rang": 4},
        {"id": "2", "nom": None, "code": "[3]", "rang": 6},
    ]
    assert found.unreadable == [(5, "illisible", "oups")]


def test_a_published_column_named_like_our_position_does_not_take_its_place():
    assert tabulate(Records([{"rang": "x", "id": "1"}], [7], str)).frame.rows(named=True) == [{"id": "1", "rang": 7}]


def test_records_without_a_key_are_rows_all_the_same():
    assert tabulate(Records([{}, {}], [0, 1], str)).frame["rang"].to_list() == [0, 1]


def test_the_text_of_a_row_leaves_out_what_is_missing():
    assert json_text(pl.DataFrame({"a": ["é", None], "b": [None, "x"]}))(1) == '{"b": "x"}'


def test_columns_that_come_to_bear_one_name_are_merged_the_first_value_known_wins():
    frame = pl.DataFrame({"x": ["1", None, None], "y": ["2", "3", None], "z": ["9", "9", "9"]})
    assert gather(frame, {"x": "id", "y": "id", "absente": "nom"}).to_dict(as_series=False) == {"id": ["1", "3", None]}
