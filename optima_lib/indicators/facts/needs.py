"""Facts of a contract that pooling (*mutualisation*) asks: the yearly need that it tells, deadlines next to its own."""

import datetime as dt

import polars as pl

from optima_lib.references import bound

FAMILY = ("departement", "famille")
END = "date_fin"
START, LENGTH = pl.col("date_notification"), pl.col("duree_mois")


def add_needs(facts: pl.LazyFrame, latest: dt.date | None) -> pl.LazyFrame:
    """Add the yearly need that a contract tells, and whether others fall due next to it.

    Columns added: ``besoin_annuel_eur`` (of firm contracts and call-offs: the part of the latest amount that runs in
    the ``fenetre_besoin_mois`` before the last day of the base, per year of that window; missing without an amount, a
    date or a duration); ``montant_annualise_eur`` (of the same: latest amount per year of duration, the whole amount
    when it lasts less than a year); ``est_en_cours`` (``date_fin`` comes after the last day of the base; missing where
    it is); ``a_echeance_voisine`` (of contracts that run: a running contract of the same CPV group, of another buyer of
    the département, ends at most ``ecart_echeances_mois`` before or after).
    """
    amount = pl.when("est_engage").then("montant_eur")
    told = facts.with_columns(
        besoin_annuel_eur=amount * _part_in_window(latest) / (bound("fenetre_besoin_mois") / 12),
        montant_annualise_eur=amount * 12 / LENGTH.clip(lower_bound=12),
        est_en_cours=pl.col(END) > pl.lit(latest, pl.Date),
    )
    return told.join(_near(told), on="uid", how="left", validate="1:1", maintain_order="left")


def window_start(latest: dt.date | None) -> pl.Expr:
    """Return the day after which contracts tell the needs of today."""
    return pl.lit(latest, pl.Date).dt.offset_by(f"-{int(bound('fenetre_besoin_mois'))}mo")


def _part_in_window(latest: dt.date | None) -> pl.Expr:
    """Return the part of a contract's days that falls in the window."""
    stop = pl.min_horizontal(END, pl.lit(latest, pl.Date))
    days = (stop - pl.max_horizontal(START, window_start(latest))).dt.total_days()
    return days.clip(lower_bound=0) / (pl.col(END) - START).dt.total_days()


def _near(contracts: pl.LazyFrame) -> pl.LazyFrame:
    """Return, for each running contract of a known family and département, whether another buyer's ends next to it.

    In order of end, the nearest contracts of other buyers stand just before and just after the run of contracts of
    one buyer that holds it.
    """
    running = contracts.filter("est_en_cours", *(pl.col(name).is_not_null() for name in FAMILY))
    ordered = running.select("uid", "acheteur_siren", *FAMILY, END).sort(*FAMILY, END, "acheteur_siren", "uid")
    end, gap = pl.col(END), f"{int(bound('ecart_echeances_mois'))}mo"
    buyer = pl.col("acheteur_siren").cast(pl.String)
    placed = ordered.with_columns(
        avant=pl.when(buyer != buyer.shift()).then(end.shift()).forward_fill().over(FAMILY),
        apres=pl.when(buyer != buyer.shift(-1)).then(end.shift(-1)).backward_fill().over(FAMILY),
    )
    close = (pl.col("avant").dt.offset_by(gap) >= end) | (pl.col("apres") <= end.dt.offset_by(gap))
    return placed.select("uid", a_echeance_voisine=close.fill_null(value=False))
