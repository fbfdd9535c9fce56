"""Which contract a record is about: keys, duplicates, marks of lots."""

import polars as pl
import pytest

from optima_lib.cleaning.identities import contract_keys
from tests.cleaning.in_memory import contracts
from tests.cleaning.records import FIRM, OTHER, THIRD, TOWN, award, change, holders


def keys(*records):
    """The keys of records told by (number, object, day)."""
    frame = pl.DataFrame(
        [(TOWN, number, objet, day, "a.json", rang) for rang, (number, objet, day) in enumerate(records)],
        schema=dict.fromkeys(("acheteur_siret", "marche_id", "objet", "date_notification", "fichier"), pl.String)
        | {"rang": pl.Int64},
        orient="row",
    )
    return contract_keys(frame).to_list()


def trace(built, *columns):
    return built.enregistrements.sort("fichier", "rang").select(columns).rows()


def test_a_number_of_a_buyer_is_the_key_whatever_the_object():
    assert len(set(keys(("7", "a", "2024-01-01"), ("7", "b", "2024-02-01")))) == 1
    assert len(set(keys(("7", "a", "2024-01-01"), ("8", "a", "2024-01-01")))) == 2


@pytest.mark.parametrize("number", [None, "000000", "0000000000000000"])
def test_where_the_number_is_missing_the_object_and_the_day_stand_for_it(number):
    same = keys((number, "Toiture", "2024-01-01"), (None, "TOITURE", "2024-01-01"))
    assert len(set(same)) == 1
    assert len(set(keys((number, "Toiture", "2024-01-01"), (number, "Toiture", "2024-01-02")))) == 2


def test_a_short_number_of_zeros_is_a_number():
    assert len(set(keys(("0", "a", "2024-01-01"), ("0", "b", "2024-01-02")))) == 1


def test_a_record_without_number_object_nor_day_is_alone():
    assert len(set(keys((None, None, None), (None, None, None), (None, "a", None)))) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"source": "une autre plateforme"},
        {"codeCPV": "45233000-9", "montant": "10 000,00", "dateNotification": "2024-03-01+01:00"},
        {"procedure": " Procédure adaptée ", "objet": "Réfection  de la voirie"},
        {"titulaires": holders(FIRM, FIRM)},
        {"modifications": [], "ccag": "NC", "idAccordCadre": "CDL"},
    ],
    ids=["platform", "ways of writing", "spaces", "supplier twice", "fillers"],
)
def test_records_that_say_the_same_once_cleaned_are_duplicates(other):
    plain = {"cpv_publie": None}
    one = award(codeCPV=other.get("codeCPV", "45233000"))
    built, _ = contracts(a=[one], b=[award(**{**other, **plain})])
    assert trace(built, "fichier", "sort", "motif") == [("a", "contrat", None), ("b", "doublon", "même contenu")]


@pytest.mark.parametrize(
    "other",
    [
        {"montant": 10_001},
        {"offresRecues": 4},
        {"titulaires": holders(OTHER)},
        {"datePublicationDonnees": "2024-04-02"},
        {"modifications": [change(1, "2024-06-01", montant=11_000)]},
        {"ccag": "Travaux"},
    ],
    ids=["amount", "bids", "supplier", "day of publication", "modification", "label"],
)
def test_records_that_differ_in_anything_they_say_are_no_duplicates(other):
    built, _ = contracts(a=[award()], b=[award(**other)])
    assert [sort for _, sort in trace(built, "fichier", "sort")] == ["contrat", "contrat"]


def test_a_duplicate_names_the_first_record_in_the_order_of_names_and_places():
    built, _ = contracts(b=[award(), award()], a=[award("9"), award()])
    first = built.enregistrements.filter(fichier="a", rang=1)["lu"].item()
    assert trace(built, "fichier", "rang", "sort", "double_de") == [
        ("a", 0, "contrat", None),
        ("a", 1, "contrat", None),
        ("b", 0, "doublon", first),
        ("b", 1, "doublon", first),
    ]


def test_one_contract_bears_its_published_identifier_as_its_own():
    built, _ = contracts(a=[award("2024-7"), award("2024-7", titulaires=holders(OTHER))])
    assert built.marches.select("uid", "uid_publie", "lot", "nb_lots").rows() == [
        (f"{TOWN}2024-7", f"{TOWN}2024-7", 1, 1)
    ]


LOTS = [award(montant=amount, titulaires=holders(firm)) for amount, firm in ((10_000, FIRM), (20_000, OTHER))]


def test_a_lot_that_appears_later_changes_the_mark_of_no_other():
    before, _ = contracts(a=LOTS)
    third = award(montant=40_000, titulaires=holders(THIRD), dateNotification="2024-05-01")
    after, _ = contracts(a=LOTS, b=[third])
    assert len(after.marches) == 3
    assert set(before.marches["uid"]) < set(after.marches["uid"])


def test_a_modification_of_a_lot_changes_no_mark():
    before, _ = contracts(a=LOTS)
    later = award(montant=11_000, titulaires=holders(FIRM), dateNotification="2024-06-01")
    after, _ = contracts(a=LOTS, b=[later])
    assert set(before.marches["uid"]) == set(after.marches["uid"])
    assert after.marches.sort("montant_eur")["montant_eur"].to_list() == [11_000, 20_000]
