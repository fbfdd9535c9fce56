"""Amounts and other numbers, and the values that stand for none.

A value of filling is missing, never zero. The bounds and their sources are in ``references/bornes.csv``.
"""

import polars as pl

from optima_lib.references import bound

SIGNS = r"[\s\u00a0\u202f€']"
LARGEST_COUNT = 100_000


def read_numbers(published: pl.Series) -> pl.Series:
    """Read numbers written the French or the English way; what is not a number is missing.

    A comma alone is a decimal comma; with both signs, the last one is the decimal sign.

    Examples
    --------
    >>> import polars as pl
    >>> published = pl.Series(["38 800,50", "1.0e5", "1,234,567.89", "12 000 €", "1.234,5", "NC", None])
    >>> read_numbers(published).to_list()
    [38800.5, 100000.0, 1234567.89, 12000.0, 1234.5, None, None]
    """
    numbers = published.cast(pl.Float64, strict=False)
    unread = numbers.is_null() & published.is_not_null()
    if unread.any():
        packed = published.filter(unread).str.replace_all(SIGNS, "")
        french = packed.str.contains(r",\d*$").fill_null(value=False)
        comma = packed.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        point = packed.str.replace_all(",", "", literal=True)
        numbers = numbers.scatter(unread.arg_true(), comma.zip_with(french, point).cast(pl.Float64, strict=False))
    return numbers.set(~numbers.is_finite().fill_null(value=True), None)


def are_fillers(amounts: pl.Series) -> pl.Series:
    """Tell the amounts that stand for none: one euro or less, nines only, or of an impossible size.

    Examples
    --------
    >>> import polars as pl
    >>> amounts = pl.Series([0.0, 1.0, 4.85, 99_999.0, 999_999_999.0, 12_311_111_111.0, 1e17, None])
    >>> are_fillers(amounts).to_list()
    [True, True, False, False, True, True, True, False]
    """
    huge = amounts >= 10 ** bound("montant_chiffres_maximum")
    nines = amounts >= 10 ** bound("montant_neufs_minimum") - 1
    if nines.any():
        whole = amounts.set(~nines | huge, 0).floor().cast(pl.Int64).cast(pl.String)
        nines = whole.str.contains("^9+$")
    filler = (amounts <= bound("montant_minimal")) | huge | nines | (amounts == bound("montants_speciaux"))
    return filler.fill_null(value=False)


def tidy_counts(published: pl.Series) -> pl.Series:
    """Return whole numbers of at least one (bids, months); zero stands for none, as the schema excludes it."""
    numbers = read_numbers(published)
    possible = numbers.is_between(1, LARGEST_COUNT).fill_null(value=False)
    return numbers.set(~possible, None).round().cast(pl.Int32)


def tidy_shares(published: pl.Series) -> pl.Series:
    """Return shares between 0 and 1."""
    numbers = read_numbers(published)
    return numbers.set(~numbers.is_between(0, 1).fill_null(value=False), None)
