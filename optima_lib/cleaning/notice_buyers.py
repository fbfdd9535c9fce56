"""Buyers of notices, by their number or else by their name."""

import re

import polars as pl

from optima_lib.cleaning.labels import fold_label, on_distinct

COMMUNE = re.compile(r"^(?:ville|commune|mairie) (?:de la |de l |de |du |des |d )?")


def buyer_key(name: str) -> str:
    """Reduce a buyer's name to what two publications of it share.

    Examples
    --------
    >>> buyer_key("Ville de Fécamp"), buyer_key("COMMUNE DE FECAMP"), buyer_key("C.C.A.S. de Toulon")
    ('commune fecamp', 'commune fecamp', 'ccas de toulon')
    """
    return COMMUNE.sub("commune ", fold_label(name).replace(".", ""))


def find_buyers(notices: pl.DataFrame, buyers: pl.DataFrame) -> pl.DataFrame:
    """Give each notice the SIREN of its buyer: the one it publishes, else that of the only buyer of its name.

    Parameters
    ----------
    notices : polars.DataFrame
        ``acheteur_siren``, ``acheteur_nom`` and others.
    buyers : polars.DataFrame
        One row per name and SIREN of the base: ``nom``, ``acheteur_siren``.

    Returns
    -------
    polars.DataFrame
        The notices with ``acheteur_siren`` completed and ``acheteur_siren_source``: ``numéro``, ``nom`` or missing.
    """
    keys = buyers.drop_nulls().select(
        "acheteur_siren", cle=on_distinct(buyers.drop_nulls()["nom"], buyer_key, pl.String)
    )
    alone = keys.group_by("cle").agg(
        pl.col("acheteur_siren").first().alias("trouve"), pl.col("acheteur_siren").n_unique().alias("n")
    )
    named = notices.with_columns(cle=on_distinct(notices["acheteur_nom"], buyer_key, pl.String)).join(
        alone.filter(n=1).drop("n"), on="cle", how="left", maintain_order="left"
    )
    source = pl.when(pl.col("acheteur_siren").is_not_null()).then(pl.lit("numéro"))
    return named.with_columns(
        acheteur_siren=pl.coalesce("acheteur_siren", "trouve"),
        acheteur_siren_source=source.when(pl.col("trouve").is_not_null()).then(pl.lit("nom")),
    ).drop("cle", "trouve")
