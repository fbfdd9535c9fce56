"""Facts of the suppliers of each contract."""

import polars as pl

from optima_lib.indicators.facts.conventions import Conventions
from optima_lib.indicators.facts.firms import PLACE, TOLD, add_firms
from optima_lib.indicators.facts.parties import add_parties


def supplier_facts(
    contracts: pl.LazyFrame, suppliers: pl.LazyFrame, buyers: pl.LazyFrame, conventions: Conventions
) -> pl.LazyFrame:
    """Return one row per contract and supplier, and one per contract without any.

    Columns beside those of the contracts: ``titulaire`` (SIREN, else the identifier as published), ``titulaire_no``
    (its number), ``part`` (of the contract: equal parts, or all to the first) and ``montant_part_eur`` (of the
    latest amount, or the initial one), as the conventions say; those of ``facts.firms`` and ``facts.parties``. A
    contract joins several suppliers (1:m), which stand together.
    """
    told = (*(f"fournisseur_{name}" for name in TOLD), PLACE)
    kept = ["uid", "titulaire_id", "titulaire_type_id", "titulaire_siren", *told]
    named = suppliers.select(*kept, rang=pl.int_range(pl.len()).over("uid"))
    joined = contracts.join(named, on="uid", how="left", validate="1:m", maintain_order="left")
    shared = add_parties(joined).with_columns(
        titulaire=pl.coalesce("titulaire_siren", "titulaire_id"), part=conventions.part_of_supplier()
    )
    amount = pl.col(conventions.montant_fournisseurs) * pl.col("part")
    numbered = _numbered(shared.with_columns(montant_part_eur=amount))
    return add_firms(numbered, buyers).drop("date_fin")


def _numbered(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Add the number of each supplier, from 1, in order of their identifiers."""
    names = suppliers.select(pl.col("titulaire").drop_nulls().unique().sort())
    numbers = names.with_columns(titulaire_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return suppliers.join(numbers, on="titulaire", how="left", validate="m:1", maintain_order="left")
