"""The files that a pooled question brings: the group of each authority, what changes in it from year to year."""

from pathlib import Path

import pandas as pd

from optima_lib.errors import ComparisonError
from optima_lib.indicators.measure import BUYER, YEAR
from optima_lib.reporting.ensembles.groupes import GROUP

VALUE = "valeur"


def read_groups(path: Path) -> pd.Series:
    """Return the group of each authority, by SIREN.

    Raises
    ------
    ComparisonError
        When the file cannot be read, lacks a column, or tells an authority twice.
    """
    told = _read(path, [BUYER, GROUP])
    _require_once(told, [BUYER], path, "Gardez une ligne par collectivité.")
    return told.set_index(BUYER)[GROUP].str.strip()


def read_term(path: Path) -> pd.DataFrame:
    """Return what changes in the authorities: ``acheteur_siren``, ``annee``, ``valeur``.

    Raises
    ------
    ComparisonError
        When the file cannot be read, lacks a column, tells a year of an authority twice, or holds something else than numbers.
    """
    told = _read(path, [BUYER, YEAR, VALUE])
    _require_once(told, [BUYER, YEAR], path, "Gardez une ligne par collectivité et par année.")
    for name in (YEAR, VALUE):
        numbers = pd.to_numeric(told[name].str.strip().str.replace(",", "."), errors="coerce")
        wrong = numbers.isna() | (numbers.abs() == float("inf")) | ((name == YEAR) & (numbers % 1 != 0))
        if wrong.any():
            raise ComparisonError(
                f"{path.name}, ligne {told.index[wrong][0] + 2} : « {told.loc[wrong, name].iloc[0]} » n'est pas "
                f"{'une année' if name == YEAR else 'un nombre'}. Corrigez la colonne {name}."
            )
        told[name] = numbers
    return told.astype({YEAR: "int64"})


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read a CSV file as text, whether commas or semicolons separate its columns."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ComparisonError(f"{path.name} n'est pas en UTF-8. Enregistrez-le en « CSV UTF-8 ».") from None
    head = text.split("\n", maxsplit=1)[0]
    try:
        told = pd.read_csv(
            path, sep=";" if ";" in head else ",", dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        raise ComparisonError(
            f"{path.name} n'est pas un fichier CSV lisible. Donnez-lui un en-tête {', '.join(columns)} et autant de "
            "cases à chaque ligne."
        ) from None
    lacking = [name for name in columns if name not in told.columns]
    if lacking:
        raise ComparisonError(
            f"{path.name} doit avoir les colonnes {', '.join(columns)} (il manque {', '.join(lacking)}). Ajoutez-les."
        )
    return told[columns]


def _require_once(told: pd.DataFrame, keys: list[str], path: Path, cure: str) -> None:
    twice = told[told.duplicated(keys)]
    if len(twice):
        raise ComparisonError(f"{path.name} : {', '.join(twice.iloc[0][keys])} y est deux fois. {cure}")
