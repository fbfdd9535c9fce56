"""What changes in authorities when a term does, at equal years."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from optima_lib.comparison.fits import Fit
from optima_lib.comparison.panels import fit_panel
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.reporting import french
from optima_lib.reporting.ensembles.details import SURE, say_p
from optima_lib.reporting.ensembles.echelles import Echelle, bounds
from optima_lib.reporting.ensembles.groupes import UNIT
from optima_lib.reporting.texts import Texte

YEAR, TERM = "annee", "terme"
STAGGERED = (
    "Un terme qui passe de non à oui à des dates différentes selon la collectivité se lit autrement "
    "(optima_lib.comparison.reforms)."
)


@dataclass(frozen=True)
class Terme:
    """A term beside the years of authorities.

    Attributes
    ----------
    indicator : Indicator
        What is followed.
    panel : pandas.DataFrame
        ``acheteur_siren``, ``annee``, ``y`` on the scale of the model.
    echelle : Echelle
        The scale.
    valeurs : pandas.DataFrame
        ``acheteur_siren``, ``annee``, ``valeur`` of the term.
    """

    indicator: Indicator
    panel: pd.DataFrame
    echelle: Echelle
    valeurs: pd.DataFrame

    @cached_property
    def modele(self) -> Fit | str:
        """The model with fixed effects of authorities and years, or the sentence of the refusal."""
        rows = self.panel.merge(self.valeurs.rename(columns={"valeur": TERM}), on=[UNIT, YEAR], validate="1:1")
        if rows.empty:
            return (
                "Terme refusé : aucune de ses lignes n'est celle d'une collectivité et d'une année suivies ici. Vérifiez ses SIREN "
                "et ses années."
            )
        try:
            return fit_panel(rows, "y", [TERM], UNIT, YEAR)
        except ComparisonError as error:
            return str(error)

    def montrer(self) -> Texte:
        """What changes with the term, in words."""
        told = self.modele
        if isinstance(told, str):
            return Texte((told,))
        return Texte((Dit(self._sentence(told), self._told(told)), *told.remarks, STAGGERED))

    def _sentence(self, told: Fit) -> str:
        each, number = told[TERM], french.agree(told.clusters, "collectivité")
        gap = f"{self.echelle.effet(each.estimate)}, de {bounds(each, self.echelle.effet)} ; {say_p(each.p)} ; {number}"
        if each.p < SURE:
            return (
                f"Quand le terme augmente d'une unité dans une collectivité, sa valeur change ({gap}), à année égale : le lien est "
                "établi, il n'est pas pour autant un effet."
            )
        return (
            "Les données ne permettent pas d'établir qu'une collectivité change quand son terme augmente d'une unité "
            f"({gap}), à année égale."
        )

    def _told(self, told: Fit) -> dict[str, object]:
        each = told[TERM]
        return {
            "indicateur": self.indicator.code,
            "methode": told.method,
            "valeur": each.estimate,
            "ic": [each.low, each.high],
            "effectif": told.n,
            "verdict": "établi" if each.p < SURE else "non tranché",
            "comparaison": {
                "p": each.p,
                "collectivites": told.clusters,
                "logarithme": self.echelle.logarithme,
                **told.parameters,
            },
        }
