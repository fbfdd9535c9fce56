"""Write the processed tables of an invented market of any size, with the distribution of the real files.

    python benchmarks/generate_market.py CONTRACTS DATA_FOLDER

The shares are those of ``generate_decp.py`` (counts on real files, November 2026), drawn column by column; the buyers
are those of ``market_buyers.py``; the sizes of suppliers fall off as in the consolidated file (a few thousand contracts
for the largest).
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl
from generate_decp import CCAG, CPV, PROCEDURES, SHARES, luhn_key
from market_buyers import draw_buyers

from optima_lib.schemas import SCHEMAS, columns

BUYERS, SUPPLIERS = 30_000, 400_000
YEARS, YEAR_WEIGHTS = np.arange(2018, 2026), np.array([1, 3, 4, 5, 8, 9, 12, 13], dtype=float)
SOCIAL = ["Clause sociale", "Critère social", "Marché réservé", "Pas de considération sociale"]
GREEN = ["Clause environnementale", "Critère environnemental", "Pas de considération environnementale"]


def sirens(count: int, first: int) -> np.ndarray:
    """Return well-formed SIREN of invented bodies."""
    return np.array([(base := f"{first + number:08d}") + luhn_key(base) for number in range(count)])


def zipf(rng: np.random.Generator, keys: int, draws: int, flat: int) -> np.ndarray:
    """Draw keys whose frequency falls off as one over their rank."""
    weights = 1 / (np.arange(keys) + flat)
    return rng.choice(keys, draws, p=weights / weights.sum())


class Market:
    """Draws the tables; the same seed gives the same market."""

    def __init__(self, contracts: int, seed: int = 2026) -> None:
        self.n = contracts
        self.rng = np.random.default_rng(seed)
        self.buyers = draw_buyers(self.rng, sirens(BUYERS, 20_000_000))
        self.suppliers = sirens(SUPPLIERS, 40_000_000)
        self.modified = self.flag(SHARES["modified"])
        self.counts = 1 + self.flag(SHARES["several_suppliers"]) * self.rng.integers(1, 4, self.n)

    def flag(self, share: float) -> np.ndarray:
        """Draw whether a share applies to each contract."""
        return self.rng.random(self.n) < share

    def label(self, values: list[str], missing: float = 0.0) -> pl.Series:
        """Draw a label."""
        codes = pl.Series(self.rng.integers(0, len(values), self.n).astype(np.uint32))
        drawn = pl.Series(values).gather(codes).cast(pl.Categorical)
        return drawn.set(pl.Series(self.flag(missing)), None) if missing else drawn

    def number(self, values: np.ndarray, missing: float) -> pl.Series:
        """Return numbers, some of them missing."""
        return pl.Series(values).set(pl.Series(self.flag(missing)), None)

    def marches(self) -> pl.DataFrame:
        """Return one row per contract."""
        rng, n = self.rng, self.n
        buyer = rng.choice(BUYERS, n, p=self.buyers["poids"].to_numpy())
        year = rng.choice(YEARS, n, p=YEAR_WEIGHTS / YEAR_WEIGHTS.sum())
        notified = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + rng.integers(0, 365, n)
        delay = rng.gamma(1.2, 60, n).astype(np.int64)
        amount = np.round(rng.lognormal(11.4, 1.5, n) + 2, 2)
        framework, call_off = self.flag(SHARES["framework"]), self.flag(SHARES["call_off"])
        cpv = pl.Series(CPV).gather(pl.Series(rng.integers(0, len(CPV), n).astype(np.uint32)))
        kinds = pl.Series(["Travaux", "Services", "Fournitures"]).gather(rng.choice(3, n, p=[0.35, 0.4, 0.25]))
        recent = year >= 2022
        index = pl.int_range(n, eager=True)
        numbers = pl.DataFrame({"i": index, "b": buyer, "s": self.buyers["acheteur_siren"].gather(buyer)})
        told = numbers.select(
            uid=pl.format("{}00011{}", "s", "i"),
            acheteur_siret=pl.format("{}00011", "s"),
            acheteur_siren="s",
            marche_id=pl.format("M{}", "i"),
            objet=pl.format("Marché inventé numéro {} de fournitures, services ou travaux", pl.col("i") // 3),
        )
        later = amount * np.where(self.modified, rng.normal(1.08, 0.1, n).clip(0.7, 1.5), 1)
        classes = np.where(call_off, "subsequent", np.where(framework, "plafond", "ferme"))
        procedures = pl.Series(PROCEDURES).gather(rng.integers(0, len(PROCEDURES), n))
        months = rng.choice([1, 3, 6, 12, 18, 24, 36, 48], n).astype(np.int32)
        offers = np.minimum(40, 1 + rng.exponential(2.5, n)).astype(np.int32)
        missing_before = pl.Series(~recent)
        drawn = {
            "uid_publie": told["uid"],
            "lot": pl.Series(np.ones(n, dtype=np.int32)),
            "nb_lots": pl.Series(rng.choice([1, 1, 1, 2, 4], n).astype(np.int32)),
            "cpv": cpv.set(pl.Series(self.flag(0.01)), None),
            "cpv_publie": cpv,
            "type_achat": kinds.cast(pl.Categorical),
            "nature": self.label(["Marché"], 0.02),
            "procedure": procedures.cast(pl.Categorical).set(pl.Series(self.flag(0.01)), None),
            "date_notification": self.number(notified, 0.01),
            "date_publication": pl.Series(notified + delay),
            "duree_initiale_mois": self.number(months, SHARES["duration_text"]),
            "duree_mois": pl.Series(months + self.modified * rng.integers(0, 7, n).astype(np.int32)),
            "montant_initial_eur": self.number(amount, SHARES["amount_filler"]),
            "montant_eur": self.number(np.round(later, 2), SHARES["amount_filler"]),
            "classe_montant": pl.Series(classes).cast(pl.Categorical).set(pl.Series(self.flag(0.1)), None),
            "offres_recues": self.number(offers, SHARES["no_bids"]).set(missing_before, None),
            "considerations_sociales": self.label(SOCIAL).set(missing_before, None),
            "considerations_environnementales": self.label(GREEN).set(missing_before, None),
            "techniques": pl.Series(np.where(framework, "Accord-cadre", "Sans objet")).cast(pl.Categorical),
            "types_prix": self.label(["Définitif ferme", "Définitif révisable"], 0.2),
            "forme_prix": self.label(["Unitaire", "Forfaitaire", "Mixte"], 0.1),
            "ccag": self.label(CCAG, 0.1),
            "type_groupement": self.label(["Pas de groupement", "Solidaire", "Conjoint"], 0.1),
            "marche_innovant": pl.Series(self.flag(0.01)).set(missing_before, None),
            "attribution_avance": pl.Series(self.flag(0.4)).set(missing_before, None),
            "taux_avance": pl.Series(np.full(n, 0.1)),
            "sous_traitance_declaree": pl.Series(self.flag(0.1)).set(missing_before, None),
            "lieu_type": self.label(["Code commune"]),
            "nb_titulaires": pl.Series(self.counts.astype(np.int32)),
            "nb_modifications": pl.Series(self.modified.astype(np.int32)),
            "nb_fichiers": pl.Series(np.ones(n, dtype=np.int32)),
            "nb_enregistrements": pl.Series(1 + self.flag(0.05).astype(np.int32)),
            "double_possible": pl.Series(self.flag(0.05)),
        }
        table = told.with_columns(**drawn).with_columns(
            annee=pl.col("date_notification").dt.year(),
            a_consideration_sociale=~pl.col("considerations_sociales").cast(pl.String).str.starts_with("Pas"),
            a_consideration_environnementale=~pl.col("considerations_environnementales")
            .cast(pl.String)
            .str.starts_with("Pas"),
        )
        return complete("marches", table)

    def titulaires(self, uids: pl.Series) -> pl.DataFrame:
        """Return one row per contract and supplier."""
        rows = np.repeat(np.arange(self.n), self.counts)
        # neighbours in the draw are different suppliers
        number = (zipf(self.rng, SUPPLIERS, self.n, 2_000)[rows] + np.arange(len(rows)) % 7) % SUPPLIERS
        siren = pl.Series(self.suppliers).gather(number)
        table = pl.DataFrame({"uid": uids.gather(rows), "titulaire_siren": siren}).with_columns(
            titulaire_id=pl.col("titulaire_siren") + "00011", titulaire_type_id=pl.lit("SIRET")
        )
        return complete("titulaires", table)

    def modifications(self, marches: pl.DataFrame) -> pl.DataFrame:
        """Return one row per modification."""
        rows = marches.filter(pl.Series(self.modified))
        lag = pl.Series(self.rng.integers(20, 700, rows.height))
        return complete(
            "modifications",
            rows.select(
                "uid",
                "montant_eur",
                "duree_mois",
                rang=pl.lit(1, pl.Int32),
                date_modification=pl.col("date_notification") + pl.duration(days=lag),
            ),
        )

    def acheteurs(self, marches: pl.DataFrame) -> pl.DataFrame:
        """Return one row per buyer that has a contract."""
        counted = marches.group_by("acheteur_siren").agg(nb_marches=pl.len().cast(pl.Int64))
        told = self.buyers.drop("poids").join(counted, on="acheteur_siren", how="inner", validate="1:1")
        alike = {"categorie_source": pl.lit("nom"), "nb_sirets": pl.lit(1, pl.Int32)}
        return complete("acheteurs", told.sort("acheteur_siren").with_columns(**alike))


def complete(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of a table in order; those not drawn are missing."""
    types = {column: each.dtype.type for column, each in SCHEMAS[name].to_schema().columns.items()}
    lacking = [pl.lit(None, dtype).alias(column) for column, dtype in types.items() if column not in table.columns]
    return table.with_columns(lacking).select(columns(name))


def write_market(contracts: int, folder: Path) -> None:
    """Write the processed tables of a market into a data folder."""
    processed = folder / "processed"
    processed.mkdir(parents=True, exist_ok=True)
    market = Market(contracts)
    marches = market.marches()
    tables = {
        "marches": marches,
        "titulaires": market.titulaires(marches["uid"]),
        "modifications": market.modifications(marches),
        "acheteurs": market.acheteurs(marches),
    }
    for name, table in tables.items():
        table.write_parquet(processed / f"{name}.parquet", compression="zstd", compression_level=1)


if __name__ == "__main__":
    write_market(int(sys.argv[1]), Path(sys.argv[2]))
