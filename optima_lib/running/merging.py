"""The processed tables, made from all the records of the base, some buyers at a time."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from optima_lib.cleaning.buyers import build_acheteurs, build_territoires
from optima_lib.cleaning.conservation import FATES, account
from optima_lib.cleaning.contracts import Contracts, build_contracts
from optima_lib.cleaning.labels import have_consideration
from optima_lib.cleaning.publications import clean_modifications, clean_publications, clean_titulaires
from optima_lib.running.store import BUCKETS, PLACE_BITS, Store
from optima_lib.schemas import check, table_path
from optima_lib.sources.awards import MODIFICATIONS, TITULAIRES
from optima_lib.sources.territories import COLUMNS as TERRITORY_COLUMNS

RECORDS_AT_ONCE = 60_000
BY_BUYER = ("marches", "titulaires", "modifications", "enregistrements")
CONSIDERATIONS = ("sociale", "environnementale")


class Tables:
    """The new tables, written beside the old ones and put in their place all at once."""

    def __init__(self, processed: Path) -> None:
        self.processed = processed
        self.folder = Path(tempfile.mkdtemp(prefix=".tables-", dir=processed))
        self.writers: dict[str, pq.ParquetWriter] = {}

    def add(self, name: str, table: pl.DataFrame) -> None:
        """Check rows against the schema of their table and add them."""
        arrow = check(name, table).to_arrow(compat_level=pl.CompatLevel.oldest())
        if name not in self.writers:
            path = table_path(self.folder, name)
            # without Arrow's schema a column of labels is read back as texts, whatever reads it
            self.writers[name] = pq.ParquetWriter(
                path, arrow.schema, compression="zstd", compression_level=1, store_schema=False
            )
        self.writers[name].write_table(arrow)

    def publish(self) -> None:
        """Put the new tables in the place of the old ones."""
        for writer in self.writers.values():
            writer.close()
        for name in self.writers:
            table_path(self.folder, name).replace(table_path(self.processed, name))
        self.folder.rmdir()

    def discard(self) -> None:
        """Remove the new tables."""
        for writer in self.writers.values():
            writer.close()
        shutil.rmtree(self.folder, ignore_errors=True)


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
        counts.append(trace.select("fichier", "rang", "sort"))
        names.append(_names(marches))
    ecartes = _ecartes(store)
    tables.add("ecartes", ecartes)
    aside = _aside_trace(ecartes)
    tables.add("enregistrements", aside)
    territoires = _territoires(store)
    tables.add("territoires", territoires)
    buyers = pl.concat(names).group_by("acheteur_siren", "acheteur_siret", "acheteur_nom").agg(pl.col("effectif").sum())
    tables.add("acheteurs", build_acheteurs(buyers, territoires))
    files = _files(store)
    awards = account(pl.concat([*counts, aside.select("fichier", "rang", "sort")]), files.filter(donnees="marches"))
    others = files.filter(donnees="territoires").with_columns(
        pl.lit(0, pl.Int64).alias(name) for name in FATES.values()
    )
    fichiers = pl.concat([awards, others])
    tables.add("fichiers", fichiers)
    return fichiers


def _groups(store: Store, progress: Callable[[int, int], None]) -> Iterator[Contracts]:
    """Give the contracts of some buyers after the other; all the records of a buyer are in one group."""
    lazies = {part: store.scan(part) for part in ("publications", "titulaires", "modifications")}
    publications = lazies["publications"]
    if publications is None:
        yield build_contracts(*_no_records())
        return
    count = publications.select(pl.len()).collect().item()
    groups = max(1, min(BUCKETS, -(-count // RECORDS_AT_ONCE)))
    for group in range(groups):
        low, high = group * BUCKETS // groups, (group + 1) * BUCKETS // groups - 1
        inside = pl.col("seau").is_between(low, high)
        parts = [
            lazy.filter(inside).drop("seau", "place").collect() if lazy is not None else None
            for lazy in lazies.values()
        ]
        empty = _no_records()
        yield build_contracts(*(part if part is not None else empty[i] for i, part in enumerate(parts)))
        progress(group + 1, groups)


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
    signatures = contracts.titulaires.group_by("uid").agg(
        pl.col("titulaire_id").sort().str.join(" ").alias("signature")
    )
    joined = contracts.marches.join(signatures, on="uid", how="left", validate="1:1")
    same = ("acheteur_siren", "date_notification", "montant_initial_eur", "signature")
    known = pl.all_horizontal(pl.col(name).is_not_null() for name in same)
    twice = known & (pl.col("uid_publie").n_unique().over(same) > 1)
    return joined.with_columns(
        *(
            have_consideration(joined[f"considerations_{kind}s"]).alias(f"a_consideration_{kind}")
            for kind in CONSIDERATIONS
        ),
        double_possible=twice,
    ).sort("uid")


def _names(marches: pl.DataFrame) -> pl.DataFrame:
    known = marches.filter(pl.col("acheteur_siren").is_not_null())
    names = known.group_by("acheteur_siren", "acheteur_siret", "acheteur_nom").agg(
        pl.len().cast(pl.Int64).alias("effectif")
    )
    return names.with_columns(pl.selectors.categorical().cast(pl.String))


def _trace(enregistrements: pl.DataFrame, store: Store) -> pl.DataFrame:
    """Write the numbers of records as file and position."""
    labels = pl.DataFrame(
        [(each.place, each.fichier) for each in store.files],
        schema={"double_place": pl.Int64, "double_de_fichier": pl.String},
        orient="row",
    )
    numbered = enregistrements.with_columns(
        double_place=pl.col("double_de") // 2**PLACE_BITS, double_de_rang=pl.col("double_de") % 2**PLACE_BITS
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


def _territoires(store: Store) -> pl.DataFrame:
    authorities, members = store.scan("territoires"), store.scan("membres")
    empty = pl.LazyFrame(schema=dict.fromkeys(TERRITORY_COLUMNS, pl.String) | {"priorite": pl.Int32, "place": pl.Int32})
    pairs = pl.LazyFrame(schema={"siren": pl.String, "epci_siren": pl.String, "place": pl.Int32})
    return build_territoires(
        (empty if authorities is None else authorities).drop("place").collect(),
        (pairs if members is None else members).drop("place").collect(),
    )


def _files(store: Store) -> pl.DataFrame:
    schema = {
        name: pl.Int64 if name in {"octets", "lus"} else pl.String
        for name in ("fichier", "sha256", "format", "donnees", "octets", "lus", "lu_le")
    }
    rows = [[getattr(each, name) for name in schema] for each in store.files]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("lu_le").str.to_date()).sort("fichier")
