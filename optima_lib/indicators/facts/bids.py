"""Facts of a contract that its bids tell, where they are published."""

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.indicators.facts.price_gaps import price_gap, stand_out

STATUS, AMOUNT = pl.col("statut").cast(pl.String), pl.col("montant_eur")
NAME, KEPT, LATE = pl.col("soumissionnaire"), pl.col("est_retenue"), pl.col("est_hors_delai")
VALID, OUT = STATUS == "recevable", STATUS == "écartée"
WON = VALID & KEPT
SETTLED = (VALID | OUT).fill_null(value=False).all()
ONE_LOT = pl.col("lot_publie").n_unique() == 1
MADE = {
    "offres_deposees": pl.Float64,
    "offres_ecartees": pl.Float64,
    "ecart_prix": pl.Float64,
    "est_ecart_sans_objet": pl.Boolean,
    "est_prix_proche": pl.Boolean,
    "est_prix_eloigne": pl.Boolean,
    "a_prix_identiques": pl.Boolean,
    "est_retenue_hors_delai": pl.Boolean,
    "est_seule_recevable": pl.Boolean,
    "a_moins_disante_ecartee": pl.Boolean,
}


def add_bids(contracts: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Add what the bids of a contract tell; all is missing where none is published.

    A contract is *settled* when every bid of it is known to be valid or set aside. Where its bids are for several
    lots, what compares them is missing. Columns added:

    ``offres_deposees`` (bids submitted; missing where the status of one is not published); ``offres_ecartees``
    (those set aside; missing unless settled);
    ``ecart_prix``, ``est_ecart_sans_objet`` (see :func:`price_gap`), ``est_prix_proche``, ``est_prix_eloigne`` (see
    :func:`stand_out`);
    ``a_prix_identiques`` (two tenderers submitted the same price for one lot; else missing under two bids, where the
    price or the status of a bid is missing, and where an unnamed bid has the price of another);
    ``est_retenue_hors_delai`` (all bids of a tenderer retained came after the deadline; missing where none is retained);
    ``est_seule_recevable`` (one tenderer alone has valid bids, it is retained, and bids of others were set aside; missing unless a
    bid is retained and the contract settled, but no where another tenderer has a valid bid);
    ``a_moins_disante_ecartee`` (a bid set aside is strictly lower than all valid ones; missing unless settled, with
    one of each at least and all prices).
    """
    told = base["offres"].collect()
    if told.is_empty():
        return contracts.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in MADE.items())
    judged = told.group_by("uid").agg(**_numbers(), **price_gap(), **_set_aside())
    for each in (_same_price(told), _late(told)):
        judged = judged.join(each, on="uid", how="left", validate="1:1")
    known = judged.with_columns(**stand_out(judged["ecart_prix"])).select("uid", *MADE)
    return contracts.join(known.lazy(), on="uid", how="left", maintain_order="left")


def _numbers() -> dict[str, pl.Expr]:
    return {
        "offres_deposees": pl.when(STATUS.null_count() == 0).then(pl.len().cast(pl.Float64)),
        "offres_ecartees": pl.when(SETTLED).then(OUT.sum().cast(pl.Float64)),
    }


def _set_aside() -> dict[str, pl.Expr]:
    """Return what the bids that were set aside tell."""
    refused = (VALID & ~KEPT).any() | (NAME.filter(WON).n_unique() > 1)
    clear = SETTLED & (KEPT.filter(VALID).null_count() == 0)
    own = _members(NAME.filter(WON))
    others = (~_members(NAME.filter(OUT)).is_in(own.implode())).any()
    lone = (
        pl.when(refused).then(statement=False)
        .when(clear & others).then(statement=True)
        .when(clear & (NAME.filter(OUT).null_count() == 0)).then(statement=False)
    )  # fmt: skip
    comparable = SETTLED & ONE_LOT & OUT.any() & VALID.any() & (AMOUNT.null_count() == 0)
    return {
        "est_seule_recevable": pl.when(ONE_LOT & WON.any()).then(lone),
        "a_moins_disante_ecartee": pl.when(comparable).then(AMOUNT.filter(OUT).min() < AMOUNT.filter(VALID).min()),
    }


def _members(names: pl.Expr) -> pl.Expr:
    """Give the members of groups."""
    return names.drop_nulls().str.split("+").explode()


def _same_price(told: pl.DataFrame) -> pl.DataFrame:
    """Tell the contracts for a lot of which different tenderers submitted one price."""
    alike = (NAME.drop_nulls().n_unique() > 1) & AMOUNT.first().is_not_null()
    prices = told.filter(STATUS.is_not_null()).group_by("uid", "lot_publie", "montant_eur").agg(
        memes=alike, doute=(NAME.null_count() > 0) & (pl.len() > 1), prix_absent=AMOUNT.null_count() > 0
    )  # fmt: skip
    unsure = pl.any_horizontal("doute", "prix_absent").any()
    found = prices.group_by("uid").agg(memes=pl.col("memes").any(), doute=unsure)
    counts = told.group_by("uid").agg(n=pl.len(), statut_absent=STATUS.null_count() > 0)
    joined = counts.join(found, on="uid", how="left", validate="1:1")
    clean = (pl.col("n") > 1) & ~pl.col("doute") & ~pl.col("statut_absent")
    answer = pl.when("memes").then(statement=True).when(clean).then(statement=False)
    return joined.select("uid", a_prix_identiques=answer)


def _late(told: pl.DataFrame) -> pl.DataFrame:
    """Tell the contracts of which all bids of a tenderer retained were late: one in time may be that which won."""
    retained = told.filter(WON).group_by("uid", "soumissionnaire").agg(
        tard=LATE.fill_null(value=False).all(), a_temps=(~LATE).any()
    )  # fmt: skip
    answer = pl.when(pl.col("tard").any()).then(statement=True).when(pl.col("a_temps").all()).then(statement=False)
    return retained.group_by("uid").agg(est_retenue_hors_delai=answer)
