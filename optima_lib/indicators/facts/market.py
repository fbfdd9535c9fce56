"""Facts of a contract that all the others tell: ceilings of the market, rates expected of its kind."""

import polars as pl

from optima_lib.references import bound


def add_market(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``offres_plafonnees``: the number of bids, brought back to the market's ceiling.

    The ceiling is the smallest number that at least the share ``winsorisation_offres`` of all contracts put to
    competition do not exceed (quantile of type 1 of Hyndman and Fan), so that one wild number does not make a mean.
    """
    offers = pl.col("offres_recues")
    called = offers.filter(~pl.col("est_sans_appel")).drop_nulls().sort()
    ceiling = called.gather(_rank(called, bound("winsorisation_offres")), null_on_oob=True).first()
    return facts.with_columns(offres_plafonnees=offers.clip(upper_bound=ceiling).cast(pl.Float64))


def _rank(values: pl.Expr, quantile: float) -> pl.Expr:
    """Return the place (from 0) of a quantile of type 1."""
    return (values.len() * quantile - 1e-9).ceil().cast(pl.Int64).clip(lower_bound=1) - 1
