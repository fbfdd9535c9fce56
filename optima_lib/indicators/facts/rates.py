"""What the market says of a kind of contract: usual number of bids, rate of single bids."""

import polars as pl

from optima_lib.references import bound, reference

CELL = ("division", "type_achat", "classe_taille")
BUYER = "acheteur_siren"
KEYS = {
    "cle_genre": CELL,
    "cle_genre_acheteur": (*CELL, BUYER),
    "cle_division": ("division",),
    "cle_division_acheteur": ("division", BUYER),
}


def add_rates(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what contracts of the same kind show elsewhere.

    Only contracts put to competition whose number of bids and procedure are published count. All years together.
    A rate or a median rests on at least ``reference_marche_minimum`` contracts of other buyers; it is missing
    otherwise, and where the kind of the contract is not known.

    Columns added: ``classe_taille`` (class of the initial amount, ``references/classes_taille.csv``);
    ``taux_offre_unique_attendu`` (rate of single bids of the other buyers, the buyer left out, for the same CPV
    division, kind of purchase and class of amount); ``offres_mediane_division`` (median number of bids of the CPV
    division, the buyer included: removing one buyer moves a median of a whole division very little);
    ``ecart_offres`` (bids received minus that median, for contracts put to competition).
    """
    offers = pl.col("offres_recues")
    answered = (~pl.col("est_sans_appel") & offers.is_not_null()).fill_null(value=False)
    sized = facts.with_columns(classe_taille=_size(pl.col("montant_initial_eur")))
    keyed = sized.with_columns(**{name: _key(*columns) for name, columns in KEYS.items()}, repondu=answered)
    number = _others(pl.col("repondu"), "cle_genre", "cle_genre_acheteur")
    single = _others(pl.col("repondu") & (offers == 1), "cle_genre", "cle_genre_acheteur")
    around = _others(pl.col("repondu"), "cle_division", "cle_division_acheteur")
    usual = pl.when("repondu").then(offers).median().over("cle_division")
    known = pl.all_horizontal(pl.col(name).is_not_null() for name in CELL)
    told = keyed.with_columns(
        taux_offre_unique_attendu=pl.when(known & _enough(number)).then(single / number),
        offres_mediane_division=pl.when(pl.col("division").is_not_null() & _enough(around)).then(usual),
    )
    gap = pl.when("repondu").then(offers - pl.col("offres_mediane_division"))
    return told.with_columns(ecart_offres=gap).drop(*KEYS, "repondu")


def _key(*columns: str) -> pl.Expr:
    """Return one number for some columns: rows are grouped by it faster than by texts."""
    return pl.struct(columns).hash()


def _others(test: pl.Expr, kind: str, mine: str) -> pl.Expr:
    """Count the contracts of a kind that hold, of the other buyers."""
    return test.sum().over(kind).cast(pl.Int64) - test.sum().over(mine).cast(pl.Int64)


def _enough(number: pl.Expr) -> pl.Expr:
    return number >= bound("reference_marche_minimum")


def _size(amount: pl.Expr) -> pl.Expr:
    """Return the rank of the class of an amount, from 1; missing without an amount."""
    starts = [float(row["de_eur"]) for row in reference("classes_taille")]
    return pl.when(amount.is_not_null()).then(pl.sum_horizontal((amount >= start).cast(pl.Int8) for start in starts))
