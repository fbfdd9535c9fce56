"""Rates that contracts of the same kind have at the other buyers: what indirect standardisation expects."""

from collections.abc import Sequence

import polars as pl

from optima_lib.references import bound

BUYER = "acheteur_siren"
KIND, MINE = "cle_genre", "cle_genre_acheteur"


def expected_rate(
    facts: pl.LazyFrame, answer: pl.Expr, known: pl.Expr, cells: Sequence[str], name: str
) -> pl.LazyFrame:
    """Add, for each contract, the rate of an answer among the contracts of its kind that other buyers publish.

    Parameters
    ----------
    facts : polars.LazyFrame
        One row per contract of the whole market.
    answer, known : polars.Expr
        Whether the contract has what is counted, and whether that is known.
    cells : sequence of str
        The columns that tell kinds apart; a contract of which one is missing expects nothing.
    name : str
        The column added. It is missing where fewer than ``reference_marche_minimum`` contracts of other buyers are
        known: a buyer is never compared with itself, nor with a handful. All years count together.

    Examples
    --------
    >>> others = [{"acheteur_siren": "b", "division": "45", "oui": row < 6} for row in range(30)]
    >>> market = pl.LazyFrame([*others, {"acheteur_siren": "a", "division": "45", "oui": True}])
    >>> told = expected_rate(market, pl.col("oui"), pl.col("oui").is_not_null(), ["division"], "taux")
    >>> told.collect()["taux"].to_list()[-2:]
    [None, 0.2]
    """
    keyed = keyed_by(facts.with_columns(connu=known), cells)
    number, held = elsewhere(pl.col("connu")), elsewhere(pl.col("connu") & answer)
    told = pl.all_horizontal(pl.col(each).is_not_null() for each in cells)
    return keyed.with_columns(pl.when(told & enough(number)).then(held / number).alias(name)).drop(KIND, MINE, "connu")


def keyed_by(facts: pl.LazyFrame, cells: Sequence[str]) -> pl.LazyFrame:
    """Add one number for the kind of each contract, one for its kind and buyer: rows are grouped by them fastest."""
    return facts.with_columns(pl.struct(*cells).hash().alias(KIND), pl.struct(*cells, BUYER).hash().alias(MINE))


def elsewhere(test: pl.Expr) -> pl.Expr:
    """Count the contracts of a kind that hold, of the other buyers."""
    return test.sum().over(KIND).cast(pl.Int64) - test.sum().over(MINE).cast(pl.Int64)


def enough(number: pl.Expr) -> pl.Expr:
    """Tell whether enough contracts of other buyers make a reference."""
    return number >= bound("reference_marche_minimum")
