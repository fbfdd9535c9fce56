"""R003 and R018: what the call itself tells, its period and the number of tenderers."""

import polars as pl

from optima_lib.flags.cases import STATUS, SUBMITTED, Cases
from optima_lib.flags.findings import JUDGED, Finding, count_states, state, values
from optima_lib.flags.tables import OTHER


def flag_short_periods(cases: Cases) -> Finding:
    """R003: the period for submitting bids is shorter than a number of whole days.

    Mode ``optima``: a period that is not told, not readable or ends before it starts lacks data; a day without an
    hour is read.
    """
    settings, processes, days = cases.settings, cases.tables.processus, pl.col("jours")
    usual = settings.number("R003", "threshold")
    days_of = {cases.tables.mots[each]: number for each, number in settings.days.items() if each in cases.tables.mots}
    threshold = pl.col("details").replace_strict(days_of, default=usual, return_dtype=pl.Float64)
    threshold = threshold.fill_null(usual)
    in_method = _examined(cases, "R003")
    if not settings.repaired:
        found = processes.filter(in_method.fill_null(value=False) & pl.col("jours_stricts") & (days < threshold))
        return Finding("R003", {"OCID": values(found, "processus", pl.lit(1.0))})
    judged = processes.with_columns(state(~in_method, in_method.is_null() | days.is_null() | (days < 0)))
    found = judged.filter((pl.col("etat") == JUDGED) & (days < threshold))
    return Finding("R003", {"OCID": values(found, "processus", pl.lit(1.0))}, count_states(judged["etat"]))


def flag_single_bids(cases: Cases) -> Finding:
    """R018: one tenderer only, in a procedure open to competition.

    Mode ``optima``: where the number of tenderers is not told, or told as 0, the tenderers behind the submitted
    bids are counted; a bid whose status is not told, or more tenderers behind the bids than the number told, leave
    the process without an answer.
    """
    processes, told = cases.tables.processus, pl.col("soumissionnaires")
    in_method = _examined(cases, "R018")
    if not cases.settings.repaired:
        found = processes.filter(in_method.fill_null(value=False) & (told == 1))
        return Finding("R018", {"OCID": values(found, "processus", pl.lit(1.0))})
    counted = processes.join(_count_tenderers(cases), on="processus", how="left", maintain_order="left")
    known = pl.when(told >= 1).then(told).when(pl.col("sans_statut") == 0).then(pl.col("comptes"))
    counted = counted.with_columns(nombre=known)
    contradiction = (told >= 1) & (pl.col("comptes").fill_null(0) > told)
    lacking = in_method.is_null() | pl.col("nombre").fill_null(0).eq(0) | contradiction.fill_null(value=False)
    judged = counted.with_columns(state(~in_method, lacking))
    found = judged.filter((pl.col("etat") == JUDGED) & (pl.col("nombre") == 1))
    return Finding("R018", {"OCID": values(found, "processus", pl.lit(1.0))}, count_states(judged["etat"]))


def _examined(cases: Cases, code: str) -> pl.Expr:
    """Tell whether a rule examines a process, by its method: null when the method is not told."""
    methods = cases.settings.methods.get(code)
    return pl.col("methode").is_in(cases.tables.codes(methods)) if methods else pl.lit(value=True)


def _count_tenderers(cases: Cases) -> pl.DataFrame:
    """Count the tenderers of each process: each party once, each bid of an unnamed one once."""
    came = STATUS.is_in(SUBMITTED).fill_null(value=False)
    named = pl.col("cle").filter(came & (pl.col("cle") > 0)).n_unique()
    unnamed = (came & (pl.col("cle") == 0)).sum()
    return cases.bids.group_by("processus").agg(
        comptes=named + unnamed, sans_statut=(STATUS.is_null() | (STATUS == OTHER)).sum()
    )
