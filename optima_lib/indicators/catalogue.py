"""The catalogue of indicators, and the one way to enter it."""

from collections.abc import Callable
from dataclasses import dataclass

from optima_lib.errors import UnknownIndicatorError, suggest
from optima_lib.indicators.shapes import Shape

THEMES = {
    "S": "Dépense et structure",
    "C": "Concurrence",
    "P": "Procédure et délais",
    "F": "Fournisseurs",
    "Q": "Qualité des données",
}


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
        ``nombre``, ``eur``, ``part`` (0 to 1), ``jours``, ``offres``, ``indice`` or ``nats``.
    sens : str
        ``bas`` where less is better, ``haut`` where more is, ``aucun`` where neither is.
    methode, exclusions, limites, source : str
        The text of its dictionary page.
    define : callable
        Returns its shape.
    """

    code: str
    libelle: str
    unite: str
    sens: str
    methode: str
    exclusions: str
    limites: str
    source: str
    define: Callable[[], Shape]

    @property
    def theme(self) -> str:
        """The French name of its theme, which its first letter tells."""
        return THEMES[self.code[0]]


CATALOGUE: dict[str, Indicator] = {}
Definition = Callable[[], Shape]


def indicator(  # noqa: PLR0913 - one argument per paragraph of the dictionary page
    code: str, *, libelle: str, unite: str, sens: str, methode: str, exclusions: str, limites: str, source: str
) -> Callable[[Definition], Definition]:
    """Enter a function in the catalogue and hand it back unchanged."""

    def enter(define: Definition) -> Definition:
        CATALOGUE[code] = Indicator(code, libelle, unite, sens, methode, exclusions, limites, source, define)
        return define

    return enter


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
