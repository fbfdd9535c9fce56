"""An authority that makes a series of quarters by itself."""

import pandas as pd

from optima_lib.reporting import french
from optima_lib.reporting.ensembles.groupes import UNIT

HALF = 0.5


def tell_holder(parts: pd.DataFrame | None, quarters: pd.Series, *, named: bool, series: str = "la suite") -> str:
    r"""Say, after a space, which authority holds more than half of the facts of a series; nothing where none does.

    Parameters
    ----------
    parts : pandas.DataFrame or None
        ``trimestre``, ``acheteur_siren``, ``nom``, ``effectif``: the facts of each authority in each quarter.
    quarters : pandas.Series
        The quarters of the series.
    named : bool
        Whether authorities are named.
    series : str
        What the series is.

    Examples
    --------
    >>> rows = [(1, "a", "Lyon", 62), (1, "b", "Bron", 38), (2, "b", "Bron", 900)]
    >>> parts = pd.DataFrame(rows, columns=["trimestre", "acheteur_siren", "nom", "effectif"])
    >>> tell_holder(parts, pd.Series([1]), named=True)
    ' Lyon porte à elle seule 62\xa0% des faits de la suite.'
    >>> tell_holder(parts, pd.Series([1, 2]), named=False)
    ' Une collectivité porte à elle seule 94\xa0% des faits de la suite.'
    """
    if parts is None:
        return ""
    held = parts[parts["trimestre"].isin(quarters)].groupby(UNIT)["effectif"].sum()
    if held.empty or held.max() <= HALF * held.sum():
        return ""
    siren = held.idxmax()
    name = str(parts.loc[parts[UNIT] == siren, "nom"].iloc[0]) if named else "Une collectivité"
    share = french.by_unit(float(held.max() / held.sum()), "part")
    return f" {name} porte à elle seule {share} des faits de {series}."
