"""What ``optima compare`` says of what it did."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from optima_lib.comparison import gates
from optima_lib.comparison.verdicts import ETABLI, NEGLIGEABLE
from optima_lib.reporting.ecarts import CONFIRMED
from optima_lib.running.compare import DECLARATION


def tell_comparisons(path: Path) -> Iterator[str]:
    """Count the comparisons made and refused, by reason, and the verdicts; say what was declared."""
    rows = pl.scan_parquet(path).with_columns(pl.col("statut", "motif", "verdict").cast(pl.String))
    whole = pl.col("annee").is_null()
    corrected = (pl.col("p_ajuste") <= CONFIRMED).sum().alias("corriges")
    counts = rows.group_by("statut", "motif", "verdict", whole.alias("ensemble")).agg(pl.len(), corrected).collect()
    for name, some in (
        ("toutes années", counts.filter("ensemble")),
        ("année par année", counts.filter(~pl.col("ensemble"))),
    ):
        made = some.filter(pl.col("statut") != gates.REFUSE)
        verdicts = ", ".join(f"{_whole(number)} {word}" for word, number in _sums(made, "verdict"))
        total = _whole(int(some["len"].sum()))
        yield f"Comparaisons {name} : {_whole(int(made['len'].sum()))} sur {total} ({verdicts or 'aucune'})"
        kept = _whole(int(made.filter(pl.col("verdict").is_in([ETABLI, NEGLIGEABLE]))["corriges"].sum()))
        yield f"  écarts établis qui résistent à la correction pour le nombre de comparaisons : {kept}"
        for motif, number in _sums(some.filter(pl.col("statut") == gates.REFUSE), "motif"):
            yield f"  non comparé, {motif} : {_whole(number)}"
    declared = json.loads((path.parent / DECLARATION).read_text(encoding="utf-8"))
    yield (
        f"Déclaré avant le calcul : famille principale {', '.join(declared['principale'])} (Holm), "
        f"{len(declared['exploratoire'])} indicateurs exploratoires (Benjamini et Hochberg) ; empreinte "
        f"{declared['empreinte'][:12]}"
    )
    yield f"Table : {path}"


def _sums(rows: pl.DataFrame, by: str) -> list[tuple[str, int]]:
    """Return the numbers by label, the largest first."""
    return [
        (str(name), int(number))
        for name, number in rows.group_by(by)
        .agg(pl.col("len").sum())
        .sort("len", by, descending=[True, False])
        .iter_rows()
    ]


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", " ")
