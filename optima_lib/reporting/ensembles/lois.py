"""Which model the facts of an indicator call for, and how it is told in French."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optima_lib.comparison.fits import Fit
from optima_lib.comparison.linear import fit_linear
from optima_lib.comparison.models import fit_counts, fit_fraction
from optima_lib.indicators import Indicator
from optima_lib.reporting.ensembles.echelles import Echelle, Ecrire, Floats, ratio
from optima_lib.reporting.ensembles.porteurs import Lien

COUNTED = ("offres", "nombre")


@dataclass(frozen=True)
class Loi:
    """A model of facts.

    Attributes
    ----------
    methode : str
        What it is, for a paper.
    effet, niveau : str
        Heads of the columns: the effect of a group, and its level.
    lecture : str
        How an effect is read.
    echelle : Echelle
        The scale of the facts in it.
    ajuster : callable
        Fits it: rows, formula, column of the authority.
    ecrire : callable
        Writes an effect.
    lien : callable or None
        What links the mean of a group to the model, whose errors are then those of each authority left out; None where
        those of the model already are.
    cotes : bool
        Whether the facts are answers, yes or no.
    """

    methode: str
    effet: str
    niveau: str
    lecture: str
    echelle: Echelle
    ajuster: Callable[[pd.DataFrame, str, str], Fit]
    ecrire: Ecrire
    lien: Lien | None = None
    cotes: bool = False

    def centre(self, values: Floats) -> float:
        """Return the level of some facts, in the unit of the indicator."""
        return float(self.echelle.retour(self.echelle.vers(values).mean()))


def _log_odds(shares: Floats) -> Floats:
    return np.log(shares / (1 - shares))


def law_of(indicator: Indicator, values: Floats) -> Loi:
    """Return the model that the facts of an indicator call for: its unit says it, and the values that they can take.

    Examples
    --------
    >>> import numpy as np
    >>> import optima_lib.indicators as i
    >>> told = [law_of(i.find("C01"), np.array([0.0, 1.0])), law_of(i.find("S14"), np.array([900.0])),
    ...     law_of(i.find("C03"), np.array([1.0, 4.0])), law_of(i.find("V07"), np.array([-0.1, 2.0]))]
    >>> [each.effet for each in told]
    ['Rapport de cotes', 'Rapport', 'Rapport', 'Différence']
    """
    plain = Echelle(indicator.unite, logarithme=False)
    if indicator.unite == "part" and values.min() >= 0 and values.max() <= 1:
        return Loi(
            "modèle logit (quasi-vraisemblance), erreurs CR3 groupées par collectivité",
            "Rapport de cotes",
            "Part",
            "Rapport de cotes : combien de fois la cote de la réponse oui (le nombre de oui pour un non) est celle du groupe de référence.",
            plain,
            fit_fraction,
            ratio,
            lien=_log_odds,
            cotes=True,
        )
    if indicator.unite in COUNTED and values.min() >= 0 and not (values % 1).any():
        return Loi(
            "régression binomiale négative, erreurs CR3 groupées par collectivité",
            "Rapport",
            "Moyenne",
            "Rapport : combien de fois la moyenne est celle du groupe de référence.",
            plain,
            fit_counts,
            ratio,
            lien=np.log,
        )
    scale = Echelle.of(indicator, values)
    return Loi(
        f"moindres carrés{' sur les logarithmes' if scale.logarithme else ''}, erreurs CR3 groupées par collectivité",
        scale.nom,
        "Moyenne géométrique" if scale.logarithme else "Moyenne",
        scale.note.strip() or "Différence : ce qui sépare la moyenne de celle du groupe de référence.",
        scale,
        fit_linear,
        scale.effet,
    )
