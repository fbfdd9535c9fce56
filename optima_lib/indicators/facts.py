"""The tables of facts that indicators sum: contracts, and contracts with their suppliers.

Written once with narwhals: the tables may be those of pandas, Polars, DuckDB, Dask or PySpark.
"""

from typing import Any

import narwhals as nw

from optima_lib.references import bound

NO_CALL = (
    "Marché passé sans publicité ni mise en concurrence préalable",
    "Marché négocié sans publicité ni mise en concurrence préalable",
)
CONCESSIONS = ("Concession", "Délégation")
MINUTES_A_DAY = 1440
NEEDED = (
    "uid",
    "acheteur_siren",
    "annee",
    "cpv",
    "type_achat",
    "nature",
    "procedure",
    "date_notification",
    "date_publication",
    "montant_initial_eur",
    "montant_eur",
    "classe_montant",
    "offres_recues",
    "nb_titulaires",
)

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def contract_facts(marches: Any) -> Frame:
    """Return one row per contract whose buyer has a SIREN, with what indicators ask of it.

    Parameters
    ----------
    marches : a table of any engine
        The table *marchés*.

    Returns
    -------
    narwhals DataFrame or LazyFrame
        The columns of ``NEEDED`` and ``division`` (first two digits of the CPV code), ``est_sans_appel``,
        ``est_concession``, ``delai_jours`` (publication less notification, in days), ``est_en_retard``
        (published more than the legal number of months after).
    """
    frame: Frame = nw.from_native(marches)
    picked = frame.select(*NEEDED).filter(~nw.col("acheteur_siren").is_null())
    dated = picked.with_columns(nw.col("date_notification", "date_publication").cast(nw.Datetime("us")))
    span = (nw.col("date_publication") - nw.col("date_notification")).dt.total_minutes()
    return dated.with_columns(
        division=nw.col("cpv").str.slice(0, 2),
        est_sans_appel=nw.col("procedure").is_in(NO_CALL),
        est_concession=nw.col("nature").str.starts_with(CONCESSIONS[0])
        | nw.col("nature").str.starts_with(CONCESSIONS[1]),
        delai_jours=span / MINUTES_A_DAY,
        est_en_retard=_is_late(),
    )


def _is_late() -> nw.Expr:
    """Tell contracts published after the same day of the month, the legal number of months later."""
    start, end = nw.col("date_notification").dt, nw.col("date_publication").dt
    months = (end.year() - start.year()) * 12 + (end.month() - start.month())
    allowed = int(bound("delai_publication_mois"))
    return (months > allowed) | ((months == allowed) & (end.day() > start.day()))


def supplier_facts(contracts: Frame, titulaires: Any) -> Frame:
    """Return one row per contract and supplier, and one per contract without any.

    Parameters
    ----------
    contracts : narwhals frame
        What :func:`contract_facts` returns.
    titulaires : a table of the same engine
        The table *titulaires*.

    Returns
    -------
    narwhals DataFrame or LazyFrame
        The columns of the contracts, ``titulaire`` (SIREN, else the identifier as published), ``part`` (equal
        share of the contract: 1 / number of suppliers) and ``montant_part_eur``. A contract joins several
        suppliers (1:m).
    """
    named = nw.from_native(titulaires).select(
        "uid", titulaire=nw.coalesce(nw.col("titulaire_siren"), nw.col("titulaire_id"))
    )
    joined = contracts.join(named, on="uid", how="left")
    some = nw.col("nb_titulaires") > 0
    part = nw.when(some).then(1.0 / nw.col("nb_titulaires").cast(nw.Float64)).otherwise(nw.lit(1.0))
    return joined.with_columns(part=part).with_columns(montant_part_eur=nw.col("montant_eur") * nw.col("part"))
