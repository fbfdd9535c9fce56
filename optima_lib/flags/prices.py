"""R024 and R058: the second price is very close to the winning one, or very far above it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from optima_lib.flags.cases import Cases
from optima_lib.flags.fences import lower_fence, quartiles, upper_fence
from optima_lib.flags.findings import Finding, unjudge, values
from optima_lib.flags.gaps import Gaps

Meta = dict[str, float | None]
GAP, SCALED = pl.col("ecart"), pl.col("mesure")
COMMON = 1 / 4  # from this share on, equal prices reach the first quartile: the rule cannot tell them apart


@dataclass(frozen=True)
class _Scale:
    """The gaps on the scale of their fence: as they are, or by their logarithm.

    Attributes
    ----------
    frame : polars.DataFrame
        The gaps, with ``mesure``.
    first, third : float
        Quartiles of the measures; NaN when there are too few.
    back : callable
        Comes back from a measure to a gap.
    meta : dict
        What to tell of it.
    """

    frame: pl.DataFrame
    first: float
    third: float
    back: Callable[[float], float]
    meta: Meta


def flag_close_prices(cases: Cases, gaps: Gaps) -> Finding:
    """R024: the gap between the winning bid and the second is a low outlier.

    Mode ``cardinal``: gap ≤ Q1 − 1.5 (Q3 − Q1) of all gaps, when that fence and Q1 are above zero.

    Mode ``optima``: the fence stands on the logarithms of the gaps, q1 − 1.5 (q3 − q1), and comes back to a gap by
    the exponential, since gaps are skewed to the right and the first fence nearly always falls below zero. The
    quartiles are those of the gaps above zero; a gap of zero stands below any fence. A gap is flagged when it is at
    or below the fence and below the first quartile. Nothing is flagged, and the cases lack data, when a quarter of
    the gaps are zero, or when fewer gaps than ``minimum_observations`` are above zero.
    """
    fixed = cases.settings.threshold("R024")
    if fixed is not None:
        meta: Meta = {**gaps.states, "lower_fence": fixed}
        return _finding(cases, "R024", gaps, gaps.frame.filter(pl.lit(fixed > 0) & (fixed >= GAP)), meta)
    scale = _scale(cases, "R024", gaps)
    fence = lower_fence(scale.first, scale.third)
    meta = {**scale.meta, "lower_fence": scale.back(fence)}
    zeros = gaps.frame.select(GAP.eq(0).mean()).item() or 0.0
    firing = scale.back(scale.first) > 0 and scale.back(fence) > 0
    inside = pl.lit(value=True)
    if cases.settings.repaired:
        firing, inside = firing and zeros < COMMON, scale.first > SCALED
    if not firing:
        unjudge(meta)
    return _finding(cases, "R024", gaps, scale.frame.filter(pl.lit(firing) & (fence >= SCALED) & inside), meta)


def flag_heavy_discounts(cases: Cases, gaps: Gaps) -> Finding:
    """R058: the gap between the winning bid and the second is a high outlier.

    Mode ``cardinal``: gap ≥ Q3 + 1.5 (Q3 − Q1) of all gaps, when that fence is above zero.

    Mode ``optima``: the fence stands on the logarithms of the gaps above zero, as for R024, q3 + 1.5 (q3 − q1); a gap
    is flagged when it is at or above the fence and above the third quartile. Nothing is flagged, and the cases lack
    data, when fewer gaps than ``minimum_observations`` are above zero.
    """
    fixed = cases.settings.threshold("R058")
    if fixed is not None:
        meta: Meta = {**gaps.states, "upper_fence": fixed}
        return _finding(cases, "R058", gaps, gaps.frame.filter(pl.lit(fixed > 0) & (fixed <= GAP)), meta)
    scale = _scale(cases, "R058", gaps)
    fence = upper_fence(scale.first, scale.third)
    meta = {**scale.meta, "upper_fence": scale.back(fence)}
    firing = scale.back(fence) > 0
    if not firing:
        unjudge(meta)
    beyond = scale.third < SCALED if cases.settings.repaired else pl.lit(value=True)
    return _finding(cases, "R058", gaps, scale.frame.filter(pl.lit(firing) & (fence <= SCALED) & beyond), meta)


def _scale(cases: Cases, code: str, gaps: Gaps) -> _Scale:
    """Put the gaps on the scale of the mode, with their quartiles."""
    data = gaps.frame["ecart"].to_numpy()
    if not cases.settings.repaired:
        first, third = quartiles(gaps.frame["ecart"].drop_nulls().to_numpy())
        told: Meta = {**gaps.states, "q1": first, "q3": third}
        return _Scale(gaps.frame.with_columns(mesure=GAP), first, third, float, told)
    above = data[data > 0]
    minimum = int(cases.settings.number(code, "minimum_observations"))
    first, third = quartiles(np.log(above if len(above) >= minimum else above[:0]))
    told = {**gaps.states, "ecarts_positifs": len(above), "minimum_observations": minimum}
    told |= {"q1": math.exp(first), "q3": math.exp(third)}
    with np.errstate(divide="ignore"):  # the logarithm of no gap is below all others
        frame = gaps.frame.with_columns(mesure=np.log(data))
    return _Scale(frame, first, third, math.exp, told)


def _finding(cases: Cases, code: str, gaps: Gaps, found: pl.DataFrame, meta: Meta) -> Finding:
    """Flag the processes, by the most striking gap of their lots, and the winners (R024: the second bidders too)."""
    close = code == "R024"
    processes = found.group_by("processus", maintain_order=True).agg(GAP.min() if close else GAP.max())
    sides = [cases.members(gaps.parties(found, winner=each)) for each in ((True, False) if close else (True,))]
    tenderers = pl.concat(sides).select("processus", id="membre").unique(maintain_order=True)
    flagged = {"OCID": values(processes, "processus", GAP), "Tenderer": values(tenderers, "id", pl.lit(0.0))}
    return Finding(code, flagged, meta, {f"ocid_tenderer_{code.lower()}": tenderers})
