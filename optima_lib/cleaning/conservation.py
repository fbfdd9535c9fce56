"""The conservation law: each raw record of each file is accounted for once.

Of awards: read = of contracts + duplicates + set aside. Of the other files: read = kept + duplicates + set aside
+ outside the base (firms that no award names).
"""

import polars as pl

from optima_lib.errors import ConservationError

FATES = {"contrat": "contrats", "doublon": "doublons", "écarté": "ecartes"}


def account(enregistrements: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """Sum what became of the records of each file, and check that the sum is what was read.

    Parameters
    ----------
    enregistrements : polars.DataFrame
        One row per raw record and contract that it tells: ``fichier``, ``rang``, ``partie`` (0, 1… where one record
        tells several contracts), ``sort``.
    read : polars.DataFrame
        One row per file: ``fichier`` and ``lus``, the number of its records.

    Returns
    -------
    polars.DataFrame
        ``read`` with ``contrats``, ``doublons`` and ``ecartes``.

    Raises
    ------
    ConservationError
        When a record is missing, or accounted for twice.
    """
    counts = (
        _fates(enregistrements)
        .group_by("fichier")
        .agg(
            *((pl.col("sort") == fate).sum().cast(pl.Int64).alias(column) for fate, column in FATES.items()),
            pl.col("rang").n_unique().cast(pl.Int64).alias("rangs"),
        )
    )
    summed = read.join(counts, on="fichier", how="left", validate="1:1").with_columns(
        pl.col(*FATES.values(), "rangs").fill_null(0)
    )
    total = pl.sum_horizontal(*FATES.values())
    wrong = summed.filter((total != pl.col("lus")) | (pl.col("rangs") != pl.col("lus")))
    if len(wrong):
        row = wrong.row(0, named=True)
        told = " + ".join(f"{row[column]} {column}" for column in FATES.values())
        raise ConservationError(
            f"{row['fichier']} : {row['lus']} enregistrements lus, mais {told}. Signalez ce défaut avec le fichier."
        )
    return summed.drop("rangs")


def _fates(enregistrements: pl.DataFrame) -> pl.DataFrame:
    """Give each record one fate: it made a contract, else all that it tells is told elsewhere, else it is set aside.

    A record of which a part is told twice, or that is set aside and of use too, keeps two rows, so that its sum is
    wrong.
    """
    once = enregistrements.unique(["fichier", "rang", "partie"], keep="none")
    twice = enregistrements.join(once, on=["fichier", "rang", "partie"], how="anti")
    aside = pl.col("sort").is_in(["contrat", "doublon"]).not_()
    made = once.filter(~aside).group_by("fichier", "rang").agg(pl.col("sort").min())  # a contract before a duplicate
    columns = ("fichier", "rang", "sort")
    return pl.concat([made, once.filter(aside).select(columns), twice.select(columns)])


def account_rows(rows: pl.DataFrame, aside: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """Sum what became of the records of files that are not of awards, and check that the sum is what was read.

    Parameters
    ----------
    rows : polars.DataFrame
        One row per record that was kept at reading: ``fichier`` and ``sort`` (``retenu``, ``doublon``, or
        ``hors base`` for a firm that no award of the base names any more).
    aside : polars.DataFrame
        One row per record that was set aside: ``fichier``.
    read : polars.DataFrame
        One row per file: ``fichier``, ``lus``, and ``hors_base``, how many records were of firms that no award
        named when it was read.

    Returns
    -------
    polars.DataFrame
        ``read`` with ``retenus``, ``doublons``, ``ecartes`` and ``hors_base``.

    Raises
    ------
    ConservationError
        When a record is missing, or accounted for twice.
    """
    fates = {"retenu": "retenus", "doublon": "doublons", "hors base": "sortis"}
    counts = rows.group_by("fichier").agg(
        (pl.col("sort") == fate).sum().cast(pl.Int64).alias(column) for fate, column in fates.items()
    )
    others = aside.group_by("fichier").agg(pl.len().cast(pl.Int64).alias("ecartes"))
    summed = read.join(counts, on="fichier", how="left", validate="1:1").join(
        others, on="fichier", how="left", validate="1:1"
    )
    summed = summed.with_columns(pl.col(*fates.values(), "ecartes").fill_null(0)).with_columns(
        pl.col("hors_base") + pl.col("sortis")
    )
    told = ("retenus", "doublons", "ecartes", "hors_base")
    wrong = summed.filter(pl.sum_horizontal(told) != pl.col("lus"))
    if len(wrong):
        row = wrong.row(0, named=True)
        parts = " + ".join(f"{row[column]} {column}" for column in told)
        raise ConservationError(
            f"{row['fichier']} : {row['lus']} lignes lues, mais {parts}. Signalez ce défaut avec le fichier."
        )
    return summed.drop("sortis")


def check_contracts(enregistrements: pl.DataFrame, marches: pl.DataFrame) -> None:
    """Check that the contract of each record is in the table of contracts.

    Raises
    ------
    ConservationError
        When a record is said to describe a contract that is not there.
    """
    lost = enregistrements.join(marches.select("uid"), on="uid", how="anti")
    if len(lost):
        raise ConservationError(
            f"{len(lost)} enregistrements décrivent un contrat absent de la table des marchés, dont "
            f"{lost['uid'].head(3).to_list()}. Signalez ce défaut avec les fichiers lus."
        )
