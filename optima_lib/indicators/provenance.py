"""Where records come from: what each source shares with the others, and what was set aside of each file."""

import polars as pl

from optima_lib.indicators.facts.base import Base

TOLD = ("source", "unique")


def overlaps(base: Base) -> pl.DataFrame:
    """Return how far the files of a base tell the same contracts.

    Parameters
    ----------
    base : Base
        Processed tables; *enregistrements* is read.

    Returns
    -------
    polars.DataFrame
        Those of :func:`overlap_matrix`, one row per file that tells a contract.
    """
    told = base["enregistrements"].filter(pl.col("uid").is_not_null())
    return overlap_matrix(told.select(pl.col("fichier").alias("source"), "uid").collect())


def overlap_matrix(told: pl.DataFrame) -> pl.DataFrame:
    """Return, for each source, the share of its contracts that each other source tells too.

    Parameters
    ----------
    told : polars.DataFrame
        ``source`` and ``uid``, one row per time that a source tells a contract.

    Returns
    -------
    polars.DataFrame
        One row per source, in order: ``source``; ``unique``, the share of its contracts that no other source tells;
        and one column per source, the share that this one tells too (1 for itself).

    Notes
    -----
    Source: decp-processing, duplicates across sources.

    Examples
    --------
    >>> told = pl.DataFrame({"source": ["a", "a", "b"], "uid": ["1", "2", "2"]})
    >>> overlap_matrix(told).rows()
    [('a', 0.5, 1.0, 0.5), ('b', 0.0, 1.0, 1.0)]
    """
    pairs = told.unique().with_columns(pl.len().over("uid").alias("sources"))
    own = pairs.group_by("source").agg(pl.len().alias("n"), (pl.col("sources") == 1).mean().alias("unique"))
    both = pairs.join(pairs.select("uid", autre="source"), on="uid").group_by("source", "autre").agg(pl.len())
    wide = both.join(own, on="source").with_columns(part=pl.col("len") / pl.col("n"))
    matrix = wide.pivot("autre", index=[*TOLD], values="part").sort("source")
    others = matrix["source"].to_list()
    return matrix.select(*TOLD, pl.col(others).fill_null(0.0))


def quarantine(base: Base) -> pl.DataFrame:
    """Return the share of the records of each file that were set aside (Q09), the highest first.

    Parameters
    ----------
    base : Base
        Processed tables; *fichiers* is read, its award files only.

    Returns
    -------
    polars.DataFrame
        ``fichier``, ``lus``, ``ecartes``, ``part_ecartee`` (missing for a file without a record). A record that is
        set aside names no buyer: the rate is a file's, never a buyer's.
    """
    awards = base["fichiers"].filter(pl.col("donnees").cast(pl.String) == "marches")
    share = pl.when(pl.col("lus") > 0).then(pl.col("ecartes") / pl.col("lus"))
    told = awards.select("fichier", "lus", "ecartes", part_ecartee=share)
    return told.sort("part_ecartee", "fichier", descending=[True, False], nulls_last=True).collect()
