"""How long the published contracts of each buyer last: totals of unlike spans do not compare."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from optima_lib.comparison.measured import Floats
from optima_lib.indicators.measure import BUYER, YEAR
from optima_lib.running.estimates import Buyers, Period

DATE = "date_notification"


def read_spans(contracts: Any, buyers: Buyers, by: Sequence[str]) -> dict[Period, Floats]:
    """Return the months from the first contract of each buyer to its last, both included, by period.

    Parameters
    ----------
    contracts : a table of any engine
        Facts of contracts: ``acheteur_siren``, ``annee``, ``date_notification``.
    buyers : Buyers
        The buyers of the base.
    by : sequence of str
        The columns that tell groups apart; with *annee*, each year beside all years together.

    Returns
    -------
    dict of int or None to array
        One number per buyer; missing where no contract is dated.
    """
    frame: Any = nw.from_native(contracts)
    dated = frame.select(*by, DATE).filter(~nw.col(DATE).is_null())
    told = dated.group_by(*by, drop_null_keys=True).agg(first=nw.col(DATE).min(), last=nw.col(DATE).max())
    table = (told.collect() if isinstance(told, nw.LazyFrame) else told).to_pandas()
    for name in ("first", "last"):
        date = pd.to_datetime(table[name])
        table[name] = 12 * date.dt.year + date.dt.month
    table["buyer"] = buyers.sirens.get_indexer(pd.Index(table[BUYER].astype(object)))
    known = table[table["buyer"] >= 0]
    spans: dict[Period, Floats] = {None: _months(known, len(buyers.sirens))}
    if YEAR in by:
        years = known[YEAR].to_numpy(dtype=np.int64)
        spans |= {int(year): _months(known[years == year], len(buyers.sirens)) for year in np.unique(years)}
    return spans


def _months(rows: pd.DataFrame, size: int) -> Floats:
    ends = rows.groupby("buyer").agg(first=("first", "min"), last=("last", "max"))
    found = np.full(size, np.nan)
    found[ends.index.to_numpy()] = (ends["last"] - ends["first"] + 1).to_numpy(dtype=float)
    return found
