"""Contracts from their published records: amounts, dates, suppliers, modifications, lots."""

import datetime as dt

import polars as pl
import pytest

from tests.cleaning.records import (
    DISTRICT,
    FIRM,
    OTHER,
    THIRD,
    TOWN,
    amounts,
    award,
    change,
    clean_files,
    clean_records,
    holders,
    supplier,
)

SPRING = dt.date(2024, 3, 1)


def only(tables):
    (row,) = tables["marches"].to_dicts()
    return row


def fates(tables):
    return tables["enregistrements"].select("rang", "sort", "motif").rows()


def test_the_initial_amount_stays_beside_the_latest():
    first = change(1, "2024-06-01", montant=11_000, dureeMois=14, datePublicationDonneesModification="2024-07-01")
    second = change(2, "2025-01-01", montant=12_500)
    tables = clean_records(award(modifications=[first, second]))
    row = only(tables)
    assert (row["montant_initial_eur"], row["montant_eur"]) == (10_000, 12_500)
    assert (row["duree_initiale_mois"], row["duree_mois"]) == (12, 14)
    assert row["nb_modifications"] == 2
    changes = tables["modifications"].select("rang", "date_modification", "montant_eur", "duree_mois").rows()
    assert changes == [(1, dt.date(2024, 6, 1), 11_000, 14), (2, dt.date(2025, 1, 1), 12_500, None)]


def test_the_rank_of_a_modification_is_right_against_its_place_and_its_date():
    late = change(2, "2024-06-01", montant=12_500)
    early = change(1, "2025-01-01", montant=11_000)
    tables = clean_records(award(modifications=[late, early]))
    assert only(tables)["montant_eur"] == 12_500
    assert tables["modifications"].sort("rang")["montant_eur"].to_list() == [11_000, 12_500]


def test_modifications_without_a_rank_are_in_the_order_of_their_dates():
    changes = [change(None, "2025-01-01", montant=12_500), change(None, "2024-06-01", montant=11_000)]
    assert only(clean_records(award(modifications=changes)))["montant_eur"] == 12_500


def test_a_modification_that_gives_no_amount_leaves_it_unchanged():
    row = only(clean_records(award(modifications=[change(1, "2024-06-01", dureeMois=18)])))
    assert (row["montant_eur"], row["duree_mois"], row["nb_modifications"]) == (10_000, 18, 1)


def test_a_filler_in_a_modification_leaves_the_amount_unchanged():
    row = only(clean_records(award(modifications=[change(1, "2024-06-01", montant=0)])))
    assert (row["montant_initial_eur"], row["montant_eur"]) == (10_000, 10_000)


def test_the_notification_date_is_the_contract_s_own_and_never_a_modification_s():
    rows = [award(dateNotification="2024-09-01", montant=11_000), award()]
    row = only(clean_records(*rows))
    assert (row["date_notification"], row["annee"]) == (SPRING, 2024)
    assert (row["montant_initial_eur"], row["montant_eur"], row["nb_modifications"]) == (10_000, 11_000, 1)


def test_a_modification_told_twice_counts_once():
    told = award(modifications=[change(1, "2024-06-01", montant=11_000)])
    row = only(clean_files(ancien=[award()], nouveau=[told], autre=[told | {"source": "autre plateforme"}]))
    assert (row["nb_modifications"], row["montant_eur"]) == (1, 11_000)


def test_co_suppliers_are_counted_and_the_amount_is_not_multiplied():
    rows = [award(titulaires=holders(each)) for each in (FIRM, OTHER, THIRD)]
    tables = clean_records(*rows)
    row = only(tables)
    assert (row["nb_titulaires"], row["montant_eur"], row["nb_enregistrements"]) == (3, 10_000, 3)
    assert set(tables["titulaires"]["titulaire_id"]) == {FIRM, OTHER, THIRD}


def test_co_suppliers_of_one_record_are_counted_once_each():
    tables = clean_records(award(titulaires=holders(FIRM, OTHER, FIRM)))
    assert only(tables)["nb_titulaires"] == 2


def test_two_establishments_of_one_firm_are_one_supplier_for_the_lots():
    rows = [award(), award(titulaires=holders(supplier(1, 2)), dateNotification="2024-06-01")]
    assert only(clean_records(*rows))["nb_lots"] == 1


def test_the_suppliers_are_those_of_the_last_state_that_names_any():
    changes = [change(1, "2024-06-01", titulaires=holders(OTHER)), change(2, "2024-09-01", montant=11_000)]
    tables = clean_records(award(modifications=changes))
    assert tables["titulaires"]["titulaire_id"].to_list() == [OTHER]


