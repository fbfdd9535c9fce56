"""The level of each authority in a model of its facts, shrunken by what they tell."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optima_lib.comparison.intercepts import Levels, fit_levels
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.ensembles.details import Details, count_facts, name_facts, not_done, refuse_facts
from optima_lib.reporting.ensembles.echelles import Echelle, level
from optima_lib.reporting.ensembles.figures import shrunken
from optima_lib.reporting.ensembles.groupes import GROUP, UNIT
from optima_lib.reporting.figures import Figure
from optima_lib.reporting.texts import Bloc, Shown, Texte

MOST = 60  # authorities drawn
NOTHING = 0.0005  # what a share written in tenths of % rounds to none
Z95 = 1.959963984540054
METHOD = "Constantes aléatoires par collectivité, vraisemblance restreinte, niveaux rétrécis (BLUP)."


@dataclass(frozen=True)
class Niveaux:
    """The levels of authorities.

    Attributes
    ----------
    indicator : Indicator
        What is measured.
    details : Details
        The facts.
    """

    indicator: Indicator
    details: Details

    @cached_property
    def echelle(self) -> Echelle:
        """The scale of the model."""
        return Echelle.of(self.indicator, self._facts["valeur"].to_numpy(dtype=float))

    @property
    def _facts(self) -> pd.DataFrame:
        if self.details.faits is None or self.details.faits.empty:
            raise ComparisonError(f"Aucun niveau n'est rétréci. {refuse_facts(self.indicator, self.details)}")
        return self.details.faits

    @cached_property
    def lignes(self) -> pd.DataFrame:
        """The facts on the scale of the model (``y``), with a number for each group."""
        kept = self._facts[self.echelle.admet(self._facts["valeur"].to_numpy(dtype=float))]
        told = kept.assign(y=self.echelle.vers(kept["valeur"].to_numpy(dtype=float)))
        return told.assign(rang=pd.factorize(told[GROUP])[0]).reset_index(drop=True)

    @cached_property
    def modele(self) -> Levels | str:
        """The levels, all groups together, or the sentence of the refusal."""
        try:
            return fit_levels(self.lignes[["y", UNIT]], "y ~ 1", UNIT)
        except ComparisonError as error:
            return str(error)

    @cached_property
    def explique(self) -> float | None:
        """The share of the variance between authorities that the groups account for; None where it cannot be told."""
        told, groups = self.modele, self.lignes["rang"].nunique()
        if isinstance(told, str) or not 1 < groups < self.lignes[UNIT].nunique():
            return None
        try:
            within = fit_levels(self.lignes[["y", "rang", UNIT]], "y ~ C(rang)", UNIT)
        except ComparisonError:  # nothing is left between authorities, or groups are too many
            return None
        return 1 - within.between**2 / told.between**2

    @cached_property
    def table(self) -> pd.DataFrame:
        """Of each authority, from the highest level to the lowest: ``nom``, ``n``, ``brut``, ``valeur`` and its interval, ``fiabilite``."""
        told = self.modele
        if isinstance(told, str):
            raise ComparisonError(told)
        centre = told.fit["Intercept"].estimate
        effects, errors = (np.array([getattr(each, name) for each in told.levels]) for name in ("effect", "error"))
        names = self.lignes.drop_duplicates(UNIT).set_index(UNIT)["nom"]
        raw = self.lignes.groupby(UNIT)["y"].mean()
        order = [each.name for each in told.levels]
        back = self.echelle.retour
        frame = pd.DataFrame(
            {
                "nom": names[order].to_numpy(),
                "n": [each.n for each in told.levels],
                "brut": back(raw[order].to_numpy()),
                "valeur": back(centre + effects),
                "ic_bas": back(centre + effects - Z95 * errors),
                "ic_haut": back(centre + effects + Z95 * errors),
                "fiabilite": [each.reliability for each in told.levels],
            }
        )
        if (
            self.indicator.unite == "part" and frame["brut"].between(0, 1).all()
        ):  # the model, linear, does not know the ends
            frame[["valeur", "ic_bas", "ic_haut"]] = frame[["valeur", "ic_bas", "ic_haut"]].clip(0, 1)
        return frame.sort_values("valeur", ascending=False, ignore_index=True, kind="stable")

    def montrer(self) -> Shown:
        """How much lies between authorities, and the levels of those that have enough facts to be shown."""
        told = self.modele
        if isinstance(told, str):
            return Texte((told,))
        said = Texte((Dit(self._sentence(told), self._told(told)), *self._left_out(), *told.fit.remarks))
        enough = self.table[self.table["n"] >= bound("effectif_minimal")].reset_index(drop=True)
        return said if len(enough) < 2 else Bloc((said, self._figure(told, enough)))

    def _left_out(self) -> tuple[str, ...]:
        """Say the facts that have no logarithm."""
        absent = len(self._facts) - len(self.lignes)
        return (
            (f"Sans logarithme, laissés de côté : {count_facts(self.indicator, absent)} de valeur nulle.",)
            if absent
            else ()
        )

    def _sentence(self, told: Levels) -> str:
        number = f"{count_facts(self.indicator, told.fit.n)} de {french.agree(told.fit.clusters, 'collectivité')}"
        share = french.by_unit(told.intraclass, "part")
        said = (
            f"{self.indicator.libelle} : sur {number}, {share} de la variation tient à la collectivité qui achète ; le reste "
            f"sépare les {name_facts(self.indicator)[1]} d'une même collectivité."
        )
        if self.explique is None:
            return said
        if self.explique < NOTHING:
            return f"{said} Les groupes ne rendent compte de rien de ce qui sépare les collectivités."
        return f"{said} Les groupes rendent compte de {french.by_unit(self.explique, 'part')} de ce qui sépare les collectivités."

    def _told(self, told: Levels) -> dict[str, object]:
        return {
            "indicateur": self.indicator.code,
            "methode": told.fit.method,
            "valeur": told.intraclass,
            "effectif": told.fit.n,
            "comparaison": {
                "entre": told.between,
                "dans": told.within,
                "logarithme": self.echelle.logarithme,
                "collectivites": told.fit.clusters,
                "explique_par_les_groupes": self.explique,
            },
        }

    def _figure(self, told: Levels, enough: pd.DataFrame) -> Figure:
        shown, centre = _thinned(enough), float(self.echelle.retour(np.array(told.fit["Intercept"].estimate)))
        low, middle, high = (french.percent(float(enough["fiabilite"].quantile(q))) for q in (0, 0.5, 1))
        lowest, highest = (self._write(value) for value in (enough["valeur"].min(), enough["valeur"].max()))
        least = french.agree(int(bound("effectif_minimal")), *name_facts(self.indicator))
        step = round(len(enough) / len(shown))
        drawn = f" ; une sur {french.whole(step)} est dessinée" if step > 1 else ""
        scale = f" Les niveaux sont des {self.echelle.moyennes}." if self.echelle.logarithme else ""
        shift = self.echelle.decalage if self.echelle.logarithme else None
        return Figure(
            shrunken(shown, centre, write=self._write, named=self.details.noms_affiches, shift=shift),
            f"{self.indicator.libelle} : le niveau de chaque collectivité, rétréci",
            f"{french.agree(len(enough), 'collectivité')} d'au moins {least}, du niveau le plus élevé au plus faible : de {highest} à "
            f"{lowest}, autour de {self._write(centre)}. Fiabilité de {low} à {high}, médiane {middle}.",
            f"Collectivités d'au moins {least}{drawn}. Cercle : moyenne de ses {name_facts(self.indicator)[1]}. Point et trait : son niveau, "
            "rétréci vers celui de toutes d'autant plus qu'elle en a peu, et son intervalle à 95 %. Fiabilité (le poids de ses propres "
            f"{name_facts(self.indicator)[1]} dans son niveau) : médiane {middle}, de {low} à {high}. Pour classer et prévoir, non pour repérer une "
            f"collectivité hors du lot.{scale}",
        )

    def _write(self, value: float | None) -> str:
        return level(value, self.indicator.unite)

    def point(self) -> str:
        """How it was done, for a paper."""
        return not_done() if isinstance(self.modele, str) else METHOD


def _thinned(table: pd.DataFrame) -> pd.DataFrame:
    """Keep some authorities, evenly from the first to the last, where they are too many to be drawn."""
    if len(table) <= MOST:
        return table
    kept = np.unique(np.linspace(0, len(table) - 1, MOST).round().astype(int))
    return table.iloc[kept].reset_index(drop=True)
