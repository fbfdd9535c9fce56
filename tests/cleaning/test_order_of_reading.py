"""What is told of a contract does not depend on the order in which its records are read."""

import polars as pl
from hypothesis import Phase, given, settings
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
AWARDS = st.builds(
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
)
# A record with neither a number nor an object is told by its place in its file alone.
RECORDS = st.lists(AWARDS.filter(lambda each: each["id"] != "NC" or "objet" in each), min_size=1, max_size=6)
# An example takes a tenth of a second: to shrink one takes minutes.
FEW = settings(deadline=None, max_examples=20, derandomize=True, phases=[Phase.explicit, Phase.generate])


def told(built):
    """What the tables say of contracts; in how many files they stand is another matter."""
    return [rows(table) for table in (built.marches.drop("nb_fichiers"), built.titulaires, built.modifications)]


@FEW
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_records_in_a_file_changes_nothing(records, random):
    shuffled = random.sample(records, len(records))
    assert told(contracts(a=shuffled)[0]) == told(contracts(a=records)[0])


@FEW
@given(RECORDS, RECORDS)
def test_the_order_in_which_files_are_read_changes_nothing(some, others):
    assert told(contracts(a=some, b=others)[0]) == told(contracts(b=others, a=some)[0])


def test_of_two_records_of_one_state_the_same_one_gives_its_attributes_whatever_their_order():
    one, other = award(codeCPV="45233000"), award(codeCPV="45210000")
    told_first, told_second = (told(contracts(a=records)[0]) for records in ([one, other], [other, one]))
    assert told_first == told_second


@FEW
@given(RECORDS)
def test_records_that_come_a_second_time_are_duplicates_and_change_nothing(records):
    once, _ = contracts(a=records)
    twice, _ = contracts(a=records, b=records)
    assert set(twice.enregistrements.filter(fichier="b")["sort"]) == {"doublon"}
    assert told(twice) == told(once)


@FEW
@given(RECORDS)
def test_what_other_buyers_publish_changes_nothing(records):
    theirs = [each for each in records if each["acheteur"]["id"] == TOWN]
    others = [each for each in records if each["acheteur"]["id"] != TOWN]
    alone, _ = contracts(a=[*theirs, award("9")])
    among, _ = contracts(a=[*theirs, award("9")], b=[*others, award("9", acheteur={"id": DISTRICT})])
    uids = among.marches.filter(acheteur_siret=TOWN)["uid"].implode()
    kept = [table.filter(pl.col("uid").is_in(uids)) for table in (among.marches, among.titulaires)]
    assert [rows(each) for each in kept] == [rows(alone.marches), rows(alone.titulaires)]


@FEW
@given(RECORDS)
def test_every_record_is_of_one_contract_and_every_table_is_of_known_contracts(records):
    built, aside = contracts(a=records)
    assert not len(aside)
    assert sorted(built.enregistrements["rang"]) == list(range(len(records)))
    uids = built.marches["uid"]
    assert uids.is_unique().all()
    assert set(built.enregistrements["uid"]) == set(uids)
    suppliers, ranks = (
        dict(table.group_by("uid").agg(counted).iter_rows())
        for table, counted in ((built.titulaires, pl.len()), (built.modifications, pl.col("rang").max()))
    )
    assert {*suppliers, *ranks} <= set(uids)
    for uid, holding, changed in built.marches.select("uid", "nb_titulaires", "nb_modifications").iter_rows():
        assert (holding, changed) == (suppliers.get(uid, 0), ranks.get(uid, 0))
