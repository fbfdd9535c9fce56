"""Facts of the ties between a buyer and a supplier, year after year."""

import polars as pl

from optima_lib.references import bound

SIREN = "acheteur_siren"
BUYER, YEAR, SUPPLIER = KEY = ("acheteur", "annee", "titulaire_no")
ANSWERS = ("est_titulaire", "etait_titulaire", "est_nouveau", "a_recul", "a_engage", "a_classe_inconnue")


def relation_facts(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per buyer, supplier and year in which the supplier won a contract, or had the year before.

    Years in which the buyer published no supplier have no row.

    Columns: ``acheteur_siren``, ``annee``, ``titulaire_no``, ``est_titulaire`` (this year), ``etait_titulaire`` (the
    year before), ``est_suivi`` (the buyer published contracts both years: the year can be compared with the one
    before); of the suppliers of this year: ``est_nouveau`` (in none of the ``memoire_fournisseurs_ans`` years
    before), ``a_recul`` (the buyer published suppliers in at least ``recul_minimum_ans`` of those years: otherwise all
    would look new), ``montant_engage_eur`` (its parts of the firm contracts and call-offs of the year, missing where
    no amount is known), ``a_engage`` (it won one of those), ``a_classe_inconnue`` (it won a contract whose amount is of
    unknown class).
    """
    dated = suppliers.filter(pl.col(YEAR).is_not_null(), pl.col(SUPPLIER).is_not_null())
    # buyers are numbered: numbers are grouped faster than texts
    number = pl.col(SIREN).cast(pl.String).cast(pl.Categorical).to_physical()
    told = dated.with_columns(number.alias(BUYER)).select(
        SIREN, *KEY, *("est_engage", "est_de_classe_inconnue", "montant_part_eur")
    ).collect()  # fmt: skip
    won = _won(told)
    before = won.select(BUYER, pl.col(YEAR) + 1, SUPPLIER, etait_titulaire=pl.lit(value=True))
    ties = won.join(before, on=KEY, how="full", coalesce=True).join(_years(won), on=[BUYER, YEAR])
    recent = pl.col("est_titulaire") & (pl.col("recul") >= bound("recul_minimum_ans"))
    answered = ties.with_columns(a_recul=recent).with_columns(pl.col(ANSWERS).fill_null(value=False))
    sirens = told.select(BUYER, SIREN).unique()
    return answered.join(sirens, on=BUYER).drop(BUYER, "recul").lazy()


def _won(told: pl.DataFrame) -> pl.DataFrame:
    """Return one row per buyer, supplier and year in which it won, with what it won and whether it is new."""
    firm, amount = pl.col("est_engage"), pl.col("montant_part_eur")
    summed = pl.when(firm).then(amount)
    won = told.group_by(KEY).agg(
        pl.when(summed.count() > 0).then(summed.sum()).alias("montant_engage_eur"),
        firm.any().alias("a_engage"),
        pl.col("est_de_classe_inconnue").any().alias("a_classe_inconnue"),
    )
    ordered = won.sort(BUYER, SUPPLIER, YEAR)
    again = (pl.col(BUYER) == pl.col(BUYER).shift()) & (pl.col(SUPPLIER) == pl.col(SUPPLIER).shift())
    absent = pl.col(YEAR) - pl.col(YEAR).shift()
    known = (again & (absent <= bound("memoire_fournisseurs_ans"))).fill_null(value=False)
    return ordered.with_columns(est_titulaire=pl.lit(value=True), est_nouveau=~known)


def _years(won: pl.DataFrame) -> pl.DataFrame:
    """Return the years in which each buyer published suppliers.

    Columns: ``est_suivi`` (it did the year before), ``recul`` (in how many of the years remembered it did).
    """
    years = won.select(BUYER, YEAR).unique()
    memory = range(1, int(bound("memoire_fournisseurs_ans")) + 1)
    later = pl.concat([years.with_columns(pl.col(YEAR) + after, avant=pl.lit(after)) for after in memory])
    told = later.group_by(BUYER, YEAR).agg(recul=pl.len(), est_suivi=(pl.col("avant") == 1).any())
    joined = years.join(told, on=[BUYER, YEAR], how="left")
    return joined.with_columns(pl.col("recul").fill_null(0), pl.col("est_suivi").fill_null(value=False))
