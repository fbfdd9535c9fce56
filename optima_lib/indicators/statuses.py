"""The status of a value: what its number of facts lets one say (indicators.md §1.3 M5 and §1.4)."""

import numpy as np
import pandas as pd

from optima_lib.references import bound

CALCULE, INDICATIF = "calculé", "indicatif"
INSUFFISANT, SANS_OBJET = "données insuffisantes", "sans objet"
STATUSES = (CALCULE, INDICATIF, INSUFFISANT, SANS_OBJET)
TOLD = ("valeur", "ic_bas", "ic_haut")


def add_statuses(values: pd.DataFrame, *, gated: bool) -> pd.DataFrame:
    """Add ``couverture`` and ``statut``, and take away the values that too few facts would carry.

    Parameters
    ----------
    values : pandas.DataFrame
        ``valeur``, ``effectif``, ``eligibles`` of each group.
    gated : bool
        Whether the value is uncertain below the minimal number of facts (a rate, a median) or a plain count or
        sum, which is true however small.

    Returns
    -------
    pandas.DataFrame
        The same rows. *Sans objet*: no fact is concerned. *Données insuffisantes*: too few facts, or none that
        can be used; never zero.
    """
    n, eligible = values["effectif"].to_numpy(), values["eligibles"].to_numpy()
    few = (n < bound("effectif_minimal")) if gated else (n == 0)
    status = np.where(gated & (n < bound("effectif_indicatif")), 1, 0)
    status[few | np.isnan(values["valeur"].to_numpy())] = 2
    status[eligible == 0] = 3
    told = status < 2
    shown = {name: np.where(told, values[name], np.nan) for name in TOLD if name in values}
    coverage = n / np.where(eligible > 0, eligible, np.nan)
    return values.assign(
        **shown, couverture=coverage, statut=pd.Categorical.from_codes(status, categories=pd.Index(STATUSES))
    )
