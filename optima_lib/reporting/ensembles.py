"""A question across authorities: who is compared, the figure, the test, the pairs, the sentence."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from optima_lib.comparison.estimands import Groups
from optima_lib.comparison.groups import compare_groups
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability
from optima_lib.reporting.figures import PALETTE, Figure, draw
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Liste, Shown, Texte

GROUP, LEFT_OUT, UNIT = "groupe", "laisse_de_cote", "acheteur_siren"
LEVEL = 0.05
ESTIMANDS = {
    "rangs": "rangs (Kruskal et Wallis, paires de Dunn, correction de Holm)",
    "moyennes": "moyennes (Welch, paires de Games et Howell)",
    "moyennes_geometriques": "moyennes géométriques (Welch sur les logarithmes, paires de Games et Howell)",
}


def _first_number(name: str) -> int:
    """Return the number that a name begins with, so that strata stand in order; 0 where there is none."""
    digits = re.match(r"[\d ]+", str(name))
    return int(digits[0].replace(" ", "") or 0) if digits else 0


@dataclass(frozen=True)
class Ensemble:
    """Authorities in groups, one value each.

    Attributes
    ----------
    question : str
        The question, in words.
    indicator : Indicator
        What is compared.
    groupes, parmi, estimand : str
        What makes the groups, the category to which they are limited, what is compared of them.
    table : pandas.DataFrame
        One row per authority: the columns of *acheteurs* and *indicateurs*, ``groupe``, ``laisse_de_cote`` (why, or empty).
    """

    question: str
    indicator: Indicator
    groupes: str
    parmi: str
    estimand: str
    table: pd.DataFrame

    @property
    def retenues(self) -> pd.DataFrame:
        """The authorities compared."""
        return self.table[self.table[LEFT_OUT] == ""]

    @cached_property
    def resultat(self) -> Groups | str:
        """The comparison, or the sentence of its refusal."""
        try:
            return compare_groups(self.retenues, "valeur", GROUP, UNIT, self.estimand)  # type: ignore[arg-type]
        except ComparisonError as error:
            return str(error)

    def reponse(self) -> Texte:
        """The answer in words: what the test says, and what it does not."""
        told = self.resultat
        if isinstance(told, str):
            return Texte((self.question, told))
        return Texte((self.question, Dit(self._sentence(told), self._facts(told)), *told.remarks))

    def _sentence(self, told: Groups) -> str:
        number = french.agree(sum(told.n.values()), "collectivité")
        groups = french.agree(len(told.n), "groupe")
        if told.p >= LEVEL:
            return (
                f"{self.indicator.libelle} : sur {number} en {groups}, les données ne permettent pas d'établir que les groupes "
                f"diffèrent (p = {probability(told.p)}). Ce n'est pas dire qu'ils sont semblables."
            )
        pairs = [each for each in told.contrasts if each.p < LEVEL]
        named = french.enumerate_words([f"{each.first} et {each.second}" for each in pairs[:5]])
        which = f" ; l'écart est établi entre {named}" if pairs else " ; aucune paire, prise seule, n'est établie"
        return f"{self.indicator.libelle} : sur {number}, les {groups} ne sont pas tous semblables (p = {probability(told.p)}){which}."

    def _facts(self, told: Groups) -> dict[str, object]:
        return {
            "indicateur": self.indicator.code,
            "methode": told.method,
            "valeur": told.statistic,
            "effectif": sum(told.n.values()),
            "verdict": "établi" if told.p < LEVEL else "non tranché",
            "comparaison": {"p": told.p, "degres": list(told.df), "n": told.n, "centres": told.centres},
        }

    def effectifs(self) -> Tableau:
        """Who is compared: the authorities of each group, and those left out with the reason."""
        kept = self.retenues.groupby(GROUP)["valeur"]
        frame = kept.describe()[["count", "25%", "50%", "75%"]].reset_index()
        frame = frame.sort_values(GROUP, key=lambda names: names.map(_first_number), kind="stable")
        frame.columns = pd.Index(["Groupe", "Collectivités", "Premier quartile", "Médiane", "Troisième quartile"])
        formats: dict[str, Format] = {"Collectivités": french.whole}
        formats.update(dict.fromkeys(frame.columns[2:], self._write))
        out = self.table.loc[self.table[LEFT_OUT] != "", LEFT_OUT].value_counts()
        left = [f"{french.whole(number)} {reason}" for reason, number in out.items()]
        note = f"Laissées de côté : {french.enumerate_words(left)}." if left else "Aucune n'est laissée de côté."
        limit = f", parmi : {self.parmi}" if self.parmi else ""
        return Tableau(frame, f"{self.indicator.libelle}, par {self.groupes}{limit}", formats, note)

    def figure(self) -> Figure:
        """Every authority in its group, and the median of each."""
        kept = self.retenues
        order = list(kept.groupby(GROUP)["valeur"].median().sort_values(ascending=False).index)
        medians = kept.groupby(GROUP)["valeur"].median()
        told = [f"{name} : {self._write(medians[name])}" for name in order]

        def paint(axes: Axes) -> None:
            sns.stripplot(
                kept, x="valeur", y=GROUP, order=order, color=PALETTE[0], alpha=0.45, size=4, jitter=0.25, ax=axes
            )
            axes.scatter(
                medians[order], np.arange(len(order)), marker="|", s=400, color=PALETTE[1], linewidths=3, zorder=5
            )
            axes.set(xlabel="", ylabel="")
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: self._write(value)))

        return Figure(
            draw(paint, 0.5 * len(order) + 0.8),
            f"{self.indicator.libelle}, collectivité par collectivité",
            f"Un point par collectivité, un trait à la médiane de chaque groupe. {' ; '.join(told)}.",
            "Les points sont écartés de haut en bas pour rester lisibles.",
        )

    def paires(self) -> Shown:
        """Each pair of groups, all judged together."""
        told = self.resultat
        if isinstance(told, str):
            return Texte(("Aucune paire n'est comparée.",))
        ratio = self.estimand == "moyennes_geometriques"
        frame = pd.DataFrame(
            {
                "Groupes": [f"{each.first} – {each.second}" for each in told.contrasts],
                "Rapport" if ratio else "Différence": [french.decimal(each.estimate, 3) for each in told.contrasts],
                "Intervalle": [
                    f"{french.decimal(each.low, 3)} à {french.decimal(each.high, 3)}" for each in told.contrasts
                ],
                "p corrigé": [probability(each.p) for each in told.contrasts],
            }
        )
        note = f"Ce qui est comparé : {ESTIMANDS.get(self.estimand, self.estimand)}. L'unité est la collectivité, jamais le marché."
        return Tableau(frame, "Les groupes, deux à deux", note=note)

    def methode(self) -> Liste:
        """How the question was answered, for a paper."""
        told = self.resultat
        test = (
            told
            if isinstance(told, str)
            else f"{told.method}, statistique {french.decimal(told.statistic, 2)}, degrés {', '.join(french.decimal(each, 1) for each in told.df)}, p = {probability(told.p)}"
        )
        return Liste(
            (
                (
                    "Indicateur",
                    f"{self.indicator.code}, {self.indicator.formule} ; fiche docs/indicateurs/{self.indicator.code}.md.",
                ),
                ("Test", f"{test}."),
                ("Choix", "Ce qui est comparé est choisi selon la question, jamais après un test de normalité."),
                (
                    "Portée",
                    "Les groupes ne sont pas tirés au sort : un écart n'est pas l'effet de l'appartenance au groupe.",
                ),
            )
        )

    def _write(self, value: float | None) -> str:
        return french.by_unit(value, self.indicator.unite)
