"""Rates that contracts of the same kind have at the other buyers: what indirect standardisation expects."""

from collections.abc import Mapping, Sequence

import polars as pl

from optima_lib.references import bound

BUYER = "acheteur_siren"
KIND, MINE = "cle_genre", "cle_genre_acheteur"


def expected_rates(
    facts: pl.LazyFrame, answers: Mapping[str, tuple[pl.Expr, pl.Expr]], cells: Sequence[str]
) -> pl.LazyFrame:
    """Add, for each contract, rates of answers among the contracts of its kind that other buyers publish.

    Parameters
    ----------
    facts : polars.LazyFrame
        One row per contract of the whole market.
    answers : mapping of str to a pair of polars.Expr
        By column added, whether the contract has what is counted, and whether that is known. The rate is missing
        where fewer than ``reference_marche_minimum`` contracts of other buyers are known: a buyer is never compared
        with itself, nor with a handful. All years count together.
    cells : sequence of str
        The columns that tell kinds apart; a contract of which one is missing expects nothing.

    Examples
    --------
    >>> others = [{"acheteur_siren": "b", "division": "45", "oui": row < 6} for row in range(30)]
    >>> market = pl.LazyFrame([*others, {"acheteur_siren": "a", "division": "45", "oui": True}])
    >>> answers = {"taux": (pl.col("oui"), pl.col("oui").is_not_null())}
    >>> expected_rates(market, answers, ["division"]).collect()["taux"].to_list()[-2:]
    [None, 0.2]
    """
    keyed = keyed_by(facts, cells)
    counts = {f"{name} connus": known.sum() for name, (_, known) in answers.items()}
    counts |= {f"{name} oui": (known & answer).sum() for name, (answer, known) in answers.items()}
    whole = [pl.col(each).is_not_null() for each in cells]
    mine = keyed.filter(whole).group_by(KIND, MINE).agg(**counts)
    rates = mine.select(MINE, **{name: _rate_elsewhere(name) for name in answers})
    return keyed.join(rates, on=MINE, how="left", maintain_order="left").drop(KIND, MINE)


def _rate_elsewhere(name: str) -> pl.Expr:
    """Return the rate of the other buyers of a kind, from the counts of each buyer and kind."""
    known, held = (pl.col(f"{name} {what}").cast(pl.Int64) for what in ("connus", "oui"))
    number = known.sum().over(KIND) - known
    return pl.when(enough(number)).then((held.sum().over(KIND) - held) / number)


def keyed_by(facts: pl.LazyFrame, cells: Sequence[str]) -> pl.LazyFrame:
    """Add one number for the kind of each contract, one for its kind and buyer: rows are grouped by them fastest."""
    return facts.with_columns(pl.struct(*cells).hash().alias(KIND), pl.struct(*cells, BUYER).hash().alias(MINE))


def elsewhere(test: pl.Expr) -> pl.Expr:
    """Count the contracts of a kind that hold, of the other buyers."""
    return test.sum().over(KIND).cast(pl.Int64) - test.sum().over(MINE).cast(pl.Int64)


def enough(number: pl.Expr) -> pl.Expr:
    """Tell whether enough contracts of other buyers make a reference."""
    return number >= bound("reference_marche_minimum")
