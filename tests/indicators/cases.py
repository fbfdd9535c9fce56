"""The cases worked by hand: tables of contracts and suppliers from ``tests/cases/CODE.csv``."""

from pathlib import Path

import polars as pl

from optima_lib.schemas import SCHEMAS

CASES = Path(__file__).parents[1] / "cases"
TYPES = {
    "annee": pl.Int32,
    "offres_recues": pl.Int32,
    "nb_titulaires": pl.Int32,
    "montant_eur": pl.Float64,
    "montant_initial_eur": pl.Float64,
    "date_notification": pl.Date,
    "date_publication": pl.Date,
}


def read_case(code: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the tables *marchés* and *titulaires* of a case; columns that it leaves out are missing."""
    rows = pl.read_csv(CASES / f"{code}.csv", infer_schema=False)
    rows = rows.with_columns(pl.int_ranges(pl.col("fois").cast(pl.Int64)).alias("copie")).explode("copie")
    rows = rows.with_columns(pl.format("{}-{}", "uid", "copie").alias("uid"))
    listed = pl.col("titulaires") if "titulaires" in rows.columns else pl.lit(None, pl.String)
    rows = rows.with_columns(listed.str.split(" ").alias("titulaires"))
    rows = rows.with_columns(pl.col("titulaires").list.len().fill_null(0).alias("nb_titulaires"))
    columns = SCHEMAS["marches"].to_schema().columns
    marches = rows.select(
        _column(name, TYPES.get(name, pl.String))
        if name in rows.columns
        else pl.lit(None, TYPES.get(name, pl.String)).alias(name)
        for name in columns
    )
    titulaires = (
        rows.select("uid", titulaire_siren="titulaires").explode("titulaire_siren").drop_nulls().with_columns(
            titulaire_id=pl.col("titulaire_siren") + "00001"
        )
    )  # fmt: skip
    return marches, titulaires


def _column(name: str, dtype: type[pl.DataType]) -> pl.Expr:
    return pl.col(name).str.to_date() if dtype == pl.Date else pl.col(name).cast(dtype)


def read_expected(code: str) -> pl.DataFrame:
    """Return what a case must give."""
    table = pl.read_csv(CASES / f"{code}.expected.csv", infer_schema=False)
    numbers = [name for name in table.columns if name not in {"acheteur_siren", "annee", "statut"}]
    return table.with_columns(pl.col("annee").cast(pl.Int32), pl.col(numbers).cast(pl.Float64))
