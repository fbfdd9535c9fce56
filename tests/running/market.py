"""Towns whose contracts are drawn: the processed tables that comparisons need, and no more."""

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl

from optima_lib.cleaning.buyers import strata
from optima_lib.partners import _has_key
from optima_lib.schemas import SCHEMAS, columns

CONTRACTS = 60
SPECIAL, USUAL = 0.7, 0.3  # rate of single bids


def write_towns(folder: Path, number: int) -> None:
    """Write the tables of towns of 50 000 to 99 999 inhabitants; the first has far more single bids than the others."""
    rng = np.random.default_rng(11)
    processed = folder / "processed"
    processed.mkdir(parents=True)
    sirens = [siren for rank in range(14, 14 + 10 * number) if _has_key(siren := f"21{rank:07d}")][:number]
    buyers = pl.DataFrame(
        {
            "acheteur_siren": sirens,
            "nom": [f"Ville {rank}" for rank in range(number)],
            "categorie": "commune",
            "categorie_source": "territoire",
            "nature_juridique": "COM",
            "population": rng.integers(50_000, 99_999, number),
            "departement": "00",
            "region": "00",
            "nb_sirets": pl.Series([1] * number, dtype=pl.Int32),
            "nb_marches": CONTRACTS,
        }
    )
    buyers = buyers.with_columns(strate=strata(pl.col("categorie"), pl.col("population")))
    marches = pl.concat([_contracts(rng, siren, SPECIAL if not rank else USUAL) for rank, siren in enumerate(sirens)])
    titulaires = pl.DataFrame(
        {"uid": marches["uid"], "titulaire_id": rng.choice([f"4{rank:08d}00012" for rank in range(90)], marches.height)}
    ).with_columns(titulaire_type_id=pl.lit("SIRET"), titulaire_siren=pl.col("titulaire_id").str.slice(0, 9))
    for name, table in (("acheteurs", buyers), ("marches", marches), ("titulaires", titulaires)):
        _whole(name, table).write_parquet(processed / f"{name}.parquet")
    for name in ("modifications", "territoires", "enregistrements", "fichiers", "ecartes"):
        _whole(name, pl.DataFrame()).write_parquet(processed / f"{name}.parquet")


def _contracts(rng: np.random.Generator, siren: str, rate: float) -> pl.DataFrame:
    """Draw the contracts of a town."""
    day = [dt.date(2023, 1, 1) + dt.timedelta(days=int(each)) for each in rng.integers(0, 730, CONTRACTS)]
    amount = np.exp(rng.normal(11.5, 1, CONTRACTS)).round(2)
    alone = rng.random(CONTRACTS) < np.clip(rate + rng.normal(0, 0.05), 0.02, 0.98)
    return pl.DataFrame(
        {
            "uid": [f"{siren}{rank:05d}" for rank in range(CONTRACTS)],
            "source": "inventée",
            "acheteur_siret": f"{siren}00014",
            "acheteur_siren": siren,
            "marche_id": [str(rank) for rank in range(CONTRACTS)],
            "objet": "Objet inventé",
            "cpv": rng.choice(["45210000", "79000000", "30200000"], CONTRACTS),
            "type_achat": "Services",
            "nature": "Marché",
            "procedure": rng.choice(["Procédure adaptée", "Appel d'offres ouvert"], CONTRACTS),
            "date_notification": day,
            "date_publication": [
                each + dt.timedelta(days=int(wait))
                for each, wait in zip(day, rng.integers(1, 90, CONTRACTS), strict=True)
            ],
            "annee": pl.Series([each.year for each in day], dtype=pl.Int32),
            "duree_mois": 12.0,
            "montant_initial_eur": amount,
            "montant_eur": amount,
            "classe_montant": "ferme",
            "offres_recues": np.where(alone, 1, rng.integers(2, 8, CONTRACTS)),
            "a_consideration_sociale": rng.random(CONTRACTS) < 0.2,
            "a_consideration_environnementale": rng.random(CONTRACTS) < 0.3,
            "nb_titulaires": 1,
            "nb_modifications": 0,
        }
    )


def _whole(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of a table in order and in their type; those not drawn are missing."""
    types = {column: each.dtype.type for column, each in SCHEMAS[name].to_schema().columns.items()}
    if not table.width:
        return pl.DataFrame(schema=types)
    lacking = [pl.lit(None, kind).alias(column) for column, kind in types.items() if column not in table.columns]
    told = table.with_columns(lacking)
    kept = [pl.col(column).cast(kind, strict=False) for column, kind in types.items()]
    return told.select(kept).select(columns(name))