@pytest.mark.parametrize("second", [{}, {"source": "une autre plateforme"}])
def test_what_says_the_same_in_another_file_is_a_duplicate(second):
    tables = clean_files(a=[award()], b=[award(**second)])
    (twice,) = tables["enregistrements"].filter(pl.col("sort") == "doublon").to_dicts()
    assert (twice["fichier"], twice["double_de_fichier"], twice["motif"]) == ("b.json", "a.json", "même contenu")
    assert only(tables)["nb_fichiers"] == only(tables)["nb_enregistrements"] == 1


def test_a_republication_corrects_the_amount_without_being_a_modification():
    later = award(montant=15_000, datePublicationDonnees="2024-05-01")
    row = only(clean_files(a=[award()], b=[later]))
    assert (row["montant_initial_eur"], row["montant_eur"], row["nb_modifications"]) == (15_000, 15_000, 0)
    assert (row["nb_fichiers"], row["nb_enregistrements"]) == (2, 2)


def test_lots_of_one_number_are_contracts_that_keep_the_published_id():
    rows = [award(montant=amount, titulaires=holders(firm)) for amount, firm in ((10_000, FIRM), (20_000, OTHER))]
    tables = clean_records(*rows)
    assert amounts(tables) == [10_000, 20_000]
    assert set(tables["marches"]["uid_publie"]) == {f"{TOWN}2024-01"}
    assert set(tables["marches"]["nb_lots"]) == {2}
    assert sorted(tables["marches"]["lot"]) == [1, 2]
    assert all(uid.startswith(f"{TOWN}2024-01-L") for uid in tables["marches"]["uid"])
    assert dict(tables["titulaires"].join(tables["marches"], on="uid").select("titulaire_id", "montant_eur").rows()) == {
        FIRM: 10_000, OTHER: 20_000,
    }  # fmt: skip


def stamped(*extra):
    """Two lots, then one figure on the same later day for both, as the consolidated file has it: no objects."""
    lots = [(10_000, 3, FIRM, "2024-03-01"), (4_000, 5, OTHER, "2024-03-01")]
    figure = [(11_000, 3, FIRM, "2024-07-01"), (11_000, 5, OTHER, "2024-07-01"), *extra]
    return [
        award(
            objet=None, montant=amount, offresRecues=bids, titulaires=holders(firm), dateNotification=date,
            datePublicationDonnees=None,
        )
        for amount, bids, firm, date in (*lots, *figure)
    ]  # fmt: skip


def test_a_figure_stamped_on_all_lots_changes_one_of_them():
    tables = clean_records(*stamped())
    assert amounts(tables, "montant_initial_eur") == [4_000, 10_000]
    assert amounts(tables) == [4_000, 11_000]
    assert fates(tables)[3] == (3, "contrat", "montant d'un autre lot")


def test_a_lot_that_only_repeats_the_amount_of_another_is_in_marches_without_an_amount():
    tables = clean_records(*stamped((11_000, 4, THIRD, "2024-07-01")))
    assert amounts(tables) == [None, 4_000, 11_000]
    unknown = tables["marches"].filter(pl.col("montant_eur").is_null())
    assert unknown["montant_initial_eur"].to_list() == [None]
    assert unknown.join(tables["titulaires"], on="uid")["titulaire_id"].to_list() == [THIRD]
    assert set(tables["enregistrements"]["uid"]) == set(tables["marches"]["uid"])


def test_one_contract_under_two_numbers_is_flagged_and_not_merged():
    tables = clean_records(award("2024-01"), award("2024-01-bis"), award("2024-02", montant=30_000))
    flagged = tables["marches"].sort("marche_id").select("marche_id", "double_possible").rows()
    assert flagged == [("2024-01", True), ("2024-01-bis", True), ("2024-02", False)]


def test_one_number_of_two_buyers_is_two_contracts():
    tables = clean_records(award(), award(acheteur={"id": DISTRICT}))
    assert set(tables["marches"]["uid"]) == {f"{TOWN}2024-01", f"{DISTRICT}2024-01"}


def test_missing_and_zero_numbers_do_not_bring_different_objects_together():
    rows = [award(None, objet="Toiture"), award("000000", objet="Chauffage"), award("NC", objet="Toiture")]
    tables = clean_records(*rows)
    assert sorted(tables["marches"]["objet"]) == ["Chauffage", "Toiture"]
    assert [fate for _, fate, _ in fates(tables)] == ["contrat", "contrat", "doublon"]


def test_records_without_number_object_nor_date_each_stay_alone():
    bare = award(None, objet=None, dateNotification=None)
    tables = clean_records(bare, bare)
    assert len(tables["marches"]) == 2
    assert tables["marches"]["uid"].n_unique() == 2


def test_a_second_record_without_an_object_published_later_does_not_stop_the_run():
    rows = [award(objet=None), award(objet=None, montant=15_000, datePublicationDonnees="2024-05-01")]
    assert only(clean_records(*rows))["montant_eur"] == 15_000
