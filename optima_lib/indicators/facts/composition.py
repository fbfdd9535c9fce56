"""The kind of each contract: what is bought, for how much, by which procedure."""

import polars as pl

from optima_lib.references import reference

# the code of a kind is written in digits: division (2), class of amount (1), group of procedures (1)
DIVISION, SIZE = 100, 10


def add_composition(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``composition``: the code of the CPV division, the class of amount and the group of procedures.

    Four digits: 4521 is division 45, class 2 (``references/classes_taille.csv``), group 1
    (``references/procedures_composition.csv``); 0 where one is not published.

    Examples
    --------
    >>> import polars as pl
    >>> one = {"division": ["45"], "montant_initial_eur": [50_000.0], "procedure": ["Procédure adaptée"]}
    >>> add_composition(pl.LazyFrame(one)).collect()["composition"].item()
    4521
    """
    groups = {row["procedure"]: int(row["groupe"]) for row in reference("procedures_composition")}
    starts = [float(row["de_eur"]) for row in reference("classes_taille")]
    amount = pl.col("montant_initial_eur")
    size = pl.sum_horizontal((amount >= start).cast(pl.Int32) for start in starts).fill_null(0)
    group = pl.col("procedure").cast(pl.String).replace_strict(groups, default=0, return_dtype=pl.Int32)
    division = pl.col("division").cast(pl.Int32, strict=False).fill_null(0)
    return facts.with_columns(composition=division * DIVISION + size * SIZE + group.fill_null(0))
