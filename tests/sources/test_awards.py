"""Rows of flat layouts come down to the three tables of award records."""

import polars as pl

from optima_lib.sources.awards import MODIFICATIONS, TITULAIRES, Batch, join, tidy_flat, with_columns
from optima_lib.sources.layouts import layouts
from optima_lib.sources.rows import Rows
from tests.cleaning.records import FIRM, OTHER, THIRD, TOWN

LAYOUTS = {each.nom: each for each in layouts()}


def flat(name, *rows):
    columns = {key: [row.get(key) for row in rows] for row in rows for key in row}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_row_index("rang")
    return tidy_flat(Rows(frame.with_columns(pl.col("rang").cast(pl.Int64)), str), LAYOUTS[name])


MINISTRY = {
    "id": "2024-01",
    "acheteur.id": TOWN,
    "objet": "Voirie",
    "montant": "10000",
    "dateNotification": "2024-03-01",
    "titulaire_id_1": FIRM,
    "titulaire_typeIdentifiant_1": "SIRET",
    "titulaire_id_2": OTHER,
    "titulaire_typeIdentifiant_2": "SIRET",
    "titulaire_id_3": "CDL",
    "titulaire_typeIdentifiant_3": "CDL",
}


def test_each_place_of_supplier_of_a_row_is_read():
    batch = flat("decp-ministere", MINISTRY)
    assert batch.titulaires["titulaire_id"].to_list() == [FIRM, OTHER, "CDL"]  # fillers are left to cleaning
    assert batch.titulaires["version"].to_list() == [0, 0, 0]
    assert batch.publications["marche_id"].to_list() == ["2024-01"]


def test_the_modification_that_a_row_carries_is_read_with_its_supplier():
    change = {
        "idModification": "2",
        "montantModification": "12000",
        "dateNotificationModificationModification": "2024-06-01",
        "idTitulaireModification": THIRD,
        "typeIdentifiantTitulaireModification": "SIRET",
    }
    batch = flat("decp-ministere", MINISTRY, MINISTRY | change)
    assert batch.modifications.filter(rang=1).select("modification_id", "montant", "date_modification").row(0) == (
        "2", "12000", "2024-06-01",
    )  # fmt: skip
    assert batch.titulaires.filter(version=1).select("rang", "titulaire_id").rows() == [(1, THIRD)]


def test_an_amount_after_amendments_counts_when_it_differs_from_the_initial_one():
    row = {"Id du marché ": "1", "SIRET acheteur": TOWN, "Montant initial (Ht)": "100,00", "Siret_Titulaire": FIRM}
    same, other, none = ({"Montant modifie (Ht)": value} for value in ("100,00", "120,00", None))
    batch = flat("region-bretagne", row | same, row | other, row | none | {"Montant initial (Ht)": None})
    assert batch.modifications.select("rang", "montant").rows() == [(1, "120,00")]


def test_a_layout_without_suppliers_gives_none():
    row = {"id_marche": "1", "id_acheteur": TOWN, "montant_marche": "5", "date_notification": "2024-01-01"}
    batch = flat("decp-6-colonnes", row)
    assert not len(batch.titulaires)
    assert not len(batch.modifications)


def test_tables_have_the_same_columns_whatever_the_layout():
    row = {"id_marche": "1", "id_acheteur": TOWN, "montant_marche": "5", "date_notification": "2024-01-01"}
    for batch in (flat("decp-6-colonnes", row), flat("decp-ministere", MINISTRY)):
        assert tuple(batch.titulaires.columns) == TITULAIRES
        assert tuple(batch.modifications.columns) == MODIFICATIONS
        assert (batch.titulaires.schema["rang"], batch.titulaires.schema["version"]) == (pl.Int64, pl.Int32)


def test_missing_columns_are_empty_texts():
    found = with_columns(pl.DataFrame({"rang": [0]}), ("rang", "version", "titulaire_id"))
    assert found.schema == {"rang": pl.Int64, "version": pl.Int32, "titulaire_id": pl.String}
    assert found.row(0) == (0, None, None)


def test_batches_are_joined_with_the_text_of_each_record():
    one = flat("decp-6-colonnes", {"id_marche": "1"}, {"id_marche": "2"})
    two = flat("decp-ministere", MINISTRY)
    two = Batch(two.publications, two.titulaires, two.modifications, "deux {}".format, [(9, "illisible", "oups")])
    both = join([one, two])
    assert both.count == 4
    assert [both.text(i) for i in range(3)] == ["0", "1", "deux 0"]
    assert both.publications["marche_id"].to_list() == ["1", "2", "2024-01"]
    assert both.unreadable == [(9, "illisible", "oups")]
