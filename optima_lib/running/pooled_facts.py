"""What a pooled question reads below the authority: its facts one by one, and its quarters."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl

from optima_lib.indicators import Indicator
from optima_lib.indicators.measure import BUYER, Estimates, estimate_each
from optima_lib.indicators.shapes import Mean, Quantile, Shape, Share, Total
from optima_lib.references import bound

QUARTER = "trimestre"
DATES = {"marches": "date_notification", "titulaires": "date_notification", "lots": "date_publication"}
KEYS = {"titulaires": "uid", "lots": "avis_id"}  # what a fact told on several rows is made whole by
NUMBERS: dict[type, Callable[[Any], nw.Expr]] = {
    Share: lambda shape: shape.parts()["touches"],
    Mean: lambda shape: shape.parts()["somme"],
    Total: lambda shape: shape.parts()["somme"],
    Quantile: lambda shape: nw.col(shape.number),
}


def read_facts(facts: Mapping[str, Any], entry: Indicator) -> pd.DataFrame | None:
    """Return the facts on which an indicator rests, one by one; None where it has no value for a single fact.

    Parameters
    ----------
    facts : mapping
        The tables of facts, as Polars holds them.
    entry : Indicator
        The indicator.

    Returns
    -------
    pandas.DataFrame or None
        ``acheteur_siren``, ``valeur`` (1 or 0 for a share; the number of which the indicator is the median, the mean or the
        sum), one row per fact used. A fact that is told on several rows (a contract of several suppliers) is one row.

    Notes
    -----
    The facts used and their numbers are those of the shape (``effectif`` and what it sums): no definition is written here.
    """
    shape = entry.shape
    read = NUMBERS.get(type(shape))
    if read is None:
        return None
    whole = KEYS.get(shape.facts) if getattr(shape, "weight", None) is not None else None
    frame: Any = nw.from_native(facts[shape.facts])
    keys = [BUYER, *([whole] if whole else [])]
    used = frame.select(*keys, valeur=read(shape), poids=shape.parts()["effectif"]).filter(nw.col("poids") > 0)
    if whole:
        used = used.group_by(keys).agg(nw.col("valeur").sum(), nw.col("poids").sum())
        used = used.with_columns(valeur=nw.col("valeur") / nw.col("poids"))
    told = used.select(BUYER, nw.col("valeur").cast(nw.Float64)).collect().to_native()
    return pd.DataFrame(told.to_pandas()).sort_values([BUYER, "valeur"], ignore_index=True)


def read_quarters(facts: Mapping[str, Any], entry: Indicator, sirens: Collection[str]) -> pd.DataFrame | None:
    """Return an indicator of some authorities together, quarter by quarter; None where its facts have no day.

    Returns
    -------
    pandas.DataFrame or None
        ``trimestre`` (four times the year, plus 0 to 3), ``valeur``, ``effectif``, in order.
    """
    found = _by_quarter(facts, entry, sirens, (QUARTER,))
    if found is None:
        return None
    told = found.groups[[QUARTER]].assign(valeur=found.found["valeur"], effectif=found.found["effectif"])
    kept: pd.DataFrame = told[np.isfinite(told["valeur"]) & _enough(entry.shape, found.found)].reset_index(drop=True)
    return kept


def read_parts(facts: Mapping[str, Any], entry: Indicator, sirens: Collection[str]) -> pd.DataFrame | None:
    """Return how many facts each authority has in each quarter; None where the facts have no day.

    Returns
    -------
    pandas.DataFrame or None
        ``trimestre``, ``acheteur_siren``, ``effectif``.
    """
    found = _by_quarter(facts, entry, sirens, (QUARTER, BUYER))
    return None if found is None else found.groups[[QUARTER, BUYER]].assign(effectif=found.found["effectif"])


def _by_quarter(
    facts: Mapping[str, Any], entry: Indicator, sirens: Collection[str], by: tuple[str, ...]
) -> Estimates | None:
    """Estimate an indicator of some authorities on facts that bear their quarter."""
    source = entry.shape.facts
    if source not in DATES:
        return None
    day = pl.col(DATES[source])
    table: pl.LazyFrame = facts[source]
    number = (4 * day.dt.year().cast(pl.Int64) + (day.dt.quarter().cast(pl.Int64) - 1)).alias(QUARTER)
    dated = table.filter(pl.col(BUYER).is_in(list(sirens)), day.is_not_null()).with_columns(number)
    return next(estimate_each({source: dated}, [entry.code], by=by))


def _enough(shape: Shape, found: Mapping[str, Any]) -> Any:
    """Tell the groups that rest on enough facts (rule M5); a count or a sum is true however small."""
    return found["effectif"] >= (bound("effectif_minimal") if shape.gated else 0)
