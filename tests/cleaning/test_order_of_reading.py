"""What is told of a contract does not depend on the order in which its records are read."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cleaning.in_memory import contracts, rows
from tests.cleaning.records import DISTRICT, FIRM, OTHER, THIRD, TOWN, award, change, holders

CHANGES = st.lists(
    st.builds(
        change,
        number=st.sampled_from([1, 2, None]),
        date=st.sampled_from(["2024-05-01", "2024-06-01"]),
        montant=st.sampled_from([11_000, 12_000, None]),
        dureeMois=st.sampled_from([14, None]),
        objetModification=st.sampled_from(["Avenant", "Prolongation", None]),
        titulaires=st.sampled_from([holders(OTHER), holders(THIRD), None]),
    ),
    max_size=2,
)
RECORDS = st.lists(
    st.builds(
        award,
        number=st.sampled_from(["1", "1", "2", "NC"]),
        acheteur=st.sampled_from([{"id": TOWN, "nom": "Ville"}, {"id": TOWN}, {"id": DISTRICT}]),
        montant=st.sampled_from([10_000, 10_000, 11_000, 30_000, None]),
        objet=st.sampled_from(["Voirie", "Voirie", "Lot 1 - Toiture", "Lot 2 - Peinture", None]),
        dateNotification=st.sampled_from(["2024-03-01", "2024-03-01", "2024-07-01"]),
        datePublicationDonnees=st.sampled_from(["2024-04-01", "2024-08-01", None]),
        offresRecues=st.sampled_from([3, 5, None]),
        dureeMois=st.sampled_from([12, 24, None]),
        codeCPV=st.sampled_from(["45233000", "45210000", None]),
        procedure=st.sampled_from(["Procédure adaptée", "Appel d'offres ouvert", None]),
        nature=st.sampled_from(["Marché", "Accord-cadre"]),
        titulaires=st.sampled_from([holders(FIRM), holders(OTHER), holders(FIRM, OTHER), []]),
        modifications=CHANGES,
    ),
    min_size=1,
    max_size=6,
)
FEW = settings(deadline=None, max_examples=60)


def told(built):
    """What the tables say of contracts; in how many files they stand is another matter."""
    return (
        rows(built.marches.drop("nb_fichiers")),
        rows(built.titulaires),
        rows(built.modifications),
    )


@FEW
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_records_in_a_file_changes_nothing(records, random):
    shuffled = random.sample(records, len(records))
    assert told(contracts(a=shuffled)[0]) == told(contracts(a=records)[0])


@FEW
@given(RECORDS, RECORDS)
def test_the_order_in_which_files_are_read_changes_nothing(some, others):
    assert told(contracts(a=some, b=others)[0]) == told(contracts(b=others, a=some)[0])


@FEW
@given(RECORDS)
def test_records_that_come_a_second_time_are_duplicates_and_change_nothing(records):
    once, _ = contracts(a=records)
    twice, _ = contracts(a=records, b=records)
    again = twice.enregistrements.filter(fichier="b")
    assert set(again["sort"]) == {"doublon"}
    assert told(twice) == told(once)


@FEW
@given(RECORDS)
def test_what_other_buyers_publish_changes_nothing(records):
    theirs = [each for each in records if each["acheteur"]["id"] == TOWN]
    if not theirs:
        return
    alone, _ = contracts(a=theirs)
    among, _ = contracts(
        a=theirs, b=[each for each in records if each not in theirs] + [award("9", acheteur={"id": DISTRICT})]
    )
    uids = among.marches.filter(acheteur_siret=TOWN)["uid"]
    kept = [table.filter(table["uid"].is_in(uids.implode())) for table in (among.marches, among.titulaires)]
    assert [rows(each) for each in kept] == [rows(alone.marches), rows(alone.titulaires)]


@FEW
@given(RECORDS)
def test_every_record_is_of_one_contract_and_every_contract_of_a_record(records):
    built, aside = contracts(a=records)
    assert not len(aside)
    trace = built.enregistrements
    assert sorted(trace["rang"]) == list(range(len(records)))
    assert set(trace["uid"]) == set(built.marches["uid"])
    assert built.marches["uid"].is_unique().all()
    counted = trace.filter(sort="contrat").filter(trace.filter(sort="contrat")["motif"].is_null())
    numbers = dict(counted.group_by("uid").len().iter_rows())
    assert all(
        numbers.get(uid, 1) == count for uid, count in built.marches.select("uid", "nb_enregistrements").iter_rows()
    )


@FEW
@given(RECORDS)
def test_the_suppliers_and_modifications_are_of_known_contracts(records):
    built, _ = contracts(a=records)
    known = set(built.marches["uid"])
    assert set(built.titulaires["uid"]) <= known
    assert set(built.modifications["uid"]) <= known
    counts = dict(built.titulaires.group_by("uid").len().iter_rows())
    assert all(counts.get(uid, 0) == n for uid, n in built.marches.select("uid", "nb_titulaires").iter_rows())
    highest = dict(built.modifications.group_by("uid").agg(pl.col("rang").max()).iter_rows())
    assert all(highest.get(uid, 0) == n for uid, n in built.marches.select("uid", "nb_modifications").iter_rows())
