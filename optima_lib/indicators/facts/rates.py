"""What the market says of a kind of contract: usual number of bids, rates of single bids and of considerations."""

import polars as pl

from optima_lib.indicators.facts.expected import elsewhere, enough, expected_rates, keyed_by
from optima_lib.references import reference

CELL = ("division", "type_achat", "classe_taille")
CONSIDERATIONS = {
    "taux_social_attendu": "a_consideration_sociale",
    "taux_environnemental_attendu": "a_consideration_environnementale",
}


def add_rates(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what contracts of the same kind show elsewhere.

    All years together. A rate or a median rests on at least ``reference_marche_minimum`` contracts of other buyers; it
    is missing otherwise, and where the kind of the contract is not known. For bids, only contracts put to competition
    whose number of bids and procedure are published count; for considerations, those that publish the heading.

    Columns added: ``classe_taille`` (class of the initial amount, ``references/classes_taille.csv``);
    ``taux_offre_unique_attendu`` (rate of single bids of the other buyers, the buyer left out, for the same CPV
    division, kind of purchase and class of amount); ``offres_mediane_division`` (median number of bids of the CPV
    division, the buyer included: removing one buyer moves a median of a whole division very little);
    ``ecart_offres`` (bids received minus that median, for contracts put to competition); ``taux_social_attendu`` and
    ``taux_environnemental_attendu`` (rates of contracts with a social, an environmental consideration at the other
    buyers, for the same CPV division and class of amount).
    """
    offers = pl.col("offres_recues")
    answered = (~pl.col("est_sans_appel") & offers.is_not_null()).fill_null(value=False)
    told = facts.with_columns(classe_taille=_size(pl.col("montant_initial_eur")), repondu=answered)
    told = expected_rates(told, {"taux_offre_unique_attendu": (offers == 1, pl.col("repondu"))}, CELL)
    considered = {name: (pl.col(column), pl.col(column).is_not_null()) for name, column in CONSIDERATIONS.items()}
    told = expected_rates(told, considered, ("division", "classe_taille"))
    return _beside_division(told).drop("repondu")


def _beside_division(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add the median number of bids of the division, and the contract's own less it."""
    keyed = keyed_by(facts, ["division"])
    usual = pl.when("repondu").then("offres_recues").median().over("cle_genre")
    around = enough(elsewhere(pl.col("repondu"))) & pl.col("division").is_not_null()
    told = keyed.with_columns(offres_mediane_division=pl.when(around).then(usual)).drop(
        "cle_genre", "cle_genre_acheteur"
    )
    gap = pl.when("repondu").then(pl.col("offres_recues") - pl.col("offres_mediane_division"))
    return told.with_columns(ecart_offres=gap)


def _size(amount: pl.Expr) -> pl.Expr:
    """Return the rank of the class of an amount, from 1; missing without an amount."""
    starts = [float(row["de_eur"]) for row in reference("classes_taille")]
    return pl.when(amount.is_not_null()).then(pl.sum_horizontal((amount >= start).cast(pl.Int8) for start in starts))
