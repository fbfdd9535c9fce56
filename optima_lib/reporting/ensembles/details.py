"""What lies below the authorities of a pooled question: their facts, their years, their quarters."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from optima_lib.indicators import Indicator
from optima_lib.indicators.shapes import Count, Share
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability

NOUNS = {
    "titulaires": ("titulaire", "titulaires"),
    "lots": ("lot", "lots"),
    "relations": ("relation", "relations"),
    "executions": ("année de marché", "années de marché"),
    "enregistrements": ("enregistrement", "enregistrements"),
}
YEARS = ("année", "années")
SURE = 0.05  # p under which a gap is said to be established, as in the verdicts at 95 %


@dataclass(frozen=True)
class Details:
    """What lies below the authorities.

    Attributes
    ----------
    faits : pandas.DataFrame or None
        ``acheteur_siren``, ``nom``, ``groupe``, ``valeur``: one row per fact (per authority and year for a count); None where
        the indicator has no value for a single fact.
    annees : pandas.DataFrame
        ``acheteur_siren``, ``nom``, ``groupe``, ``annee``, ``valeur``: one row per authority and year.
    trimestres : pandas.DataFrame or None
        ``trimestre`` (four times the year, plus 0 to 3), ``valeur``, ``effectif``: all authorities together; None where facts
        have no day.
    groupes : pandas.Series
        The group of each authority that has one and enough known answers, by SIREN.
    terme : pandas.DataFrame or None
        ``acheteur_siren``, ``annee``, ``valeur`` of what changes in the authorities.
    jour : datetime.date or None
        The day at which a break is looked for.
    temoin : str
        The group that the day does not concern; none when empty.
    contre : pandas.DataFrame or None
        ``trimestre``, ``valeur`` of the other groups together, ``temoin`` of that group, ``effectif``.
    parts : pandas.DataFrame or None
        ``trimestre``, ``acheteur_siren``, ``nom``, ``effectif``: the facts of each authority in each quarter.
    noms_affiches : bool
        Whether authorities are named.
    """

    faits: pd.DataFrame | None = field(repr=False)
    annees: pd.DataFrame = field(repr=False)
    trimestres: pd.DataFrame | None = field(repr=False)
    groupes: pd.Series = field(repr=False)
    terme: pd.DataFrame | None = field(default=None, repr=False)
    jour: dt.date | None = None
    temoin: str = ""
    contre: pd.DataFrame | None = field(default=None, repr=False)
    parts: pd.DataFrame | None = field(default=None, repr=False)
    noms_affiches: bool = False

    def avec(self, **more: Any) -> "Details":
        """Return the same with what the question brings."""
        return replace(self, **more)


def name_facts(indicator: Indicator) -> tuple[str, str]:
    """Return the French name of what one fact of an indicator is, and that of several.

    Examples
    --------
    >>> import optima_lib.indicators as i
    >>> name_facts(i.find("C01")), name_facts(i.find("C13")), name_facts(i.find("S01"))
    (('marché', 'marchés'), ('lot', 'lots'), ('année', 'années'))
    """
    shape = indicator.shape
    if isinstance(shape, Count):
        return YEARS
    weighted = isinstance(shape, Share) and shape.weight is not None
    contracts = ("marché", "marchés")
    return contracts if weighted and shape.facts == "titulaires" else NOUNS.get(shape.facts, contracts)


def count_facts(indicator: Indicator, number: int) -> str:
    """Write a number of facts with the French name of what one of them is."""
    return french.agree(number, *name_facts(indicator))


def remark_years(indicator: Indicator) -> str:
    """Say, after a space, that a year without any record is not a count of none; nothing for what is not counted."""
    counted = isinstance(indicator.shape, Count)
    return " Une année où rien n'est publié n'est pas un zéro : elle n'y est pas." if counted else ""


def refuse_facts(indicator: Indicator, details: Details) -> str:
    """Say why there is no fact to model."""
    if details.faits is None:
        return (
            f"« {indicator.libelle} » se calcule sur tous les marchés d'une collectivité à la fois, sans valeur marché par marché. "
            "Prenez un indicateur qui compte des marchés pour les comparer eux-mêmes."
        )
    return (
        f"« {indicator.libelle} » n'a aucun fait chez des collectivités qui ont un groupe et assez de réponses connues. Prenez un autre "
        "indicateur, ou ajoutez des fichiers."
    )


def not_done() -> str:
    """Say, in the list of methods, that something was not done."""
    return "Non fait, pour la raison dite plus haut."


def say_p(p: float) -> str:
    r"""Say a probability in a sentence.

    Examples
    --------
    >>> say_p(0.13), say_p(0.0002)
    ('p\xa0=\xa00,13', 'p\xa0<\xa00,001')
    """
    told = probability(p)
    return f"p{french.NO_BREAK}{told if told.startswith('<') else f'={french.NO_BREAK}{told}'}"
