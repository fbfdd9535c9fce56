"""One value per authority: who is compared, the figure, the test, the pairs, the sentence."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from optima_lib.comparison.contrasts import Contrast
from optima_lib.comparison.estimands import Groups
from optima_lib.comparison.groups import compare_groups
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.ensembles.demande import ask, bare_grouping
from optima_lib.reporting.ensembles.details import SURE, not_done, say_p
from optima_lib.reporting.ensembles.groupes import GROUP, LEFT_OUT, UNIT, first_number, in_order, ordered
from optima_lib.reporting.ensembles.paires import oriented, table_of_pairs, tell_direction, tell_established
from optima_lib.reporting.figures import PALETTE, Figure, draw
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Shown, Texte

TWO = 2

ESTIMANDS = {
    "rangs": "rangs (Kruskal et Wallis, paires de Dunn, correction de Holm)",
    "moyennes": "moyennes (Welch, paires de Games et Howell)",
    "moyennes_geometriques": "moyennes géométriques (Welch sur les logarithmes, paires de Games et Howell)",
}


@dataclass(frozen=True)
class Collectivites:
    """Authorities in groups, one value each.

    Attributes
    ----------
    question : str
        The question, in words; that of the parameters when empty.
    indicator : Indicator
        What is compared.
    groupes, parmi, estimand : str
        What makes the groups, the category to which they are limited, what is compared of them.
    table : pandas.DataFrame
        One row per authority: the columns of *acheteurs* and *indicateurs*, ``groupe``, ``laisse_de_cote`` (why, or empty).
    absents : tuple of str
        What is said of the authorities of the files that are not among these.
    reserve : str
        Why values of the indicator do not compare from one authority to another; empty where they do.
    """

    question: str
    indicator: Indicator
    groupes: str
    parmi: str
    estimand: str
    table: pd.DataFrame
    absents: tuple[str, ...]
    reserve: str

    @property
    def demande(self) -> str:
        """The question as it is printed."""
        return self.question.strip() or ask(self.indicator, self.groupes, self.parmi)

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
            return self._too_few()
        try:
            kept = self.comparees
            return compare_groups(kept.assign(**{GROUP: ordered(kept[GROUP])}), "valeur", GROUP, UNIT, self.estimand)  # type: ignore[arg-type]
        except ComparisonError as error:
            return str(error)

    def _too_few(self) -> str:
        """Say that there are not two groups to compare, with the cure that fits."""
        names = self.retenues[GROUP].unique()
        empty = f"Videz le paramètre « parmi » (« {self.parmi} »)"
        if len(names) < TWO:
            several = len(self.table[GROUP].dropna().unique()) > 1
            cures = [
                *([empty] if self.parmi else []),
                "prenez d'autres groupes",
                *(["ajoutez des fichiers"] if several else []),
            ]
            cure = " ou ".join([", ".join(cures[:-1]), cures[-1]] if len(cures) > 1 else cures)
            return (
                f"{self.indicator.libelle} : un seul groupe, « {names[0]} », a plusieurs collectivités qui ont une valeur. "
                f"{cure[0].upper()}{cure[1:]}."
            )
        least = french.whole(bound("pairs_minimum"))
        cure = f"Réunissez des groupes, {empty[0].lower()}{empty[1:]}," if self.parmi else "Réunissez des groupes,"
        return (
            f"{self.indicator.libelle} : moins de deux groupes ont {least} collectivités, ils sont décrits et non comparés. {cure} "
            "ou ajoutez des fichiers."
        )

    @cached_property
    def reference(self) -> str:
        """The group of the most authorities, beside which the others are read."""
        return str(ordered(self.comparees[GROUP]).value_counts(sort=False).idxmax())

    @cached_property
    def ecarts(self) -> tuple[Contrast, ...]:
        """The pairs of groups; in those of the reference it comes second."""
        told = self.resultat
        return () if isinstance(told, str) else oriented(told.contrasts, self.reference, self.estimand)

    def reponse(self) -> Texte:
        """The answer in words: what the test says, and what it does not."""
        told = self.resultat
        said = (self.reserve,) if self.reserve else ()
        if isinstance(told, str):
            return Texte((self.demande, told, *said))
        return Texte((self.demande, Dit(self._sentence(told), self._facts(told)), *told.remarks, *said))

    def _sentence(self, told: Groups) -> str:
        number = french.agree(sum(told.n.values()), "collectivité")
        groups = french.agree(len(told.n), "groupe")
        if told.p >= SURE:
            return (
                f"{self.indicator.libelle} : sur {number} en {groups}, les données ne permettent pas d'établir que les groupes "
                f"diffèrent ({say_p(told.p)}). Ce n'est pas dire qu'ils sont semblables."
            )
        which = tell_established(self.ecarts, self.estimand)
        return f"{self.indicator.libelle} : sur {number}, les {groups} ne sont pas tous semblables ({say_p(told.p)}) ; {which}."

    def _facts(self, told: Groups) -> dict[str, object]:
        return {
            "indicateur": self.indicator.code,
            "methode": told.method,
            "valeur": told.statistic,
            "effectif": sum(told.n.values()),
            "verdict": "établi" if told.p < SURE else "non tranché",
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
        note = " ".join((note, *self.absents))
        if self.retenues.empty:
            return Texte((note,))
        kept = self.retenues.groupby(GROUP)["valeur"]
        frame = kept.describe()[["count", "25%", "50%", "75%"]].reset_index()
        frame = frame.set_index(GROUP).loc[in_order(frame[GROUP])].reset_index()
        frame.columns = pd.Index(["Groupe", "Collectivités", "Premier quartile", "Médiane", "Troisième quartile"])
        formats: dict[str, Format] = {"Collectivités": french.whole}
        formats.update(dict.fromkeys(frame.columns[2:], self._write))
        limit = f", parmi : {self.parmi}" if self.parmi else ""
        return Tableau(frame, f"{self.indicator.libelle}, par {bare_grouping(self.groupes)}{limit}", formats, note)

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
        note = (
            f"{tell_direction(self.estimand)} : le premier groupe est au-dessus du second. « {self.reference} » vient en second, comme "
            f"au niveau des marchés. Ce qui est comparé : {ESTIMANDS.get(self.estimand, self.estimand)}. L'unité est la "
            "collectivité, jamais le marché."
        )
        return table_of_pairs(self.ecarts, self.estimand, note)

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
