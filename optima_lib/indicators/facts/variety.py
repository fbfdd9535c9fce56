"""Suppliers of very different things, in the whole market."""

import polars as pl

from optima_lib.references import bound


def many_trades(rows: pl.DataFrame) -> pl.Series:
    """Return ``est_heterogene``: the supplier wins in unusually many CPV divisions; missing without a supplier.

    Among the suppliers that hold alone at least ``marches_minimum_heterogene`` contracts of the whole market (awards
    to several suppliers do not count): a number of divisions at or above the third quartile plus
    ``cloture_interquartile`` interquartile ranges (quartiles of type 8 of Hyndman and Fan), and above the third
    quartile: where all have the same number, none stands out. A supplier of fewer contracts is not one. Missing for
    all where fewer than ``effectif_minimal`` suppliers are that large. Source: Cardinal R048.
    """
    alone = rows.filter(pl.col("nb_titulaires") == 1).select("titulaire_no", "division").drop_nulls("titulaire_no")
    held = alone.group_by("titulaire_no").agg(
        contrats=pl.len(), divisions=pl.col("division").drop_nulls().n_unique().cast(pl.Float64)
    )
    large = held.filter(pl.col("contrats") >= bound("marches_minimum_heterogene"))
    if large.height < bound("effectif_minimal"):
        return pl.Series("est_heterogene", [None], dtype=pl.Boolean).new_from_index(0, rows.height)
    low, high = (_quartile(pl.col("divisions"), q) for q in (0.25, 0.75))
    fence = high + bound("cloture_interquartile") * (high - low)
    number = pl.col("divisions")
    told = large.select("titulaire_no", remarquable=(number >= fence - 1e-9) & (number > high))
    joined = rows.select("titulaire_no").join(told, on="titulaire_no", how="left", maintain_order="left")
    answer = pl.when(pl.col("titulaire_no").is_not_null()).then(pl.col("remarquable").fill_null(value=False))
    return joined.select(est_heterogene=answer).to_series()


def _quartile(values: pl.Expr, q: float) -> pl.Expr:
    """Return a quantile of type 8 of Hyndman and Fan.

    Examples
    --------
    >>> pl.DataFrame({"n": [99, 1, 66, 99]}).select(_quartile(pl.col("n"), 0.25).round(2)).item()
    28.08
    """
    ordered, n = values.sort(), values.len()
    place = (q * (n + 1 / 3) + 1 / 3).clip(1, n)
    below, above = (ordered.gather(each.cast(pl.Int64) - 1, null_on_oob=True) for each in (place.floor(), place.ceil()))
    return (below + (place - place.floor()) * (above - below)).first()
