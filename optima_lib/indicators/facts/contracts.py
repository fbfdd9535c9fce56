"""Facts of a contract that its own row tells."""

import datetime as dt

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.indicators.facts.places import region_of_buyer
from optima_lib.references import bound

NO_CALL = (
    "Marché passé sans publicité ni mise en concurrence préalable",
    "Marché négocié sans publicité ni mise en concurrence préalable",
)
CONCESSIONS = ("Concession", "Délégation")
KEPT = (
    "uid",
    "acheteur_siren",
    "acheteur_siret",
    "marche_id",
    "annee",
    "objet",
    "cpv",
    "type_achat",
    "nature",
    "procedure",
    "date_notification",
    "date_publication",
    "duree_initiale_mois",
    "duree_mois",
    "montant_initial_eur",
    "montant_eur",
    "classe_montant",
    "offres_recues",
    "a_consideration_sociale",
    "a_consideration_environnementale",
    "considerations_sociales",
    "considerations_environnementales",
    "techniques",
    "modalites_execution",
    "id_accord_cadre",
    "forme_prix",
    "types_prix",
    "ccag",
    "type_groupement",
    "marche_innovant",
    "attribution_avance",
    "taux_avance",
    "sous_traitance_declaree",
    "origine_ue",
    "origine_france",
    "lieu_code",
    "nb_lots",
    "nb_titulaires",
    "nb_modifications",
    "nb_enregistrements",
    "nb_fichiers",
    "double_possible",
    "anomalies",
)
ALIKE = ("categorie", "population", "acheteur_siren")
PLACES = ("categorie", "strate", "departement", "region", "epci_siren", "population")


def contract_facts(base: Base) -> pl.LazyFrame:
    """Return one row per contract whose buyer has a SIREN, with what its own row tells.

    Columns beside those of *marchés*: the buyer's ``categorie``, ``strate``, ``departement``, ``region``,
    ``epci_siren`` and ``population`` (a region that is not told is that of the département); ``division`` and ``famille`` (first two and three digits of the CPV code);
    ``est_sans_appel``, ``est_concession`` (no where the nature is not published), ``est_ferme``, ``est_engage`` (firm or call-off), ``est_plafond``,
    ``est_de_classe_inconnue`` (neither nature nor techniques published; a concession's amount is of none);
    ``delai_publication_jours`` and ``est_publie_en_retard`` (published more than the legal number of months after).
    Rows stand buyer by buyer, like buyers side by side: the peers of one are then read, and summed, together.
    """
    bought = base["marches"].select(KEPT).filter(pl.col("acheteur_siren").is_not_null())
    placed = bought.join(
        base["acheteurs"].select("acheteur_siren", *PLACES), on="acheteur_siren", how="left", maintain_order="left"
    )
    placed = placed.with_columns(region=region_of_buyer()).sort(ALIKE, maintain_order=True)
    class_of = pl.col("classe_montant").cast(pl.String)
    nature = pl.col("nature").cast(pl.String)
    labelled = placed.with_columns(
        pl.col("cpv").str.slice(0, 2).alias("division"),
        pl.col("cpv").str.slice(0, 3).alias("famille"),
        pl.col("procedure").cast(pl.String).is_in(NO_CALL).alias("est_sans_appel"),
        pl.any_horizontal(nature.str.starts_with(each) for each in CONCESSIONS)
        .fill_null(value=False)
        .alias("est_concession"),
        (class_of == "ferme").fill_null(value=False).alias("est_ferme"),
        class_of.is_in(["ferme", "subsequent"]).fill_null(value=False).alias("est_engage"),
        (class_of == "plafond").fill_null(value=False).alias("est_plafond"),
        (pl.col("date_publication") - pl.col("date_notification")).dt.total_days().alias("delai_publication_jours"),
        _is_late().alias("est_publie_en_retard"),
    )
    unknown = pl.col("classe_montant").is_null() & (nature.is_null() | ~pl.col("est_concession"))
    return labelled.with_columns(est_de_classe_inconnue=unknown)


def _is_late() -> pl.Expr:
    """Tell contracts published after the same day of the month, the legal number of months later."""
    allowed = f"{int(bound('delai_publication_mois'))}mo"
    return pl.col("date_publication") > pl.col("date_notification").dt.offset_by(allowed)


def latest_day(marches: pl.LazyFrame) -> dt.date | None:
    """Return the last notification of the table: the day at which what is still running is told."""
    day = marches.select(pl.col("date_notification").max()).collect().item()
    return day if isinstance(day, dt.date) else None
