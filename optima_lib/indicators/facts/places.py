"""Where a buyer is."""

import polars as pl

from optima_lib.references import reference


def region_of_buyer() -> pl.Expr:
    """Return the buyer's region, told by its département where the territory tables do not.

    Examples
    --------
    >>> buyers = pl.DataFrame({"region": ["53", None, None], "departement": ["64", "64", None]})
    >>> buyers.select(region_of_buyer())["region"].to_list()
    ['53', '75', None]
    """
    pairs = {row["departement"]: row["region"] for row in reference("departements") if row["region"]}
    told = pl.col("departement").replace_strict(list(pairs), list(pairs.values()), default=None, return_dtype=pl.String)
    return pl.coalesce("region", told)
