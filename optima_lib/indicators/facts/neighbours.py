"""Facts of a buyer beside the others of its département: who has the same needs, who the same suppliers."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl

from optima_lib.indicators.facts.needs import window_start
from optima_lib.indicators.sums import Floats
from optima_lib.references import bound

PLACE, BUYER, OTHER = "departement", "acheteur_siren", "partenaire_siren"
NEEDS, SUPPLIERS = ("recouvrement_besoins", "besoin_commun_eur"), ("recouvrement_fournisseurs",)
COMMON = (*NEEDS, *SUPPLIERS)
SAME = 1e-9  # what a sum of floats may leave of nothing
Pairs = Callable[[pl.DataFrame, int], dict[str, Floats]]


def neighbour_facts(contracts: pl.LazyFrame, suppliers: pl.LazyFrame, latest: dt.date | None) -> pl.LazyFrame:
    """Return one row per buyer and partner that resembles it most, and one per buyer that has none.

    Columns: ``partenaire_siren``, ``uid`` (the same, empty where there is none), ``departement``, ``annee`` (always
    missing); ``recouvrement_besoins`` (weighted Jaccard index of the yearly needs by CPV group: sum of the smaller
    of the two over sum of the larger); ``besoin_commun_eur`` (the sum of the smaller); ``recouvrement_fournisseurs``
    (Jaccard index of the pairs of CPV group and supplier of the contracts notified in the window).

    Only buyers of one département are compared, that have ``mutualisation_marches_minimum`` such contracts at least;
    the ``partenaires_retenus`` nearest by needs and the nearest by suppliers are kept (the other index is then
    missing), the first SIREN among equals.
    """
    known = [pl.col(name).is_not_null() for name in (PLACE, "famille")]
    needs = contracts.filter(pl.col("besoin_annuel_eur") > 0, *known).group_by(PLACE, BUYER, "famille").agg(
        valeur=pl.col("besoin_annuel_eur").sum(), marches=pl.len().cast(pl.Float64)
    ).rename({"famille": "cle"})  # fmt: skip
    recent = suppliers.filter(pl.col("date_notification") > window_start(latest), pl.col("titulaire_no").is_not_null(), *known)  # fmt: skip
    named = recent.with_columns(pl.format("{} {}", "famille", "titulaire_no").alias("cle"))
    held = named.group_by(PLACE, BUYER, "cle").agg(valeur=pl.lit(1.0), marches=pl.col("part").sum())
    near = _nearest(needs, common_needs, NEEDS).join(
        _nearest(held, common_suppliers, SUPPLIERS), on=[BUYER, OTHER], how="full", coalesce=True
    )
    buyers = contracts.select(pl.col(BUYER, PLACE).cast(pl.String)).unique()
    told = buyers.join(near, on=BUYER, how="left", validate="1:m")
    return told.with_columns(annee=pl.lit(None, pl.Int32), uid=pl.col(OTHER).fill_null(""))


def _nearest(told: pl.LazyFrame, pairs: Pairs, names: tuple[str, ...]) -> pl.LazyFrame:
    """Return the nearest partners of each buyer."""
    schema = {BUYER: pl.String, OTHER: pl.String} | dict.fromkeys(names, pl.Float64)
    enough = pl.col("marches").sum().over(BUYER).round(6) >= bound("mutualisation_marches_minimum")
    texts = told.filter(enough).with_columns(pl.col(PLACE, BUYER, "cle").cast(pl.String)).sort(PLACE, BUYER, "cle")

    def compare(table: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=schema), *_by_place(table, pairs)])

    return texts.map_batches(compare, schema=schema)


def _by_place(table: pl.DataFrame, pairs: Pairs) -> Iterator[pl.DataFrame]:
    """Give the nearest partners, one département after the other."""
    for place in table.partition_by(PLACE, maintain_order=True):
        buyers = place[BUYER].unique(maintain_order=True)
        if len(buyers) < 2:
            continue
        found = pairs(place, len(buyers))
        first = next(iter(found.values()))
        np.fill_diagonal(first, -1)
        nearest = np.argsort(-first, axis=1, kind="stable")[
            :, : min(int(bound("partenaires_retenus")), len(buyers) - 1)
        ]
        rows = np.repeat(np.arange(len(buyers)), nearest.shape[1])
        told = {name: values[rows, nearest.ravel()] for name, values in found.items()}
        yield pl.DataFrame({BUYER: buyers.gather(rows), OTHER: buyers.gather(nearest.ravel())} | told)


def _matrix(place: pl.DataFrame) -> Any:
    """Return the values of buyers (rows) and keys (columns)."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - slow to import

    row, column = (place[name].rank("dense").to_numpy().astype(int) - 1 for name in (BUYER, "cle"))
    return csr_array((place["valeur"].to_numpy(), (row, column)))


def common_needs(place: pl.DataFrame, buyers: int) -> dict[str, Floats]:
    """Return the weighted Jaccard index of each pair of buyers, and the sum of the smaller needs.

    The sum of the smaller is half of what both need less the distance of their needs (city blocks).
    """
    from scipy.spatial.distance import cdist  # noqa: PLC0415 - slow to import

    needs = _matrix(place).toarray()
    total = needs.sum(axis=1)
    both = total[:, None] + total[None, :]
    smaller = (both - cdist(needs, needs, "cityblock")) / 2
    smaller = np.where(smaller > SAME * both, smaller, 0.0).reshape(buyers, buyers)
    return dict(zip(NEEDS, (smaller / (both - smaller), smaller), strict=True))


def common_suppliers(place: pl.DataFrame, buyers: int) -> dict[str, Floats]:
    """Return the Jaccard index of what each pair of buyers holds."""
    held = _matrix(place)
    common = (held @ held.T).toarray().reshape(buyers, buyers)
    number = common.diagonal()
    return {SUPPLIERS[0]: common / (number[:, None] + number[None, :] - common)}
