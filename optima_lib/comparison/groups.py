"""Several groups of authorities: do they buy alike, and which differ from which."""

from dataclasses import replace
from typing import Literal

import pandas as pd

from optima_lib.comparison.columns import Floats, complete_rows, read_numbers
from optima_lib.comparison.estimands import ESTIMANDS, Groups
from optima_lib.errors import ComparisonError

Estimand = Literal["moyennes", "moyennes_geometriques", "rangs"]

LEVEL = 0.95
LEAST = 2  # units: below, a group has no dispersion


def compare_groups(table: pd.DataFrame, value: str, group: str, unit: str, estimand: Estimand) -> Groups:
    """Return the comparison of several groups of authorities.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per authority.
    value, group, unit : str
        Columns of the value, of the group and of the authority.
    estimand : {"moyennes", "moyennes_geometriques", "rangs"}
        What is compared, chosen for the question and the data, never after a test of normality.

    Raises
    ------
    ComparisonError
        When an authority has several rows, when there is one group only, when a group has fewer than two
        authorities or no dispersion, or when an amount without logarithm is to have a geometric mean.

    Notes
    -----
    Means: Welch's test, then Games and Howell's pairs. Ranks: Kruskal and Wallis's test, then Dunn's pairs with
    Holm's p values. A preliminary test that chooses between them would change their error rates. Rows are
    authorities: contracts of one authority are not independent, and pooling them finds differences where there are
    none. Source: Welch (1951), Biometrika 38:330; Kruskal and Wallis (1952), JASA 47:583; see `contrasts`.

    Examples
    --------
    >>> table = pd.DataFrame({"type": list("aaabbb"), "siren": list("123456"), "part": [1.0, 2, 3, 5, 6, 7]})
    >>> told = compare_groups(table, "part", "type", "siren", "moyennes")
    >>> told.statistic, told.df, round(told.p, 3), told.centres
    (24.0, (1.0, 4.0), 0.008, {'a': 2.0, 'b': 6.0})
    """
    if estimand not in ESTIMANDS:
        raise ComparisonError(f"Comparaison « {estimand} » inconnue. Choisissez entre {', '.join(ESTIMANDS)}.")
    rows, said = complete_rows(table, [value, group, unit])
    _require_one_row_each(rows, unit)
    numbers = read_numbers(rows, value)
    samples = {str(name): numbers[place] for name, place in rows.groupby(group, observed=True).indices.items()}
    _require_several(samples, group)
    told = ESTIMANDS[estimand](samples, LEVEL)
    return replace(told, remarks=(*said, *told.remarks))


def _require_one_row_each(rows: pd.DataFrame, unit: str) -> None:
    repeated = rows.loc[rows[unit].duplicated(), unit]
    if len(repeated):
        raise ComparisonError(
            f"Comparaison refusée : « {repeated.iloc[0]} » a plusieurs lignes. Résumez d’abord chaque collectivité en une "
            "valeur, ou servez-vous d’un modèle groupé par collectivité : ses contrats ne sont pas indépendants."
        )


def _require_several(samples: dict[str, Floats], group: str) -> None:
    if len(samples) < 2:
        raise ComparisonError(
            f"Comparaison refusée : la colonne « {group} » ne forme qu’un groupe. Il en faut deux au moins."
        )
    small = [name for name, each in samples.items() if len(each) < LEAST]
    if small:
        raise ComparisonError(
            f"Comparaison refusée : le groupe « {small[0]} » a moins de {LEAST} collectivités. "
            "Réunissez-le à un autre, ou retirez-le."
        )
