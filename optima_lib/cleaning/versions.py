"""Rows of several files about one thing: which is right, and what becomes of the others."""

import polars as pl

KEPT, TWICE = "retenu", "doublon"


def latest(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Mark, of the rows of a register about one firm, that which INSEE dealt with last.

    Of two that were dealt with on one day, what they say decides, so that the order of reading does not.

    Parameters
    ----------
    rows : polars.DataFrame
        One row per record, with ``traite_le`` (a date as text), ``fichier`` and ``rang``.
    key : str
        Column of the firm's number.

    Returns
    -------
    polars.DataFrame
        The rows with ``sort``: ``retenu`` or ``doublon``.
    """
    content = [name for name in rows.columns if name not in {key, "traite_le", "fichier", "rang"}]
    ordered = rows.sort(
        key, "traite_le", *content, "fichier", "rang", descending=[False, True, *[False] * (len(content) + 2)],
        nulls_last=True,
    )  # fmt: skip
    return ordered.with_columns(_fate(key))


def first(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Mark, of the rows about one thing, the first one, from the file that is right when two disagree.

    Parameters
    ----------
    rows : polars.DataFrame
        One row per record, with ``priorite`` (1 first), ``fichier`` and ``rang``.
    key : str
        Column of what they are about.

    Returns
    -------
    polars.DataFrame
        The rows with ``sort``: ``retenu`` or ``doublon``.
    """
    return rows.sort(key, "priorite", "fichier", "rang").with_columns(_fate(key))


def completed(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Mark the rows as :func:`first` does, and fill each one's gaps with what the others of its code tell.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"cpv": ["03000000"] * 2, "fr": [None, "Blé"], "en": ["Wheat", None],
    ...     "priorite": [2, 1], "fichier": ["a", "b"], "rang": [0, 0]})
    >>> completed(rows, "cpv").select("fr", "en", "fichier", "sort").rows()
    [('Blé', 'Wheat', 'b', 'retenu'), ('Blé', 'Wheat', 'a', 'doublon')]
    """
    about = {key, "priorite", "fichier", "rang", "sort"}
    marked = first(rows, key)
    told = [pl.col(name).drop_nulls().first().over(key) for name in marked.columns if name not in about]
    return marked.with_columns(told)


def _fate(key: str) -> pl.Expr:
    return pl.when(pl.col(key).is_first_distinct()).then(pl.lit(KEPT)).otherwise(pl.lit(TWICE)).alias("sort")
