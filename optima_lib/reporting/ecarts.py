"""A gap between an authority and its peers, said in French with what it rests on."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from optima_lib.comparison import gates
from optima_lib.comparison.families import CORRECTIONS, PRINCIPALE, Declaration
from optima_lib.comparison.measured import RATIO
from optima_lib.comparison.verdicts import EQUIVALENT, ETABLI, NEGLIGEABLE, NON_TRANCHE
from optima_lib.evidence.finding import Dit
from optima_lib.indicators import Indicator, find
from optima_lib.references import bound, reference
from optima_lib.reporting import french
from optima_lib.reporting.pairs import Confrontation

CONFIRMED = 0.05
TINY = 1e-9
POINTS = ("part",)
METHOD = "comparaison à des pairs, la collectivité hors de sa référence (docs/comparaisons.md), version 1"
TITLES = {
    ETABLI: "écart établi",
    NEGLIGEABLE: "écart négligeable",
    EQUIVALENT: "équivalence établie",
    NON_TRANCHE: "écart non tranché",
}
SEVERAL = {
    ETABLI: "écarts établis",
    NEGLIGEABLE: "écarts négligeables",
    EQUIVALENT: "équivalences établies",
    NON_TRANCHE: "écarts non tranchés",
}
TOLD = (
    *("attendu", "attendu_brut", "ecart", "ecart_bas", "ecart_haut", "pairs", "etape", "groupe", "tau", "z", "p"),
    *(
        "rapport",
        "rapport_bas",
        "rapport_haut",
        "p_ajuste",
        "p_simple",
        "p_rang",
        "rang_bas",
        "rang_haut",
        "retreci",
        "fiabilite",
        "composition",
        "simpson",
    ),
)


@cache
def readings() -> dict[str, tuple[str, str]]:
    """Return what a value above, and a value below that of the peers, mean (``references/lectures_ecart.csv``)."""
    return {row["indicateur"]: (row["au_dessus"], row["au_dessous"]) for row in reference("lectures_ecart")}


@dataclass(frozen=True)
class Ecart:
    """The comparison of an indicator.

    Attributes
    ----------
    indicator : Indicator
        What is compared.
    row : pandas.Series
        Its row of the table *comparaisons*.
    declaration : Declaration
        What was fixed before.
    sensibilite : tuple of str
        What the comparison becomes when something of it changes.
    """

    indicator: Indicator
    row: pd.Series
    declaration: Declaration
    sensibilite: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: pd.Series, declaration: Declaration) -> "Ecart":
        """Read a row of the table *comparaisons*."""
        return cls(find(str(row["indicateur"])), row, declaration)

    @property
    def compare(self) -> bool:
        """Whether the comparison is made."""
        return str(self.row["statut"]) != gates.REFUSE

    @property
    def confirme(self) -> bool:
        """Whether an established gap holds once corrected for the size of its family."""
        return str(self.row["verdict"]) in {ETABLI, NEGLIGEABLE} and self.row["p_ajuste"] <= CONFIRMED

    @property
    def verdict(self) -> str:
        """The verdict; empty where the comparison is refused."""
        return str(self.row["verdict"]) if self.compare else ""

    @property
    def verdict_court(self) -> str:
        """The verdict, as a table writes it: an established gap says whether it holds once corrected."""
        doubt = (
            ""
            if self.confirme or self.verdict not in {ETABLI, NEGLIGEABLE}
            else "\nà confirmer : ne résiste pas à la correction"
        )
        return f"{TITLES[self.verdict]}{doubt}"

    @property
    def favorable(self) -> bool | None:
        """Whether the gap is on the better side; None where neither side is."""
        if self.indicator.sens not in {"haut", "bas"} or not self.compare or not self.row["ecart"]:
            return None
        return bool((self.row["ecart"] > 0) == (self.indicator.sens == "haut"))

    @property
    def inverse(self) -> bool:
        """Whether what is bought turns the gap over, by as much as matters."""
        moved = abs(self.row["ecart"] - self.row["ecart_brut"])
        return bool(self.row["simpson"] and moved >= min(-self.row["marge_basse"], self.row["marge_haute"]))

    @property
    def valeur(self) -> str:
        """The value of the authority."""
        return self._write(self.row["valeur"])

    @property
    def attendu(self) -> str:
        """What its peers make expect."""
        return self._write(self.row["attendu"])

    @property
    def ecart(self) -> str:
        """The gap, signed: points for a share, a ratio for a size."""
        return self._signed(self.row["ecart"])

    @property
    def intervalle(self) -> str:
        """The 95 % interval of the gap."""
        low, high = (self._signed(self.row[name]) for name in ("ecart_bas", "ecart_haut"))
        return f"{low} à {high}"

    @property
    def rang(self) -> str:
        """The ranks that the data leave possible, 1 the highest value."""
        low, high, number = int(self.row["rang_bas"]), int(self.row["rang_haut"]), int(self.row["pairs"]) + 1
        if low == high:
            return f"{_ordinal(low)} sur {number}"
        return f"entre le {_ordinal(low)} et le {_ordinal(high)} rang sur {number}"

    @property
    def rang_court(self) -> str:
        """The possible ranks, as a table writes them."""
        low, high, number = int(self.row["rang_bas"]), int(self.row["rang_haut"]), int(self.row["pairs"]) + 1
        return f"{_ordinal(low)}{'' if low == high else f' à {_ordinal(high)}'} sur {number}"

    @property
    def en_seuils(self) -> tuple[float, float, float]:
        """The gap and its bounds, in smallest gaps that matter: beyond 1, a gap matters."""
        low, gap, high = (self._in_margins(self.row[name]) for name in ("ecart_bas", "ecart", "ecart_haut"))
        return low, gap, high

    def _in_margins(self, gap: float) -> float:
        """Bring a gap to the smallest one that matters; that of a factor, by logarithms."""
        seuil, forme = self.declaration.seuils[self.indicator.code]
        if forme != RATIO:
            return float(gap / seuil)
        factor = max((self.row["attendu"] + gap) / self.row["attendu"], TINY)
        return math.log(factor) / math.log(seuil)

    @property
    def sens(self) -> str:
        """What the side of the gap means."""
        above, below = readings().get(self.indicator.code, ("une valeur plus élevée", "une valeur plus faible"))
        return above if self.row["ecart"] > 0 else below

    @property
    def base(self) -> str:
        """What the expected value rests on."""
        number = french.agree(int(self.row["pairs"]), "pair")
        return f"au vu de ce qui est acheté, et de {number}" if self.row["composition"] else f"au vu de {number}"

    @property
    def seuil(self) -> str:
        """The smallest gap that matters, in words."""
        seuil, forme = self.declaration.seuils[self.indicator.code]
        if forme == RATIO:
            return f"{french.percent(seuil - 1)} près"
        return f"{self._size(seuil)} près"

    def phrase(self) -> str:
        """Say the comparison in French: the values, the gap, and the verdict in words."""
        return Dit(self._phrase(), self.faits)

    @property
    def faits(self) -> dict[str, Any]:
        """The fields of its finding."""
        family = str(self.row["famille"])
        return {
            "indicateur": self.indicator.code,
            "entite": str(self.row["acheteur_siren"]),
            "methode": METHOD,
            "valeur": self.row["valeur"],
            "ic": [self.row["ecart_bas"], self.row["ecart_haut"]],
            "effectif": self.row["effectif"],
            "unite": self.indicator.unite,
            "verdict": self.row["verdict"] or self.row["motif"],
            "comparaison": {name: self.row[name] for name in TOLD},
            "famille": {"nom": family, "taille": self.declaration.size(family), "correction": CORRECTIONS[family]},
            "seuil_interet": list(self.declaration.seuils.get(self.indicator.code, ())),
            "declaration": self.declaration.empreinte,
            "statut": "confirmatoire" if family == PRINCIPALE else "exploratoire",
            "hypotheses": self._assumptions(),
            "sensibilite": list(self.sensibilite),
        }

    def _assumptions(self) -> list[str]:
        """Say what the comparison supposes."""
        told = ["les pairs sont comparables (tableaux de l'étape et de la ressemblance)"]
        if self.row["pairs"] < bound("pairs_sans_loi"):
            told.append("les écarts entre collectivités suivent une loi normale (trop peu de pairs pour s'en passer)")
        if self.row["composition"]:
            told.append("à même famille d'achat, montant et procédure, les marchés se comparent")
        return told

    def _phrase(self) -> str:
        label = self.indicator.libelle
        if not self.compare:
            return f"{label} : pas de comparaison. {gates.SENTENCES[str(self.row['motif'])]}"
        told = f"{label} : {self.valeur}, contre {self.attendu} attendus {self.base}. {self._verdict()}"
        if self.inverse:
            told += (
                " Attention : l'écart change de sens selon que l'on tient compte ou non de ce qui est acheté "
                f"(sans en tenir compte, {self._write(self.row['attendu_brut'])} seraient attendus)."
            )
        return told

    def _verdict(self) -> str:
        """Say the verdict, one sentence for each."""
        verdict, gap = str(self.row["verdict"]), f"écart : {self.ecart}, de {self.intervalle} avec 95 % de confiance"
        if verdict == ETABLI:
            return f"Écart établi : {self.sens} que chez ses pairs ({gap}).{self._family()}"
        if verdict == NEGLIGEABLE:
            return f"Écart établi mais négligeable : il reste en deçà du seuil d'intérêt, à {self.seuil} ({gap}).{self._family()}"
        if verdict == EQUIVALENT:
            return f"Équivalence établie : la collectivité est au niveau de ses pairs, à {self.seuil} ({gap})."
        return f"Écart non tranché : les données n'établissent ni différence ni équivalence, à {self.seuil} ({gap})."

    def _family(self) -> str:
        """Say whether the gap survives the number of comparisons made."""
        family = str(self.row["famille"])
        size = self.declaration.size(family)
        kind = "principale, fixée avant le calcul" if family == PRINCIPALE else "exploratoire"
        held = "résiste" if self.confirme else "ne résiste pas"
        end = "" if self.confirme else " : à confirmer par d'autres données"
        return f" Il {held} à la correction pour les {size} comparaisons de la famille {kind}{end}."

    def _write(self, value: float) -> str:
        return french.by_unit(value, self.indicator.unite)

    def _signed(self, value: float) -> str:
        """Write a gap with its sign."""
        if french.is_missing(value):
            return french.NOTHING
        told = self._size(abs(value))
        if not any(digit in told for digit in "123456789"):
            return "presque nul"
        return f"{'+' if value > 0 else '−'}{told}"

    def _size(self, value: float) -> str:
        if self.indicator.unite in POINTS:
            number = 100 * value
            return f"{french.decimal(number, 1)}{french.NO_BREAK}point{'s' if number >= 2 else ''}"
        return french.by_unit(value, self.indicator.unite)


def compares(each: Confrontation, theme: str = "") -> list[Ecart]:
    """Return the comparisons made, those of the confirmatory family first, then the surest gaps.

    Parameters
    ----------
    each : Confrontation
        An authority beside its peers.
    theme : str
        The letter of a theme; all of them by default.
    """
    rows = [Ecart.of(row, each.declaration) for _, row in each.comparaisons.iterrows()]
    made = [row for row in rows if row.compare and row.indicator.code.startswith(theme)]
    return sorted(made, key=lambda row: (row.row["famille"] != PRINCIPALE, row.row["p"]))


def _ordinal(rank: int) -> str:
    return "1er" if rank == 1 else f"{rank}e"


def probability(p: float | None) -> str:
    r"""Write a probability, exact down to one in a thousand.

    Examples
    --------
    >>> probability(0.0423), probability(0.0002), probability(0.9)
    ('0,042', '<\xa00,001', '0,90')
    """
    if p is None or french.is_missing(p):
        return french.NOTHING
    if p < 0.001:
        return f"<{french.NO_BREAK}0,001"
    return french.decimal(p, 3 if p < 0.1 else 2)
