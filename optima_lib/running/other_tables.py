"""The tables that are not of awards, made from all the records of the base."""

from collections.abc import Iterable

import polars as pl

from optima_lib.cleaning.buyers import build_territoires
from optima_lib.cleaning.firms import clean_sites, clean_units, with_regions
from optima_lib.cleaning.nomenclatures import build_cpv, build_naf
from optima_lib.cleaning.versions import KEPT, completed, first, latest
from optima_lib.running.registers import named_firms
from optima_lib.running.store import Store
from optima_lib.running.tables import Tables
from optima_lib.schemas import columns
from optima_lib.sources.layouts import layouts
from optima_lib.sources.nomenclatures import COLUMNS as NOMENCLATURES
from optima_lib.sources.territories import COLUMNS as TERRITORIES

OUTSIDE = "hors base"


def write_others(store: Store, tables: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write the tables that are not of awards.

    Parameters
    ----------
    store : Store
        The records that were read.
    tables : Tables
        Where the tables go.

    Returns
    -------
    territoires : polars.DataFrame
        The table of local authorities.
    fates : polars.DataFrame
        One row per record kept at reading: ``fichier``, and ``sort``, what became of it (``retenu``, ``doublon``,
        ``hors base``).
    """
    authorities = first(_told(store, "territoires", TERRITORIES), "siren")
    territoires = build_territoires(authorities.select(*TERRITORIES, "priorite"), _members(store))
    tables.add("territoires", territoires)
    units, sites = _units(store), _sites(store)
    tables.add("entreprises", units.filter(sort=KEPT).select(columns("entreprises")))
    tables.add("etablissements", with_regions(sites.filter(sort=KEPT), territoires).sort("siret"))
    codes = {name: completed(_told(store, name, NOMENCLATURES[name]), name) for name in NOMENCLATURES}
    tables.add("cpv", build_cpv(codes["cpv"].filter(sort=KEPT).select(NOMENCLATURES["cpv"])))
    tables.add("naf", build_naf(codes["naf"].filter(sort=KEPT).select(NOMENCLATURES["naf"])))
    everything = (authorities, units, sites, *codes.values())
    return territoires, pl.concat([each.select("fichier", "sort") for each in everything])


def _units(store: Store) -> pl.DataFrame:
    """Give the legal units of the base, and what became of each."""
    rows = rows_of(store, "entreprises", clean_units(_no_records("entreprises")))
    return _latest(rows, "siren", rows["siren"].is_in(named_firms(store).sirens.implode()))


def _sites(store: Store) -> pl.DataFrame:
    """Give the establishments of the base, and what became of each."""
    rows, named = rows_of(store, "etablissements", clean_sites(_no_records("etablissements"))), named_firms(store)
    head = rows["est_siege"].fill_null(value=False) & rows["siren"].is_in(named.sirens.implode())
    return _latest(rows, "siret", rows["siret"].is_in(named.sirets.implode()) | head)


def _latest(rows: pl.DataFrame, key: str, named: pl.Series) -> pl.DataFrame:
    """Tell the right row of each firm that awards name; the others are outside the base."""
    outside = rows.filter(~named).with_columns(sort=pl.lit(OUTSIDE))
    return pl.concat([latest(rows.filter(named), key), outside])


def _no_records(kind: str) -> pl.DataFrame:
    """Return the raw records of a register, none of them, with all their columns."""
    names = next(each.colonnes for each in layouts() if each.donnees == kind)
    return pl.DataFrame(schema={"rang": pl.Int64, **dict.fromkeys(names, pl.String)})


def _told(store: Store, part: str, names: Iterable[str]) -> pl.DataFrame:
    """Give the rows of territories or of a nomenclature."""
    schema = {"rang": pl.Int64, **dict.fromkeys(names, pl.String), "priorite": pl.Int32}
    return rows_of(store, part, pl.DataFrame(schema=schema))


def rows_of(store: Store, part: str, empty: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of a part, with the label of their file."""
    labels = pl.DataFrame(
        [(each.place, each.fichier) for each in store.files],
        schema={"place": pl.Int32, "fichier": pl.String},
        orient="row",
    )
    lazy = store.scan(part)
    found = empty.with_columns(place=pl.lit(0, pl.Int32)) if lazy is None else lazy.collect()
    return found.join(labels, on="place", how="left", validate="m:1").drop("place")


def _members(store: Store) -> pl.DataFrame:
    lazy = store.scan("membres")
    if lazy is None:
        return pl.DataFrame(schema={"siren": pl.String, "epci_siren": pl.String})
    return lazy.sort("place", maintain_order=True).drop("place").collect()
