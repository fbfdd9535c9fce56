"""Suppliers that often win together, in the whole market."""

import polars as pl

from optima_lib.references import bound


def usual_partners(rows: pl.DataFrame) -> pl.Series:
    """Return ``a_paire_recurrente``: two suppliers of the contract win together often, in the whole market.

    A pair of habit won together on at least ``contrats_communs_paire`` occasions, more than members of consortia who
    met at random would: its lift (occasions of both × all occasions / (occasions of one × occasions of the other))
    exceeds 1. An occasion is a buyer and a day of notification, so that the lots of one consultation count once.
    Ceilings of framework agreements, whose holders are rivals and not partners, are left out. Missing there, for a
    single supplier, and above ``paire_membres_maximum`` suppliers, which look like such holders.

    Source: Open Contracting Partnership R053; lift of association rules (Brin and others, 1997).
    """
    number = pl.col("nb_titulaires")
    paired = (number > 1) & (number <= bound("paire_membres_maximum")) & ~pl.col("est_plafond")
    alone = pl.when(pl.col("date_notification").is_null()).then("contrat")
    occasion = pl.struct("acheteur_siren", "date_notification", seul=alone).hash()
    members = rows.filter(paired, pl.col("titulaire_no").is_not_null()).select(
        "contrat", "titulaire_no", occasion=occasion
    )
    usual = _usual_contracts(members).with_columns(trouve=pl.lit(value=True))
    told = rows.select("contrat", reponse=paired).join(usual, on="contrat", how="left", maintain_order="left")
    answer = pl.when("reponse").then(pl.col("trouve").fill_null(value=False))
    return told.select(a_paire_recurrente=answer).to_series()


def _usual_contracts(members: pl.DataFrame) -> pl.DataFrame:
    """Return the contracts that hold a pair of habit, from the suppliers and the occasion of each."""
    key, other = "titulaire_no", "titulaire_no_autre"
    pairs = members.join(members.select("contrat", key), on="contrat", suffix="_autre").filter(
        pl.col(key) < pl.col(other)
    )
    times = pl.col("occasion").n_unique()
    met = pairs.group_by(key, other).agg(ensemble=times)
    each = members.group_by(key).agg(fois=times)
    others = each.rename({key: other, "fois": "fois_autre"})
    counted = met.join(each, on=key).join(others, on=other)
    lift = pl.col("ensemble") * members["occasion"].n_unique() / (pl.col("fois") * pl.col("fois_autre"))
    usual = counted.filter(pl.col("ensemble") >= bound("contrats_communs_paire"), lift > 1)
    return pairs.join(usual, on=[key, other], how="semi").select("contrat").unique()
