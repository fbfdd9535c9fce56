"""The nomenclatures: CPV with its tree, NAF with its upper levels."""

import polars as pl

LEVELS = {2: "division", 3: "groupe", 4: "classe", 5: "catégorie"}
DEEPEST = "sous-catégorie"
SHORTEST, LONGEST = 2, 8


def build_cpv(codes: pl.DataFrame) -> pl.DataFrame:
    """Build the table of CPV codes with its tree.

    The tree is in the digits: two for the division, three the group, four the class, five the category, the
    rest more precise still; zeros follow. A code's parent is the longest of its beginnings that exists: at some
    levels none does. Source: regulation (EC) 213/2008, annex I.

    Parameters
    ----------
    codes : polars.DataFrame
        One row per code: ``cpv``, ``libelle``, ``libelle_en``.

    Returns
    -------
    polars.DataFrame
        ``codes`` with ``parent``, missing for a division, ``niveau``, and the digits of ``division``,
        ``groupe``, ``classe`` and ``categorie``, missing below their level.

    Notes
    -----
    The column of parents that one publisher adds (9 454 codes) is not read: it hangs 24 divisions from the one
    in tens (31 from 30, whose zero is a digit), and gives 35 codes of lower levels no parent. Elsewhere it says
    the same.
    """
    digits = significant(pl.col("cpv"))
    length = digits.str.len_chars().cast(pl.Int32)
    parts = {name: pl.when(length >= size).then(pl.col("cpv").str.slice(0, size)) for size, name in LEVELS.items()}
    return (
        codes.join(parents(codes["cpv"]), on="cpv", how="left", validate="1:1")
        .with_columns(
            length.replace_strict(LEVELS, default=DEEPEST, return_dtype=pl.String).alias("niveau"),
            **{name.replace("é", "e"): part for name, part in parts.items()},
        )
        .sort("cpv")
    )


def significant(code: pl.Expr) -> pl.Expr:
    """Return the digits of CPV codes that tell something: final zeros are left out, but those of the division.

    Examples
    --------
    >>> import polars as pl
    >>> pl.DataFrame({"c": ["30000000", "45233140", "03100000"]}).select(significant(pl.col("c"))).to_series().to_list()
    ['30', '4523314', '031']
    """
    return code.str.slice(0, SHORTEST) + code.str.slice(SHORTEST).str.strip_chars_end("0")


def parents(codes: pl.Series) -> pl.DataFrame:
    """Return the parent of each CPV code among these codes: ``cpv``, ``parent``."""
    table = codes.alias("cpv").to_frame().with_columns(digits=significant(pl.col("cpv")))
    beginnings = table.select(
        "cpv",
        pl.concat_list(
            pl.when(pl.col("digits").str.len_chars() > size).then(pl.col("cpv").str.slice(0, size)).alias(f"d{size}")
            for size in range(SHORTEST, LONGEST)
        ).alias("debut"),
    ).explode("debut")
    padded = beginnings.drop_nulls().with_columns(parent=pl.col("debut").str.pad_end(LONGEST, "0"))
    existing = padded.join(table.select(parent="cpv"), on="parent", how="semi").filter(
        pl.col("parent") != pl.col("cpv")
    )
    return existing.group_by("cpv").agg(pl.col("parent").max())


def build_naf(codes: pl.DataFrame) -> pl.DataFrame:
    """Build the table of NAF sub-classes: upper levels that no file tells are read from the code.

    The section cannot be: it stays missing, as do the labels of upper levels.

    Parameters
    ----------
    codes : polars.DataFrame
        One row per sub-class: ``naf``, ``libelle``, and the code and label of its class, group, division, section.
    """
    sizes = {"division": 2, "groupe": 4, "classe": 5}
    return codes.with_columns(
        pl.coalesce(name, pl.col("naf").str.slice(0, size)).alias(name) for name, size in sizes.items()
    ).sort("naf")
