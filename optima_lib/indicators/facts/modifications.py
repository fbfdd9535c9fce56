"""Facts of a contract that its modifications tell: whether they can be read, and an early rise."""

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.references import bound

MADE = "modification_"


def add_modifications(facts: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Add whether the modifications of a contract can be read, and whether the first one came early and high.

    Columns added: ``a_modification_douteuse`` (an amount of a modification is at most ``hausse_maximale_modification``
    of the initial one: it may be the change or the new total; or its dates go backwards, or come before the
    notification; missing where no defect is seen but a test cannot be made, and without a modification);
    ``est_observe_assez`` (notified ``modification_precoce_jours`` at least before the last day on which the data show
    its buyer: a notification, a publication or a modification; missing without a notification date);
    ``est_hausse_precoce`` (first modification sooner than that, and above ``modification_precoce_hausse``; false
    without a modification; missing where its date is impossible or its amount may be the change).
    """
    told = facts.join(_told(base), on="uid", how="left", validate="1:1", maintain_order="left")
    seen = pl.max_horizontal("date_notification", "date_publication", MADE + "date_max")
    observed = pl.col("date_notification").dt.offset_by(f"{int(bound('modification_precoce_jours'))}d")
    return told.with_columns(
        a_modification_douteuse=pl.when(pl.col("nb_modifications") > 0).then(_is_doubtful()),
        est_observe_assez=observed <= seen.max().over("acheteur_siren"),
        est_hausse_precoce=pl.when(pl.col("nb_modifications") > 0).then(_is_early_rise()).otherwise(
            pl.when(pl.col("nb_modifications") == 0).then(statement=False)
        ),
    ).drop(pl.selectors.starts_with(MADE))  # fmt: skip


def _told(base: Base) -> pl.LazyFrame:
    """Return one row per modified contract: what its modifications say together."""
    day = pl.col("date_modification")
    summed = {
        "montant_min": pl.col("montant_eur").min(),
        "date_min": day.min(),
        "date_max": pl.max_horizontal(day.max(), pl.col("date_publication").max()),
        "desordre": (day.drop_nulls().diff().dt.total_days() < 0).any(),
        "sans_date": day.is_null().any(),
        "premier_montant": pl.col("montant_eur").first(),
        "premiere_date": day.first(),
    }
    named = [told.alias(MADE + name) for name, told in summed.items()]
    return base["modifications"].sort("uid", "rang").group_by("uid", maintain_order=True).agg(named)


def _may_be_change(amount: str) -> pl.Expr:
    """Tell the amounts that may be a change and not a total: a lawful rise does not exceed that share."""
    told = pl.col(amount) <= bound("hausse_maximale_modification") * pl.col("montant_initial_eur")
    return pl.when(pl.col(amount).is_null()).then(statement=False).otherwise(told)


def _is_doubtful() -> pl.Expr:
    unknown = pl.when("modification_sans_date").then(None).otherwise(statement=False)
    before = pl.col("modification_date_min") < pl.col("date_notification")
    return pl.any_horizontal(
        _may_be_change("modification_montant_min"), pl.col("modification_desordre"), before, unknown
    )


def _is_early_rise() -> pl.Expr:
    days = (pl.col("modification_premiere_date") - pl.col("date_notification")).dt.total_days()
    early = pl.when(days >= 0).then(days < bound("modification_precoce_jours"))
    amount, initial = pl.col("modification_premier_montant"), pl.col("montant_initial_eur")
    rise = pl.when(amount.is_null()).then(statement=False).when(~_may_be_change("modification_premier_montant")).then(
        amount > initial * (1 + bound("modification_precoce_hausse"))
    )  # fmt: skip
    return early & rise
