"""The tables of notices, and which contracts they announce, made from all the records of the base."""

import polars as pl

from optima_lib.cleaning.appariement import match_notices
from optima_lib.cleaning.firms import MASKED
from optima_lib.cleaning.notice_buyers import bodies, find_buyers
from optima_lib.cleaning.notices import clean_notice_lots, clean_notices, link_calls
from optima_lib.cleaning.versions import KEPT, first
from optima_lib.running.other_tables import rows_of
from optima_lib.running.store import Store
from optima_lib.running.tables import Tables
from optima_lib.schemas import columns
from optima_lib.sources.notices import no_lots, no_notices

CONTRACT = ("uid", "acheteur_siren", "objet", "cpv", "montant_initial_eur", "date_notification")
SIGN, NAMES = " | ", ("titulaires", "titulaires_siren")


def write_notices(
    store: Store, tables: Tables, buyers: pl.DataFrame, acheteurs: pl.DataFrame, territoires: pl.DataFrame
) -> pl.DataFrame:
    """Write the tables of notices.

    Parameters
    ----------
    store : Store
        The records that were read.
    tables : Tables
        Where the tables go; those of contracts and suppliers are complete.
    buyers : polars.DataFrame
        Names that contracts give to each buyer: ``acheteur_siren``, ``acheteur_nom``.
    acheteurs, territoires : polars.DataFrame
        Tables of buyers and of local authorities.

    Returns
    -------
    polars.DataFrame
        One row per notice that was read: ``fichier``, and ``sort``, what became of it (``retenu``, ``doublon``).
    """
    told = first(rows_of(store, "avis", clean_notices(no_notices())), "avis_id")
    lots = _lots(store, told.filter(sort=KEPT))
    notices = find_buyers(link_calls(told.filter(sort=KEPT)), bodies(buyers, acheteurs, territoires)).select(
        columns("avis")
    )
    tables.add("avis", notices)
    tables.add("avis_lots", lots)
    tables.add("avis_marches", match_notices(notices, lots, _contracts(tables, notices)))
    return told.select("fichier", "sort")


def _lots(store: Store, notices: pl.DataFrame) -> pl.DataFrame:
    """Give the lots of the notices that are kept, in the order of their notice."""
    found = rows_of(store, "avis_lots", clean_notice_lots(no_lots()))
    kept = found.join(
        notices.select("avis_id", "fichier"), on=["avis_id", "fichier"], how="semi", maintain_order="left"
    )
    return kept.sort("avis_id", maintain_order=True).select(columns("avis_lots"))


def _contracts(tables: Tables, notices: pl.DataFrame) -> pl.DataFrame:
    """Give the contracts of the buyers of notices, with their suppliers."""
    sirens = notices["acheteur_siren"].drop_nulls().unique()
    contracts = (
        tables.scan("marches").select(CONTRACT).filter(pl.col("acheteur_siren").is_in(sirens.implode())).collect()
    )
    texts = contracts.with_columns(pl.selectors.categorical().cast(pl.String))
    named = (
        _holders(tables, texts["uid"])
        .group_by("uid", maintain_order=True)
        .agg(pl.col(name).drop_nulls().unique(maintain_order=True).str.join(SIGN) for name in NAMES)
    )
    empty = [pl.when(pl.col(name) != "").then(name).alias(name) for name in NAMES]
    return texts.join(named.with_columns(empty), on="uid", how="left", validate="1:1")


def _holders(tables: Tables, uids: pl.Series) -> pl.DataFrame:
    """Give the suppliers of contracts, under the name that the contract gives, else that of the register."""
    held = tables.scan("titulaires").filter(pl.col("uid").is_in(uids.implode())).collect()
    register = tables.scan("entreprises").filter(pl.col("nom") != MASKED).select("siren", "nom").collect()
    told = held.with_columns(pl.selectors.categorical().cast(pl.String))
    named = told.join(register, left_on="titulaire_siren", right_on="siren", how="left", maintain_order="left")
    return named.select(
        "uid",
        pl.coalesce("titulaire_nom", "nom").alias("titulaires"),
        pl.col("titulaire_siren").alias("titulaires_siren"),
    )
