"""R028 and R036: prices that are the same, and the lowest bid that is set aside."""

import polars as pl

from optima_lib.flags.cases import STATUS, Cases
from optima_lib.flags.findings import JUDGED, Finding, count_states, state, values

AMOUNT = pl.col("montant")


def flag_identical_prices(cases: Cases) -> Finding:
    """R028: different tenderers submitted bids at the same price, in the same currency.

    Mode ``optima``: only bids on the same lot are compared; an amount of zero or less is no price; fewer than two
    submitted bids are outside of the rule; bids that are not told, or whose amount is not, lack data, unless two of
    the others are the same.
    """
    repaired = cases.settings.repaired
    units = cases.tables.unites.filter(cases.compared).select("unite")
    currency = pl.lit(value=True) if repaired else pl.col("devise").is_not_null()
    priced = AMOUNT.is_not_null() & currency & ((AMOUNT > 0) if repaired else pl.lit(value=True))
    bids = cases.submitted.filter(priced & (pl.col("cle") > 0)).join(units, on="unite", maintain_order="left")
    price = ["unite", "montant", "devise"]
    bids = bids.select("processus", "groupe", "cle", *price).sort(price, maintain_order=True)
    pairs = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in price)
    bids = bids.filter((pairs | pairs.shift(-1)).fill_null(value=False))
    found = bids.filter(pl.col("cle").n_unique().over(price) > 1)
    tenderers = cases.members(found).select("processus", id="membre").unique(maintain_order=True)
    processes = found.unique("processus", keep="first", maintain_order=True)
    flagged = {"OCID": values(processes, "processus", pl.lit(1.0)), "Tenderer": values(tenderers, "id", pl.lit(1.0))}
    meta = _identical_states(cases, priced, found["unite"].implode()) if repaired else {}
    return Finding("R028", flagged, meta, {"ocid_tenderer_r028": tenderers})


def _identical_states(cases: Cases, priced: pl.Expr, found: pl.Series) -> dict[str, int]:
    known = (priced & (pl.col("cle") > 0)).fill_null(value=False).all()
    bids = cases.submitted.group_by("unite", maintain_order=True).agg(connues=known, remises=pl.len())
    units = cases.tables.unites.join(bids, on="unite", how="left", maintain_order="left")
    few = pl.col("a_offres") & (pl.col("remises").fill_null(0) < 2)
    answered = pl.col("connues") | pl.col("unite").is_in(found)
    return count_states(units.select(state(~cases.compared | few, ~pl.col("a_offres") | ~answered))["etat"])


def flag_lowest_disqualified(cases: Cases) -> Finding:
    """R036: the lowest submitted bid is disqualified, in a process with an award and a valid bid.

    Mode ``optima``: the disqualified bid is strictly below every other submitted bid of the lot (at equal prices, the
    answer of Cardinal depends on the order of the bids); amounts are compared in the currency of the process; a bid
    without an amount lacks data.
    """
    units = cases.situations.filter(cases.compared & (pl.col("actives") > 0)).select("unite")
    if cases.settings.repaired:
        return _strictly_lowest(cases, units)
    told = AMOUNT.is_not_null() & (pl.col("devise") == pl.lit(cases.currency, pl.Int32))
    bids = cases.submitted.filter(told).join(units, on="unite", maintain_order="left")
    lowest = bids.sort("unite", "montant", maintain_order=True).unique("unite", keep="first", maintain_order=True)
    valid = bids.filter(STATUS == "valid")
    found = lowest.filter(STATUS == "disqualified").join(valid, on="unite", how="semi", maintain_order="left")
    return Finding("R036", {"OCID": values(found, "processus", pl.lit(1.0))})


def _strictly_lowest(cases: Cases, units: pl.DataFrame) -> Finding:
    usable = (AMOUNT > 0).fill_null(value=False)
    if cases.settings.currency:
        usable &= (pl.col("devise") == cases.currency).fill_null(value=False)
    out = STATUS == "disqualified"
    touched = cases.submitted.join(cases.touched, on="unite", how="semi", maintain_order="left")
    bids = touched.group_by("unite", maintain_order=True).agg(
        connues=usable.all() & (pl.col("devise").n_unique() == 1),
        ecartee=AMOUNT.filter(out).min(),
        autre=AMOUNT.filter(~out).min(),
        ecartees=out.sum(),
        valables=(STATUS == "valid").sum(),
    )
    judged = cases.situations.join(bids, on="unite", how="left", maintain_order="left")
    none_out = pl.col("a_offres") & (pl.col("ecartees").fill_null(0) == 0)
    none_valid = pl.col("a_offres") & (pl.col("valables").fill_null(0) == 0)
    outside = ~cases.compared | (pl.col("a_attributions") & (pl.col("actives") == 0)) | none_out | none_valid
    judged = judged.with_columns(state(outside, ~pl.col("a_offres") | ~pl.col("a_attributions") | ~pl.col("connues")))
    found = judged.filter((pl.col("etat") == JUDGED) & (pl.col("ecartee") < pl.col("autre")))
    found = found.join(units, on="unite", how="semi", maintain_order="left").unique("processus", maintain_order=True)
    return Finding("R036", {"OCID": values(found, "processus", pl.lit(1.0))}, count_states(judged["etat"]))
