"""Ten indicators as one writes them first: a Python function of a group's rows, given to pandas ``groupby.apply``.

    python benchmarks/naive.py DATA_FOLDER

Reads the tables of facts of a folder and prints the seconds that each definition takes for every buyer and year:
those of one buyer in forty, times forty (the cost is one call per group).
The definitions are those of the catalogue: same facts concerned, same unknown answers, same intervals.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

# the cost is that of a call per group: a fortieth of the buyers tells it
SAMPLED = 40
GROUPS = ["acheteur_siren", "annee"]


def share(hit: pd.Series, known: pd.Series, among: pd.Series) -> dict[str, float]:
    """Return a share, its Wilson interval and its bounds."""
    counted = among & known
    n, hits, eligible = counted.sum(), (counted & hit).sum(), among.sum()
    low, high = proportion_confint(hits, n, method="wilson") if n else (np.nan, np.nan)
    bounds = (hits / eligible, (hits + eligible - n) / eligible) if eligible else (np.nan, np.nan)
    return {"valeur": hits / n if n else np.nan, "n": n, "bas": low, "haut": high, "b": bounds[0], "h": bounds[1]}


def called(rows: pd.DataFrame) -> pd.Series:
    """Tell contracts put to competition, or whose procedure is not known."""
    return rows["procedure"].isna() | ~rows["est_sans_appel"].fillna(value=False).astype(bool)


def c01(rows: pd.DataFrame) -> dict[str, float]:
    """Single bid."""
    known = rows["offres_recues"].notna() & rows["procedure"].notna()
    return share(rows["offres_recues"] == 1, known, called(rows))


def c03(rows: pd.DataFrame) -> dict[str, float]:
    """Mean number of bids."""
    values = rows.loc[called(rows) & rows["procedure"].notna(), "offres_plafonnees"].dropna()
    return {"valeur": values.mean(), "n": len(values), "ecart": values.std()}


def c03_median(rows: pd.DataFrame) -> dict[str, float]:
    """Median number of bids."""
    values = rows.loc[called(rows) & rows["procedure"].notna(), "offres_recues"].dropna()
    return {"valeur": values.median(), "n": len(values)}


def s01(rows: pd.DataFrame) -> dict[str, float]:
    """Contracts."""
    return {"valeur": rows["date_notification"].notna().sum(), "n": len(rows)}


def s02(rows: pd.DataFrame) -> dict[str, float]:
    """Firm amount, with the amounts of unknown class."""
    firm = rows.loc[rows["est_engage"], "montant_initial_eur"]
    return {
        "valeur": firm.sum(),
        "n": firm.notna().sum(),
        "haut": firm.sum() + rows.loc[rows["est_de_classe_inconnue"], "montant_initial_eur"].sum(),
    }


def s14(rows: pd.DataFrame) -> dict[str, float]:
    """Median firm amount."""
    values = rows.loc[rows["est_ferme"], "montant_initial_eur"].dropna()
    return {"valeur": values.median(), "n": len(values)}


def s10(rows: pd.DataFrame) -> dict[str, float]:
    """Diversity of families."""
    parts = rows["division"].value_counts(normalize=True)
    return {"valeur": -(parts * np.log(parts)).sum(), "n": rows["division"].notna().sum()}


def p05(rows: pd.DataFrame) -> dict[str, float]:
    """Median publication delay."""
    values = rows.loc[rows["delai_publication_jours"] >= 0, "delai_publication_jours"]
    return {"valeur": values.median(), "n": len(values)}


def f01(rows: pd.DataFrame) -> dict[str, float]:
    """Suppliers."""
    return {"valeur": rows["titulaire_no"].nunique(), "n": rows["part"].sum()}


def f07(rows: pd.DataFrame) -> dict[str, float]:
    """Concentration."""
    firm = rows[rows["est_engage"]]
    parts = firm.groupby("titulaire_no")["montant_part_eur"].sum()
    return {"valeur": 10_000 * ((parts / parts.sum()) ** 2).sum() if len(parts) >= 5 else np.nan, "n": len(firm)}


MARCHES = {
    "C01": c01,
    "C03": c03,
    "C03.mediane": c03_median,
    "S01": s01,
    "S02": s02,
    "S10": s10,
    "S14": s14,
    "P05": p05,
}
TITULAIRES = {"F01": f01, "F07": f07}


def sampled(table: pd.DataFrame) -> pd.DataFrame:
    """Return the facts of one buyer in SAMPLED."""
    buyers = sorted(table["acheteur_siren"].unique())[::SAMPLED]
    return table[table["acheteur_siren"].isin(buyers)]


def timed(table: pd.DataFrame, definition: Callable[[pd.DataFrame], dict[str, float]]) -> float:
    """Return the seconds of a definition over all buyers and years, then over all buyers."""
    start = time.perf_counter()
    for by in (GROUPS, GROUPS[:1]):
        table.groupby(by, dropna=True).apply(lambda rows: pd.Series(definition(rows)))
    return time.perf_counter() - start


if __name__ == "__main__":
    folder = Path(sys.argv[1]) / "processed" / "faits"
    marches, titulaires = (sampled(pd.read_parquet(folder / f"{name}.parquet")) for name in ("marches", "titulaires"))
    spent = {code: timed(marches, definition) for code, definition in MARCHES.items()}
    spent |= {code: timed(titulaires, definition) for code, definition in TITULAIRES.items()}
    print(json.dumps({code: SAMPLED * seconds for code, seconds in spent.items()}))
