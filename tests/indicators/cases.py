"""The cases worked by hand.

``tests/cases/CODE.csv`` holds the contracts (``fois``: how many alike; their uid then end in -0, -1…) and, in
``titulaires``, the SIREN of their suppliers; ``CODE.TABLE.csv`` the rows of another processed table, where one is
needed; ``CODE.expected.csv`` what they must give.
"""

from pathlib import Path

import polars as pl

from optima_lib.indicators.facts import base_of, build_facts
from optima_lib.schemas import SCHEMAS

CASES = Path(__file__).parents[1] / "cases"


def facts_of_case(code: str) -> dict[str, pl.DataFrame]:
    """Return the facts of the contracts of a case."""
    facts = build_facts(base_of(**base_of_case(code)), keep=lambda _, table: table.collect().lazy())
    return {name: table.collect() for name, table in facts.items()}


def base_of_case(code: str) -> dict[str, pl.DataFrame]:
    """Return the processed tables of a case, by name."""
    marches, titulaires = read_case(code)
    return {"marches": marches, "titulaires": titulaires} | {
        name: _read_table(path, name) for name in SCHEMAS if (path := CASES / f"{code}.{name}.csv").is_file()
    }


def _read_table(path: Path, name: str) -> pl.DataFrame:
    rows = pl.read_csv(path, infer_schema=False)
    types = {column: each.dtype.type for column, each in SCHEMAS[name].to_schema().columns.items()}
    if unknown := set(rows.columns) - set(types):
        raise ValueError(f"{path.name}: {unknown}")
    return rows.select(
        _column(column, dtype) if column in rows.columns else pl.lit(None, dtype).alias(column)
        for column, dtype in types.items()
    )


def read_case(code: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the tables *marchés* and *titulaires* of a case; columns that it leaves out are missing."""
    rows = pl.read_csv(CASES / f"{code}.csv", infer_schema=False)
    rows = rows.with_columns(pl.int_ranges(pl.col("fois").cast(pl.Int64)).alias("copie")).explode("copie")
    rows = rows.with_columns(pl.format("{}-{}", "uid", "copie").alias("uid"))
    listed = pl.col("titulaires") if "titulaires" in rows.columns else pl.lit(None, pl.String)
    rows = rows.with_columns(listed.str.split(" ").alias("titulaires"))
    rows = rows.with_columns(pl.col("titulaires").list.len().fill_null(0).alias("nb_titulaires"))
    types = {name: each.dtype.type for name, each in SCHEMAS["marches"].to_schema().columns.items()}
    marches = rows.select(
        _column(name, dtype) if name in rows.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in types.items()
    )
    titulaires = (
        rows.select("uid", titulaire_siren="titulaires").explode("titulaire_siren").drop_nulls().with_columns(
            titulaire_id=pl.col("titulaire_siren") + "00001", titulaire_type_id=pl.lit("SIRET")
        )
    )  # fmt: skip
    kept = SCHEMAS["titulaires"].to_schema().columns
    return marches, titulaires.select(
        name if name in titulaires.columns else pl.lit(None, pl.String).alias(name) for name in kept
    )


def _column(name: str, dtype: type[pl.DataType]) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(name).str.to_date()
    return pl.col(name) == "oui" if dtype == pl.Boolean else pl.col(name).cast(dtype)


def read_expected(code: str) -> pl.DataFrame:
    """Return what a case must give."""
    table = pl.read_csv(CASES / f"{code}.expected.csv", infer_schema=False)
    numbers = [name for name in table.columns if name not in {"acheteur_siren", "annee", "statut"}]
    return table.with_columns(pl.col("annee").cast(pl.Int32), pl.col(numbers).cast(pl.Float64))
