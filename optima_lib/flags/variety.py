"""R048: a supplier of very different things."""

import polars as pl

from optima_lib.flags.cases import STATUS, Cases
from optima_lib.flags.fences import quartiles, upper_fence
from optima_lib.flags.findings import Finding, unjudge, values

VARIETY = pl.col("domaines")


def flag_varied_suppliers(cases: Cases) -> Finding:
    """R048: the number of first-level classifications that a supplier was awarded is a high outlier.

    Outlier: at or above Q3 + 1.5 (Q3 − Q1) among the suppliers of at least ``minimum_contracting_processes``. Awards
    that are not active, or made to several suppliers, are left out.

    Mode ``optima``: the number must be above the third quartile (where all have the same, none is an outlier); at
    least ``minimum_observations`` suppliers are needed; a code shorter than the level is none.
    """
    settings = cases.settings
    alone = (STATUS == "active") & (pl.col("entrees") == 1) & pl.col("seul").is_not_null()
    length = int(settings.number("R048", "digits"))
    items = cases.tables.articles.join(cases.awards.filter(alone), on="attribution")
    if settings.repaired:
        items = items.filter(pl.col("code").str.len_chars() >= length)
    items = items.with_columns(domaine=pl.col("code").str.slice(0, length))
    counts = items.group_by(id="seul").agg(
        processus=pl.col("processus").n_unique(), domaines=pl.col("domaine").n_unique()
    )
    minimum = settings.number("R048", "minimum_contracting_processes")
    enough = counts.filter(pl.col("processus") >= minimum).sort("id")
    meta: dict[str, float | None] = {}
    if settings.repaired:
        observations = settings.number("R048", "minimum_observations")
        meta |= {"evalues": enough.height, "donnees_insuffisantes": counts.height - enough.height, "sans_objet": 0}
        meta |= {"minimum_contracting_processes": int(minimum), "minimum_observations": int(observations)}
        enough = enough if enough.height >= observations else enough.clear()
    fence, beyond = settings.threshold("R048"), pl.lit(value=True)
    if fence is None:
        first, third = quartiles(enough["domaines"].to_numpy())
        fence = upper_fence(first, third)
        meta |= {"q1": first, "q3": third}
        beyond = third < VARIETY if settings.repaired else beyond
    meta["upper_fence"] = fence
    if not fence > 0:
        unjudge(meta)
    found = enough.filter((fence <= VARIETY) & beyond)
    return Finding("R048", {"Tenderer": values(found, "id", VARIETY)}, meta)
