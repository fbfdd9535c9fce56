"""All authorities together, quarter by quarter: which quarters stand out of the ordinary variation."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optima_lib.comparison.charts import LEAST, draw_laney_p, draw_xmr
from optima_lib.comparison.limits import SIDE, Chart
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.indicators.shapes import Share
from optima_lib.reporting import french
from optima_lib.reporting.ensembles.dates import first_whole, from_to, longest_run, quarter
from optima_lib.reporting.ensembles.details import Details, not_done
from optima_lib.reporting.ensembles.echelles import Echelle, Floats
from optima_lib.reporting.ensembles.figures import series
from optima_lib.reporting.ensembles.tenants import tell_holder
from optima_lib.reporting.figures import Figure
from optima_lib.reporting.texts import Bloc, Shown, Texte

QUARTER = "trimestre"
NEVER_NEGATIVE = {"part", "eur", "jours", "offres", "nombre"}


@dataclass(frozen=True)
class Trimestres:
    """The series of quarters.

    Attributes
    ----------
    indicator : Indicator
        What is followed.
    details : Details
        The quarters, and the day at which a break is looked for.
    """

    indicator: Indicator
    details: Details

    @cached_property
    def suite(self) -> pd.DataFrame:
        """The longest run of quarters without a gap."""
        told = self.details.trimestres
        if told is None:
            raise ComparisonError(
                f"Pas de suite dans le temps : les faits de « {self.indicator.libelle} » n'ont pas de date au jour près. Lisez "
                "les années, plus haut."
            )
        kept = told[self._echelle(told).admet(told["valeur"].to_numpy(dtype=float))]
        if kept.empty:
            raise ComparisonError("Pas de suite dans le temps : aucun trimestre n'a de fait. Ajoutez des fichiers.")
        return longest_run(kept, QUARTER)

    def _echelle(self, told: pd.DataFrame) -> Echelle:
        return Echelle.of(self.indicator, told["valeur"].to_numpy(dtype=float))

    @property
    def echelle(self) -> Echelle:
        """The scale of the series."""
        return self._echelle(self.suite)

    @property
    def est_part(self) -> bool:
        """Whether the series is that of shares of facts."""
        return isinstance(self.indicator.shape, Share)

    @cached_property
    def carte(self) -> Chart | str:
        """The control chart, or the sentence of its refusal."""
        try:
            rows = self.suite
            if len(rows) < LEAST:
                return (
                    f"{self.indicator.libelle} : la suite sans lacune compte {french.agree(len(rows), 'trimestre')}, elle est montrée "
                    f"sans limites ; il en faut {LEAST} au moins pour dire lesquels sortent de la variation ordinaire."
                )
            values = rows["valeur"].to_numpy(dtype=float)
            if self.est_part:
                return draw_laney_p(values * rows["effectif"].to_numpy(dtype=float), rows["effectif"])
            return draw_xmr(self.echelle.vers(values))
        except ComparisonError as error:
            return str(error)

    @property
    def place(self) -> int | None:
        """The place of the first whole quarter after the day; None where no day is given."""
        return None if self.details.jour is None else first_whole(self.details.jour) - int(self.suite[QUARTER].iloc[0])

    @property
    def vide(self) -> bool:
        """Whether there is no series at all."""
        try:
            return self.suite.empty
        except ComparisonError:
            return True

    def montrer(self) -> Shown:
        """Which quarters stand out, and the series."""
        told = self.carte
        if self.vide:
            return Texte((str(told),))
        rows = self.suite
        if isinstance(told, str):
            return Bloc((Texte((told,)), self._figure(rows, None)))
        return Bloc((Texte((Dit(self._sentence(told), self._told(told)), *told.remarks)), self._figure(rows, told)))

    def _sentence(self, told: Chart) -> str:
        names = [quarter(number) for number in self.suite[QUARTER]]
        start = (
            f"{self.indicator.libelle} : sur {french.agree(len(names), 'trimestre')}, {from_to(names[0], names[-1])}"
        )
        return f"{start}, {self._signals(told)}."

    def _signals(self, told: Chart | None) -> str:
        """Say which quarters stand out."""
        if told is None:
            return "aucun signal n'est cherché"
        names = [quarter(number) for number in self.suite[QUARTER]]
        beyond = [names[place] for place in told.beyond]
        runs = [from_to(names[first], names[last]) for first, last in told.runs]
        out = f"{french.agree(len(beyond), 'trimestre sort', 'trimestres sortent')} des limites ({french.enumerate_words(beyond)})"
        long = f"le niveau reste d'un même côté de la moyenne {french.enumerate_words(runs)}"
        said = [each for each, told_of in ((out, beyond), (long, runs)) if told_of]
        return " ; ".join(said) or "aucun ne sort de la variation ordinaire"

    def _told(self, told: Chart) -> dict[str, object]:
        numbers = self.suite[QUARTER].tolist()
        return {
            "indicateur": self.indicator.code,
            "methode": told.method,
            "valeur": self._centre(told),
            "effectif": int(self.suite["effectif"].sum()),
            "verdict": "signal" if told.beyond or told.runs else "aucun signal",
            "comparaison": {
                "trimestres": [quarter(numbers[0]), quarter(numbers[-1])],
                "hors_limites": [quarter(numbers[place]) for place in told.beyond],
                "suites": [[quarter(numbers[first]), quarter(numbers[last])] for first, last in told.runs],
                "autocorrelation": told.autocorrelation,
                "dispersion": told.spread,
            },
        }

    def _figure(self, rows: pd.DataFrame, told: Chart | None) -> Figure:
        signals = np.zeros(len(rows), dtype=bool)
        frame = pd.DataFrame({"nom": [quarter(number) for number in rows[QUARTER]], "valeur": rows["valeur"]})
        if told is not None:
            signals[[*told.beyond, *(place for first, last in told.runs for place in range(first, last + 1))]] = True
            low, high = self._retour(told.low), self._retour(told.high)
            floor = 0.0 if rows["valeur"].min() >= 0 and self.indicator.unite in NEVER_NEGATIVE else -np.inf
            centre = np.full(len(rows), self._centre(told))
            frame = frame.assign(bas=np.maximum(low, floor), haut=high, centre=centre)
        place = self.place
        inside = place is not None and 0 < place < len(rows)
        lowest, highest = (self._write(value) for value in (rows["valeur"].min(), rows["valeur"].max()))
        names = frame["nom"]
        middle = "" if told is None else f", autour de {self._write(self._centre(told))}"
        return Figure(
            series(frame.assign(signal=signals), write=self._write, moment=place if inside else None),
            f"{self.indicator.libelle}, trimestre par trimestre, toutes collectivités ensemble",
            f"{french.agree(len(rows), 'trimestre')}, {from_to(names.iloc[0], names.iloc[-1])}, entre {lowest} et {highest}"
            f"{middle}. "
            f"{self._signals(told)[:1].upper()}{self._signals(told)[1:]}.",
            self._note(rows, told),
        )

    def _note(self, rows: pd.DataFrame, told: Chart | None) -> str:
        who = (
            " Les collectivités qui publient changent d'un trimestre à l'autre, les saisons ne sont pas retirées et le dernier "
            "trimestre peut être incomplet : un signal peut en venir."
        )
        alone = tell_holder(self.details.parts, rows[QUARTER], named=self.details.noms_affiches)
        every = self.details.trimestres
        out = 0 if every is None else len(every) - len(rows)
        left = (
            f" {french.agree(out, 'trimestre')} à l'écart de la plus longue suite sans lacune n'y {'est' if out < 2 else 'sont'} pas."
            if out
            else ""
        )
        if told is None:
            return f"Suite sans limites.{who}{left}{alone}"
        rule = (
            f"Signal : un point hors des limites, à trois écarts-types, ou {french.whole(SIDE)} points de suite au moins du même "
            "côté de la moyenne."
        )
        return f"{self.point()} {rule}{who}{left}{alone}"

    def _retour(self, values: Floats) -> Floats:
        """Bring back what the chart says to the unit of the indicator."""
        return values if self.est_part else self.echelle.retour(values)

    def _centre(self, told: Chart) -> float:
        return float(self._retour(np.array([told.centre]))[0])

    def _write(self, value: float | None) -> str:
        return french.by_unit(value, self.indicator.unite)

    def point(self) -> str:
        """How it was done, for a paper."""
        if isinstance(self.carte, str):
            return not_done()
        if self.est_part:
            return "Carte p′ de Laney : limites selon le nombre de faits et la variation d'un trimestre à l'autre."
        return f"Carte XmR{' des logarithmes' if self.echelle.logarithme else ''} : limites selon l'écart moyen d'un trimestre au suivant."
