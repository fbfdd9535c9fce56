"""A finding (*constat*): the value of an indicator, and the sentence that says it with its limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator
from optima_lib.indicators.statuses import INDICATIF, INSUFFISANT, SANS_OBJET
from optima_lib.reporting import french
from optima_lib.reporting.faits import Fait, fact_of, support


@dataclass(frozen=True)
class Constat:
    """The value of an indicator for an entity and a period.

    Attributes
    ----------
    indicator : Indicator
        What is measured.
    valeur, ic_bas, ic_haut, borne_basse, borne_haute : float or None
        The value, its 95 % interval, its bounds under missing data.
    effectif, eligibles : float
        Facts used, facts concerned.
    statut : str
        *calculé*, *indicatif*, *données insuffisantes* or *sans objet*.
    """

    indicator: Indicator
    valeur: float | None
    effectif: float
    eligibles: float
    ic_bas: float | None
    ic_haut: float | None
    borne_basse: float | None
    borne_haute: float | None
    statut: str

    @classmethod
    def read(cls, indicator: Indicator, row: Mapping[Any, Any] | None) -> "Constat":
        """Read a row of the table *indicateurs*; none stands for no fact at all."""
        if row is None:
            return cls(indicator, None, 0, 0, None, None, None, None, SANS_OBJET)
        names = ("valeur", "effectif", "eligibles", "ic_bas", "ic_haut", "borne_basse", "borne_haute")
        numbers = [None if french.is_missing(row[name]) else float(row[name]) for name in names]
        valeur, effectif, eligibles, low, high, lowest, highest = numbers
        return cls(indicator, valeur, effectif or 0, eligibles or 0, low, high, lowest, highest, str(row["statut"]))

    @property
    def texte(self) -> str:
        """The value in its unit, or why there is none; it knows its facts."""
        said = self.statut if self.valeur is None else french.by_unit(self.valeur, self.indicator.unite)
        return Dit(said, self.faits)

    @property
    def faits(self) -> dict[str, Any]:
        """The fields of its finding."""
        return {
            "indicateur": self.indicator.code,
            "methode": f"indicateur {self.indicator.code}",
            "valeur": self.valeur,
            "ic": [self.ic_bas, self.ic_haut],
            "bornes": [self.borne_basse, self.borne_haute],
            "effectif": self.effectif,
            "eligibles": self.eligibles,
            "unite": self.indicator.unite,
            "verdict": self.statut,
        }

    @property
    def intervalle(self) -> str:
        """The interval, in words; empty where there is none."""
        if self.valeur is None or self.ic_bas is None or self.ic_haut is None:
            return ""
        low, high = (french.by_unit(each, self.indicator.unite) for each in (self.ic_bas, self.ic_haut))
        return f"de {low} à {high}"

    @property
    def bornes(self) -> str:
        """What the value would be under the missing data, in words; empty where they cannot move it visibly."""
        if not self._moved:
            return ""
        low, high = (french.by_unit(each, self.indicator.unite) for each in (self.borne_basse, self.borne_haute))
        return f"entre {low} et {high}"

    @property
    def _moved(self) -> bool:
        """Whether missing data could change the value as it is written."""
        if self.valeur is None or self.effectif >= self.eligibles:
            return False
        if self.borne_basse is None or self.borne_haute is None:
            return False
        bounds = {french.by_unit(each, self.indicator.unite) for each in (self.borne_basse, self.borne_haute)}
        return bounds != {self.texte}

    @property
    def lignes(self) -> list[str]:
        """What stands below the value in the cell of a table: its interval, its bounds, what it rests on."""
        unit, told = self.indicator.unite, []
        if self.intervalle and self.ic_bas is not None and self.ic_haut is not None:
            told.append(f"intervalle : {french.span(self.ic_bas, self.ic_haut, unit)}")
        if self._moved and self.borne_basse is not None and self.borne_haute is not None:
            told.append(f"manquants : {french.span(self.borne_basse, self.borne_haute, unit)}")
        used = f"{french.whole(self.effectif)} sur {french.whole(self.eligibles)}"
        return [*told, f"{used}, {INDICATIF}" if self.statut == INDICATIF else used]

    @property
    def fait(self) -> Fait:
        """What it counts."""
        return fact_of(self.indicator)

    @property
    def appui(self) -> str:
        """On how many facts it rests."""
        return support(self.indicator, self.effectif, self.eligibles)

    def phrase(self) -> str:
        """Say the finding in one French sentence, with what it rests on and what it does not say."""
        return Dit(self._phrase(), self.faits)

    def _phrase(self) -> str:
        libelle = self.indicator.libelle
        if self.statut == SANS_OBJET:
            return f"{libelle} : sans objet, {self.fait.aucun}."
        if self.statut == INSUFFISANT:
            usable = f"{french.whole(self.effectif)} exploitable{'s' if self.effectif >= 2 else ''}"
            return f"{libelle} : données insuffisantes ({usable} sur {self.fait.concerned(self.eligibles)})."
        details = [self.appui]
        if self.intervalle:
            details.append(f"intervalle à 95 % : {self.intervalle}")
        if self.bornes:
            details.append(f"{self.bornes} selon les données manquantes")
        if self.statut == INDICATIF:
            details.append(f"valeur indicative, car reposant sur peu de {self.fait.plusieurs}")
        return f"{libelle} : {self.texte} ({' ; '.join(details)})."
