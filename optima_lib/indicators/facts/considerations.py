"""Facts of what a contract publishes of itself: social and environmental considerations, consortium."""

import polars as pl

SOCIAL, GREEN = pl.col("considerations_sociales"), pl.col("considerations_environnementales")


def add_considerations(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what each contract says of its social and environmental considerations; missing where it says nothing.

    Columns added: ``a_clause_sociale``, ``a_critere_social``, ``est_reserve``, ``a_clause_environnementale``,
    ``a_critere_environnemental``, of the words published: « Pas de considération » is a *no*, nothing published is
    missing. ``est_groupement``: a consortium is published (« Pas de groupement » is a *no*).
    """
    social, green = SOCIAL.cast(pl.String), GREEN.cast(pl.String)
    return facts.with_columns(
        a_clause_sociale=social.str.contains("Clause sociale", literal=True),
        a_critere_social=social.str.contains("Critère social", literal=True),
        est_reserve=social.str.contains("(?i)réservé"),
        a_clause_environnementale=green.str.contains("Clause environnementale", literal=True),
        a_critere_environnemental=green.str.contains("Critère environnemental", literal=True),
        est_groupement=pl.col("type_groupement").cast(pl.String) != "Pas de groupement",
    )
