"""Facts of the suppliers of each contract, and of the ties between a buyer and a supplier."""

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.indicators.facts.conventions import Conventions
from optima_lib.indicators.facts.parties import add_parties

TEXTS = (
    "acheteur_siret",
    "objet",
    "date_publication",
    "considerations_sociales",
    "considerations_environnementales",
    "techniques",
    "modalites_execution",
    "forme_prix",
    "types_prix",
    "ccag",
    "lieu_code",
    "anomalies",
    *("est_siret_acheteur_invalide", "est_montant_improbable", "montant_par_habitant_eur", "rapport_famille"),
    *("est_notification_improbable", "est_cpv_malforme", "est_hors_nomenclature", "est_cpv_de_division"),
    *("a_modification_douteuse", "est_observe_assez", "est_hausse_precoce", "jours_avant_fin"),
    *("besoin_annuel_eur", "montant_annualise_eur", "est_en_cours", "a_echeance_voisine", "premiers_chiffres"),
)


def supplier_facts(contracts: pl.LazyFrame, base: Base, conventions: Conventions) -> pl.LazyFrame:
    """Return one row per contract and supplier, and one per contract without any.

    Columns beside those of the contracts: ``titulaire`` (SIREN, else the identifier as published), ``titulaire_no``
    (its number), ``part`` (of the contract: equal parts, or all to the first) and ``montant_part_eur`` (of the
    latest amount, or the initial one), as the conventions say; and those of :func:`add_parties`. A contract joins
    several suppliers (1:m).
    """
    identified = ("titulaire_id", "titulaire_type_id", "titulaire_siren")
    named = base["titulaires"].select("uid", *identified, rang=pl.int_range(pl.len()).over("uid"))
    joined = contracts.drop(TEXTS, strict=False).join(
        named, on="uid", how="left", validate="1:m", maintain_order="left"
    )
    told = add_parties(joined).with_columns(
        titulaire=pl.coalesce("titulaire_siren", "titulaire_id"), part=conventions.part_of_supplier()
    )
    numbered = told.with_columns(titulaire_no=pl.col("titulaire").rank("dense").cast(pl.Int64))
    return numbered.with_columns(montant_part_eur=pl.col(conventions.montant_fournisseurs) * pl.col("part"))


def relation_facts(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per buyer, supplier and year in which the supplier won a contract, or had the year before.

    Columns: ``acheteur_siren``, ``annee``, ``titulaire_no``, ``est_titulaire`` (this year), ``etait_titulaire`` (the year before), ``est_suivi`` (the buyer published contracts both years: the
    year can be compared with the one before).
    """
    keys = ["acheteur_siren", "annee", "titulaire_no"]
    told = pl.col("annee").is_not_null(), pl.col("titulaire_no").is_not_null()
    won = suppliers.filter(*told).select(pl.col("acheteur_siren").cast(pl.Categorical), *keys[1:]).unique()
    now = won.with_columns(est_titulaire=pl.lit(value=True), etait_titulaire=pl.lit(value=False))
    after = now.with_columns(
        pl.col("annee") + 1, est_titulaire=pl.col("etait_titulaire"), etait_titulaire=pl.col("est_titulaire")
    )
    ties = pl.concat([now, after.select(now.collect_schema().names())]).group_by(keys).agg(
        pl.col("est_titulaire").any(), pl.col("etait_titulaire").any()
    )  # fmt: skip
    years = ["acheteur_siren", "annee"]
    both = pl.col("est_titulaire").any().over(years) & pl.col("etait_titulaire").any().over(years)
    return ties.with_columns(pl.col("acheteur_siren").cast(pl.String), est_suivi=both).filter(
        pl.col("est_titulaire").any().over(years)
    )
