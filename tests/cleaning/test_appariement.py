"""Notices matched with contracts: the rule case by case, then its precision and recall on INVENTED notices."""

import datetime as dt
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.cleaning.appariement import COLUMNS, choose, match_notices
from optima_lib.cleaning.notice_buyers import find_buyers
from optima_lib.references import bound, reference
from optima_lib.running.clean import clean
from optima_lib.running.exemple import write_exemple
from optima_lib.schemas import read_table
from tests.cleaning.invented_notices import invent

DAY = dt.date(2024, 3, 1)
BUYER = "210000014"


def notices(**told):
    row = {"avis_id": "A", "acheteur_siren": BUYER, "acheteur_siren_source": "numéro", "objet": None, "cpv": None}
    row |= {"date_publication": DAY, "avis_initial": None, "nb_lots": 1, "montant_eur": None} | told
    return pl.DataFrame([row], schema_overrides=dict.fromkeys(("objet", "cpv", "avis_initial"), pl.String))


def lots(*rows):
    base = {"avis_id": "A", "issue": "attribué", "cpv": None, "date_attribution": DAY, "titulaires_siren": None}
    base |= {"montant_eur": None, "titulaires": None, "objet": None}
    texts = dict.fromkeys(("cpv", "titulaires", "titulaires_siren", "objet"), pl.String)
    return pl.DataFrame([base | row for row in rows], schema_overrides=texts | {"montant_eur": pl.Float64})


def contracts(*rows):
    base = {"acheteur_siren": BUYER, "objet": None, "cpv": None, "montant_initial_eur": None, "date_notification": DAY}
    base |= {"titulaires": None, "titulaires_siren": None}
    texts = dict.fromkeys(("cpv", "titulaires", "titulaires_siren", "objet"), pl.String)
    return pl.DataFrame([base | row for row in rows], schema_overrides=texts | {"montant_initial_eur": pl.Float64})


ROAD = {"objet": "Réfection de la rue Haute", "titulaires": "Routes du Gave", "montant_eur": 100_000.0}
ROAD_HELD = {"uid": "x", "objet": ROAD["objet"], "titulaires": "ROUTES DU GAVE SAS", "montant_initial_eur": 100_000.0}


def test_the_weights_are_shares_of_one():
    assert sum(float(row["poids"]) for row in reference("appariement")) == pytest.approx(1)


def test_a_lot_is_matched_with_the_contract_of_its_supplier_object_and_amount():
    found = match_notices(notices(), lots({"lot": "1", **ROAD}), contracts(ROAD_HELD))
    assert found.rows() == [("A", "1", "x", 1.0, "acheteur par numéro")]


def test_an_amount_a_tenth_away_takes_its_part_of_the_score():
    """The amount weighs 0.25 of 0.9 known (no CPV); a tenth of the 25 % allowed is 0.4 of it lost."""
    held = ROAD_HELD | {"montant_initial_eur": 100_000 / 1.1}
    found = match_notices(notices(), lots({"lot": "1", **ROAD}), contracts(held))
    assert found["score"].to_list() == pytest.approx([(0.9 - 0.25 * 0.4) / 0.9])


@pytest.mark.parametrize(
    "other",
    [
        {"titulaires": "Autre Entreprise"},
        {"acheteur_siren": "210000022"},
        {"date_notification": DAY + dt.timedelta(days=400)},
        {"objet": None, "montant_initial_eur": None, "titulaires": None},
    ],
    ids=["another supplier", "another buyer", "another year", "nothing to compare"],
)
def test_nothing_is_matched_when_the_two_cannot_be_the_same_or_too_little_is_known(other):
    assert not len(match_notices(notices(), lots({"lot": "1", **ROAD}), contracts(ROAD_HELD | other)))


def test_a_lot_without_success_is_not_matched():
    assert not len(match_notices(notices(), lots({"lot": "1", **ROAD, "issue": "infructueux"}), contracts(ROAD_HELD)))


def test_two_contracts_as_likely_as_each_other_are_matched_with_none():
    assert not len(match_notices(notices(), lots({"lot": "1", **ROAD}), contracts(ROAD_HELD, ROAD_HELD | {"uid": "y"})))


