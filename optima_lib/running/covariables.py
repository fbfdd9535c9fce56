"""What is declared to tell authorities alike: columns of the buyers, or of a file of the partner."""

from pathlib import Path

import numpy as np
import pandas as pd

from optima_lib.errors import ComparisonError, suggest
from optima_lib.indicators.measure import BUYER
from optima_lib.partners import KNOWN_COVARIATES, Voisins
from optima_lib.running.csv_files import LINE, read_about_authorities


def read_covariates(acheteurs: pd.DataFrame, voisins: Voisins, data: Path) -> pd.DataFrame:
    """Return the covariates that a partner declares, on logarithms, one row per buyer in their order.

    Parameters
    ----------
    acheteurs : pandas.DataFrame
        Buyers: ``acheteur_siren``, ``population``, ``nb_marches``.
    voisins : Voisins
        The covariates declared, and the file of those that the buyers do not hold.
    data : Path
        Data folder, from which the file is named.

    Returns
    -------
    pandas.DataFrame
        One column per covariate, in their order; missing where the authority has none, or nothing above zero.

    Raises
    ------
    ComparisonError
        When the file or a column is not there, an authority is twice in it, or a value is not a number above zero.
    """
    declared = {} if voisins.fichier is None else _read(data / voisins.fichier, acheteurs[BUYER])
    told = {**{name: pd.to_numeric(acheteurs[name]).astype(float) for name in KNOWN_COVARIATES}, **declared}
    for name in voisins.covariables:
        if name not in told:
            raise ComparisonError(
                f"Pas de voisins : la covariable « {name} » n'est ni une colonne des acheteurs, ni du fichier déclaré. "
                f"{suggest(name, sorted(told))}"
            )
    table = pd.DataFrame({name: told[name].to_numpy() for name in voisins.covariables})
    logs: pd.DataFrame = np.log(table.where(table > 0))  # type: ignore[assignment]
    return logs


def _read(path: Path, sirens: pd.Series) -> dict[str, pd.Series]:
    """Return the columns of a file, for some authorities in order."""
    if not path.is_file():
        raise ComparisonError(
            f"Pas de voisins : {path} n'existe pas. Corrigez « fichier » dans le fichier du partenaire."
        )
    told = read_about_authorities(path)
    if told[BUYER].duplicated().any():
        twice = told.loc[told[BUYER].duplicated(), BUYER].iloc[0]
        raise ComparisonError(f"Pas de voisins : {twice} est deux fois dans {path}. Gardez une ligne par collectivité.")
    told = told.set_index(BUYER)
    return {str(name): sirens.map(_numbers(told[name], path)) for name in told if name != LINE}


def _numbers(column: pd.Series, path: Path) -> pd.Series:
    text = column.str.replace(",", ".").str.replace(r"[\s\u00a0\u202f]", "", regex=True)
    numbers = pd.to_numeric(text, errors="coerce")
    wrong = (text != "") & ~(np.isfinite(numbers) & (numbers > 0))
    if wrong.any():
        raise ComparisonError(
            f"Pas de voisins : dans {path}, {column.name} de {wrong.idxmax()} vaut « {column[wrong.idxmax()]} ». "
            "Donnez un nombre au-dessus de zéro, ou laissez la case vide."
        )
    return numbers
