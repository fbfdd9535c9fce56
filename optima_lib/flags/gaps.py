"""The gap between the winning bid and the next: (second − winner) / winner."""

from dataclasses import dataclass

import polars as pl

from optima_lib.flags.cases import STATUS, Cases
from optima_lib.flags.findings import JUDGED, count_states, state

AMOUNT = pl.col("montant")
WINS = pl.col("gagne")


@dataclass(frozen=True)
class Gaps:
    """The gaps, and how many cases were judged.

    Attributes
    ----------
    frame : polars.DataFrame
        One row per thing compared: ``unite``, ``processus``, ``ecart``, ``prix`` (of the winner) and ``bas`` (the lowest of
        the others).
    states : dict
        Number of cases by state; empty in the mode ``cardinal``.
    bids : polars.DataFrame
        The bids that were compared, with ``gagne``.
    """

    frame: pl.DataFrame
    states: dict[str, int]
    bids: pl.DataFrame

    def parties(self, found: pl.DataFrame, *, winner: bool) -> pl.DataFrame:
        """Give the party of the winning bid, or of the next: ``processus`` and ``groupe``, the first at equal prices."""
        price = "prix" if winner else "bas"
        side = self.bids.filter(winner == WINS).join(
            found.select("unite", "processus", price), on="unite", maintain_order="left"
        )
        side = side.filter(pl.col(price) == AMOUNT).unique("unite", keep="first", maintain_order=True)
        return side.select("processus", "groupe")


def measure_gaps(cases: Cases) -> Gaps:
    """Measure the gap of each thing compared.

    Cardinal's exclusions: prices are not compared; an award is not decided; several active awards; an award to
    several suppliers; the winner is not the lowest. A bid by several tenderers, without an amount or in another
    currency than the main one is left out.

    Mode ``optima``: lots are compared apart, and groups bid as one; a valid bid without an amount leaves the gap
    unknown, since it may be the second lowest; amounts are compared in the currency of the process, whatever that
    of the others.
    """
    return _repaired_gaps(cases) if cases.settings.repaired else _cardinal_gaps(cases)


def _cardinal_gaps(cases: Cases) -> Gaps:
    told = AMOUNT.is_not_null() & (pl.col("devise") == pl.lit(cases.currency, pl.Int32))
    alone = (pl.col("entrees") == 1) & pl.col("seul").is_not_null()
    bids = cases.bids.filter((STATUS == "valid") & alone & told).join(
        cases.sole_winners.select("unite", "fournisseur"), on="unite", maintain_order="left"
    )
    bids = bids.with_columns(gagne=pl.col("seul") == pl.col("fournisseur"))
    prices = bids.group_by("unite", maintain_order=True).agg(
        prix=AMOUNT.filter(WINS).min(), bas=AMOUNT.filter(~WINS).min()
    )
    gaps = cases.tables.unites.join(prices, on="unite", maintain_order="left").filter(pl.col("bas") >= pl.col("prix"))
    # where an identifier is met again, the last gap replaces the former ones
    gaps = gaps.with_columns(ecart=_gap().fill_nan(None), ocid=cases.tables.ocid.gather(gaps["processus"]))
    gaps = gaps.unique("ocid", keep="last", maintain_order=True)
    return Gaps(
        gaps.select("unite", "processus", "ecart", "prix", "bas"),
        {},
        bids.select("unite", "montant", "groupe", "gagne"),
    )


def _repaired_gaps(cases: Cases) -> Gaps:
    usable = AMOUNT.is_not_null() & (AMOUNT > 0)
    if cases.settings.currency:
        usable &= pl.col("devise") == cases.currency
    winners = cases.situations.select("unite", cle_gagnante="cle")
    valid = (
        cases.bids.filter(STATUS == "valid")
        .select("unite", "montant", "devise", "groupe", "cle")
        .join(winners, on="unite", how="left", maintain_order="left")
    )
    valid = valid.with_columns(gagne=(pl.col("cle") == pl.col("cle_gagnante")) & (pl.col("cle") > 0), utile=usable)
    known = valid.group_by("unite", maintain_order=True).agg(
        connues=(pl.col("utile").fill_null(value=False) & (pl.col("cle") > 0)).all(),
        devises=pl.col("devise").n_unique(),
        bidders=pl.col("cle").n_unique(),
        prix=AMOUNT.filter(WINS).min(),
        bas=AMOUNT.filter(~WINS).min(),
    )
    known = known.with_columns(pl.col("connues") & (pl.col("devises") == 1))
    units = cases.situations.join(known, on="unite", how="left", maintain_order="left")
    units = units.with_columns(state(_outside(cases), _lacking()))
    gaps = units.filter(pl.col("etat") == JUDGED).with_columns(ecart=_gap())
    compared = valid.select("unite", "montant", "groupe", "gagne")
    return Gaps(gaps.select("unite", "processus", "ecart", "prix", "bas"), count_states(units["etat"]), compared)


def _outside(cases: Cases) -> pl.Expr:
    """Tell the cases of which the rule says nothing: no comparison of prices, several winners, one bidder."""
    several = pl.col("finales") & (pl.col("actives") != 1)
    alone = pl.col("finales") & (pl.col("bidders").fill_null(0) < 2)
    other_criteria = pl.col("finales") & pl.col("connues") & (pl.col("bas") < pl.col("prix"))
    return ~cases.compared | several | alone | other_criteria.fill_null(value=False)


def _lacking() -> pl.Expr:
    return (
        ~pl.col("finales")
        | ~pl.col("connues").fill_null(value=False)
        | pl.col("prix").is_null()
        | pl.col("bas").is_null()
    )


def _gap() -> pl.Expr:
    return (pl.col("bas") - pl.col("prix")) / pl.col("prix")
