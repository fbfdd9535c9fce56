"""The gap between the bid retained and the next, and the gaps that stand out."""

import numpy as np
import polars as pl

from optima_lib.references import bound

STATUS, AMOUNT = pl.col("statut").cast(pl.String), pl.col("montant_eur")
NAME, KEPT = pl.col("soumissionnaire"), pl.col("est_retenue")
VALID, OUT = STATUS == "recevable", STATUS == "écartée"
COMMON = 0.25  # from this share of equal prices on, they reach the first quartile: none stands out


def price_gap() -> dict[str, pl.Expr]:
    """Return the gap of a contract, from its bids.

    ``ecart_prix``: the lowest valid price of the others less that of the bid retained, over the latter; missing unless
    every bid is known to be valid or set aside, all are for one lot, all valid ones have a price, one is known to
    be retained and the others not, and it is the lowest. ``est_ecart_sans_objet``: there is no such gap to know: one tenderer
    alone has valid bids, several tenderers are retained, or the bid retained is not the lowest.
    """
    settled = (VALID | OUT).fill_null(value=False).all()
    won, names = VALID & KEPT, NAME.filter(VALID)
    retained, second = AMOUNT.filter(won).first(), AMOUNT.filter(VALID & ~KEPT).min()
    known = (AMOUNT.filter(VALID).null_count() == 0) & (KEPT.filter(VALID).null_count() == 0) & (won.sum() == 1)
    readable = settled & (pl.col("lot_publie").n_unique() == 1) & known
    alone = settled & ((VALID.sum() < 2) | ((names.null_count() == 0) & (names.n_unique() == 1)))
    several, dearer = NAME.filter(won).n_unique() > 1, readable & (second < retained)
    return {
        "ecart_prix": pl.when(readable & (retained <= second)).then(second / retained - 1),
        "est_ecart_sans_objet": (alone | several | dearer).fill_null(value=False),
    }


def stand_out(gaps: pl.Series) -> dict[str, pl.Series]:
    """Tell the gaps that stand out of all those of the base; missing where too few gaps tell.

    ``est_prix_proche`` and ``est_prix_eloigne``: below and above the fences of Tukey of the logarithms (quartiles of type 8 of Hyndman and
    Fan). A gap of zero is below any fence; where a quarter of the gaps are zero, none stands out below.
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
