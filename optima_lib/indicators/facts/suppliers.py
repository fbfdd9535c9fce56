"""Facts of the suppliers of each contract, and of the ties between a buyer and a supplier."""

import polars as pl

from optima_lib.indicators.facts.conventions import Conventions
from optima_lib.indicators.facts.firms import PLACE, TOLD, add_firms
from optima_lib.indicators.facts.newcomers import add_newcomers
from optima_lib.indicators.facts.parties import add_parties

TEXTS = (
    "acheteur_siret",
    "marche_id",
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
)
OF_CONTRACTS = (
    "mois",
    "est_annee_complete",
    "expire_bientot",
    "classe_taille",
    "taux_offre_unique_attendu",
    "offres_mediane_division",
    "ecart_offres",
    "nb_lots_consultation",
    "part_consultation",
    "est_alloti",
    "taux_social_attendu",
    "taux_environnemental_attendu",
    "type_groupement",
    "est_groupement",
    *("est_siret_acheteur_invalide", "est_montant_improbable", "montant_par_habitant_eur", "rapport_famille"),
    *("est_notification_improbable", "est_cpv_malforme", "est_hors_nomenclature", "est_cpv_de_division"),
    *("a_modification_douteuse", "est_observe_assez", "est_hausse_precoce", "jours_avant_fin"),
    *("besoin_annuel_eur", "montant_annualise_eur", "est_en_cours", "a_echeance_voisine", "premiers_chiffres"),
)


def supplier_facts(
    contracts: pl.LazyFrame, suppliers: pl.LazyFrame, buyers: pl.LazyFrame, conventions: Conventions
) -> pl.LazyFrame:
    """Return one row per contract and supplier, and one per contract without any.

    Columns beside those of the contracts: ``titulaire`` (SIREN, else the identifier as published), ``titulaire_no``
    (its number), ``part`` (of the contract: equal parts, or all to the first) and ``montant_part_eur`` (of the
    latest amount, or the initial one), as the conventions say; those of ``facts.firms`` and ``facts.parties``. A
    contract joins several suppliers (1:m), which stand together.
    """
    told = (*(f"fournisseur_{name}" for name in TOLD), PLACE)
    kept = ["uid", "titulaire_id", "titulaire_type_id", "titulaire_siren", *told]
    named = suppliers.select(*kept, rang=pl.int_range(pl.len()).over("uid"))
    light = contracts.drop(*TEXTS, *OF_CONTRACTS, strict=False)
    joined = light.join(named, on="uid", how="left", validate="1:m", maintain_order="left")
    shared = add_parties(joined).with_columns(
        titulaire=pl.coalesce("titulaire_siren", "titulaire_id"), part=conventions.part_of_supplier()
    )
    numbered = shared.with_columns(
        titulaire_no=pl.col("titulaire").rank("dense").cast(pl.Int64),
        montant_part_eur=pl.col(conventions.montant_fournisseurs) * pl.col("part"),
    )
    return add_firms(numbered, buyers).drop("date_fin")


def relation_facts(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per buyer, supplier and year in which the supplier won a contract, or had the year before.

    Columns: ``acheteur_siren``, ``annee``, ``titulaire_no``, ``est_titulaire`` (this year), ``etait_titulaire`` (the
    year before), ``est_suivi`` (the buyer published contracts both years: the year can be compared with the one
    before), and those of :func:`add_newcomers`.
    """
    key, years = ["acheteur", "annee", "titulaire_no"], ["acheteur", "annee"]
    dated = pl.col("annee").is_not_null(), pl.col("titulaire_no").is_not_null()
    named = suppliers.filter(*dated).select("acheteur_siren", *key[1:]).collect()
    named = named.with_columns(acheteur=pl.col("acheteur_siren").cast(pl.Categorical).to_physical())
    buyers = named.select("acheteur", "acheteur_siren").unique()
    won = named.select(key).unique()
    before = won.with_columns(pl.col("annee") + 1)
    published = won.select(years).unique()
    followed = published.join(published.with_columns(pl.col("annee") + 1), on=years, how="semi")
    ties = won.with_columns(ici=pl.lit(value=True)).join(
        before.with_columns(avant=pl.lit(value=True)), on=key, how="full", coalesce=True
    )
    here = ties.join(published, on=years, how="semi")
    told = here.join(followed.with_columns(est_suivi=pl.lit(value=True)), on=years, how="left")
    kept = (
        told.join(buyers, on="acheteur", how="left")
        .lazy()
        .select(
            "acheteur_siren",
            *key[1:],
            est_titulaire=pl.col("ici").fill_null(value=False),
            etait_titulaire=pl.col("avant").fill_null(value=False),
            est_suivi=pl.col("est_suivi").fill_null(value=False),
        )
    )
    return add_newcomers(kept, suppliers)
