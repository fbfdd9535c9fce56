"""A pooled question at the level of contracts: the groups in a model of facts, errors clustered by authority."""

import pandas as pd

from optima_lib.comparison.fits import LEAST, Fit
from optima_lib.evidence.finding import Dit
from optima_lib.indicators.shapes import Total
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability
from optima_lib.reporting.ensembles.details import SURE, count_facts, name_facts, not_done, remark_years, say_p
from optima_lib.reporting.ensembles.echelles import bounds, level
from optima_lib.reporting.ensembles.modele import ModeleMarches
from optima_lib.reporting.ensembles.porteurs import STUDENT
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Bloc, Shown, Texte


class Marches(ModeleMarches):
    """The groups of authorities, compared on their contracts: what is said of the model."""

    def montrer(self) -> Shown:
        """What was found on the contracts, and the table of the groups."""
        told = self.modele
        if isinstance(told, str):
            return Texte((told,))
        return Bloc((Texte((Dit(self._sentence(told), self._told(told)), *self.remarques)), self._table()))

    def _sentence(self, told: Fit) -> str:
        number = f"{count_facts(self.indicator, told.n)} de {french.agree(told.clusters, 'collectivité')}"
        start = f"{self.indicator.libelle} : sur {number}"
        sure = [name for name, each in self.effets.items() if each.p < SURE]
        if len(self.effets) == 1:
            ((name, effect),) = self.effets.items()
            each = effect.coefficient
            gap = f"{self.loi.effet.lower()} {self.loi.ecrire(each.estimate)}, de {bounds(each, self.loi.ecrire)} ; {say_p(effect.p)}"
            if sure:
                return f"{start}, l'écart de « {name} » à « {self.reference} » est établi ({gap})."
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
        each = self.effets[name].coefficient
        return f"« {name} » ({self.loi.ecrire(each.estimate)}, de {bounds(each, self.loi.ecrire)})"

    def _told(self, told: Fit) -> dict[str, object]:
        return {
            "indicateur": self.indicator.code,
            "methode": told.method,
            "effectif": told.n,
            "verdict": "établi" if any(each.p < SURE for each in self.effets.values()) else "non tranché",
            "comparaison": {
                "reference": self.reference,
                "effet": self.loi.effet,
                "collectivites": told.clusters,
                "groupes": {
                    name: {
                        "coefficient": each.coefficient.estimate,
                        "ic": [each.coefficient.low, each.coefficient.high],
                        "degres": each.porteurs - 1,
                        "p": each.coefficient.p,
                        "p_corrige": each.p,
                    }
                    for name, each in self.effets.items()
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
        told = self.effets[name]
        gap = told.coefficient
        return (*start, self.loi.ecrire(gap.estimate), bounds(gap, self.loi.ecrire), probability(told.p))

    def _note(self) -> str:
        one = name_facts(self.indicator)[0]
        absent = len(self._facts) - len(self.lignes)
        left = (
            f" {count_facts(self.indicator, absent)} de valeur nulle : sans logarithme, laissés de côté."
            if absent
            else ""
        )
        above = "Différence positive" if self.loi.effet == "Différence" else "Rapport de plus de 1"
        only = "dont une seule collectivité compte autre chose que zéro"
        alike = "dont toutes les réponses sont les mêmes, à une collectivité près" if self.loi.cotes else only
        alike = "" if self.loi.lien is None else f", ou {alike}"
        small = f" Sans écart (–) : un groupe de moins de {LEAST} collectivités{alike}."
        total = " Ce qui est comparé est le montant de chacun, non leur total."
        return (
            f"{self.loi.lecture} {above} : le groupe est au-dessus de « {self.reference} ».{total if isinstance(self.indicator.shape, Total) else ''} Chaque {one} compte autant : une collectivité "
            "qui en a beaucoup pèse davantage que dans la comparaison des collectivités. Celles qui en ont trop peu pour une "
            f"valeur propre y sont. Intervalle et p : {STUDENT} ; p corrigé pour tous les groupes (Holm).{remark_years(self.indicator)}{'' if self.effectifs['retenu'].all() else small}{left}"
        )

    def point(self) -> str:
        """How it was done, for a paper."""
        if isinstance(self.modele, str):
            return not_done()
        return (
            f"{self.loi.methode[0].upper()}{self.loi.methode[1:]}, {STUDENT} ; p corrigés pour tous les groupes (Holm)."
        )
