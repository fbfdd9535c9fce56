"""R035 and R038: bids set aside, all but the winner's, or more often than elsewhere."""

import polars as pl

from optima_lib.flags.cases import STATUS, Cases
from optima_lib.flags.fences import quartiles, upper_fence
from optima_lib.flags.findings import JUDGED, Finding, count_states, state, unjudge, values

OUT, BIDS = pl.col("ecartees"), pl.col("remises")


def flag_all_but_winner_disqualified(cases: Cases) -> Finding:
    """R035: one tenderer alone has valid bids, it supplies every active award, and others were disqualified.

    The value is the number of other tenderers with disqualified bids, at least ``threshold``.

    Mode ``optima``: lots are compared apart; a group that bids and supplies alone counts as one; awards to come, bids
    that are not told, or of unnamed tenderers or of untold status, lack data.
    """
    repaired = cases.settings.repaired
    units = cases.situations.filter(pl.col("finales")).join(
        cases.touched, on="unite", how="semi", maintain_order="left"
    )
    lone = _lone_winners(cases, units)
    out = cases.bids.filter(STATUS == "disqualified").join(lone.select("unite"), on="unite", how="semi")
    others = cases.members(out).select("unite", "membre").unique()
    own = cases.members(lone).select("unite", "membre").unique()
    counts = others.join(own, on=["unite", "membre"], how="anti").group_by("unite").agg(autres=pl.len())
    meta: dict[str, int] = {}
    if repaired:
        judged = _judged(cases)
        meta = count_states(judged["etat"])
        lone = lone.join(judged.filter(pl.col("etat") == JUDGED), on="unite", how="semi", maintain_order="left")
    threshold = max(cases.settings.number("R035", "threshold"), 1)
    found = lone.join(counts.filter(pl.col("autres") >= threshold), on="unite", maintain_order="left")
    winners = cases.members(found).select("processus", id="membre").unique(maintain_order=True)
    processes = found.group_by("processus", maintain_order=True).agg(pl.col("autres").max())
    flagged = {"OCID": values(processes, "processus", pl.col("autres")), "Tenderer": values(winners, "id", pl.lit(0.0))}
    return Finding("R035", flagged, meta, {"ocid_tenderer_r035": winners})


def _lone_winners(cases: Cases, units: pl.DataFrame) -> pl.DataFrame:
    """Give the things where one alone has valid bids and supplies every active award: ``unite``, ``processus``, ``groupe``."""
    who = "cle" if cases.settings.repaired else "membre"
    valid, active = cases.bids.filter(STATUS == "valid"), cases.awards.filter(STATUS == "active")
    bidders, suppliers = (_who(cases, each.join(units, on="unite", how="semi")) for each in (valid, active))
    alone = bidders.unique(["unite", who], maintain_order=True).filter(pl.len().over("unite") == 1)
    sole = suppliers.unique(["unite", who], maintain_order=True).filter(pl.len().over("unite") == 1)
    both = alone.join(sole.select("unite", who), on=["unite", who], how="semi", maintain_order="left")
    return units.select("unite", "processus").join(both.select("unite", "groupe"), on="unite", maintain_order="left")


def _who(cases: Cases, frame: pl.DataFrame) -> pl.DataFrame:
    """Name who stands behind bids or awards: each member, or in the mode ``optima`` each party."""
    return frame if cases.settings.repaired else cases.members(frame)


def _judged(cases: Cases) -> pl.DataFrame:
    known = STATUS.is_not_null().all() & (pl.col("cle") > 0).all()
    bids = cases.bids.group_by("unite").agg(connues=known, ecartees=(STATUS == "disqualified").sum())
    units = cases.situations.join(bids, on="unite", how="left", maintain_order="left")
    none_out = pl.col("a_offres") & pl.col("connues").fill_null(value=True) & (OUT.fill_null(0) == 0)
    outside = none_out | (pl.col("finales") & (pl.col("actives") == 0))
    return units.with_columns(state(outside, ~pl.col("finales") | ~pl.col("connues") | (pl.col("cle") == 0)))


def flag_disqualifications(cases: Cases) -> Finding:
    """R038: the ratio of disqualified to submitted bids of a buyer, a procuring entity or a tenderer is a high outlier.

    Outlier: at or above Q3 + 1.5 (Q3 − Q1), above zero, among those with enough bids.

    Mode ``cardinal``: ``minimum_contracting_processes`` is compared to the number of bids, as Cardinal's program does.

    Mode ``optima``: it is compared to the number of processes; the ratio must be above the third quartile (where all
    are the same, none is an outlier); at least ``minimum_observations`` are needed.
    """
    bids = cases.submitted.with_columns(ecartee=(STATUS == "disqualified").cast(pl.Int64))
    per_process = bids.group_by("processus").agg(ecartees=pl.col("ecartee").sum(), remises=pl.len())
    processes = cases.tables.processus.join(per_process, on="processus", maintain_order="left")
    tenderers = cases.members(bids).group_by("membre").agg(ecartees=pl.col("ecartee").sum(), remises=pl.len())
    size = pl.len() if cases.settings.repaired else BIDS.sum()
    bodies = {
        group: processes.drop_nulls(column).group_by(id=column).agg(OUT.sum(), BIDS.sum(), effectif=size)
        for group, column in (("Buyer", "acheteur"), ("ProcuringEntity", "entite"))
    }
    bodies["Tenderer"] = tenderers.select("ecartees", "remises", id="membre", effectif="remises")
    meta: dict[str, float | None] = {}
    flagged = {group: _outliers(cases, group, frame, meta) for group, frame in bodies.items()}
    touched = processes.filter(OUT > 0)
    maps = {
        "ocid_buyer_r038": touched.select("processus", id="acheteur").drop_nulls(),
        "ocid_procuringentity_r038": touched.select("processus", id="entite").drop_nulls(),
    }
    return Finding("R038", flagged, meta, maps)


def _outliers(cases: Cases, group: str, frame: pl.DataFrame, meta: dict[str, float | None]) -> pl.DataFrame:
    """Give the outliers of a group, ``id`` and ``valeur``, and tell the fences in ``meta``."""
    settings = cases.settings
    name = "minimum_submitted_bids" if group == "Tenderer" else "minimum_contracting_processes"
    minimum = settings.number("R038", name)
    enough = frame.filter(pl.col("effectif") >= minimum).sort("id").with_columns(valeur=OUT / BIDS)
    if settings.repaired:
        observations = settings.number("R038", "minimum_observations")
        meta |= {f"{group}_evalues": enough.height, f"{group}_donnees_insuffisantes": frame.height - enough.height}
        meta |= {f"{group}_minimum": int(minimum), "minimum_observations": int(observations)}
        enough = enough if enough.height >= observations else enough.clear()
    if not enough.height:
        unjudge(meta, f"{group}_")
        return enough.select("id", "valeur")
    fence, beyond = settings.threshold("R038"), pl.lit(value=True)
    if fence is None:
        first, third = quartiles(enough["valeur"].to_numpy())
        fence = upper_fence(first, third)
        meta |= {f"{group}_q1": first, f"{group}_q3": third}
        beyond = pl.col("valeur") > third if settings.repaired else beyond
    meta[f"{group}_upper_fence"] = fence
    return enough.filter(pl.lit(fence > 0) & (pl.col("valeur") >= fence) & beyond).select("id", "valeur")
