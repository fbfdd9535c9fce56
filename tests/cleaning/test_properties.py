"""Whatever the records: each is accounted for once, and the order of reading changes no contract."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from optima_lib.schemas import columns
from tests.cleaning.records import (
    DISTRICT,
    FIRM,
    OTHER,
    TOWN,
    award,
    change,
    holders,
    read_tables,
    run,
    told,
    write_2022,
)

SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example cleans files: to shrink one takes minutes
    derandomize=True,
)

RECORDS = st.lists(
    st.builds(
        award,
        number=st.sampled_from(["1", "2", "0000000", None]),
        acheteur=st.sampled_from([{"id": TOWN}, {"id": DISTRICT}, {"id": "NC"}, None]),
        montant=st.sampled_from([10_000, 11_000, 30_000, 0, None]),
        objet=st.sampled_from(["Voirie", "Lot 1 - Toiture", "Lot 2 - Peinture"]),
        dateNotification=st.sampled_from(["2024-03-01", "2024-07-01", "0204-07-01", None]),
        datePublicationDonnees=st.sampled_from(["2024-08-01", None]),
        offresRecues=st.sampled_from([3, 5, None]),
        titulaires=st.sampled_from([holders(FIRM), holders(OTHER), holders(FIRM, OTHER), []]),
        modifications=st.sampled_from([None, [change(1, "2024-09-01", montant=11_500)]]),
    ),
    min_size=1,
    max_size=8,
)


def dated(records):
    """The same records, those without a number with a date: where both are missing, each record stands alone."""
    return [each if each.get("id") in {"1", "2"} else each | {"dateNotification": "2024-03-01"} for each in records]


@SLOW
@given(RECORDS)
def test_each_record_of_any_list_is_a_contract_s_a_duplicate_s_or_set_aside(records):
    with TemporaryDirectory() as name:
        path = write_2022(Path(name) / "a.json", records)
        (file,) = run(Path(name) / "data", path).fichiers.to_dicts()
        tables = read_tables(Path(name) / "data")
    without = [i for i, each in enumerate(records) if each.get("acheteur", {"id": "NC"})["id"] == "NC"]
    assert file["lus"] == len(records) == file["contrats"] + file["doublons"] + file["ecartes"]
    assert sorted(tables["enregistrements"]["rang"]) == list(range(len(records)))
    assert tables["ecartes"]["rang"].to_list() == without
    kept = tables["enregistrements"].filter(pl.col("sort") != "écarté")
    assert set(kept["uid"]) == set(tables["marches"]["uid"])
    assert kept["uid"].null_count() == 0
    assert tables["marches"]["nb_enregistrements"].sum() <= len(records) - len(without)


@SLOW
@given(RECORDS.map(dated), st.randoms(use_true_random=False))
def test_the_order_of_records_and_of_files_changes_no_contract(records, random):
    shuffled = random.sample(records, len(records))
    half = len(records) // 2
    with TemporaryDirectory() as name:
        folder = Path(name)
        one = write_2022(folder / "un.json", records)
        several = [
            write_2022(folder / f"{n}.json", each) for n, each in (("z", shuffled[:half]), ("b", shuffled[half:]))
        ]
        run(folder / "ensemble", one)
        run(folder / "separes", *several)
        together, apart = told(folder / "ensemble"), told(folder / "separes")
    # in how many files a contract is depends on the files
    counted = columns("marches").index("nb_fichiers")
    for tables in (together, apart):
        tables["marches"] = [row[:counted] + row[counted + 1 :] for row in tables["marches"]]
    assert together == apart
