"""Buyers of notices, by their number or else by their name and their département."""

import re

import polars as pl

from optima_lib.cleaning.labels import fold_label, on_distinct

KINDS = {
    "commune": "ville|commune|mairie",
    "departement": "departement|conseil departemental|conseil general",
    "region": "region|conseil regional",
    "ca": "communaute d agglomeration|ca",
    "cc": "communaute de communes|cc",
    "cu": "communaute urbaine|cu",
}
STARTS = {kind: re.compile(rf"^(?:{names}) (?:de |du |des |d )?(?:le |la |les |l )?") for kind, names in KINDS.items()}
WORDS = {"commune": "commune de ", "département": "département de ", "région": "région de "}
BY_NUMBER, BY_NAME, BY_PLACE = "numéro", "nom", "nom et département"


def buyer_key(name: str) -> str:
    """Reduce a buyer's name to what two publications of it share.

    Examples
    --------
    >>> buyer_key("Ville de Fécamp"), buyer_key("MAIRIE DE FECAMP"), buyer_key("C.C.A.S. de Toulon")
    ('commune fecamp', 'commune fecamp', 'ccas de toulon')
    >>> buyer_key("Ville du Havre") == buyer_key("Commune de Le Havre")
    True
    >>> buyer_key("Conseil départemental de l'Aisne") == buyer_key("DEPARTEMENT DE L AISNE")
    True
    """
    told = fold_label(name).replace(".", "")
    return next((start.sub(f"{kind} ", told) for kind, start in STARTS.items() if start.match(told)), told)


def bodies(names: pl.DataFrame, acheteurs: pl.DataFrame, territoires: pl.DataFrame) -> pl.DataFrame:
    """List the bodies that a notice may name.

    Parameters
    ----------
    names : polars.DataFrame
        Names that contracts give to each buyer: ``acheteur_siren``, ``acheteur_nom``.
    acheteurs, territoires : polars.DataFrame
        Tables of buyers and of local authorities.

    Returns
    -------
    polars.DataFrame
        One row per body and name: ``nom``, ``acheteur_siren``, ``departement`` (several are joined by commas), and
        ``est_collectivite``, whether the name is that of the table of local authorities, who are all in it whether
        they buy or not.
    """
    places = acheteurs.select("acheteur_siren", "departement")
    called = names.select("acheteur_siren", nom="acheteur_nom")
    called = pl.concat([called, acheteurs.select("acheteur_siren", "nom")]).join(
        places, on="acheteur_siren", how="left"
    )
    kind = pl.col("categorie").replace_strict(WORDS, default="", return_dtype=pl.String)
    official = territoires.select(
        pl.concat_str(kind, "nom").alias("nom"), pl.col("siren").alias("acheteur_siren"), "departement"
    )
    return pl.concat(
        [
            called.select("nom", "acheteur_siren", "departement", est_collectivite=pl.lit(value=False)),
            official.with_columns(est_collectivite=pl.lit(value=True)),
        ]
    ).drop_nulls(["nom", "acheteur_siren"])


def find_buyers(notices: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give each notice the SIREN of its buyer: the one it publishes, else that of the only body of its name.

    A body of another département than the buyer's postal code tells is another one. A local authority goes before
    the bodies that contracts call by its name (its social centre, its utilities). Where several remain, none is
    taken: 3 746 of 35 058 communes share their name with another.

    Parameters
    ----------
    notices : polars.DataFrame
        ``acheteur_siren``, ``acheteur_nom``, ``acheteur_departement`` and others.
    known : polars.DataFrame
        The bodies, as :func:`bodies` gives them.

    Returns
    -------
    polars.DataFrame
        The notices with ``acheteur_siren`` completed and ``acheteur_siren_source``: ``numéro``, ``nom``, ``nom et
        département`` or missing.
    """
    told = notices.with_row_index("ligne").with_columns(cle=on_distinct(notices["acheteur_nom"], buyer_key, pl.String))
    sought = told.filter(pl.col("acheteur_siren").is_null()).select("ligne", "cle", "acheteur_departement")
    keys = known.with_columns(cle=on_distinct(known["nom"], buyer_key, pl.String))
    found = told.join(_alone(sought.join(keys, on="cle")), on="ligne", how="left", maintain_order="left")
    source = pl.when(pl.col("acheteur_siren").is_not_null()).then(pl.lit(BY_NUMBER)).otherwise("source_trouvee")
    return found.with_columns(
        acheteur_siren=pl.coalesce("acheteur_siren", "trouve"), acheteur_siren_source=source
    ).drop("ligne", "cle", "trouve", "source_trouvee")


def _alone(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the body of each notice that has only one: ``ligne``, ``trouve``, ``source_trouvee``."""
    both = pl.col("departement", "acheteur_departement").is_not_null()
    here = pl.col("departement").str.split(",").list.contains(pl.col("acheteur_departement"))
    near = pairs.with_columns(ici=pl.when(pl.all_horizontal(both)).then(here)).filter(
        pl.col("ici").fill_null(value=True)
    )
    best = near.filter(pl.col("est_collectivite") | ~pl.col("est_collectivite").any().over("ligne"))
    return (
        best.group_by("ligne")
        .agg(
            pl.col("acheteur_siren").first().alias("trouve"),
            pl.col("acheteur_siren").n_unique().alias("n"),
            pl.col("ici").fill_null(value=False).any(),
        )
        .filter(n=1)
        .select(
            "ligne",
            "trouve",
            pl.when("ici").then(pl.lit(BY_PLACE)).otherwise(pl.lit(BY_NAME)).alias("source_trouvee"),
        )
    )
