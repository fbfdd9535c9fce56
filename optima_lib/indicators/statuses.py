"""The status of a value: what its number of facts lets one say (indicators.md §1.3 M5 and §1.4)."""

import pandas as pd

from optima_lib.references import bound

CALCULE, INDICATIF = "calculé", "indicatif"
INSUFFISANT, SANS_OBJET = "données insuffisantes", "sans objet"
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
    n, eligible = values["effectif"], values["eligibles"]
    few = (n < bound("effectif_minimal")) if gated else (n == 0)
    status = pd.Series(CALCULE, index=values.index)
    if gated:
        status = status.mask(n < bound("effectif_indicatif"), INDICATIF)
    status = status.mask(few | values["valeur"].isna(), INSUFFISANT).mask(eligible == 0, SANS_OBJET)
    told = status.isin([CALCULE, INDICATIF])
    shown = {name: values[name].where(told) for name in TOLD if name in values}
    return values.assign(**shown, couverture=n / eligible.where(eligible > 0), statut=status)
