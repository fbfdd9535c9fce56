"""Facts of the raw records that speak of a buyer's contracts."""

import polars as pl

from optima_lib.indicators.facts.base import Base


def record_facts(contracts: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Return one row per raw award record about a contract whose buyer has a SIREN.

    Columns: ``uid``, ``acheteur_siren`` and ``annee`` of its contract; ``fichier``; ``est_doublon`` (it repeats
    another record, word for word). Records set aside name no contract and have no row. A contract joins several
    records (1:m).
    """
    told = base["enregistrements"].select("uid", "fichier", est_doublon=pl.col("sort").cast(pl.String) == "doublon")
    return told.join(contracts.select("uid", "acheteur_siren", "annee"), on="uid", how="inner", validate="m:1")
