"""Facts of a contract in each year in which it runs."""

import datetime as dt

import polars as pl

KEPT = (
    "uid",
    "acheteur_siren",
    "division",
    "famille",
    "type_achat",
    "categorie",
    "strate",
    "departement",
    "region",
    "epci_siren",
    "est_engage",
    "est_de_classe_inconnue",
)
START, END = "date_notification", "date_fin"


def execution_facts(contracts: pl.LazyFrame, latest: dt.date | None) -> pl.LazyFrame:
    """Return one row per contract and year in which it runs, up to the last day of the base.

    Columns beside some of those of the contracts: ``annee`` (the year of running); ``part_annee`` (days of that year
    over days of the contract, from its notification to ``date_fin``; the last year stops with the base);
    ``montant_annee_eur`` (the latest amount times that part). A contract without a date or duration has one row, of
    the year of its notification, whose part and amount are missing: it is concerned and cannot be placed.
    """
    kept = contracts.select(*KEPT, "annee", START, END, "montant_eur")
    after = pl.lit(latest, pl.Date) + pl.duration(days=1)
    stop = pl.min_horizontal(END, after)
    last = (stop - pl.duration(days=1)).dt.year()
    years = pl.when(pl.col(END).is_not_null()).then(pl.int_ranges(pl.col(START).dt.year(), last + 1, dtype=pl.Int32))
    spread = kept.with_columns(exercice=years).explode("exercice")
    begin, over = pl.date(pl.col("exercice"), 1, 1), pl.date(pl.col("exercice") + 1, 1, 1)
    days = (pl.min_horizontal(stop, over) - pl.max_horizontal(START, begin)).dt.total_days()
    part = pl.when(pl.col("exercice").is_not_null()).then(days / (pl.col(END) - pl.col(START)).dt.total_days())
    return spread.with_columns(part_annee=part, montant_annee_eur=pl.col("montant_eur") * part).select(
        *KEPT, pl.coalesce("exercice", "annee").alias("annee"), "part_annee", "montant_annee_eur"
    )
