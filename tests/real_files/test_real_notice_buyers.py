"""Buyers of real notices, found by name among real local authorities; more facts read by hand in the XML."""

import datetime as dt

import polars as pl
import pytest


@pytest.mark.parametrize(
    ("avis_id", "name", "siren", "source"),
    [
        # SIREN of the territory tables; the département is that of the postal code
        ("BOAMP:16-183123", "Ville de Troyes", "211003744", "nom et département"),  # 10026
        ("TED:295428-2021", "Mairie de Troyes", "211003744", "nom"),  # no postal code
        ("BOAMP:16-186394", "Ville de Paris", "217500016", "nom et département"),
        ("BOAMP:16-186173", "COMMUNE DE LES ANDELYS", "212700165", "nom et département"),
        ("BOAMP:17-40964", "COMMUNE DE CARCANS", "213300973", "nom et département"),
        ("BOAMP:17-29167", "Ville de Suresnes", "219200730", "nom et département"),
        ("BOAMP:17-5219", "DEPARTEMENT DES HAUTES-ALPES", "220500011", "nom et département"),
        ("BOAMP:17-1028", "Bordeaux Métropole", "243300316", "nom et département"),
        # the notice gives 21790131700013, whose key is wrong: the town's is 217901917
        ("TED:315003-2019", "Mairie de Niort", "217901917", "nom et département"),
        ("TED:354626-2021", "Commune de Vétraz-Monthoux", "217402981", "numéro"),
        ("BOAMP:17-2599", "C.C.A.S. de Toulon", "268300662", "numéro"),
        ("TED:404080-2018", "CAPL", None, None),  # an acronym
        ("BOAMP:16-652", "CHU St Etienne", None, None),
    ],
)
def test_the_buyer_of_a_notice_is_the_authority_of_its_name_and_place(tables, avis_id, name, siren, source):
    columns = ("acheteur_nom", "acheteur_siren", "acheteur_siren_source")
    assert tables["avis"].filter(avis_id=avis_id).select(columns).row(0) == (name, siren, source)


def test_fifteen_of_the_29_buyers_are_known_ten_of_them_by_name(tables):
    """By name: Troyes twice, Fécamp, Les Andelys, Paris, Bordeaux, Suresnes, Carcans, Hautes-Alpes, Niort."""
    told = tables["avis"]["acheteur_siren_source"].value_counts()
    assert dict(told.drop_nulls().iter_rows()) == {"numéro": 5, "nom et département": 9, "nom": 1}


def test_no_notice_is_matched_for_no_contract_of_its_buyer_is_of_its_year(tables):
    """Awarded lots of buyers that the base knows: at most a year from each award, it has no contract of theirs."""
    awarded = (
        tables["avis_lots"].filter(issue="attribué").join(tables["avis"], on="avis_id").drop_nulls("acheteur_siren")
    )
    pairs = awarded.join(tables["marches"].select("acheteur_siren", "date_notification"), on="acheteur_siren")
    days = (pl.col("date_notification") - pl.col("date_attribution")).dt.total_days().abs()
    assert set(pairs["acheteur_nom"]) == {
        "Mairie de Troyes",
        "Mairie de Niort",
        "Bordeaux Métropole",
        "DEPARTEMENT DES HAUTES-ALPES",
        "ville de Fécamp",
        "C.C.A.S. de Toulon",
        "Ville de Suresnes",
    }
    near = pairs.filter(days <= 365)
    assert set(near["avis_id"]) <= {"TED:295428-2021"}
    assert not len(tables["avis_marches"])


def test_the_water_of_carcans_is_one_lot_though_it_is_described_twice(tables):
    assert tables["avis"].filter(avis_id="BOAMP:17-40964")["nb_lots"].to_list() == [1]
    assert tables["avis_lots"].filter(avis_id="BOAMP:17-40964")["estimation_eur"].to_list() == [3_200_000]


def test_a_tenth_of_the_weight_goes_to_hygiene_safety_and_environment_at_the_blood_service(tables):
    """15 + 15 + 10 ("Mesures prises en matière d'hygiène, sécurité et environnement") + 60 for price."""
    weights = tables["avis_lots"].filter(avis_id="TED:155727-2021").select("poids_prix", "poids_environnement").row(0)
    assert weights == (0.6, 0.1)


def test_the_hospital_decided_eight_days_after_the_deadline_of_its_call(tables):
    """The award notice 17-4742 cites the call 16-652: tenders until 25 January 2016, award on 2 February."""
    award = tables["avis"].filter(avis_id="BOAMP:17-4742").join(tables["avis_lots"], on="avis_id")
    call = tables["avis"].select(avis_initial="avis_id", limite="date_limite")
    days = award.join(call, on="avis_initial").select((pl.col("date_attribution") - pl.col("limite")).dt.total_days())
    assert days.to_series().to_list() == [8]


def test_the_gymnasium_of_nasbinals_has_four_designers_and_40_percent_for_price(tables):
    [row] = tables["avis_lots"].filter(avis_id="TED:78165-2022").to_dicts()
    assert row["titulaires"].split(" | ") == [
        "SAS Stéphane BESSIERES",
        "BET INSE SARL",
        "SARL Pierre BRUNEL",
        "SIGMA ACOUSTIQUE",
    ]
    assert (row["montant_eur"], row["date_attribution"]) == (120_000, dt.date(2022, 1, 21))
    assert (row["critere_prix_seul"], row["poids_prix"]) == (False, 0.4)


def test_suresnes_tells_a_range_which_is_no_amount(tables):
    [row] = tables["avis_lots"].filter(avis_id="BOAMP:17-29167").to_dicts()
    assert (row["montant_eur"], row["offres_recues"], len(row["titulaires"].split(" | "))) == (None, 4, 3)
