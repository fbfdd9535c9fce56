"""The processed tables, made from all the records of the base, some buyers at a time."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import polars as pl

from optima_lib.cleaning.buyers import build_acheteurs
from optima_lib.cleaning.conservation import account, account_rows
from optima_lib.cleaning.contracts import Contracts, build_contracts
from optima_lib.cleaning.labels import have_consideration
from optima_lib.cleaning.publications import clean_modifications, clean_publications, clean_titulaires
from optima_lib.running.ahead import ahead
from optima_lib.running.notice_tables import write_notices
from optima_lib.running.other_tables import write_others
from optima_lib.running.store import BUCKETS, PLACE_BITS, Store
from optima_lib.running.tables import Tables
from optima_lib.schemas import SCHEMAS, columns
from optima_lib.sources.awards import MODIFICATIONS, RECORD_BITS, TITULAIRES
from optima_lib.sources.ocds_bids import WITHDRAWN

RECORDS_AT_ONCE, AHEAD = 100_000, 1
BY_BUYER = ("marches", "titulaires", "modifications", "enregistrements")
CONSIDERATIONS = ("sociale", "environnementale")


def merge(store: Store, processed: Path, progress: Callable[[int, int], None]) -> pl.DataFrame:
    """Make the processed tables from everything that is in the store.

    Parameters
    ----------
    store : Store
        The records that were read.
    processed : Path
        Folder of the tables.
    progress : callable
        Told how many groups of buyers are done, and out of how many.

    Returns
    -------
    polars.DataFrame
        The table ``fichiers``: one row per file, with the sum of its records.

    Raises
    ------
    ConservationError, TableError
        When the sums do not add up or a table does not keep its contract; the old tables then stay.
    """
    tables = Tables(processed)
    try:
        fichiers = _write(store, tables, progress)
    except BaseException:
        tables.discard()
        raise
    tables.publish()
    return fichiers


def _write(store: Store, tables: Tables, progress: Callable[[int, int], None]) -> pl.DataFrame:
    counts, names = [], []
    for contracts in _groups(store, progress):
        marches = _finish(contracts)
        trace = _trace(contracts.enregistrements, store)
        tables.add("marches", marches)
        tables.add("titulaires", contracts.titulaires)
        tables.add("modifications", contracts.modifications)
        tables.add("enregistrements", trace)
        tables.add("offres", _bids(store, contracts.enregistrements))
        counts.append(trace.select("fichier", "rang", "partie", "sort"))
        names.append(_names(marches))
    ecartes = _ecartes(store)
    tables.add("ecartes", ecartes)
    files = _files(store)
    of_awards = files.filter(donnees="marches").select("fichier")
    aside = _aside_trace(ecartes.join(of_awards, on="fichier", how="semi", maintain_order="left"))
    tables.add("enregistrements", aside)
    territoires, fates = write_others(store, tables)
    buyers = pl.concat(names).group_by("acheteur_siren", "acheteur_siret", "acheteur_nom").agg(pl.col("effectif").sum())
    acheteurs = build_acheteurs(buyers, territoires)
    tables.add("acheteurs", acheteurs)
    fates = pl.concat([fates, write_notices(store, tables, buyers, acheteurs, territoires)])
    told = aside.select("fichier", "rang", pl.lit(0, pl.Int64).alias("partie"), "sort")
    awards = account(pl.concat([*counts, told]), files.filter(donnees="marches"))
    others = account_rows(fates, ecartes, files.filter(pl.col("donnees") != "marches"))
    nothing = pl.lit(0, pl.Int64)
    fichiers = pl.concat([awards.with_columns(retenus=nothing), others.with_columns(contrats=nothing)], how="diagonal")
    tables.add("fichiers", fichiers)
    return fichiers


def _groups(store: Store, progress: Callable[[int, int], None]) -> Iterator[Contracts]:
    """Give the contracts of some buyers after the other; all the records of a buyer are in one group."""
    publications = store.scan("publications")
    count = 0 if publications is None else publications.select(pl.len()).collect().item()
    groups = max(1, min(BUCKETS, -(-count // RECORDS_AT_ONCE)))
    bounds = [(group * BUCKETS // groups, (group + 1) * BUCKETS // groups - 1) for group in range(groups)]
    with ThreadPoolExecutor(AHEAD, "build") as pool:  # a group is built while another is checked and written
        contracts = ahead(pool, lambda group: build_contracts(*_records(store, *group)), bounds, AHEAD)
        for done, each in enumerate(contracts, start=1):
            yield each
            progress(done, groups)


def _records(store: Store, low: int, high: int) -> Iterator[pl.DataFrame]:
    """Give the cleaned records of some buckets of buyers: publications, suppliers, modifications."""
    for i, part in enumerate(("publications", "titulaires", "modifications")):
        lazy = store.scan(part)
        inside = pl.col("seau").is_between(low, high)
        yield _no_records()[i] if lazy is None else lazy.filter(inside).drop("seau", "place").collect()


@cache
def _no_records() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the three tables of cleaned records, empty."""
    today = dt.date.min
    number = {"lu": pl.Int64, "rang": pl.Int64, "fichier": pl.String}
    publications = clean_publications(pl.DataFrame(schema=number), today)
    texts = dict.fromkeys((*TITULAIRES, *MODIFICATIONS), pl.String) | {"version": pl.Int32, "lu": pl.Int64}
    raw = pl.DataFrame(schema=texts)
    titulaires = clean_titulaires(raw.select("lu", *(name for name in TITULAIRES if name != "rang")))
    modifications = clean_modifications(raw.select("lu", *(name for name in MODIFICATIONS if name != "rang")), today)
    return publications, titulaires, modifications


