"""Facts of the suppliers that the company register tells: size, age, place, state."""

import polars as pl

from optima_lib.cleaning.suppliers import label_suppliers
from optima_lib.indicators.facts.base import Base
from optima_lib.references import bound

TOLD = ("categorie", "est_ess", "date_creation", "date_cessation", "etat", "commune", "departement", "region")
PLACE = "fournisseur_epci"
SMALL = "PME"


def registered(base: Base) -> pl.LazyFrame:
    """Return the rows of *titulaires* with what the register says of each, ``fournisseur_`` before its columns.

    ``fournisseur_epci`` is the SIREN of the intercommunality of its commune, which the territory tables tell.
    """
    tables = [base[name] for name in ("entreprises", "etablissements")]
    if all(table.select(pl.len()).collect().item() == 0 for table in tables):
        schema = label_suppliers(base["titulaires"].head(0), *tables).collect_schema()
        absent = [pl.lit(None, schema[name]).alias(f"fournisseur_{name}") for name in TOLD]
        return base["titulaires"].with_columns(*absent, pl.lit(None, pl.String).alias(PLACE))
    labelled = label_suppliers(base["titulaires"], *tables)
    named = labelled.rename({name: f"fournisseur_{name}" for name in TOLD})
    return named.join(_communities(base), on="fournisseur_commune", how="left", validate="m:1", maintain_order="left")


def _communities(base: Base) -> pl.LazyFrame:
    """Return the intercommunality of each commune."""
    communes = base["territoires"].filter(pl.col("categorie") == "commune", pl.col("code_insee").is_not_null())
    unique = communes.unique("code_insee", keep="first", maintain_order=True)
    return unique.select(pl.col("code_insee").alias("fournisseur_commune"), pl.col("epci_siren").alias(PLACE))


def add_small_firms(contracts: pl.LazyFrame, suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``a_une_pme``: whether one supplier of the contract at least is an SME.

    No where all are known and none is; missing where none is known to be one and some are unknown, or none is named.
    """
    known = suppliers.filter(pl.col("fournisseur_categorie").is_not_null())
    small = (pl.col("fournisseur_categorie").cast(pl.String) == SMALL).any()
    told = known.group_by("uid").agg(small.alias("pme"), pl.len().alias("connus"))
    counted = contracts.join(told, on="uid", how="left", maintain_order="left")
    every = pl.col("connus") == pl.col("nb_titulaires")
    answer = pl.when(pl.col("pme")).then(statement=True).when(every).then(statement=False)
    return counted.with_columns(a_une_pme=answer).drop("pme", "connus")


def add_firms(suppliers: pl.LazyFrame, buyers: pl.LazyFrame) -> pl.LazyFrame:
    """Add what an indicator asks of each supplier; missing where the register does not tell it.

    Columns added: ``est_pme``, ``est_ess``; ``est_meme_commune``, ``est_meme_epci``,
    ``est_meme_departement``, ``est_meme_region`` (place of the establishment that holds the contract, else of the head
    office, and of the buyer; an intercommunality is of itself);
    ``est_jeune`` (created less than the bound ``age_fournisseur_jours`` before the notification; a creation after
    it is a reorganisation or an error, hence missing); ``est_cesse_en_cours`` (closed after the notification and
    before the end of the contract, renewals included; missing where the closing date or the end is).
    """
    own = pl.when(pl.col("categorie") == "EPCI").then("acheteur_siren")
    places = buyers.select("acheteur_siren", "code_insee", acheteur_epci=pl.coalesce("epci_siren", own))
    placed = suppliers.join(places, on="acheteur_siren", how="left", validate="m:1", maintain_order="left")
    age = (pl.col("date_notification") - pl.col("fournisseur_date_creation")).dt.total_days()
    active = pl.col("fournisseur_etat").cast(pl.String) == "active"
    closed = pl.col("fournisseur_date_cessation")
    return placed.with_columns(
        est_pme=pl.col("fournisseur_categorie").cast(pl.String) == SMALL,
        est_ess=pl.col("fournisseur_est_ess"),
        est_meme_commune=pl.col("fournisseur_commune") == pl.col("code_insee"),
        est_meme_epci=pl.col(PLACE) == pl.col("acheteur_epci"),
        est_meme_departement=pl.col("fournisseur_departement").cast(pl.String) == pl.col("departement").cast(pl.String),
        est_meme_region=pl.col("fournisseur_region").cast(pl.String) == pl.col("region").cast(pl.String),
        est_jeune=pl.when(age >= 0).then(age < bound("age_fournisseur_jours")),
        est_cesse_en_cours=pl.when(active).then(statement=False).otherwise(
            (closed >= pl.col("date_notification")) & (closed < pl.col("date_fin"))
        ),
    )  # fmt: skip
