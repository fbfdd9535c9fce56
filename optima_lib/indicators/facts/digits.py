"""Facts of a contract about the digits of its amount."""

import polars as pl

from optima_lib.references import bound


def add_digits(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``premiers_chiffres``: the first two digits (10 to 99) of the initial amount of firm contracts.

    Of amounts of ``benford_montant_minimal`` at least: below it, thresholds of publication cut the distribution.
    """
    amount = pl.col("montant_initial_eur")
    told = pl.col("est_ferme") & (amount >= bound("benford_montant_minimal"))
    digits = amount.cast(pl.Int64, strict=False).cast(pl.String).str.slice(0, 2).cast(pl.Int64)
    return facts.with_columns(premiers_chiffres=pl.when(told).then(digits))
