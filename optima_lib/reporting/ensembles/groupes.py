"""The groups of a pooled question: their columns, and the order in which they are read."""

import re
from collections.abc import Iterable

import pandas as pd

from optima_lib.cleaning.labels import fold_label

GROUP, LEFT_OUT, UNIT = "groupe", "laisse_de_cote", "acheteur_siren"


def first_number(name: str) -> int:
    r"""Return the number that a name begins with, so that strata stand in order; 0 where there is none.

    Examples
    --------
    >>> first_number("10 000 à 14 999"), first_number("membre")
    (10000, 0)
    """
    digits = re.match(r"[\d\s]+", str(name))
    return int("".join(digits[0].split()) or 0) if digits else 0


def in_order(names: Iterable[object]) -> list[str]:
    """Return names in the order of the number that they begin with, then of the alphabet, case and accents aside.

    Examples
    --------
    >>> in_order(["5 000 à 7 499", "500 à 999", "autre"])
    ['autre', '500 à 999', '5 000 à 7 499']
    >>> in_order(["État", "EPCI", "syndicat", "établissement", "commune", "CCAS"])
    ['CCAS', 'commune', 'EPCI', 'établissement', 'État', 'syndicat']
    """
    return sorted(map(str, names), key=lambda name: (first_number(name), fold_label(name), name))


def ordered(groups: pd.Series) -> pd.Series:
    """Return groups that tables keep in the order in which they are read."""
    return groups.astype(pd.CategoricalDtype(in_order(groups.unique()), ordered=True))
