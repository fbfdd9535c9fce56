"""Facts of a contract that its bids tell, where they are published."""

import numpy as np
import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.references import bound

STATUS, AMOUNT = pl.col("statut").cast(pl.String), pl.col("montant_eur")
VALID, OUT, KEPT = STATUS == "recevable", STATUS == "écartée", pl.col("est_retenue")
COMMON = 0.25  # from this share of equal prices on, they reach the first quartile: none stands out
MADE = {
    "offres_deposees": pl.Float64,
    "offres_ecartees": pl.Float64,
    "ecart_prix": pl.Float64,
    "est_prix_proche": pl.Boolean,
    "est_prix_eloigne": pl.Boolean,
    "a_prix_identiques": pl.Boolean,
    "est_retenue_hors_delai": pl.Boolean,
    "est_seule_recevable": pl.Boolean,
    "a_moins_disante_ecartee": pl.Boolean,
}


def add_bids(contracts: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Add what the bids of a contract tell; all is missing where none is published.

    Columns added: ``offres_deposees`` and ``offres_ecartees`` (submitted, and set aside);
    ``ecart_prix`` (second lowest valid price less that of the bid retained, over the latter; missing unless one bid
    is retained, all valid ones have a price, and it is the lowest of two at least); ``est_prix_proche`` and
    ``est_prix_eloigne`` (that gap stands outside the fences of Tukey of the logarithms of all gaps of the base);
    ``a_prix_identiques`` (two tenderers submitted the same price; missing under two bids, and where a price is missing
    and no two are the same); ``est_retenue_hors_delai`` (a bid retained came after the deadline);
    ``est_seule_recevable`` (all bids but those of the tenderer retained were set aside, one at least);
    ``a_moins_disante_ecartee`` (a bid set aside is strictly lower than all others; missing unless one is set aside, one is
    valid and all have a price).
    """
    told = base["offres"].collect()
    if told.is_empty():
        return contracts.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in MADE.items())
    judged = told.group_by("uid").agg(**_answers()).join(_same_price(told), on="uid", how="left")
    several = (pl.col("offres_deposees") > 1) & (pl.col("sont_chiffrees") | pl.col("identiques"))
    known = judged.with_columns(
        a_prix_identiques=pl.when(several).then(pl.col("identiques").fill_null(value=False))
    ).with_columns(**_outside(judged["ecart_prix"]))  # fmt: skip
    return contracts.join(known.lazy().select("uid", *MADE), on="uid", how="left", maintain_order="left")


def _answers() -> dict[str, pl.Expr]:
    """Return what the bids of one contract say together."""
    retained, second = AMOUNT.filter(VALID & KEPT), AMOUNT.filter(VALID & ~KEPT).min()
    alone = (VALID & KEPT).sum() == 1
    priced = AMOUNT.filter(VALID).null_count() == 0
    lowest = alone & priced & KEPT.null_count().eq(0) & (retained.first() <= second)
    winners = KEPT.fill_null(value=False)
    others_valid = (VALID & ~winners).any()
    comparable = OUT.any() & VALID.any() & (AMOUNT.null_count() == 0)
    return {
        "offres_deposees": pl.len().cast(pl.Float64),
        "offres_ecartees": OUT.sum().cast(pl.Float64),
        "ecart_prix": pl.when(lowest).then(second / retained.first() - 1),
        "est_retenue_hors_delai": pl.when(winners.any()).then(_any(pl.col("est_hors_delai").filter(winners))),
        "est_seule_recevable": pl.when(winners.any()).then(~others_valid & (OUT & ~winners).any()),
        "a_moins_disante_ecartee": pl.when(comparable).then(AMOUNT.filter(OUT).min() < AMOUNT.filter(~OUT).min()),
        "sont_chiffrees": AMOUNT.null_count() == 0,
    }


def _any(answers: pl.Expr) -> pl.Expr:
    """Tell whether one holds; missing where none does and some are missing."""
    return pl.when(answers.any()).then(statement=True).when(answers.null_count() == 0).then(statement=False)


def _same_price(told: pl.DataFrame) -> pl.DataFrame:
    """Return the contracts in which different tenderers submitted one price."""
    priced = told.filter(AMOUNT.is_not_null(), pl.col("soumissionnaire").is_not_null())
    alike = priced.group_by("uid", "montant_eur").agg(pl.col("soumissionnaire").n_unique().alias("n"))
    return alike.group_by("uid").agg(identiques=(pl.col("n") > 1).any())


def _outside(gaps: pl.Series) -> dict[str, pl.Series]:
    """Tell the gaps outside the fences of the logarithms; missing where too few gaps make one.

    Quartiles of type 8 of Hyndman and Fan. A gap of zero is below any fence.
    """
    with np.errstate(divide="ignore"):  # the logarithm of no gap is below all others
        logs = np.log(gaps.fill_null(np.nan).to_numpy())
    above = logs[np.isfinite(logs)]
    nothing = pl.Series([None], dtype=pl.Boolean).new_from_index(0, len(gaps))
    if len(above) < bound("effectif_minimal"):
        return {"est_prix_proche": nothing, "est_prix_eloigne": nothing}
    first, third = np.quantile(above, [0.25, 0.75], method="median_unbiased")
    reach = bound("cloture_interquartile") * (third - first)
    close = pl.Series((logs <= first - reach) & (logs < first))
    far = pl.Series((logs >= third + reach) & (logs > third))
    common = np.isneginf(logs).sum() >= COMMON * (~np.isnan(logs)).sum()
    known = gaps.is_not_null()
    return {
        "est_prix_proche": nothing if common else close.zip_with(known, nothing),
        "est_prix_eloigne": far.zip_with(known, nothing),
    }
