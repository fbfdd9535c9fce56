"""Suppliers that a buyer had not retained for years, and what they won."""

import polars as pl

from optima_lib.references import bound

BUYER, YEAR, SUPPLIER = KEYS = ("acheteur_siren", "annee", "titulaire_no")


def add_newcomers(ties: pl.LazyFrame, suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Add whether a supplier is new to the buyer, whether that can be told, and what it won in the year.

    Parameters
    ----------
    ties : polars.LazyFrame
        One row per buyer, supplier and year.
    suppliers : polars.LazyFrame
        The facts *titulaires*.

    Returns
    -------
    polars.LazyFrame
        The same rows. Columns added: ``est_nouveau`` (won this year, and in none of the ``memoire_fournisseurs_ans``
        years before); ``a_recul`` (the buyer published suppliers in at least ``recul_minimum_ans`` of those years:
        otherwise all would look new); ``montant_engage_eur`` (its parts of the firm contracts and call-offs of the
        year, missing where no amount is known); ``a_engage`` (it won one of those); ``a_classe_inconnue`` (it won
        a contract whose amount is of unknown class).
    """
    dated = suppliers.filter(pl.col(YEAR).is_not_null(), pl.col(SUPPLIER).is_not_null())
    firm, amount = pl.col("est_engage"), pl.col("montant_part_eur")
    won = dated.group_by(KEYS).agg(
        pl.when(firm & amount.is_not_null()).then(amount).sum().alias("somme"),
        (firm & amount.is_not_null()).any().alias("a_montant"),
        firm.any().alias("a_engage"),
        pl.col("est_de_classe_inconnue").any().alias("a_classe_inconnue"),
    )
    absent = pl.col(YEAR) - pl.col(YEAR).shift(1).over(BUYER, SUPPLIER, order_by=YEAR)
    told = won.with_columns(
        est_nouveau=(absent > bound("memoire_fournisseurs_ans")).fill_null(value=True),
        montant_engage_eur=pl.when("a_montant").then("somme"),
    ).drop("somme", "a_montant")
    seen = told.join(_years_before(told), on=[BUYER, YEAR], how="left")
    enough = (pl.col("recul") >= bound("recul_minimum_ans")).fill_null(value=False)
    kept = seen.with_columns(a_recul=enough).drop("recul")
    return ties.join(kept, on=list(KEYS), how="left").with_columns(
        pl.col("est_nouveau", "a_recul", "a_engage", "a_classe_inconnue").fill_null(value=False)
    )


def _years_before(won: pl.LazyFrame) -> pl.LazyFrame:
    """Return, per buyer and year, in how many of the years remembered the buyer published suppliers (``recul``)."""
    years = won.select(BUYER, YEAR).unique()
    memory = range(1, int(bound("memoire_fournisseurs_ans")) + 1)
    later = pl.concat([years.with_columns(pl.col(YEAR) + after) for after in memory])
    return later.group_by(BUYER, YEAR).agg(recul=pl.len())
