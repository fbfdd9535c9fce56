"""Facts of a contract about the quality of what was published: named defects, never a verdict."""

import datetime as dt

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.references import bound, date_bound

AMOUNT = ("montant_de_remplissage", "montant_illisible")
DATE = ("date_impossible", "date_illisible")
CODE = ("cpv_malforme",)
ONE_DIVISION = "000000"


def add_defects(facts: pl.LazyFrame, base: Base, latest: dt.date | None) -> pl.LazyFrame:
    """Add what may be wrong in the amount, the date and the codes of a contract.

    Columns added: ``est_siret_acheteur_invalide`` (its check digit fails); ``est_montant_improbable`` (a value of
    filling or unreadable, or ``montant_improbable_eur`` at least; missing where no amount is published);
    ``montant_par_habitant_eur`` (initial amount over the buyer's population); ``rapport_famille`` (initial amount
    over the median of the firm amounts of the same CPV group in the whole base; of firm contracts, and of groups of
    ``reference_famille_minimum`` amounts at least); ``est_notification_improbable`` (impossible or unreadable, or
    before ``notification_plausible_du``; missing where no date is published); ``est_cpv_malforme`` (missing where no
    code is published); ``est_hors_nomenclature`` (well formed, and not in the CPV; missing without the table *cpv*);
    ``est_cpv_de_division`` (the code stops at the division); ``jours_avant_fin`` (days from the notification to the
    last one of the base).

    A defect counts where the value is missing because of it: another record of the contract may have told it.
    """
    amount, notified, code = pl.col("montant_initial_eur"), pl.col("date_notification"), pl.col("cpv").cast(pl.String)
    ages = (pl.lit(latest, pl.Date) - notified).dt.total_days()
    return facts.with_columns(
        est_siret_acheteur_invalide=_met("siret_acheteur_invalide"),
        est_montant_improbable=_lost(amount, AMOUNT) | (amount >= bound("montant_improbable_eur")),
        montant_par_habitant_eur=amount / pl.when(pl.col("population") > 0).then("population"),
        rapport_famille=_over_family(),
        est_notification_improbable=_lost(notified, DATE) | (notified < date_bound("notification_plausible_du")),
        est_cpv_malforme=_lost(code, CODE),
        est_hors_nomenclature=_is_unlisted(code, base),
        est_cpv_de_division=code.str.ends_with(ONE_DIVISION),
        jours_avant_fin=ages,
    )


def _met(*names: str) -> pl.Expr:
    """Tell whether cleaning met one of some defects."""
    told = pl.col("anomalies").cast(pl.String)
    return pl.any_horizontal(told.str.contains(name, literal=True) for name in names).fill_null(value=False)


def _lost(value: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    """Tell the values lost by a defect; missing where nothing was published, false where there is a value."""
    return pl.when(value.is_not_null()).then(statement=False).when(_met(*names)).then(statement=True)


def _over_family() -> pl.Expr:
    """Return the initial amount of firm contracts over the median of their family."""
    firm = pl.when(pl.col("est_ferme") & pl.col("famille").is_not_null()).then("montant_initial_eur")
    enough = firm.count().over("famille") >= bound("reference_famille_minimum")
    return pl.when(enough).then(firm / firm.median().over("famille"))


def _is_unlisted(code: pl.Expr, base: Base) -> pl.Expr:
    """Tell the codes that the CPV does not list; missing where the base does not hold it."""
    codes = base["cpv"].select("cpv").collect()["cpv"].cast(pl.String)
    return ~code.is_in(codes.implode()) if len(codes) else pl.lit(None, pl.Boolean)
