"""However odd a record, its file is read to its end and the record is accounted for."""

import csv
import io
import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from optima_lib.cleaning.contracts import build_contracts
from optima_lib.cleaning.publications import clean_modifications, clean_publications, clean_titulaires
from optima_lib.running.jobs import Share, number
from optima_lib.running.merging import _finish
from optima_lib.schemas import check
from optima_lib.sources.awards import tidy_flat
from optima_lib.sources.csv_rows import read_csv
from optima_lib.sources.decp import JsonPiece
from optima_lib.sources.json_cuts import cut_json
from optima_lib.sources.layouts import layouts
from tests.cleaning.records import FIRM, LATEST, TOWN, award, change, clean_records, holders

FEW = settings(deadline=None, max_examples=25, derandomize=True, phases=[Phase.explicit, Phase.generate])
DIGITS = "٢١٦٤٠٤٤٥٩٠٠٠١٠"  # fourteen digits, none of them between 0 and 9


@pytest.mark.parametrize(
    "odd",
    [
        award("impair", acheteur={"id": DIGITS}),
        award("impair", titulaires=holders(DIGITS)),
        award("impair", montant=10**400, dureeMois=10**30, offresRecues=-(10**30)),
        award("impair", dateNotification="99999-01-01", modifications=[change(10**12, "0000-00-00", montant="?")]),
        award("impair", titulaires=[{"titulaire": [[{"id": {"a": [1]}}]]}], modifications={"modification": "CDL"}),
        {"id": "impair", "acheteur": {"id": TOWN}, "titulaires": None},
    ],
)
def test_an_odd_record_is_read_beside_the_others(odd):
    tables = clean_records(award("avant"), odd, award("après"))
    assert set(tables["marches"]["marche_id"]) == {"avant", "impair", "après"}


@pytest.mark.parametrize("buyer", ["--", ".", " - ", "\u00a0", "", "CDL", [], {}, None])
def test_a_record_whose_buyer_has_no_number_is_set_aside_beside_the_others(buyer):
    tables = clean_records(award("avant"), award("impair") | {"acheteur": {"id": buyer}}, award("après"))
    (file,) = tables["fichiers"].to_dicts()
    assert set(tables["marches"]["marche_id"]) >= {"avant", "après"}
    assert file["lus"] == 3 == file["contrats"] + file["ecartes"]


WORDS = (
    "",
    " ",
    "--",
    ".",
    "NC",
    "CDL",
    "INX 3",
    "0",
    "-1",
    "1e400",
    "9" * 20,
    "2024-02-30",
    "9999-12-31",
    "[[",
    "{'a': [1]}",
)
texts = st.one_of(
    st.sampled_from([*WORDS, TOWN, FIRM, DIGITS]), st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
)
KEYS = ("id", "nom", "titulaire", "modification", "code", "montant", "dureeMois", "titulaires", "typeIdentifiant")
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(KEYS), inner, max_size=2)),
    max_leaves=4,
)
FIELDS = (*award(), "modifications", "lieuExecution", "idAccordCadre", "tauxAvance", "formePrix", "valeurGlobale")


def account_for(pieces, count):
    """Clean some raw records, make their contracts, and count what became of each."""
    numbered = number(Share("a", 1, pieces))
    built = build_contracts(
        clean_publications(numbered.publications, LATEST).drop("place"),
        clean_titulaires(numbered.titulaires),
        clean_modifications(numbered.modifications, LATEST),
    )
    check("marches", _finish(built))
    check("titulaires", built.titulaires)
    check("modifications", built.modifications)
    ranks = [*built.enregistrements["rang"], *numbered.ecartes["rang"]]
    assert sorted(ranks) == list(range(count))


@FEW
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), anything, max_size=4), min_size=1, max_size=4))
def test_any_value_in_any_field_of_a_nested_record_is_accounted_for(odd):
    records = [award(str(i)) | fields for i, fields in enumerate(odd)]
    data = json.dumps({"marches": {"marche": records}}).encode()
    account_for([JsonPiece(stretch) for stretch in cut_json(io.BytesIO(data), "a")], len(records))


def flat_file(layout, rows):
    """A CSV file of a layout: what every record has, and some odd values."""
    ours = {"acheteur_id": TOWN, "marche_id": "1", "montant": "1000", "date_notification": "2024-03-01"}
    base = {layout.colonnes[name]: value for name, value in ours.items()}
    columns = list(dict.fromkeys([*layout.requis, *layout.published()]))
    content = io.StringIO()
    writer = csv.DictWriter(content, columns, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(base | {columns[place % len(columns)]: value for place, value in row.items()} for row in rows)
    return content.getvalue().encode()


one_line = texts.filter(lambda text: not {"\n", "\r", "\0"} & set(text))


@FEW
@given(
    st.sampled_from([each for each in layouts() if each.donnees == "marches"]),
    st.lists(st.dictionaries(st.integers(0, 99), one_line, max_size=6), min_size=1, max_size=4),
)
def test_any_value_in_any_column_of_a_flat_file_is_accounted_for(layout, rows):
    data = flat_file(layout, rows)
    account_for([tidy_flat(some, layout) for some in read_csv(io.BytesIO(data), "a", data)], len(rows))


def test_a_number_of_modification_made_of_a_date_does_not_stop_the_file():
    consolidated = next(each for each in layouts() if each.nom == "decp-consolide")
    place = list(dict.fromkeys([*consolidated.requis, *consolidated.published()])).index("modification_id")
    data = flat_file(consolidated, [{}, {place: "20240101123456"}, {place: "1"}])
    account_for([tidy_flat(some, consolidated) for some in read_csv(io.BytesIO(data), "a", data)], 3)
