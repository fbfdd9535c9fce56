"""The status of a value: what its number of facts lets one say (docs/conventions.md)."""

import numpy as np

from optima_lib.indicators.sums import Numbers, Values
from optima_lib.references import bound

CALCULE, INDICATIF = "calculé", "indicatif"
INSUFFISANT, SANS_OBJET = "données insuffisantes", "sans objet"
STATUSES = (CALCULE, INDICATIF, INSUFFISANT, SANS_OBJET)
TOLD = ("valeur", "ic_bas", "ic_haut")


def statuses(values: Values, *, gated: bool) -> Numbers:
    """Return the status of each group, as its place in ``STATUSES``.

    Parameters
    ----------
    values : mapping
        ``valeur``, ``effectif``, ``eligibles`` of each group.
    gated : bool
        Whether the value is uncertain below the minimal number of facts (a rate, a median) or a plain count or
        sum, which is true however small.

    Returns
    -------
    array of int
        *Sans objet*: no fact is concerned. *Données insuffisantes*: too few facts, or none that can be used; never
        zero.
    """
    n = values["effectif"]
    few = (n < bound("effectif_minimal")) if gated else (n == 0)
    status = np.where(gated & (n < bound("effectif_indicatif")), 1, 0)
    status[few | np.isnan(values["valeur"])] = 2
    status[values["eligibles"] == 0] = 3
    return status


def told(values: Values, status: Numbers) -> Values:
    """Return the values with ``couverture``, and without those that too few facts would carry."""
    eligible = values["eligibles"]
    hidden = status > 1
    shown = {name: np.where(hidden, np.nan, each) if name in TOLD else each for name, each in values.items()}
    return shown | {"couverture": values["effectif"] / np.where(eligible > 0, eligible, np.nan)}
