"""``Question``: the parameters of a pooled notebook, read and checked before anything is computed."""

import datetime as dt
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from optima_lib.comparison.estimands import ESTIMANDS
from optima_lib.errors import ComparisonError, suggest
from optima_lib.reporting.ensembles.demande import GROUPINGS

CURE = "Corrigez le chemin, ou donnez-le en entier"
MASKED, SHOWN = "masqués", "affichés"
EXPECTED = {
    "string_type": "doit être un texte entre guillemets",
    "literal_error": f"vaut « {MASKED} » ou « {SHOWN} »",
    "extra_forbidden": "n'est pas un paramètre de ce carnet, retirez-le",
    "missing": "manque, donnez-le",
}


class Question(BaseModel):
    """What a pooled notebook takes.

    Attributes
    ----------
    question : str
        The question, in words; made of the other parameters when empty.
    indicateur : str
        Code of the catalogue.
    groupes : str
        A column of *acheteurs* (``categorie``, ``strate``, ``nature_juridique``, ``region``, ``departement``), or the path of a
        CSV file of columns ``acheteur_siren`` and ``groupe`` (members and non-members, for instance).
    parmi : str
        A category to which the question is limited; all when empty.
    estimand : str
        ``rangs``, ``moyennes`` or ``moyennes_geometriques``.
    terme : str
        The path of a CSV file of columns ``acheteur_siren``, ``annee`` and ``valeur``: what changes in the authorities from
        one year to the next; none when empty.
    date : str
        The day (YYYY-MM-DD) at which a break is looked for in the series of quarters; none when empty.
    temoin : str
        The group that the day does not concern, with which the others are then compared; none when empty.
    noms : str
        ``affichés`` where all data are public and authorities may be named, else ``masqués``.
    donnees : str
        Data folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = ""
    indicateur: str
    groupes: str
    parmi: str = ""
    estimand: str = "rangs"
    terme: str = ""
    date: str = ""
    temoin: str = ""
    noms: Literal["masqués", "affichés"] = "masqués"
    donnees: str

    @field_validator("estimand")
    @classmethod
    def _known(cls, estimand: str) -> str:
        if estimand not in ESTIMANDS:
            raise ValueError(f"« {estimand} » n'est pas un choix. {suggest(estimand, list(ESTIMANDS))}")
        return estimand

    @field_validator("groupes")
    @classmethod
    def _grouping(cls, groupes: str) -> str:
        if groupes not in GROUPINGS and not _is_file(groupes):
            cure = CURE if _is_path(groupes) else suggest(groupes, list(GROUPINGS))
            raise ValueError(
                f"« {groupes} » n'est ni une colonne des acheteurs, ni un fichier{_sought(groupes)}. {cure}"
            )
        return groupes

    @field_validator("terme")
    @classmethod
    def _there(cls, terme: str) -> str:
        if terme and not _is_file(terme):
            raise ValueError(f"« {terme} » n'est pas un fichier{_sought(terme)}. {CURE}. Sans terme, laissez vide")
        return terme

    @field_validator("date")
    @classmethod
    def _iso(cls, date: str) -> str:
        try:
            told = date and dt.date.fromisoformat(date).isoformat()
        except ValueError:
            told = None
        if told != date:
            raise ValueError(f"« {date} » n'est pas une date. Écrivez-la AAAA-MM-JJ, ou laissez vide")
        return date

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.temoin and not self.date:
            raise ValueError(
                f"« {self.temoin} » sert de témoin à une date. Donnez aussi le paramètre « date », ou laissez vide"
            )
        return self

    @property
    def jour(self) -> dt.date | None:
        """The day of the break, as a date."""
        return dt.date.fromisoformat(self.date) if self.date else None


def read_question(**parameters: object) -> Question:
    """Return the question that some parameters ask.

    Raises
    ------
    ComparisonError
        When a parameter is not what it must be; all that is wrong is said at once.

    Examples
    --------
    >>> read_question(question="?", indicateur="C01", groupes="strate", date="2024-13-01", donnees="data")
    Traceback (most recent call last):
    ...
    optima_lib.errors.ComparisonError: Paramètre « date » : « 2024-13-01 » n'est pas une date. Écrivez-la AAAA-MM-JJ, ou laissez vide.
    """
    try:
        return Question.model_validate(parameters)
    except ValidationError as error:
        told = " ".join(_tell(dict(each)) for each in error.errors())
        raise ComparisonError(told) from None


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or bool(Path(name).suffix)


def _sought(name: str) -> str:
    """Say, after a space, in which folder a relative path was looked for."""
    return "" if Path(name).is_absolute() else f" du dossier de travail du carnet ({Path.cwd()})"


def _tell(error: dict[str, object]) -> str:
    """Say in French what is wrong with one parameter."""
    where, kind = error["loc"], str(error["type"])
    name = where[0] if isinstance(where, tuple) and where else "temoin"  # the only rule of two parameters
    said = EXPECTED.get(kind, str(error["msg"]).removeprefix("Value error, "))
    end = "" if said.endswith("?") else "."
    return f"Paramètre « {name} » : {said.rstrip('.')}{end}"


def _is_file(name: str) -> bool:
    """Tell whether a path leads to a file; one that the system cannot even look for does not."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False
