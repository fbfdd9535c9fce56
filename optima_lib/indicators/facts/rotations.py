"""Facts of a family of purchases of a buyer: whether its winners alternate more than chance would have it."""

import polars as pl

from optima_lib.references import bound

FAMILY = ("acheteur_siren", "famille")
WINNER = "titulaire_no"


def rotation_facts(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per buyer and family (CPV group); contracts without a code make one.

    Columns: ``uid`` (the family, empty where there is none), ``annee`` (always missing: a sequence runs over years),
    ``nb_attributions`` (days on which one supplier alone won the family's contracts of one supplier),
    ``nb_series`` (runs of awards to one supplier), ``ecart_series`` (number of runs less the number expected, in
    standard deviations), ``est_alternance`` (above the quantile of ``alternance_p``). The last is missing under
    ``alternance_attributions_minimum`` awards or two winners, the others under as many contracts.

    Method: test of runs for several categories (Wallis and Roberts, Statistics, 1956; of two categories, Wald and
    Wolfowitz, 1940), one-sided, normal law, with a correction of continuity: with n awards, n_k of each winner,
    E = (n (n + 1) - Σ n_k²) / n and V = (Σ n_k² (Σ n_k² + n (n + 1)) - 2 n Σ n_k³ - n³) / (n² (n - 1)).
    """
    from scipy.stats import norm  # noqa: PLC0415 - slow to import

    families = suppliers.select(FAMILY).unique()
    awards = _awards(suppliers)
    told = _runs(awards).join(_squares(awards), on=FAMILY, validate="1:1").with_columns(ecart_series=_excess())
    enough = (pl.col("nb_attributions") >= bound("alternance_attributions_minimum")) & (pl.col("gagnants") > 1)
    tested = pl.when(enough).then(pl.col("ecart_series") > float(norm.isf(bound("alternance_p"))))
    joined = families.join(told.with_columns(est_alternance=tested), on=FAMILY, how="left", nulls_equal=True)
    return joined.select(
        *FAMILY,
        *("nb_attributions", "nb_series", "ecart_series", "est_alternance"),
        annee=pl.lit(None, pl.Int32),
        uid=pl.col("famille").fill_null(""),
    )


def _awards(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per family and day on which one supplier alone won, in order; of the families with enough."""
    known = [pl.col(name).is_not_null() for name in ("famille", "date_notification", WINNER)]
    alone = suppliers.filter(pl.col("nb_titulaires") == 1, *known)
    many = alone.group_by(FAMILY).len().filter(pl.col("len") >= bound("alternance_attributions_minimum"))
    winner = pl.col(WINNER)
    days = (
        alone.join(many, on=FAMILY, how="semi")
        .group_by(*FAMILY, "date_notification")
        .agg(winner.first(), gagnants=winner.n_unique())
    )
    return days.filter(pl.col("gagnants") == 1).sort(*FAMILY, "date_notification")


def _runs(awards: pl.LazyFrame) -> pl.LazyFrame:
    changed = (pl.col(WINNER) != pl.col(WINNER).shift()).fill_null(value=True)
    return awards.group_by(FAMILY, maintain_order=True).agg(nb_attributions=pl.len(), nb_series=changed.sum())


def _squares(awards: pl.LazyFrame) -> pl.LazyFrame:
    """Return the number of winners of each family, and the sums of their squared and cubed awards."""
    won = awards.group_by(*FAMILY, WINNER).agg(pl.len().cast(pl.Float64).alias("n"))
    n = pl.col("n")
    return won.group_by(FAMILY).agg(gagnants=pl.len(), carres=(n**2).sum(), cubes=(n**3).sum())


def _excess() -> pl.Expr:
    """Return the runs beyond those expected, in standard deviations, half a run taken off for continuity."""
    n, squares, cubes = pl.col("nb_attributions").cast(pl.Float64), pl.col("carres"), pl.col("cubes")
    expected = (n * (n + 1) - squares) / n
    variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3) / (n**2 * (n - 1))
    return pl.when((n > 1) & (variance > 0)).then((pl.col("nb_series") - 0.5 - expected) / variance.sqrt())
