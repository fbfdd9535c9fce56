"""The facts behind a value: every figure opens its own contracts."""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from optima_lib.indicators.catalogue import find
from optima_lib.indicators.measure import BUYER, YEAR

HIT, MISS, UNKNOWN = "oui", "non", "sans réponse"
SHOWN = (
    "uid",
    "acheteur_siren",
    "annee",
    "date_notification",
    "type_achat",
    "famille",
    "procedure",
    "montant_initial_eur",
    "montant_eur",
    "offres_recues",
    "titulaire",
)
HITS = ("touches", "somme_touchee")


def facts_behind(facts: Mapping[str, Any], code: str, buyer: str, year: int | None = None) -> pd.DataFrame:
    """Return the facts that a value rests on, those concerned whose answer is unknown too.

    Parameters
    ----------
    facts : mapping
        The tables of facts by name, of any engine.
    code : str
        Code of the catalogue.
    buyer : str
        SIREN of the buyer.
    year : int, optional
        One year; all by default, contracts without a date included.

    Returns
    -------
    pandas.DataFrame
        One row per fact concerned (a contract; for the indicators of suppliers, a contract and supplier): what
        identifies it, the fields that the indicator reads, and ``compte``: ``oui`` (it is in the numerator, or in
        the sum), ``non`` (in the denominator only), ``sans réponse`` (its answer is missing). The rows ``oui`` and
        ``non`` are as many as the ``effectif`` of the indicator.
    """
    entry = find(code)
    shape = entry.shape
    frame: Any = nw.from_native(facts[shape.facts]).filter(nw.col(BUYER) == buyer)
    if year is not None:
        frame = frame.filter(nw.col(YEAR) == year)
    parts = shape.parts()
    columns = frame.collect_schema().names()
    kept = [name for name in dict.fromkeys((*SHOWN, *entry.champs)) if name in columns]
    tested = frame.with_columns(**{f"part {name}": test for name, test in parts.items()})
    table = (tested.collect() if isinstance(tested, nw.LazyFrame) else tested).to_pandas()
    table = table[table["part eligibles"] > 0]
    hit = next((f"part {name}" for name in HITS if name in parts), "part effectif")
    answer = pd.Series(UNKNOWN, index=table.index).mask(table["part effectif"] > 0, MISS).mask(table[hit] > 0, HIT)
    order = [name for name in ("annee", "uid", "titulaire") if name in kept]
    return table[kept].assign(compte=answer).sort_values(order, ignore_index=True)
