"""Facts of a contract in time: its month, whether its year is whole in the base, its end."""

import datetime as dt

import polars as pl

from optima_lib.indicators.seuils import seuils
from optima_lib.references import bound

PUBLICATION = "decp_publication"


def add_times(facts: pl.LazyFrame, latest: dt.date | None) -> pl.LazyFrame:
    """Add when a contract was notified in its year, and when it ends.

    Columns added: ``mois`` (of the notification, 1 to 12); ``est_annee_complete`` (its year begins after publication
    became compulsory, and the base goes on ``delai_publication_mois`` after its end, so that no month of it is
    cut; missing without a notification date); ``date_fin`` (notification plus the latest duration; missing beyond
    ``duree_maximale_mois``); ``expire_bientot`` (ends after the last day of the base and at most
    ``horizon_echeances_mois`` after it; missing where the end is).

    Parameters
    ----------
    facts : polars.LazyFrame
        The contracts.
    latest : datetime.date, optional
        The last notification of the base.
    """
    notified, months = pl.col("date_notification"), pl.col("duree_mois")
    sane = pl.when(months <= int(bound("duree_maximale_mois"))).then(months)
    told = facts.with_columns(
        mois=notified.dt.month(),
        est_annee_complete=_is_whole(notified.dt.year(), latest),
        date_fin=notified.dt.offset_by(pl.format("{}mo", sane)),
    )
    if latest is None:
        return told.with_columns(expire_bientot=pl.lit(None, pl.Boolean))
    horizon = pl.lit(latest).dt.offset_by(f"{int(bound('horizon_echeances_mois'))}mo")
    return told.with_columns(expire_bientot=(pl.col("date_fin") > latest) & (pl.col("date_fin") <= horizon))


def _is_whole(year: pl.Expr, latest: dt.date | None) -> pl.Expr:
    """Tell the years of which the base may hold every month."""
    if latest is None:
        return pl.lit(None, pl.Boolean)
    start = seuils(PUBLICATION)[0].du
    first = start.year + (start > dt.date(start.year, 1, 1))
    told = pl.date(year + 1, 1, 1).dt.offset_by(f"{int(bound('delai_publication_mois'))}mo")
    return (year >= first) & (told <= latest)