def test_the_suppliers_number_is_enough_when_their_names_differ():
    told = lots({"lot": "1", **ROAD, "titulaires": "RDG", "titulaires_siren": "000000034 | 000000042"})
    held = contracts(ROAD_HELD | {"titulaires_siren": "000000042"})
    assert match_notices(notices(), told, held)["uid"].to_list() == ["x"]


def test_a_call_is_matched_lot_by_lot_through_the_award_notice_that_follows_it():
    both = pl.concat([notices(avis_initial="B"), notices(avis_id="B")])
    told = pl.concat([lots({"lot": "1", **ROAD}), lots({"lot": "1", "avis_id": "B", "issue": None})])
    assert match_notices(both, told, contracts(ROAD_HELD)).select("avis_id", "lot", "uid", "regle").rows() == [
        ("A", "1", "x", "acheteur par numéro"),
        ("B", "1", "x", "avis initial"),
    ]


SCORES = st.sampled_from([0.7, 0.76, 0.8, 0.83, 0.9, 1.0])
PAIRS = st.dictionaries(st.tuples(st.sampled_from("123"), st.sampled_from("xyz")), SCORES)


@given(PAIRS)
@settings(max_examples=60)
def test_each_lot_has_one_contract_and_each_contract_one_lot_whatever_the_pairs(scores):
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    kept = choose(("A", lot, uid, score, "") for (lot, uid), score in ranked)
    assert len({lot for _, lot, *_ in kept}) == len({uid for _, _, uid, *_ in kept}) == len(kept)
    for _, lot, uid, score, _ in kept:
        assert score == scores[lot, uid] >= bound("appariement_seuil")


def test_nothing_to_match_gives_an_empty_table():
    found = match_notices(notices().clear(), lots({"lot": "1"}).clear(), contracts(ROAD_HELD).clear())
    assert found.schema == COLUMNS


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """The contracts of the invented authority, as they are compared with notices."""
    data = tmp_path_factory.mktemp("avis_inventes")
    write_exemple(data / "exemple")
    clean([data / "exemple"], data, latest=dt.date(2026, 11, 23))
    read = {
        name: read_table(data / "processed", name) for name in ("marches", "titulaires", "acheteurs", "entreprises")
    }
    names = read["titulaires"].join(
        read["entreprises"].select("siren", "nom"), left_on="titulaire_siren", right_on="siren", how="left"
    )
    suppliers = names.group_by("uid").agg(
        pl.coalesce("titulaire_nom", "nom").drop_nulls().sort().str.join(" | ").alias("titulaires"),
        pl.col("titulaire_siren").cast(pl.String).drop_nulls().sort().str.join(" | ").alias("titulaires_siren"),
    )
    buyers = read["acheteurs"].select("acheteur_siren", acheteur_nom="nom")
    texts = read["marches"].with_columns(pl.selectors.categorical().cast(pl.String))
    return (
        texts.join(suppliers, on="uid", how="left")
        .join(buyers, on="acheteur_siren", how="left")
        .with_columns(pl.when(pl.col(name) != "").then(name).alias(name) for name in ("titulaires", "titulaires_siren"))
    )


def test_on_invented_notices_few_matches_are_wrong_and_most_are_found(held):
    """One published contract in four is taken out of the base: what its notice is matched with is wrong."""
    told, sections, truth = invent(held, seed=7)  # the threshold was chosen with another seed
    published = held["uid_publie"].unique().sort()
    gone = random.Random(7).sample(published.to_list(), len(published) // 4)  # noqa: S311 - a test
    base = held.filter(~pl.col("uid_publie").is_in(gone))
    absent = set(held["uid"]) - set(base["uid"])
    found = find_buyers(
        told.with_columns(acheteur_departement=pl.lit(None, pl.String)),
        base.select(
            "acheteur_siren",
            nom="acheteur_nom",
            departement=pl.lit(None, pl.String),
            est_collectivite=pl.lit(value=False),
        ).drop_nulls("nom"),
    )
    matched = match_notices(found, sections, base)
    right = sum(truth[avis_id, lot] == uid for avis_id, lot, uid in matched.select("avis_id", "lot", "uid").rows())
    present = sum(uid not in absent for uid in truth.values())
    assert right / len(matched) >= 0.97
    assert right / present >= 0.93
    assert matched["score"].min() >= bound("appariement_seuil")
    assert not matched.select("avis_id", "uid").is_duplicated().any()
