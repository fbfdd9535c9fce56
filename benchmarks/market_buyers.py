"""The buyers of an invented market: as many of each kind and size as in France, and as busy as in the real files.

Communes and EPCI by stratum are counted in the register of communes of 2023 and in the list of EPCI of 2023 (INSEE,
DGCL); communes under 2 000 inhabitants, syndicates, CCAS and the others are scaled so that 30 000 buyers publish.
``activity`` is the mean number of contracts of such a buyer in the real files at hand (20 356 contracts, November 2026).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from optima_lib.cleaning.buyers import strata

UNEVEN = 0.8  # spread of the activity of like buyers, on logarithms


@dataclass(frozen=True)
class Kind:
    """Buyers of one kind and size."""

    category: str | None
    nature: str | None
    low: int
    high: int
    number: int
    activity: float


KINDS = (
    Kind("commune", None, 100, 499, 3_000, 1.5),
    Kind("commune", None, 500, 999, 4_000, 2.3),
    Kind("commune", None, 1_000, 1_999, 4_522, 2.8),
    Kind("commune", None, 2_000, 3_499, 2_255, 2.7),
    Kind("commune", None, 3_500, 4_999, 1_003, 2.7),
    Kind("commune", None, 5_000, 7_499, 807, 3.7),
    Kind("commune", None, 7_500, 9_999, 396, 4.4),
    Kind("commune", None, 10_000, 14_999, 387, 5.9),
    Kind("commune", None, 15_000, 19_999, 177, 6.6),
    Kind("commune", None, 20_000, 34_999, 244, 8.4),
    Kind("commune", None, 35_000, 49_999, 106, 7.4),
    Kind("commune", None, 50_000, 74_999, 65, 11.3),
    Kind("commune", None, 75_000, 99_999, 27, 10.9),
    Kind("commune", None, 100_000, 199_999, 31, 17.5),
    Kind("commune", None, 200_000, 2_000_000, 11, 41.0),
    Kind("EPCI", "CC", 4_000, 14_999, 351, 2.6),
    Kind("EPCI", "CC", 15_000, 29_999, 423, 4.3),
    Kind("EPCI", "CC", 30_000, 49_999, 174, 5.7),
    Kind("EPCI", "CC", 50_000, 120_000, 41, 7.2),
    Kind("EPCI", "CA", 30_000, 49_999, 18, 5.7),
    Kind("EPCI", "CA", 50_000, 99_999, 117, 7.2),
    Kind("EPCI", "CA", 100_000, 299_999, 90, 8.4),
    Kind("EPCI", "CA", 300_000, 450_000, 5, 14.9),
    Kind("EPCI", "CU", 57_000, 500_000, 14, 8.4),
    Kind("EPCI", "METRO", 217_000, 1_900_000, 21, 14.9),
    Kind("EPCI", "EPT", 321_000, 700_000, 11, 14.9),
    Kind("département", None, 76_000, 2_600_000, 98, 17.0),
    Kind("région", None, 280_000, 12_000_000, 17, 101.8),
    Kind("SDIS", None, 0, 0, 97, 10.4),
    Kind("syndicat", None, 0, 0, 5_000, 3.4),
    Kind("CCAS", None, 0, 0, 2_500, 3.2),
    Kind("office public de l'habitat", None, 0, 0, 200, 12.5),
    Kind("établissement de santé", None, 0, 0, 900, 9.5),
    Kind("SEM ou SPL", None, 0, 0, 900, 19.8),
    Kind(None, None, 0, 0, 1_992, 6.4),
)


def draw_buyers(rng: np.random.Generator, sirens: np.ndarray) -> pl.DataFrame:
    """Return one row per buyer, in a hundred départements, and how busy each is (``poids``)."""
    kind = np.repeat(np.arange(len(KINDS)), [each.number for each in KINDS])
    size = len(kind)
    share = rng.random(size)
    low, high, mean = (np.array([getattr(each, name) for each in KINDS])[kind] for name in ("low", "high", "activity"))
    population = np.where(low > 0, np.maximum(low, 1) * (np.maximum(high, 1) / np.maximum(low, 1)) ** share, 0)
    weight = mean * rng.lognormal(-(UNEVEN**2) / 2, UNEVEN, size)
    place, rank = pl.Series(kind), pl.int_range(size, eager=True)
    table = pl.DataFrame({"acheteur_siren": sirens[:size], "poids": weight / weight.sum()}).with_columns(
        nom=pl.format("Acheteur inventé {}", rank),
        categorie=pl.Series([each.category for each in KINDS]).gather(place),
        nature_juridique=pl.Series([each.nature for each in KINDS]).gather(place),
        population=pl.Series(population.astype(np.int64)).replace(0, None),
        departement=(rank % 100).cast(pl.String).str.zfill(2),
        region=(rank % 13).cast(pl.String),
    )
    return table.with_columns(strate=strata(pl.col("categorie"), pl.col("population")))
