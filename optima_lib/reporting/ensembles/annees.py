"""Authorities followed from one year to the next, each compared with itself."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optima_lib.comparison.fits import LEAST, Coefficient, Fit
from optima_lib.comparison.linear import fit_linear
from optima_lib.comparison.multiplicity import adjust_family
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability
from optima_lib.reporting.ensembles.details import SURE, Details, not_done, remark_years
from optima_lib.reporting.ensembles.echelles import Echelle, bounds
from optima_lib.reporting.ensembles.groupes import UNIT
from optima_lib.reporting.ensembles.terme import Terme
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Bloc, Shown, Texte

YEAR = "annee"
METHOD = "Effets fixes des collectivités, moindres carrés, erreurs CR3 groupées par collectivité"


@dataclass(frozen=True)
class Annees:
    """One value per authority and year.

    Attributes
    ----------
    indicator : Indicator
        What is followed.
    details : Details
        The years, and the term that changes in the authorities.
    """

    indicator: Indicator
    details: Details

    @cached_property
    def echelle(self) -> Echelle:
        """The scale of the model."""
        return Echelle.of(self.indicator, self.details.annees["valeur"].to_numpy(dtype=float))

    @cached_property
    def panel(self) -> pd.DataFrame:
        """The authorities seen twice at least in years that enough of them share, on the scale of the model (``y``)."""
        rows = self.details.annees
        rows = rows[self.echelle.admet(rows["valeur"].to_numpy(dtype=float))]
        rows = rows.assign(y=self.echelle.vers(rows["valeur"].to_numpy(dtype=float))).astype({YEAR: "int64"})
        rows = rows[rows[YEAR].isin(_linked(rows))]
        seen = rows.groupby(UNIT)[YEAR].transform("size")
        return rows[seen > 1].reset_index(drop=True)

    @property
    def reference(self) -> int:
        """The first year, with which the others are compared."""
        return int(self.panel[YEAR].min())

    @cached_property
    def modele(self) -> Fit | str:
        """The change since the first year, or the sentence of the refusal."""
        try:
            return self._fit()
        except ComparisonError as error:
            return str(error)

    def _fit(self) -> Fit:
        """Fit the fixed effects of authorities: all is told as a gap to the mean of its authority."""
        if self.panel.empty:
            raise ComparisonError(
                f"Aucun changement d'une année à l'autre n'est mesuré : il faut {LEAST} collectivités au moins, vues chacune deux "
                "années avec assez de faits. Ajoutez les fichiers d'autres années."
            )
        terms = {f"a{year}": (self.panel[YEAR] == year).astype(float) for year in self._later}
        told = self.panel[["y"]].assign(**terms)
        gaps = told - told.groupby(self.panel[UNIT]).transform("mean")
        return fit_linear(gaps.assign(**{UNIT: self.panel[UNIT]}), f"y ~ 0 + {' + '.join(terms)}", UNIT)

    @property
    def _later(self) -> list[int]:
        return sorted(set(self.panel[YEAR]) - {self.reference})

    @cached_property
    def effets(self) -> dict[int, tuple[Coefficient, float]]:
        """The change of each year since the first, and its p value corrected for all of them (Holm)."""
        told = self.modele
        if isinstance(told, str):
            return {}
        corrected = adjust_family(np.array([each.p for each in told.coefficients]), len(told.coefficients))
        return {year: (each, float(p)) for year, each, p in zip(self._later, told.coefficients, corrected, strict=True)}

    @cached_property
    def terme(self) -> Terme | None:
        """The term that changes in the authorities; None where none is given, or where there is no year to set it beside."""
        if self.details.terme is None or self.panel.empty:
            return None
        return Terme(self.indicator, self.panel, self.echelle, self.details.terme)

    def montrer(self) -> Shown:
        """What changed from one year to the next, and with the term."""
        told = self.modele
        term = () if self.terme is None else (self.terme.montrer(),)
        if isinstance(told, str):
            return Bloc((Texte((told,)), *term))
        return Bloc((Texte((Dit(self._sentence(told), self._told(told)), *told.remarks)), self._table(), *term))

    def _sentence(self, told: Fit) -> str:
        start = (
            f"{self.indicator.libelle} : chez les {french.agree(told.clusters, 'collectivité')} vues plusieurs années, chacune "
            f"comparée à elle-même"
        )
        sure = [year for year, (_, p) in self.effets.items() if p < SURE]
        if not sure:
            return (
                f"{start}, les données ne permettent pas d'établir de changement depuis {self.reference}. Ce n'est pas dire que "
                "rien n'a changé."
            )
        gaps = french.enumerate_words([f"{year} ({self._gap(self.effets[year][0])})" for year in sure])
        return f"{start}, un changement depuis {self.reference} est établi en {gaps}."

    def _gap(self, each: Coefficient) -> str:
        return f"{self.echelle.effet(each.estimate)}, de {bounds(each, self.echelle.effet)}"

    def _told(self, told: Fit) -> dict[str, object]:
        return {
            "indicateur": self.indicator.code,
            "methode": "effets_fixes_annees",
            "effectif": told.n,
            "verdict": "établi" if any(p < SURE for _, p in self.effets.values()) else "non tranché",
            "comparaison": {
                "reference": self.reference,
                "logarithme": self.echelle.logarithme,
                "collectivites": told.clusters,
                "annees": {
                    year: {"coefficient": each.estimate, "ic": [each.low, each.high], "p": each.p, "p_corrige": p}
                    for year, (each, p) in self.effets.items()
                },
            },
        }

    def _table(self) -> Tableau:
        seen = self.panel.groupby(YEAR)[UNIT].nunique()
        first = (str(self.reference), seen[self.reference], "référence", "", "")
        rows = [
            (str(year), seen[year], self.echelle.effet(each.estimate), bounds(each, self.echelle.effet), probability(p))
            for year, (each, p) in self.effets.items()
        ]
        out = sorted(set(self.details.annees[YEAR].astype(int)) - set(self.panel[YEAR]))
        left = f" Années laissées de côté, trop peu de collectivités communes : {french.years(out)}." if out else ""
        return Tableau(
            pd.DataFrame(
                [first, *rows], columns=["Année", "Collectivités", self.echelle.nom, "Intervalle à 95 %", "p corrigé"]
            ),
            f"{self.indicator.libelle} : changement depuis {self.reference}, à collectivité égale",
            {"Collectivités": french.whole},
            f"Chaque collectivité compte une fois par année.{remark_years(self.indicator)}{self.echelle.note} p corrigé pour toutes les années (Holm).{left}",
        )

    def point(self) -> str:
        """How it was done, for a paper."""
        if isinstance(self.modele, str):
            return not_done()
        added = "" if self.details.terme is None else " ; terme : effets fixes des collectivités et des années"
        return f"{METHOD}{added}."


def _linked(rows: pd.DataFrame) -> list[int]:
    """Return the years that enough authorities link: from the fullest, each that shares some with those already held."""
    seen = {int(str(year)): set(part) for year, part in rows.groupby(YEAR)[UNIT]}
    if not seen:
        return []
    held = [max(seen, key=lambda year: len(seen[year]))]
    while True:
        here = set().union(*(seen[year] for year in held))
        near = [year for year in seen if year not in held and len(seen[year] & here) >= LEAST]
        if not near:
            return held if len(held) > 1 else []
        held += near
