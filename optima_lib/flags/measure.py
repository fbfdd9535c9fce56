"""Every flag of the processes of a file, in the layout of Cardinal."""

from collections.abc import Callable
from typing import Any

import polars as pl

from optima_lib.flags.calls import flag_short_periods, flag_single_bids
from optima_lib.flags.cases import Cases
from optima_lib.flags.disqualified import flag_all_but_winner_disqualified, flag_disqualifications
from optima_lib.flags.fences import rounded
from optima_lib.flags.findings import GROUPS, Finding
from optima_lib.flags.gaps import measure_gaps
from optima_lib.flags.late import flag_late_winners
from optima_lib.flags.losing import flag_unsuccessful_tenderers
from optima_lib.flags.lots import divide
from optima_lib.flags.lowest import flag_identical_prices, flag_lowest_disqualified
from optima_lib.flags.prices import flag_close_prices, flag_heavy_discounts
from optima_lib.flags.settings import Settings
from optima_lib.flags.tables import Tables
from optima_lib.flags.variety import flag_varied_suppliers
from optima_lib.flags.versions import compile_versions

LISTED = ("ocid_tenderer", *(f"ocid_tenderer_r0{number}" for number in ("24", "28", "30", "35", "58")))
SINGLE = ("ocid_buyer_r038", "ocid_procuringentity_r038")
Result = dict[str, dict[str, Any]]

PRICE_RULES = {"R024": flag_close_prices, "R058": flag_heavy_discounts}
RULES: dict[str, Callable[[Cases], Finding]] = {
    "R003": flag_short_periods,
    "R018": flag_single_bids,
    "R025": flag_unsuccessful_tenderers,
    "R028": flag_identical_prices,
    "R030": flag_late_winners,
    "R035": flag_all_but_winner_disqualified,
    "R036": flag_lowest_disqualified,
    "R038": flag_disqualifications,
    "R048": flag_varied_suppliers,
}


def measure_flags(tables: Tables, settings: Settings, *, maps: bool = False) -> Result:
    """Compute the flags that the settings ask for.

    Parameters
    ----------
    tables : Tables
        The processes of a file.
    settings : Settings
        The mode, the flags and their numbers.
    maps : bool
        Whether to tell which organisations each process leads to (``Maps``).

    Returns
    -------
    dict
        ``OCID``, ``Buyer``, ``ProcuringEntity``, ``Tenderer``: for each flagged identifier, the value of each flag.
        A group of which nobody is flagged is not there. ``Meta``: for each flag, its quartiles and fences to four
        decimals, and in the mode ``optima`` its minimums and the number of cases judged, lacking data and outside
        of the rule; ``optima`` there holds the numbers of processes.
    """
    counts: dict[str, Any] = {"mode": settings.mode, "releases": tables.processus.height}
    if settings.repaired:
        tables = compile_versions(tables)
        counts["processus_lus"] = tables.processus.height
    cancelled = pl.col("annule").fill_null(value=False)
    excluded = pl.col("details").is_in(tables.codes(settings.excluded)).fill_null(value=False)
    if settings.repaired:
        counts["processus_annules"] = int(tables.processus.select(cancelled.sum()).item())
        counts["processus_exclus"] = int(tables.processus.select((excluded & ~cancelled).sum()).item())
    tables = tables.keep(~cancelled & ~excluded)
    if settings.repaired:
        tables = divide(tables)
    counts |= {"processus_examines": tables.processus.height, "lots_ou_processus_examines": tables.unites.height}
    cases = Cases(tables, settings)
    findings = _find(cases)
    result = _lay_out(findings, tables)
    if settings.repaired:
        result["Meta"]["optima"] = counts
    return result | ({"Maps": _maps(cases, findings)} if maps else {})


def _find(cases: Cases) -> list[Finding]:
    """Apply the rules; R024 and R058 share the gaps, which are let go of before the others."""
    codes, findings = cases.settings.codes, []
    if {"R024", "R058"} & set(codes):
        gaps = measure_gaps(cases)
        findings = [rule(cases, gaps) for code, rule in PRICE_RULES.items() if code in codes]
        del gaps
    findings += [rule(cases) for code, rule in RULES.items() if code in codes]
    return sorted(findings, key=lambda each: each.code)


def _lay_out(findings: list[Finding], tables: Tables) -> Result:
    groups: Result = {group: {} for group in GROUPS}
    for finding in findings:
        for group, frame in finding.flagged.items():
            into, names = groups[group], _names(tables, group).gather(frame["id"])
            for identifier, value in zip(names.to_list(), frame["valeur"].to_list(), strict=True):
                into.setdefault(identifier, {})[finding.code] = value
    meta = {each.code: {name: _number(value) for name, value in each.meta.items()} for each in findings if each.meta}
    return {group: found for group, found in groups.items() if found} | {"Meta": meta}


def _names(tables: Tables, group: str) -> pl.Series:
    """Give the identifiers that the numbers of a group stand for."""
    if group == "OCID":
        return tables.ocid
    return tables.noms if group == "Tenderer" else tables.organismes


def _number(value: float | None) -> float | None:
    """Round a fence; a count stays whole."""
    return value if isinstance(value, int) else rounded(value)


def _maps(cases: Cases, findings: list[Finding]) -> dict[str, Any]:
    """Tell the organisations of each process, in Cardinal's maps, each there even when empty."""
    frames = {name: frame for each in findings for name, frame in each.maps.items()}
    if {"R025", "R038", "R048"} & set(cases.settings.codes):
        frames["ocid_tenderer"] = (
            cases.members(cases.submitted).select("processus", id="membre").unique(maintain_order=True)
        )
    maps: dict[str, Any] = {name: {} for name in (*SINGLE, *LISTED)}
    for name, frame in frames.items():
        ocids = cases.tables.ocid.gather(frame["processus"]).to_list()
        names = _names(cases.tables, "Tenderer" if name in LISTED else "Buyer").gather(frame["id"]).to_list()
        for ocid, identifier in zip(ocids, names, strict=True):
            if name in SINGLE:
                maps[name][ocid] = identifier
            else:
                maps[name].setdefault(ocid, []).append(identifier)
    return maps
