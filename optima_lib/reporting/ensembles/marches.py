"""A pooled question at the level of contracts: the groups in a model of facts, errors clustered by authority."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optima_lib.comparison.fits import LEAST, Coefficient, Fit
from optima_lib.comparison.multiplicity import adjust_family
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.indicators.shapes import Total
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability
from optima_lib.reporting.ensembles.details import (
    Details,
    count_facts,
    name_facts,
    not_done,
    refuse_facts,
    remark_years,
    say_p,
)
from optima_lib.reporting.ensembles.echelles import bounds, level
from optima_lib.reporting.ensembles.groupes import GROUP, UNIT, in_order
from optima_lib.reporting.ensembles.lois import Loi, law_of
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Bloc, Shown, Texte

SURE = 0.05


@dataclass(frozen=True)
class Marches:
    """The groups of authorities, compared on their contracts.

    Attributes
    ----------
    indicator : Indicator
        What is compared.
    details : Details
        The facts.
    """

    indicator: Indicator
    details: Details

    @cached_property
    def loi(self) -> Loi:
        """The model that the facts call for."""
        return law_of(self.indicator, self._facts["valeur"].to_numpy(dtype=float))

    @property
    def _facts(self) -> pd.DataFrame:
        if self.details.faits is None or self.details.faits.empty:
            raise ComparisonError(f"Aucun modèle des marchés. {refuse_facts(self.indicator, self.details)}")
        return self.details.faits

    @cached_property
    def lignes(self) -> pd.DataFrame:
        """The facts that the model can read."""
        kept = self.loi.echelle.admet(self._facts["valeur"].to_numpy(dtype=float))
        return self._facts[kept]

    @cached_property
    def effectifs(self) -> pd.DataFrame:
        """Of each group, in order: authorities, facts, level, and whether the model holds it."""
        groups = self.lignes.groupby(GROUP)
        told = pd.DataFrame(
            {
                "collectivites": groups[UNIT].nunique(),
                "faits": groups.size(),
                "niveau": groups["valeur"].agg(lambda values: self.loi.centre(values.to_numpy(dtype=float))),
            }
        )
        told["retenu"] = told["collectivites"] >= LEAST
        if self.loi.cotes:
            told["retenu"] &= told["niveau"].between(0, 1, inclusive="neither")
        return told.loc[in_order(told.index)]

    @cached_property
    def reference(self) -> str:
        """The group of the most authorities, with which the others are compared."""
        kept = self.effectifs[self.effectifs["retenu"]]
        if len(kept) < 2:
            raise ComparisonError(
                f"Aucun modèle des marchés : il faut deux groupes de {LEAST} collectivités au moins, dont les marchés diffèrent entre "
                f"eux, et {'il n’y en a qu’un' if len(kept) else 'il n’y en a pas'}. Prenez des groupes plus larges, ou "
                "ajoutez des fichiers."
            )
        return str(kept["collectivites"].idxmax())

    @cached_property
    def modele(self) -> Fit | str:
        """The fitted model, or the sentence of its refusal."""
        try:
            return self._fit()
        except ComparisonError as error:
            return str(error)

    @property
    def _autres(self) -> list[str]:
        kept = self.effectifs.index[self.effectifs["retenu"]]
        return [str(name) for name in kept if name != self.reference]

    def _fit(self) -> Fit:
        others = [self.reference, *self._autres][1:]
        rows = self.lignes[self.lignes[GROUP].isin([self.reference, *others])]
        values = self.loi.echelle.vers(rows["valeur"].to_numpy(dtype=float))
        terms = {f"g{rank}": (rows[GROUP] == name).astype(float) for rank, name in enumerate(others)}
        table = rows[[UNIT]].assign(valeur=values, **terms)
        try:
            return self.loi.ajuster(table, f"valeur ~ {' + '.join(terms)}", UNIT)
        except ComparisonError as error:
            raise ComparisonError(
                f"{error} Ici, chaque groupe est un terme : prenez des groupes plus larges."
            ) from error

    @cached_property
    def effets(self) -> dict[str, tuple[Coefficient, float]]:
        """The effect of each group beside the reference, and its p value corrected for all of them (Holm)."""
        told = self.modele
        if isinstance(told, str):
            return {}
        found = [told[f"g{rank}"] for rank in range(len(self._autres))]
        corrected = adjust_family(np.array([each.p for each in found]), len(found))
        return {name: (each, float(p)) for name, each, p in zip(self._autres, found, corrected, strict=True)}

    def montrer(self) -> Shown:
        """What was found on the contracts, and the table of the groups."""
        told = self.modele
        if isinstance(told, str):
            return Texte((told,))
        return Bloc((Texte((Dit(self._sentence(told), self._told(told)), *told.remarks)), self._table()))

    def _sentence(self, told: Fit) -> str:
        number = f"{count_facts(self.indicator, told.n)} de {french.agree(told.clusters, 'collectivité')}"
        start = f"{self.indicator.libelle} : sur {number}"
        sure = [name for name, (_, p) in self.effets.items() if p < SURE]
        if len(self.effets) == 1:
            ((name, (each, p)),) = self.effets.items()
            gap = f"{self.loi.effet.lower()} {self.loi.ecrire(each.estimate)}, de {bounds(each, self.loi.ecrire)} ; {say_p(p)}"
            if sure:
                return f"{start}, l'écart entre « {name} » et « {self.reference} » est établi ({gap})."
            return (
                f"{start}, les données ne permettent pas d'établir que « {name} » diffère de « {self.reference} » ({gap}). "
                "Ce n'est pas dire qu'ils sont semblables."
            )
        if not sure:
            return (
                f"{start}, les données n'établissent d'écart entre « {self.reference} », le groupe le plus nombreux, et aucun "
                f"des {french.whole(len(self.effets))} autres. Ce n'est pas dire qu'ils sont semblables."
            )
        gaps = french.enumerate_words([self._gap(name) for name in sure])
        return f"{start}, l'écart à « {self.reference} », le groupe le plus nombreux, est établi pour {gaps}."

    def _gap(self, name: str) -> str:
        each, _ = self.effets[name]
        return f"« {name} » ({self.loi.ecrire(each.estimate)}, de {bounds(each, self.loi.ecrire)})"

    def _told(self, told: Fit) -> dict[str, object]:
        return {
            "indicateur": self.indicator.code,
            "methode": told.method,
            "effectif": told.n,
            "verdict": "établi" if any(p < SURE for _, p in self.effets.values()) else "non tranché",
            "comparaison": {
                "reference": self.reference,
                "effet": self.loi.effet,
                "collectivites": told.clusters,
                "groupes": {
                    name: {"coefficient": each.estimate, "ic": [each.low, each.high], "p": each.p, "p_corrige": p}
                    for name, (each, p) in self.effets.items()
                },
            },
        }

    def _table(self) -> Tableau:
        rows = [self._row(str(name), each) for name, each in self.effectifs.iterrows()]
        facts = name_facts(self.indicator)[1].capitalize()
        head = ["Groupe", "Collectivités", facts, self.loi.niveau, self.loi.effet, "Intervalle à 95 %", "p corrigé"]
        formats: dict[str, Format] = dict.fromkeys(("Collectivités", facts), french.whole)
        return Tableau(
            pd.DataFrame(rows, columns=head),
            f"{self.indicator.libelle} : les groupes, {name_facts(self.indicator)[0]} par {name_facts(self.indicator)[0]}",
            formats,
            self._note(),
        )

    def _row(self, name: str, each: pd.Series) -> tuple[object, ...]:
        start = (name, each["collectivites"], each["faits"], level(each["niveau"], self.indicator.unite))
        if name == self.reference:
            return (*start, "référence", "", "")
        if name not in self.effets:
            return (*start, None, None, None)
        told, p = self.effets[name]
        return (*start, self.loi.ecrire(told.estimate), bounds(told, self.loi.ecrire), probability(p))

    def _note(self) -> str:
        one = name_facts(self.indicator)[0]
        absent = len(self._facts) - len(self.lignes)
        left = (
            f" {count_facts(self.indicator, absent)} de valeur nulle : sans logarithme, laissés de côté."
            if absent
            else ""
        )
        alike = ", ou dont toutes les réponses sont les mêmes" if self.loi.cotes else ""
        small = f" Sans écart (–) : un groupe de moins de {LEAST} collectivités{alike}."
        total = " Ce qui est comparé est le montant de chacun, non leur total."
        return (
            f"{self.loi.lecture}{total if isinstance(self.indicator.shape, Total) else ''} Chaque {one} compte autant : une collectivité "
            "qui en a beaucoup pèse davantage que dans la comparaison des collectivités. Celles qui en ont trop peu pour une "
            f"valeur propre y sont. p corrigé pour tous les groupes (Holm).{remark_years(self.indicator)}{'' if self.effectifs['retenu'].all() else small}{left}"
        )

    def point(self) -> str:
        """How it was done, for a paper."""
        return not_done() if isinstance(self.modele, str) else f"{self.loi.methode[0].upper()}{self.loi.methode[1:]}."
