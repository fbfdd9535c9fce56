"""Facts of responsible purchasing: the social and environmental considerations that a contract publishes."""

import datetime as dt
from functools import cache

import polars as pl

from optima_lib.indicators.seuils import seuils, window

SOCIAL, GREEN = pl.col("considerations_sociales"), pl.col("considerations_environnementales")
ENVIRONMENT, SOCIETY = "consideration_env_obligatoire", "consideration_sociale_obligatoire"


@cache
def duty_date(name: str) -> dt.date:
    """Return the day from which a duty binds the consultations launched."""
    return seuils(name)[0].du


def add_considerations(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what each contract says of its social and environmental considerations; missing where it says nothing.

    Columns added: ``a_clause_sociale``, ``a_critere_social``, ``est_reserve``, ``a_clause_environnementale``,
    ``a_critere_environnemental`` (of the words published; « Pas de considération » is a *no*, nothing published is
    missing); ``est_soumis_env`` and ``est_soumis_social``: whether the duties of the law of 22 August 2021 bind the
    contract. They bind consultations launched from their date on: a contract notified before is not bound, one
    whose launch cannot precede it is, and in between the answer is missing. The social duty binds formal
    procedures only: the initial amount is compared with their threshold.
    """
    social, green = SOCIAL.cast(pl.String), GREEN.cast(pl.String)
    formal = pl.col("montant_initial_eur")
    above = (
        pl.when(formal >= pl.col("seuil_formalise_haut"))
        .then(statement=True)
        .when(formal < pl.col("seuil_formalise_bas"))
        .then(statement=False)
    )
    return facts.with_columns(
        a_clause_sociale=social.str.contains("Clause sociale", literal=True),
        a_critere_social=social.str.contains("Critère social", literal=True),
        est_reserve=social.str.contains("(?i)réservé"),
        a_clause_environnementale=green.str.contains("Clause environnementale", literal=True),
        a_critere_environnemental=green.str.contains("Critère environnemental", literal=True),
        est_soumis_env=_bound_since(duty_date(ENVIRONMENT)),
        est_soumis_social=_bound_since(duty_date(SOCIETY)) & above,
    )


def _bound_since(day: dt.date) -> pl.Expr:
    """Tell contracts whose consultation was surely launched from a day on; missing where it may have been."""
    first, last = window()
    return pl.when(last < day).then(statement=False).when(first >= day).then(statement=True)
