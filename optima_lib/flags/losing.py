"""R025: a regular tenderer that hardly ever wins."""

import math

import polars as pl

from optima_lib.flags.cases import STATUS, Cases
from optima_lib.flags.fences import lower_fence, quantile_8, quartiles
from optima_lib.flags.findings import Finding, unjudge, values

TIMES, RATIO = pl.col("fois"), pl.col("taux")


def flag_unsuccessful_tenderers(cases: Cases) -> Finding:
    """R025: the ratio of won to valid bids of a regular tenderer is a low outlier.

    Regular: at least the 75th percentile (``percentile``) of the numbers of valid bids. Outlier: at or below
    Q1 − 1.5 (Q3 − Q1) of the ratios, when that fence and Q1 are above zero. A tenderer counts once per process.
    Cardinal's exclusions: an award is not decided; several active awards; a bid by several tenderers or an award to
    several suppliers.

    Mode ``optima``: lots count apart, and each member of a group counts; the quartiles are those of the tenderers
    with at least ``minimum_valid_bids``, since the ratio of one bid is 0 or 1; the ratio must be below the first
    quartile, and at least ``minimum_observations`` tenderers are needed.
    """
    settings, tenderers = cases.settings, _count(cases)
    meta: dict[str, float | None] = {}
    regular = quantile_8(tenderers["fois"].to_numpy(), settings.number("R025", "percentile") / 100)
    base, minimum = tenderers, 0.0
    if settings.repaired:
        minimum, observations = (
            settings.number("R025", name) for name in ("minimum_valid_bids", "minimum_observations")
        )
        base = tenderers.filter(minimum <= TIMES)
        meta |= _states(tenderers, max(minimum, regular) if tenderers.height else minimum, minimum)
        meta |= {"minimum_valid_bids": int(minimum), "minimum_observations": int(observations)}
        base = base if base.height >= observations else base.clear()
    fence, first, below = settings.threshold("R025"), 1.0, pl.lit(value=True)
    if fence is None:
        first, third = quartiles(base["taux"].to_numpy())
        fence = lower_fence(first, third)
        meta |= {"q1": first, "q3": third}
        below = first > RATIO if settings.repaired else below
    meta |= {"upper_fence": regular, "lower_fence": fence}
    firing = first > 0 and fence > 0 and not math.isnan(regular)
    if not firing:
        unjudge(meta)
    found = tenderers.filter(pl.lit(firing) & (regular <= TIMES) & (minimum <= TIMES) & (fence >= RATIO) & below)
    return Finding("R025", {"Tenderer": values(found, "membre", RATIO)}, meta)


def _count(cases: Cases) -> pl.DataFrame:
    """Count the valid and the winning bids of each tenderer: ``membre``, ``fois``, ``gagnees``, ``taux``."""
    who, won_by = ("cle", "cle") if cases.settings.repaired else ("seul", "fournisseur")
    units = cases.situations.filter(pl.col("finales") & (pl.col("actives") == 1))
    bids = cases.bids.filter(STATUS == "valid").select("unite", "groupe", "entrees", "seul", "cle")
    if cases.settings.repaired:
        units = units.filter(pl.col("cle") > 0)
    else:
        units = units.filter((pl.col("entrees") == 1) & pl.col("fournisseur").is_not_null())
        bids = bids.filter((pl.col("entrees") == 1) & pl.col("seul").is_not_null())
    bids = bids.join(units.select("unite", winner=won_by), on="unite", maintain_order="left")
    bidders = cases.members(bids.select("unite", "groupe", gagnee=pl.col(who) == pl.col("winner")))
    once = bidders.select("unite", "membre", "gagnee").sort(
        "unite", "membre", "gagnee", descending=[False, False, True]
    )
    again = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in ("unite", "membre"))
    once = once.filter(~again.fill_null(value=False))
    counts = once.group_by("membre").agg(fois=pl.len(), gagnees=pl.col("gagnee").sum())
    return counts.with_columns(taux=pl.col("gagnees") / TIMES).sort("membre")


def _states(tenderers: pl.DataFrame, regular: float, minimum: float) -> dict[str, int]:
    """Count the tenderers: regular ones, those with too few bids, the others."""
    times = tenderers["fois"]
    judged, few = int((times >= regular).sum()), int((times < minimum).sum())
    return {"evalues": judged, "donnees_insuffisantes": few, "sans_objet": len(times) - judged - few}
