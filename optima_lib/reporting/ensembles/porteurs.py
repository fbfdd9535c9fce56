"""How sure the effect of a group is: errors that leave each authority out, and the few authorities that carry it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optima_lib.comparison.fits import FEW, Coefficient, read_coefficients
from optima_lib.reporting import french
from optima_lib.reporting.ensembles.echelles import Floats
from optima_lib.reporting.ensembles.groupes import UNIT

MOST = 5  # groups that a sentence names
NAMED = 3  # those that it names where they are more
STUDENT = "loi de Student à autant de degrés de liberté que de collectivités dans le plus petit des deux groupes comparés, moins un"

Lien = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Effet:
    """The effect of a group beside the reference.

    Attributes
    ----------
    coefficient : Coefficient
        The effect, its interval and its p value.
    p : float
        The p value, corrected for all the groups.
    porteurs : int
        Authorities of the smaller of the group and the reference.
    """

    coefficient: Coefficient
    p: float
    porteurs: int


def left_out_error(rows: pd.DataFrame, link: Lien) -> float:
    """Return the error of the linked mean of a group, each authority left out in turn; not finite where one carries it all.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``acheteur_siren`` and ``valeur`` of the facts of the group.
    link : callable
        The link of the model: in a model of groups alone, what it fits is the mean of each, linked.

    Notes
    -----
    √Σ(f(m₋g) - f(m))², m₋g the mean without authority g: CR3, as the linear model has (Bell and McCaffrey, 2002, Survey
    Methodology 28:169). With CR1 errors, a group of 5 authorities of 30, whose numbers of facts are unequal, differs at
    5 % in 15 to 21 % of draws without effect by Student's law with G - 1 degrees of freedom, in 6 to 10 % with those of
    the group; with these errors and the latter, in 2 to 3 % (logit and counts, 2 000 draws each).

    Examples
    --------
    >>> rows = pd.DataFrame({"acheteur_siren": list("abc"), "valeur": [1.0, 2.0, 6.0]})
    >>> round(left_out_error(rows, lambda mean: mean), 6) == round((1 + 0.25 + 2.25) ** 0.5, 6)
    True
    """
    parts = rows.groupby(UNIT)["valeur"].agg(["sum", "size"]).astype(float)
    whole = parts.sum()
    with np.errstate(all="ignore"):
        left = link(((whole["sum"] - parts["sum"]) / (whole["size"] - parts["size"])).to_numpy())
        gaps = left - link(np.array(whole["sum"] / whole["size"]))
        return float(np.sqrt((gaps**2).sum()))


def carried_by(each: Coefficient, error: float, carriers: int) -> Coefficient:
    """Return a coefficient with its interval and p value by Student's law of the authorities that carry it.

    Examples
    --------
    >>> told = carried_by(Coefficient("x", 2.0, 1.0, 0.0, 4.0, 0.05), 1.0, 5)
    >>> round(told.low, 3), round(told.p, 3)
    (-0.776, 0.116)
    """
    return read_coefficients([each.name], [each.estimate], [[error**2]], carriers - 1)[0]


def remark_few(carriers: dict[str, int]) -> tuple[str, ...]:
    r"""Return the warning on the groups whose effect few authorities carry; nothing where there are none.

    Examples
    --------
    >>> remark_few({"membre": 40}), remark_few({"a": 5, "b": 60})
    ((), ("Moins de 40\xa0collectivités portent l'écart de « a »\xa0(5)\xa0: sous ce nombre, les erreurs groupées par collectivité sont souvent trop petites.",))
    """
    few = {name: number for name, number in sorted(carriers.items(), key=lambda each: each[1]) if number < FEW}
    if not few:
        return ()
    named = [f"« {name} »{french.NO_BREAK}({number})" for name, number in few.items()]
    which = french.enumerate_words([f"l'écart de {each}" for each in named])
    if len(few) > MOST:
        number = french.whole(len(few))
        who = f"des {number}" if len(few) == len(carriers) else f"de {number} des {french.whole(len(carriers))}"
        which = f"l'écart {who} groupes comparés à la référence, d'abord {french.enumerate_words(named[:NAMED])}"
    return (
        f"Moins de {french.agree(FEW, 'collectivité')} portent {which}{french.NO_BREAK}: sous ce nombre, les erreurs groupées par "
        "collectivité sont souvent trop petites.",
    )
