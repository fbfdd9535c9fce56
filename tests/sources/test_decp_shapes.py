"""Nested award records are read whatever the depth, the type or the spaces of what they hold."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.sources.decp import AWARDS, read_award, tidy_nested
from optima_lib.sources.rows import Records
from tests.cleaning.records import FIRM, TOWN, award
from tests.sources.inputs import as_json, read_content, told


def read_2022(tmp_path, *records):
    return read_content(tmp_path, as_json({"marches": {"marche": list(records)}}))


BARE = {"id": FIRM, "typeIdentifiant": "SIRET"}


@pytest.mark.parametrize(
    "published",
    [
        [BARE],
        [{"titulaire": BARE}],
        {"titulaire": BARE},
        {"titulaire": [BARE]},
        [{"titulaire": [BARE]}],
        [[[BARE]]],
        [[{"titulaire": BARE}]],
        BARE,
    ],
)
def test_suppliers_are_read_at_any_depth(tmp_path, published):
    found = read_2022(tmp_path, award(titulaires=published))
    assert [(each["titulaire_id"], each["titulaire_type_id"]) for each in found.titulaires] == [(FIRM, "SIRET")]


@pytest.mark.parametrize("published", [[], None, "", {}, [None], [{"titulaire": "typeIdentifiant"}], float("nan")])
def test_a_record_without_a_supplier_is_read(tmp_path, published):
    found = read_2022(tmp_path, award("1") | {"titulaires": published}, award("2"))
    assert [(each["rang"], each["titulaire_id"]) for each in found.titulaires] == [(1, FIRM)]
    assert len(found.publications) == 2


@pytest.mark.parametrize("published", [[], None, "", {}, "CDL", [[]], 3])
def test_a_record_without_a_modification_is_read(tmp_path, published):
    found = read_2022(tmp_path, award(modifications=published) | {"modifications": published})
    said = [{name: row[name] for name in row if name not in {"rang", "version"}} for row in found.modifications]
    assert not any(value for row in said for value in row.values())
    assert len(found.publications) == 1


def test_modifications_are_read_wrapped_or_bare_or_one_list_deeper(tmp_path):
    bare = {"id": 1, "montant": 11_000, "dateNotificationModification": "2024-05-01"}
    shapes = [[bare], [{"modification": bare}], [[{"modification": bare}]], {"modification": [bare]}]
    found = read_2022(tmp_path, *(award(str(i), modifications=shape) for i, shape in enumerate(shapes)))
    assert [(each["rang"], each["montant"]) for each in found.modifications] == [(i, 11_000) for i in range(4)]


def test_a_buyer_is_read_nested_flattened_or_bare(tmp_path):
    shapes = [{"acheteur": {"id": TOWN}}, {"acheteur": None, "acheteur.id": TOWN}, {"acheteur": TOWN}]
    found = read_2022(tmp_path, *(award(str(i)) | shape for i, shape in enumerate(shapes)))
    assert found.column("acheteur_id") == [TOWN] * 3


def test_a_buyer_number_stored_as_a_number_is_read_as_text(tmp_path):
    found = read_2022(tmp_path, award(acheteur={"id": int(TOWN)}), award("2"))
    assert found.column("acheteur_id") == [TOWN, TOWN]


def test_an_amount_or_a_duration_stored_as_text_is_read_beside_numbers(tmp_path):
    found = read_2022(tmp_path, award("1", montant="1500.50", dureeMois="NC"), award("2", montant=2_000))
    assert found.column("montant") == ["1500.50", None, "2000"][::2]
    assert found.column("duree_mois")[0] == "NC"


def test_a_field_name_with_a_stray_space_is_read(tmp_path):
    record = {f"{name} ": value for name, value in award().items()}
    found = read_2022(tmp_path, record)
    assert found.column("objet") == ["Réfection de la voirie"]
    assert found.column("montant") == [10_000]
    assert found.titulaires[0]["titulaire_id"] == FIRM


def test_a_nested_field_name_with_a_stray_space_is_read(tmp_path):
    place = {"code ": "00100", "typeCode": "Code postal", "nom ": "Ville inventée"}
    change = {"id": 1, "dateNotificationModification": "2024-05-01", "montant ": 11_000}
    record = award(acheteur={"id ": TOWN}, lieuExecution=place, modifications=[change])
    found = read_2022(tmp_path, record)
    assert found.column("lieu_code") == ["00100"]
    assert found.column("acheteur_id") == [TOWN]
    assert [each["montant"] for each in found.modifications] == [11_000]


def test_a_place_of_execution_may_be_text_or_a_bare_code(tmp_path):
    places = [{"code": "INO", "typeCode": "Code commune"}, "64000", None]
    found = read_2022(tmp_path, *(award(str(i)) | {"lieuExecution": place} for i, place in enumerate(places)))
    assert found.column("lieu_code") == ["INO", "64000", None]


texts = st.one_of(st.none(), st.text(max_size=5), st.integers(0, 9), st.booleans(), st.floats(0, 9, width=16))
suppliers = st.lists(st.sampled_from([BARE, {"titulaire": BARE}, {"id": 7}]), max_size=3)
changes = st.lists(
    st.fixed_dictionaries({}, optional={"id": texts, "montant": texts, "titulaires": suppliers}), max_size=2
)
records = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": texts,
            "objet": texts,
            "montant": texts,
            "offresRecues": texts,
            "marcheInnovant": texts,
            "techniques": st.one_of(texts, st.fixed_dictionaries({"technique": st.lists(st.text(max_size=3))})),
            "acheteur": st.one_of(st.none(), st.fixed_dictionaries({}, optional={"id": texts, "nom": texts})),
            "acheteur.id": texts,
            "lieuExecution": st.one_of(st.none(), st.fixed_dictionaries({}, optional={"code": texts})),
            "lieuExecution.code": texts,
            "titulaires": st.one_of(st.none(), suppliers),
            "modifications": st.one_of(
                st.none(), changes, changes.map(lambda some: [{"modification": x} for x in some])
            ),
        },
    ),
    max_size=4,
)


@settings(deadline=None, max_examples=60)
@given(records)
def test_records_read_at_once_and_one_by_one_are_the_same(values):
    """The fast way (all records decoded as structures) and the slow one (object by object) agree."""
    fast = AWARDS.decoder.decode(json.dumps(values, ensure_ascii=False).encode())
    slow = [read_award(value) for value in values]
    one, other = (told("", tidy_nested(Records(some, list(range(len(some))), str))) for some in (fast, slow))
    lists = ("techniques", "modalites_execution", "types_prix", "considerations_sociales")
    for found in (one, other):
        for row in found.publications:
            row |= {name: json.loads(row[name] or "null") for name in lists}
    assert one == other
