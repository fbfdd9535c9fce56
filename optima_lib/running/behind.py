"""``contracts_behind``: the contracts on which a value of the table *indicateurs* rests."""

from pathlib import Path

import pandas as pd
import polars as pl

from optima_lib.errors import UnknownBuyerError
from optima_lib.indicators.behind import facts_behind
from optima_lib.paths import DATA, processed
from optima_lib.running.facts import ready_facts
from optima_lib.running.measure import opened
from optima_lib.schemas import table_path


def contracts_behind(indicator: str, buyer: str, year: int | None = None, donnees: Path | str = DATA) -> pd.DataFrame:
    """Return the contracts behind the value of an indicator for a buyer.

    Parameters
    ----------
    indicator : str
        Code of the catalogue, ``"C01"``.
    buyer : str
        SIREN of the buyer.
    year : int, optional
        One year; all years by default.
    donnees : Path or str
        Data folder.

    Returns
    -------
    pandas.DataFrame
        One row per contract concerned; ``compte`` says whether it is in the numerator (*oui*), in the denominator
        only (*non*), or without an answer (*sans réponse*).

    Raises
    ------
    UnknownBuyerError
        When no contract of the tables has that buyer.
    UnknownIndicatorError
        When the catalogue does not hold that code, or open data cannot feed it.
    """
    folder = processed(Path(donnees))
    with opened(ready_facts(folder), "duckdb") as facts:
        rows = facts_behind(facts, indicator, buyer, year)
        if "uid" in rows:
            texts = pl.scan_parquet(table_path(folder, "marches")).select("uid", "objet")
            mine = texts.filter(pl.col("uid").is_in(rows["uid"].unique().tolist())).collect().to_pandas()
            rows = rows.merge(mine, on="uid", how="left", validate="m:1")
        if rows.empty and not facts["marches"].filter(_is_of(buyer)).limit(1).fetchall():
            raise UnknownBuyerError(f"Aucun contrat des tables n'a pour acheteur le SIREN {buyer}.")
    return rows


def _is_of(buyer: str) -> str:
    """Return the test of the rows of a buyer."""
    return "acheteur_siren = '" + buyer.replace("'", "''") + "'"
