"""What an indicator counts, as a French reader calls it: the noun behind its *effectif* and its *éligibles*."""

from dataclasses import dataclass

from optima_lib.indicators import Indicator
from optima_lib.reporting.french import agree, whole


@dataclass(frozen=True)
class Fait:
    """A noun, in the singular and in the plural.

    Attributes
    ----------
    un, plusieurs : str
        The noun, without its article.
    feminin : bool
        Its gender.
    """

    un: str
    plusieurs: str
    feminin: bool = False

    def count(self, number: float) -> str:
        r"""Write a number of them.

        Examples
        --------
        >>> MARCHE.count(1), CONSULTATION.count(12)
        ('1\xa0marché', '12\xa0consultations')
        """
        return agree(number, self.un, self.plusieurs)

    def concerned(self, number: float) -> str:
        r"""Write a number of those that an indicator concerns.

        Examples
        --------
        >>> CONSULTATION.concerned(40)
        '40\xa0consultations concernées'
        """
        ending = "e" if self.feminin else ""
        return agree(number, f"{self.un} concerné{ending}", f"{self.plusieurs} concerné{ending}s")

    @property
    def aucun(self) -> str:
        """Say that none is concerned."""
        ending = "e" if self.feminin else ""
        return f"aucun{ending} {self.un} n'est concerné{ending}"


MARCHE = Fait("marché", "marchés")
CONTRAT = Fait("contrat", "contrats")
CONSULTATION = Fait("consultation", "consultations", feminin=True)
BY_TABLE = {
    "relations": Fait("fournisseur compté par année", "fournisseurs comptés par année"),
    "executions": Fait("année de marché", "années de marché", feminin=True),
    "enregistrements": Fait("enregistrement", "enregistrements"),
    "lots": Fait("lot d'avis", "lots d'avis"),
}
BY_CODE = {
    "S01": CONTRAT,
    "F01": CONTRAT,
    "C14": CONSULTATION,
    "F14": Fait("titulaire de contrat", "titulaires de contrats"),
    "F17": Fait("fournisseur suivi d'une année sur l'autre", "fournisseurs suivis d'une année sur l'autre"),
}
# Of one class of amounts only: a contract whose class is not told may be of it, and is not said to be.
FIRM = Fait("marché ferme chiffré", "marchés fermes chiffrés")
OF_A_CLASS = {"S03": Fait("accord-cadre chiffré", "accords-cadres chiffrés")} | dict.fromkeys(
    ("S02", "S14", "F06", "F06.cinq", "F07", "F09"), FIRM
)


def fact_of(indicator: Indicator) -> Fait:
    """Return what an indicator counts."""
    if indicator.code in BY_CODE:
        return BY_CODE[indicator.code]
    return MARCHE if indicator.define is None else BY_TABLE.get(indicator.shape.facts, MARCHE)


def support(indicator: Indicator, used: float, concerned: float) -> str:
    """Say on how many facts a value rests, and how many could not be used."""
    if known := OF_A_CLASS.get(indicator.code):
        aside = agree(concerned - used, "contrat")
        enter = "entre" if concerned - used < 2 else "entrent"
        untold = f" ; {aside} dont la classe ou le montant n'est pas publié n'y {enter} pas" if concerned > used else ""
        return f"sur {known.count(used)}{untold}"
    fact = fact_of(indicator)
    return f"sur {fact.count(used)}" if used == concerned else f"sur {whole(used)} des {fact.concerned(concerned)}"
