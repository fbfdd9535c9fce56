"""Several releases of one process, made one."""

from dataclasses import replace

import polars as pl

from optima_lib.flags.moments import moment
from optima_lib.flags.tables import Tables

FREE = ["soumissionnaires", "jours"]  # what the order of the file does not number
TOLD = ["annule", "methode", "details", "acheteur", "entite", "soumissionnaires", "jours", "jours_stricts"]


def compile_versions(tables: Tables) -> Tables:
    """Keep, for each process that is told several times, the latest version of each part.

    The call is told by the latest release that tells each of its fields; the bids are those of the latest release
    that has bids, the awards those of the latest that has awards. Between releases of the same moment, the one of the
    highest amounts is taken, so that the order of the file changes nothing. A file of releases is better compiled
    by the rules of the standard beforehand: bids told one per release are not added up here.
    """
    if tables.ocid.n_unique() == len(tables.ocid):
        return tables
    moments = pl.Series([each.timestamp() if (each := moment(text)) else None for text in tables.date])
    amounts = tables.offres.group_by("processus").agg(somme=pl.col("montant").sum(), nombre=pl.len())
    ordered = (
        tables.processus.with_columns(instant=moments.cast(pl.Float64), ocid=tables.ocid)
        .join(amounts, on="processus", how="left")
        .sort("ocid", "instant", "nombre", "somme", *FREE, "processus", nulls_last=False)
    )
    latest = ordered.group_by("ocid", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().last() for name in TOLD),
        processus=pl.col("processus").last(),
        a_offres=pl.col("a_offres").any(),
        a_attributions=pl.col("a_attributions").any(),
        des_offres=pl.col("processus").filter("a_offres").last(),
        des_attributions=pl.col("processus").filter("a_attributions").last(),
    )
    processus = latest.select(tables.processus.columns).sort("processus")
    attributions = _move(tables.attributions, latest, "des_attributions")
    return replace(
        tables,
        processus=processus,
        offres=_move(tables.offres, latest, "des_offres"),
        attributions=attributions,
        articles=tables.articles.join(attributions, on="attribution", how="semi"),
        unites=processus.with_columns(unite="processus"),
    )


def _move(frame: pl.DataFrame, latest: pl.DataFrame, part: str) -> pl.DataFrame:
    """Give the rows of the release that is kept for a part to the process."""
    moved = latest.drop_nulls(part).select(nouveau="processus", processus=part)
    rows = frame.join(moved, on="processus", maintain_order="left")
    return rows.with_columns(processus="nouveau", unite="nouveau").drop("nouveau")
