"""Facts of the notices: one row per notice and lot, beside the call that it follows and the contract it is matched with."""

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.references import bound

CALL, AWARD = "appel", "attribution"
COMPARED = ("montant", "division", "procedure")


def add_launches(contracts: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Add ``date_lancement``: the day on which the call of the contract was published, where a notice tells it."""
    calls = base["avis"].filter(pl.col("nature").cast(pl.String) == CALL).select("avis_id", "date_publication")
    told = base["avis_marches"].join(calls, on="avis_id").group_by("uid").agg(
        date_lancement=pl.col("date_publication").min()
    )  # fmt: skip
    return contracts.join(told, on="uid", how="left", maintain_order="left")


def lot_facts(base: Base) -> pl.LazyFrame:
    """Return one row per notice of a known buyer and lot.

    Columns: those of *avis_lots*; ``acheteur_siren``, ``annee`` (of the publication), ``type_achat``, ``procedure``,
    ``est_groupement``; ``est_appel``, ``est_attribution``; ``part_avis`` (one divided by the lots of the notice, so
    that a notice counts once); ``est_sans_titulaire`` (no winner: fruitless or abandoned);
    ``delai_publicite_jours`` (from the publication of a call to its deadline); ``delai_decision_jours`` (from the
    deadline of the call that an award follows to its award); ``ecart_estimation`` (amount less estimate, over the
    estimate); ``champs_compares`` and ``champs_differents`` (amount, CPV division and procedure published by the
    notice and by the contract it is matched with; amounts differ beyond ``ecart_montant_avis``).
    """
    notices = base["avis"].filter(pl.col("acheteur_siren").is_not_null())
    calls = notices.select(avis_initial="avis_id", date_limite_appel="date_limite")
    kept = notices.select(
        "avis_id", "acheteur_siren", "nature", "date_publication", "date_limite", "type_achat", "procedure",
        "est_groupement", "avis_initial",
    ).join(calls, on="avis_initial", how="left")  # fmt: skip
    lots = base["avis_lots"].join(kept, on="avis_id", how="inner")
    nature, issue = pl.col("nature").cast(pl.String), pl.col("issue").cast(pl.String)
    told = lots.with_columns(
        annee=pl.col("date_publication").dt.year(),
        est_appel=nature == CALL,
        est_attribution=nature == AWARD,
        part_avis=1.0 / pl.len().over("avis_id"),
        est_sans_titulaire=issue != "attribué",
        delai_publicite_jours=_days("date_publication", "date_limite"),
        delai_decision_jours=_days("date_limite_appel", "date_attribution"),
        ecart_estimation=(pl.col("montant_eur") - pl.col("estimation_eur")) / pl.col("estimation_eur"),
    )
    return _compared(told, base)


def _days(start: str, end: str) -> pl.Expr:
    return (pl.col(end) - pl.col(start)).dt.total_days()


def _compared(lots: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Add how many fields a lot and its contract both publish, and how many differ."""
    contracts = base["marches"].select(
        "uid",
        montant_marche="montant_initial_eur",
        division_marche=pl.col("cpv").str.slice(0, 2),
        procedure_marche=pl.col("procedure").cast(pl.String),
    )
    matched = base["avis_marches"].select("avis_id", "lot", "uid").join(contracts, on="uid")
    joined = lots.join(matched, on=["avis_id", "lot"], how="left")
    gap = (pl.col("montant_eur") - pl.col("montant_marche")).abs() / pl.col("montant_marche")
    differs = (
        gap > bound("ecart_montant_avis"),
        pl.col("cpv").str.slice(0, 2) != pl.col("division_marche"),
        pl.col("procedure").cast(pl.String) != pl.col("procedure_marche"),
    )
    return joined.with_columns(
        champs_compares=pl.sum_horizontal(each.is_not_null().cast(pl.Float64) for each in differs),
        champs_differents=pl.sum_horizontal(each.fill_null(value=False).cast(pl.Float64) for each in differs),
    )
