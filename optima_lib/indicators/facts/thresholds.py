"""Facts of a contract beside the legal thresholds and duties of its date and kind."""

import datetime as dt

import polars as pl

from optima_lib.indicators.seuils import binding, check_reach, duty_date, other_duty_date, window

EXEMPTION, FORMAL, NETWORKS = "dispense_publicite_mec", "formalise_PA_local", "formalise_EA_reseaux"
THRESHOLDS = {"dispense": EXEMPTION, "formalise": FORMAL}
ENVIRONMENT, SOCIETY = "consideration_env_obligatoire", "consideration_sociale_obligatoire"
LAUNCH = "date_lancement"


def add_thresholds(facts: pl.LazyFrame, latest: dt.date | None) -> pl.LazyFrame:
    """Add the thresholds and duties that may bind each contract, and whether its answer depends on its launch date.

    Columns added: ``seuil_dispense_bas`` and ``_haut`` (exemption from publicity and competition),
    ``seuil_formalise_bas`` and ``_haut`` (formal procedures of local authorities), in euros before tax: the lowest
    and the highest in force between the notification and the months before it, or on the launch day where a notice
    tells it; ``seuil_reseaux_bas`` and ``_haut``, the formal threshold if the buyer acts as *entité adjudicatrice*.
    ``depend_du_lancement``: the initial amount lies between the two of one pair.

    ``est_soumis_env`` and ``est_soumis_social``: whether the duties of the law of 22 August 2021 bind the contract.
    They bind consultations launched from their date on: a contract notified before is not bound, one whose launch
    cannot precede it is, and in between the answer is missing. The social duty binds formal procedures only: the
    initial amount is compared with their threshold. ``est_soumis_env_lendemain``: the same as ``est_soumis_env``, from the
    day that another source gives.

    Raises
    ------
    TableError
        When a date is later than the dated table.
    """
    for name in THRESHOLDS.values():
        check_reach(name, latest)
    names = facts.collect_schema().names()
    launch = LAUNCH if LAUNCH in names else None
    keys = ["date_notification", "type_achat", *([launch] if launch else [])]
    # some thousands of dates and kinds stand for millions of contracts
    dated = facts.select(keys).unique().with_columns(**_of_date(launch))
    told = facts.join(dated, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return told.with_columns(depend_du_lancement=_hangs_on_launch(), est_soumis_social=_socially_bound())


def _of_date(launch: str | None) -> dict[str, pl.Expr]:
    """Return what the date and the kind of purchase tell."""
    sides = {"bas": False, "haut": True}
    found = {
        f"seuil_{short}_{side}": binding(name, highest=highest, launch=launch)
        for short, name in THRESHOLDS.items()
        for side, highest in sides.items()
    }
    formal = {
        f"seuil_reseaux_{side}": pl.coalesce(binding(NETWORKS, highest=highest), found[f"seuil_formalise_{side}"])
        for side, highest in sides.items()
    }
    duties = {"est_soumis_env": ENVIRONMENT, "est_soumis_social": SOCIETY}
    other = {"est_soumis_env_lendemain": _bound_since(other_duty_date(ENVIRONMENT), launch)}
    return found | formal | {column: _bound_since(duty_date(name), launch) for column, name in duties.items()} | other


def _bound_since(day: dt.date, launch: str | None) -> pl.Expr:
    """Tell contracts whose consultation was surely launched from a day on; missing where it may have been."""
    first, last = window(launch=launch)
    return pl.when(last < day).then(statement=False).when(first >= day).then(statement=True)


def _hangs_on_launch() -> pl.Expr:
    amount = pl.col("montant_initial_eur")
    between = [
        (amount >= pl.col(f"seuil_{short}_bas")) & (amount < pl.col(f"seuil_{short}_haut")) for short in THRESHOLDS
    ]
    return pl.any_horizontal(between).fill_null(value=False)


def _socially_bound() -> pl.Expr:
    amount = pl.col("montant_initial_eur")
    formal = (
        pl.when(amount >= pl.col("seuil_formalise_haut"))
        .then(statement=True)
        .when(amount < pl.col("seuil_formalise_bas"))
        .then(statement=False)
    )
    return pl.col("est_soumis_social") & formal
