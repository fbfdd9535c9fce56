"""Facts of a contract beside the legal thresholds of its date and kind."""

import datetime as dt

import polars as pl

from optima_lib.indicators.seuils import binding, check_reach

EXEMPTION, FORMAL = "dispense_publicite_mec", "formalise_PA_local"
THRESHOLDS = {"dispense": EXEMPTION, "formalise": FORMAL}


def add_thresholds(facts: pl.LazyFrame, latest: dt.date | None) -> pl.LazyFrame:
    """Add the thresholds that may bind each contract, and whether its answer depends on its launch date.

    Columns added: ``seuil_dispense_bas`` and ``_haut`` (exemption from publicity and competition),
    ``seuil_formalise_bas`` and ``_haut`` (formal procedures of local authorities), in euros before tax: the lowest
    and the highest in force between the notification and the months before it. ``depend_du_lancement``: the initial
    amount lies between the two of one pair.

    Raises
    ------
    TableError
        When a date is later than the dated table.
    """
    for name in THRESHOLDS.values():
        check_reach(name, latest)
    launch = "date_lancement" if "date_lancement" in facts.collect_schema() else None
    told = facts.with_columns(
        **{
            f"seuil_{short}_{side}": binding(name, highest=side == "haut", launch=launch)
            for short, name in THRESHOLDS.items()
            for side in ("bas", "haut")
        }
    )
    amount = pl.col("montant_initial_eur")
    between = [
        (amount >= pl.col(f"seuil_{short}_bas")) & (amount < pl.col(f"seuil_{short}_haut")) for short in THRESHOLDS
    ]
    return told.with_columns(depend_du_lancement=pl.any_horizontal(between).fill_null(value=False))
