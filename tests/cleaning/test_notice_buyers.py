"""The buyer of a notice, by its number, its name and its département; homonyms are nobody (invented bodies)."""

import polars as pl
import pytest

from optima_lib.cleaning.notice_buyers import bodies, buyer_key, find_buyers
from optima_lib.cleaning.notices import link_calls

NOTICE = {"acheteur_siren": pl.String, "acheteur_nom": pl.String, "acheteur_departement": pl.String}
KNOWN = {"nom": pl.String, "acheteur_siren": pl.String, "departement": pl.String, "est_collectivite": pl.Boolean}


def found(name, department, *known, siren=None):
    notice = pl.DataFrame([(siren, name, department)], schema=NOTICE, orient="row")
    body = find_buyers(notice, pl.DataFrame(known, schema=KNOWN, orient="row"))
    return body.select("acheteur_siren", "acheteur_siren_source").row(0)


HERE = ("commune de Saint-Inventé", "here", "10", True)
THERE = ("commune de Saint-Inventé", "there", "83", True)
CENTRE = ("VILLE DE SAINT INVENTE", "centre", "10", False)


def test_the_number_that_is_published_goes_before_the_name():
    assert found("Ville de Saint-Inventé", "10", HERE, siren="9") == ("9", "numéro")


@pytest.mark.parametrize(
    ("department", "known", "expected"),
    [
        ("10", [HERE], ("here", "nom et département")),
        ("10", [HERE, THERE], ("here", "nom et département")),
        ("83", [HERE, THERE], ("there", "nom et département")),
        (None, [HERE, THERE], (None, None)),
        (None, [HERE], ("here", "nom")),
        ("62", [HERE], (None, None)),
        ("10", [HERE, CENTRE], ("here", "nom et département")),
        ("10", [CENTRE], ("centre", "nom et département")),
        ("10", [("VILLE DE SAINT INVENTE", "nowhere", None, False)], ("nowhere", "nom")),
        ("05", [("commune de Saint-Inventé", "both", "04,05", True)], ("both", "nom et département")),
    ],
    ids=[
        "alone",
        "homonym elsewhere",
        "homonym here",
        "homonyms, no postal code",
        "no postal code",
        "another département",
        "a body that bears the town's name",
        "that body alone",
        "a body whose place is unknown",
        "over two départements",
    ],
)
def test_a_name_is_that_of_one_body_or_of_nobody(department, known, expected):
    assert found("Mairie de Saint-Inventé", department, *known) == expected


def test_a_notice_without_a_name_has_no_buyer():
    assert found(None, "10", HERE) == (None, None)


@pytest.mark.parametrize(
    ("published", "official"),
    [
        ("COMMUNE DE LES ANDELYS", "commune de Les Andelys"),
        ("Ville du Havre", "commune de Le Havre"),
        ("Mairie de La Rochelle", "commune de La Rochelle"),
        ("DEPARTEMENT DES HAUTES-ALPES", "département de Hautes-Alpes"),
        ("Conseil départemental de l'Aisne", "département de Aisne"),
        ("Région Bretagne", "région de Bretagne"),
        ("Communauté de Communes de la Vallée de la Doller", "CC de la Vallée de la Doller"),
    ],
)
def test_a_published_name_and_that_of_the_territory_table_have_one_key(published, official):
    assert buyer_key(published) == buyer_key(official)


def test_the_city_is_not_its_agglomeration():
    assert len({buyer_key(name) for name in ("Ville de Tarbes", "CA Tarbes", "Département de Tarbes", "Tarbes")}) == 4


def test_bodies_are_those_of_contracts_and_all_local_authorities_whether_they_buy_or_not():
    called = pl.DataFrame({"acheteur_siren": ["1"], "acheteur_nom": ["OFFICE INVENTÉ"]})
    buyers = pl.DataFrame(
        {"acheteur_siren": ["1"], "nom": [None], "departement": ["00"]}, schema_overrides={"nom": pl.String}
    )
    towns = pl.DataFrame(
        {"siren": ["2", "3"], "nom": ["Bourg", None], "categorie": ["commune"] * 2, "departement": ["00"] * 2}
    )
    assert sorted(bodies(called, buyers, towns).rows()) == [
        ("OFFICE INVENTÉ", "1", "00", False),
        ("commune de Bourg", "2", "00", True),
    ]


def linked(*rows):
    names = ("avis_id", "nature", "date_limite", "avis_initial", "identifiant", "dossier")
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return dict(link_calls(table).select("avis_id", "avis_initial").iter_rows())


CALL = ("TED:1-2024", "appel", "2024-06-01", None, "uuid-1", "folder")


def test_a_call_named_by_its_technical_number_is_found_under_that_of_its_publication():
    award = ("TED:2-2024", "attribution", None, "eForms:uuid-1", "uuid-2", None)
    assert linked(CALL, award)["TED:2-2024"] == "TED:1-2024"


def test_a_call_that_is_not_in_the_base_keeps_the_number_that_is_told():
    assert linked(("TED:2-2024", "attribution", None, "eForms:uuid-9", "uuid-2", None)) == {
        "TED:2-2024": "eForms:uuid-9"
    }


def test_an_award_that_names_no_call_follows_the_only_one_of_its_file():
    award = ("TED:2-2024", "attribution", None, None, "uuid-2", "folder")
    assert linked(CALL, award) == {"TED:1-2024": None, "TED:2-2024": "TED:1-2024"}
    change = ("TED:3-2024", "rectificatif", "2024-06-10", None, "uuid-3", "folder")
    assert linked(CALL, award, change)["TED:2-2024"] == "TED:1-2024"
    second = ("TED:4-2024", "appel", "2024-09-01", None, "uuid-4", "folder")
    assert linked(CALL, award, second)["TED:2-2024"] is None
