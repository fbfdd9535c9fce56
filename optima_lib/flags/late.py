"""R030: a bid received after the deadline won."""

import polars as pl

from optima_lib.flags.cases import STATUS, Cases
from optima_lib.flags.findings import LACKING, OUTSIDE, Finding, count_states, values

LATE = pl.col("en_retard")


def flag_late_winners(cases: Cases) -> Finding:
    """R030: a valid bid came after the deadline, and one of its tenderers supplies an active award.

    Mode ``cardinal``: moments are compared as text, in whatever time zone they are written.

    Mode ``optima``: moments are compared; a winner of which one valid bid came in time is not flagged, since that bid
    may be the one that won; a group that bids and supplies counts as one; a winner whose bids do not all tell their moment lacks data, as does a process without a
    deadline.
    """
    active = cases.awards.filter(STATUS == "active")
    valid = cases.bids.filter(STATUS == "valid").select("unite", "groupe", "cle", "en_retard", "retard_texte")
    units = cases.tables.unites.filter(pl.col("a_offres") & pl.col("a_attributions")).select("unite", "processus")
    if not cases.settings.repaired:
        suppliers = cases.members(active).select("unite", "membre").unique()
        late = cases.members(valid.filter("retard_texte").join(units, on="unite", maintain_order="left"))
        won = late.join(suppliers, on=["unite", "membre"], how="semi", maintain_order="left")
        return _finding(won.select("processus", id="membre").unique(maintain_order=True), {})
    parties = active.filter(pl.col("cle") > 0).select("unite", "cle").unique()
    came = valid.join(parties, on=["unite", "cle"], how="semi", maintain_order="left")
    winners = came.group_by("unite", "cle", maintain_order=True).agg(
        pl.col("groupe").first(),
        connue=LATE.is_not_null().all() | (~LATE).any(),
        retard=LATE.fill_null(value=False).all(),
    )
    found = winners.filter(pl.col("connue") & pl.col("retard")).join(units, on="unite", maintain_order="left")
    found = cases.members(found).select("processus", id="membre").unique(maintain_order=True)
    return _finding(found, _states(cases, winners))


def _finding(found: pl.DataFrame, meta: dict[str, int]) -> Finding:
    processes = found.unique("processus", maintain_order=True)
    flagged = {"OCID": values(processes, "processus", pl.lit(1.0)), "Tenderer": values(found, "id", pl.lit(1.0))}
    return Finding("R030", flagged, meta, {"ocid_tenderer_r030": found})


def _states(cases: Cases, late: pl.DataFrame) -> dict[str, int]:
    """Count the things compared: without an active award, with bids whose moment is not known, judged."""
    known = late.group_by("unite").agg(connues=pl.col("connue").all())
    units = cases.situations.join(known, on="unite", how="left")
    outside = pl.col("a_attributions") & (pl.col("actives") == 0)
    lacking = ~pl.col("connues").fill_null(value=False)
    etat = pl.when(outside).then(pl.lit(OUTSIDE)).when(lacking).then(pl.lit(LACKING)).otherwise(pl.lit("evalues"))
    return count_states(units.select(etat.alias("etat"))["etat"])
