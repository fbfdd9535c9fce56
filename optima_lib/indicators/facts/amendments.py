"""Facts of a contract about its modifications: whether it was followed long enough, how far it drifted."""

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.references import bound


def add_amendments(facts: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Add how long a contract was followed, and the drift of its amount and duration.

    Columns added: ``est_suivi_un_an`` (notified at least the bound of months before the last day on which the data
    show its buyer: a notification, a publication or a modification; missing without a notification date);
    ``est_modifie``; ``derive_montant`` and ``derive_duree``, (latest - initial) / initial.

    A drift is missing where a state is, and where the latest falls short of the initial one by more than the
    largest drop that a modification was seen to make (``baisse_maximale_modification``): publishers then gave the
    change itself in the place of the new total, or corrected an error. Such a value is no drift.
    """
    months = f"{int(bound('anciennete_avenants_mois'))}mo"
    dated = facts.join(_last_changes(base), on="uid", how="left", validate="1:1", maintain_order="left")
    seen = pl.max_horizontal("date_notification", "date_publication", "derniere_modification")
    told = dated.with_columns(
        est_suivi_un_an=pl.col("date_notification").dt.offset_by(months) <= seen.max().over("acheteur_siren"),
        est_modifie=pl.col("nb_modifications") > 0,
        derive_montant=_drift("montant_eur", "montant_initial_eur"),
        derive_duree=_drift("duree_mois", "duree_initiale_mois"),
    )
    return told.drop("derniere_modification")


def _last_changes(base: Base) -> pl.LazyFrame:
    days = base["modifications"].select("uid", pl.max_horizontal("date_modification", "date_publication").alias("jour"))
    return days.group_by("uid").agg(pl.col("jour").max().alias("derniere_modification"))


def _drift(latest: str, initial: str) -> pl.Expr:
    """Return the relative change, missing where the latest value is no new total."""
    first, last = pl.col(initial).cast(pl.Float64), pl.col(latest).cast(pl.Float64)
    drift = (last - first) / first
    return pl.when(drift >= -bound("baisse_maximale_modification")).then(drift)
