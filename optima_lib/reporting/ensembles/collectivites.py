"""One value per authority: who is compared, the figure, the test, the pairs, the sentence."""

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
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability
from optima_lib.reporting.ensembles.details import not_done, say_p
from optima_lib.reporting.ensembles.groupes import GROUP, LEFT_OUT, UNIT, first_number, in_order, ordered
from optima_lib.reporting.figures import PALETTE, Figure, draw
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Shown, Texte

LEVEL, TWO = 0.05, 2

ESTIMANDS = {
    "rangs": "rangs (Kruskal et Wallis, paires de Dunn, correction de Holm)",
    "moyennes": "moyennes (Welch, paires de Games et Howell)",
    "moyennes_geometriques": "moyennes géométriques (Welch sur les logarithmes, paires de Games et Howell)",
}
CONTRASTS = {  # how the gap of two groups is named, and its decimals
    "rangs": ("Écart de rangs moyens", 1),
    "moyennes": ("Différence", 3),
    "moyennes_geometriques": ("Rapport", 2),
}


@dataclass(frozen=True)
class Collectivites:
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

    @property
    def comparees(self) -> pd.DataFrame:
        """Those of a group that has enough of them to be judged; the others are described."""
        kept = self.retenues
        size: pd.Series = kept.groupby(GROUP)[UNIT].transform("size")
        return kept[size >= bound("pairs_minimum")]

    @cached_property
    def resultat(self) -> Groups | str:
        """The comparison, or the sentence of its refusal."""
        if self.retenues.empty:
            return (
                f"{self.indicator.libelle} : aucune collectivité n'a assez de faits pour avoir une valeur dans un groupe de deux au "
                "moins. Choisissez un autre indicateur ou d'autres groupes, ou ajoutez des fichiers."
            )
        if self.comparees[GROUP].nunique() < TWO:
            least = french.whole(bound("pairs_minimum"))
            return (
                f"{self.indicator.libelle} : moins de deux groupes ont {least} collectivités, ils sont décrits et non comparés. "
                "Réunissez des groupes, ou ajoutez des fichiers."
            )
        try:
            kept = self.comparees
            return compare_groups(kept.assign(**{GROUP: ordered(kept[GROUP])}), "valeur", GROUP, UNIT, self.estimand)  # type: ignore[arg-type]
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
                f"diffèrent ({say_p(told.p)}). Ce n'est pas dire qu'ils sont semblables."
            )
        pairs = [each for each in told.contrasts if each.p < LEVEL]
        named = french.enumerate_words([f"{each.first} et {each.second}" for each in pairs[:5]])
        which = f" ; l'écart est établi entre {named}" if pairs else " ; aucune paire, prise seule, n'est établie"
        return f"{self.indicator.libelle} : sur {number}, les {groups} ne sont pas tous semblables ({say_p(told.p)}){which}."

    def _facts(self, told: Groups) -> dict[str, object]:
        return {
            "indicateur": self.indicator.code,
            "methode": told.method,
            "valeur": told.statistic,
            "effectif": sum(told.n.values()),
            "verdict": "établi" if told.p < LEVEL else "non tranché",
            "comparaison": {"p": told.p, "degres": list(told.df), "n": told.n, "centres": told.centres},
        }

    def effectifs(self) -> Shown:
        """Who is compared: the authorities of each group, and those left out with the reason."""
        out = self.table.loc[self.table[LEFT_OUT] != "", LEFT_OUT].value_counts()
        left = [f"{french.whole(number)} ({reason})" for reason, number in out.items()]
        note = f"Laissées de côté : {french.enumerate_words(left)}." if left else "Aucune n'est laissée de côté."
        if len(self.comparees) < len(self.retenues):
            least = french.whole(bound("pairs_minimum"))
            note += f" Un groupe de moins de {least} collectivités est décrit, et n'entre pas dans la comparaison."
        if self.retenues.empty:
            return Texte((note,))
        kept = self.retenues.groupby(GROUP)["valeur"]
        frame = kept.describe()[["count", "25%", "50%", "75%"]].reset_index()
        frame = frame.set_index(GROUP).loc[in_order(frame[GROUP])].reset_index()
        frame.columns = pd.Index(["Groupe", "Collectivités", "Premier quartile", "Médiane", "Troisième quartile"])
        formats: dict[str, Format] = {"Collectivités": french.whole}
        formats.update(dict.fromkeys(frame.columns[2:], self._write))
        limit = f", parmi : {self.parmi}" if self.parmi else ""
        return Tableau(frame, f"{self.indicator.libelle}, par {self.groupes}{limit}", formats, note)

    def figure(self) -> Shown:
        """Every authority in its group, and the median of each."""
        kept = self.retenues
        if kept.empty:
            return Texte(("Aucune collectivité n'est à dessiner.",))
        medians = kept.groupby(GROUP)["valeur"].median()
        order = in_order(medians.index)
        if not any(first_number(name) for name in order):
            order = list(medians.sort_values(ascending=False).index)
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
        name, digits = CONTRASTS[self.estimand]
        frame = pd.DataFrame(
            {
                "Groupes": [f"{each.first} – {each.second}" for each in told.contrasts],
                name: [french.decimal(each.estimate, digits) for each in told.contrasts],
                "Intervalle à 95 %": [
                    f"{french.decimal(each.low, digits)} à {french.decimal(each.high, digits)}"
                    for each in told.contrasts
                ],
                "p corrigé": [probability(each.p) for each in told.contrasts],
            }
        )
        note = f"Ce qui est comparé : {ESTIMANDS.get(self.estimand, self.estimand)}. L'unité est la collectivité, jamais le marché."
        return Tableau(frame, "Les groupes, deux à deux", note=note)

    def point(self) -> str:
        """How it was done, for a paper."""
        told = self.resultat
        return not_done() if isinstance(told, str) else self._test(told)

    def _test(self, told: Groups) -> str:
        what = ESTIMANDS.get(self.estimand, self.estimand)
        df = french.enumerate_words([french.decimal(each, 0 if each == round(each) else 1) for each in told.df])
        number = french.decimal(told.statistic, 2)
        return f"{what[0].upper()}{what[1:]} : statistique {number}, degrés de liberté {df}, {say_p(told.p)}."

    def _write(self, value: float | None) -> str:
        return french.by_unit(value, self.indicator.unite)
