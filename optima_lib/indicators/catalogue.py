"""The catalogue of indicators, and the one way to enter it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from optima_lib.errors import UnknownIndicatorError, suggest
from optima_lib.indicators.shapes import Shape

THEMES = {
    "S": "Dépense et structure",
    "C": "Concurrence",
    "P": "Procédure et délais",
    "T": "Seuils et fractionnement",
    "F": "Fournisseurs",
    "E": "Achat responsable",
    "V": "Exécution et économies",
    "G": "Mutualisation",
    "I": "Signaux d'alerte",
    "Q": "Qualité des données",
}
Definition = Callable[[], Shape]


@dataclass(frozen=True)
class Indicator:
    """An indicator: what a French reader is told of it, and the shape that computes it.

    Attributes
    ----------
    code : str
        Code of the catalogue, ``C01``; a variant of it has a suffix, ``C03.mediane``.
    libelle : str
        A French noun phrase: it *is* the measure.
    unite : str
        ``nombre``, ``eur``, ``part`` (0 to 1), ``jours``, ``mois``, ``offres``, ``indice`` (0 to 10 000), ``ratio``,
        ``nats``, ``km``, ``score`` (0 to 100) or ``niveau``.
    sens : str
        ``bas`` where less is better, ``haut`` where more is, ``aucun`` where neither is.
    formule : str
        The formula, in one line.
    methode, exclusions, limites, source : str
        The text of its dictionary page.
    champs : tuple of str
        The columns of facts that it reads, the buyer and the year apart; without one of them it is unavailable.
    define : callable or None
        Returns its shape; None where it needs records that no open source holds (``besoins`` says which).
    besoins : str
        What the authority must bring, for an indicator that open data cannot feed.
    """

    code: str
    libelle: str
    unite: str
    sens: str
    formule: str
    methode: str
    exclusions: str
    limites: str
    source: str
    champs: tuple[str, ...]
    define: Definition | None
    besoins: str = ""

    @property
    def theme(self) -> str:
        """The French name of its theme, which its first letter tells."""
        return THEMES[self.code[0]]

    @property
    def shape(self) -> Shape:
        """Its shape."""
        if self.define is None:
            raise UnknownIndicatorError(
                f"L'indicateur « {self.code} » ne se calcule pas sur les données ouvertes. Il demande : {self.besoins}"
            )
        return self.define()


CATALOGUE: dict[str, Indicator] = {}


def indicator(  # noqa: PLR0913 - one argument per paragraph of the dictionary page
    code: str,
    *,
    libelle: str,
    unite: str,
    sens: str,
    formule: str,
    methode: str,
    exclusions: str,
    limites: str,
    source: str,
    champs: tuple[str, ...],
) -> Callable[[Definition], Definition]:
    """Enter a function in the catalogue and hand it back unchanged."""

    def enter(define: Definition) -> Definition:
        _enter(
            Indicator(code, libelle, unite, sens, formule, methode, exclusions, limites, source, champs, define=define)
        )
        return define

    return enter


def declare(  # noqa: PLR0913 - one argument per paragraph of the dictionary page
    code: str, *, libelle: str, unite: str, sens: str, formule: str, besoins: str, limites: str, source: str
) -> None:
    """Enter an indicator that open data cannot feed: the dictionary shows it, and what the authority must bring."""
    _enter(Indicator(code, libelle, unite, sens, formule, "", "", limites, source, (), define=None, besoins=besoins))


def _enter(entry: Indicator) -> None:
    if entry.code in CATALOGUE:
        raise ValueError(f"{entry.code} stands twice in the catalogue.")
    CATALOGUE[entry.code] = entry


def find(code: str) -> Indicator:
    """Return the indicator of a code.

    Raises
    ------
    UnknownIndicatorError
        When the catalogue does not hold it.

    Examples
    --------
    >>> import optima_lib.indicators
    >>> find("C01").unite
    'part'
    """
    if code not in CATALOGUE:
        known = list(CATALOGUE)
        raise UnknownIndicatorError(f"L'indicateur « {code} » n'est pas au catalogue. {suggest(code, known)}")
    return CATALOGUE[code]


def fields() -> dict[str, frozenset[str]]:
    """Return the columns that the catalogue reads in each table of facts."""
    read: defaultdict[str, set[str]] = defaultdict(set)
    for each in CATALOGUE.values():
        if each.define is not None:
            read[each.shape.facts].update(each.champs)
    return {name: frozenset(columns) for name, columns in read.items()}


def computable() -> list[str]:
    """Return the codes that open data can feed, in order of the catalogue."""
    return [code for code, each in CATALOGUE.items() if each.define is not None]