def _finish(contracts: Contracts) -> pl.DataFrame:
    """Add what the whole set of a buyer's contracts tells."""
    marches = contracts.marches
    return marches.with_columns(
        *(
            have_consideration(marches[f"considerations_{kind}s"]).alias(f"a_consideration_{kind}")
            for kind in CONSIDERATIONS
        ),
        double_possible=pl.col("uid").is_in(_possible_doubles(contracts).implode()),
    ).sort("uid")


def _possible_doubles(contracts: Contracts) -> pl.Series:
    """List the contracts of one buyer, day, amount and suppliers that were published under several identifiers."""
    same = ("acheteur_siren", "date_notification", "montant_initial_eur")
    known = pl.all_horizontal(pl.col(name).is_not_null() for name in same)
    alike = contracts.marches.filter(known).select("uid", "uid_publie", *same).filter(pl.struct(same).is_duplicated())
    suppliers = contracts.titulaires.join(alike, on="uid", how="semi")
    signatures = suppliers.group_by("uid").agg(pl.col("titulaire_id").sort().str.join(" ").alias("signature"))
    told = alike.join(signatures, on="uid", validate="1:1")
    return told.filter(pl.col("uid_publie").n_unique().over(*same, "signature") > 1)["uid"]


def _names(marches: pl.DataFrame) -> pl.DataFrame:
    known = marches.filter(pl.col("acheteur_siren").is_not_null())
    names = known.group_by("acheteur_siren", "acheteur_siret", "acheteur_nom").agg(
        pl.len().cast(pl.Int64).alias("effectif")
    )
    return names.with_columns(pl.selectors.categorical().cast(pl.String))


def _bids(store: Store, records: pl.DataFrame) -> pl.DataFrame:
    """Return the bids of some contracts; of several records of one contract, what the last published says of a bid."""
    lazy = store.scan("offres")
    if lazy is None:
        return _no_bids()
    told = records.filter(pl.col("uid").is_not_null()).select("lu", pl.col("uid").cast(pl.String)).lazy()
    joined = lazy.join(told, on="lu", validate="m:1").sort("date_publication", "lu", "offre_id")
    latest = joined.unique(["uid", "offre_id"], keep="last", maintain_order=True)
    bids = latest.filter(pl.col("statut").ne_missing(WITHDRAWN)).select(columns("offres"))
    return bids.sort("uid", "offre_id").collect()


@cache
def _no_bids() -> pl.DataFrame:
    types = SCHEMAS["offres"].to_schema().columns
    return pl.DataFrame(schema={name: each.dtype.type for name, each in types.items()})


def _trace(enregistrements: pl.DataFrame, store: Store) -> pl.DataFrame:
    """Write the numbers of records as file and position."""
    labels = pl.DataFrame(
        [(each.place, each.fichier) for each in store.files],
        schema={"double_place": pl.Int64, "double_de_fichier": pl.String},
        orient="row",
    )
    numbered = enregistrements.with_columns(
        double_place=pl.col("double_de") // 2**PLACE_BITS,
        double_de_rang=pl.col("double_de") % 2**RECORD_BITS,
        partie=pl.col("lu") % 2**PLACE_BITS // 2**RECORD_BITS,
    )
    return numbered.join(labels, on="double_place", how="left", validate="m:1").sort("fichier", "rang")


def _ecartes(store: Store) -> pl.DataFrame:
    lazy = store.scan("ecartes")
    if lazy is None:
        return pl.DataFrame(schema={"fichier": pl.String, "rang": pl.Int64, "motif": pl.String, "brut": pl.String})
    return lazy.drop("place").sort("fichier", "rang").collect()


def _aside_trace(ecartes: pl.DataFrame) -> pl.DataFrame:
    missing = {name: pl.lit(None, pl.String) for name in ("uid", "double_de_fichier")}
    return ecartes.with_columns(sort=pl.lit("écarté"), double_de_rang=pl.lit(None, pl.Int64), **missing)


def _files(store: Store) -> pl.DataFrame:
    schema = {
        name: pl.Int64 if name in {"octets", "lus", "hors_base"} else pl.String
        for name in ("fichier", "sha256", "format", "donnees", "octets", "lus", "hors_base", "lu_le")
    }
    rows = [[getattr(each, name) for name in schema] for each in store.files]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("lu_le").str.to_date()).sort("fichier")
