"""Who a partner is: its identity, its convention with the chair, what its study holds."""

import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from optima_lib.errors import PartnerError, suggest
from optima_lib.paths import PARTNERS
from optima_lib.references import reference

CHAPTERS = (
    "01_donnees_et_limites",
    "02_profil_des_achats",
    "03_concurrence_et_procedures",
    "04_fournisseurs",
    "05_achat_responsable",
    "06_confrontation",
)
NAME = re.compile(r"^[\w-]+$")
KNOWN_COVARIATES = ("population", "nb_marches")
PARTNERSHIPS = ("démonstration", "exploratoire", "recherche-action", "convention de recherche", "thèse CIFRE")
LIMITS = {  # of a refused value, how each is said
    "expected": "", "ge": "au moins ", "gt": "plus de ", "le": "au plus ", "lt": "moins de ", "min_length": "une longueur d'au moins ",
}  # fmt: skip


class Settings(BaseModel):
    """What all settings share: an unknown key is an error, a value is not changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pairs(Settings):
    """The authorities that a partner wants to be compared with, and why.

    Attributes
    ----------
    sirens : list of str
        Their SIREN, five at least.
    motif : str
        The reason, printed with the comparison.
    """

    sirens: list[str] = Field(min_length=5)
    motif: str = Field(min_length=10)

    @field_validator("sirens")
    @classmethod
    def _exist(cls, sirens: list[str]) -> list[str]:
        if len(set(sirens)) < len(sirens):
            raise ValueError("un SIREN y est deux fois. Gardez une ligne par collectivité")
        for siren in sirens:
            if not re.match(r"^\d{9}$", siren) or not _has_key(siren):
                raise ValueError(f"{siren} n'est pas un SIREN. Recopiez-le, entre guillemets")
        return sirens


class Entite(Settings):
    """One legal person of the partner.

    Attributes
    ----------
    siren : str
        Nine digits, between quotes in YAML.
    nom : str
        Its name on the page.
    categorie : str, optional
        Its category, where the data do not tell it.
    pairs : Pairs, optional
        Its own list of peers, in the place of the rule.
    """

    siren: str = Field(pattern=r"^\d{9}$")
    nom: str = Field(min_length=1)
    categorie: str | None = None
    pairs: Pairs | None = None

    @field_validator("categorie")
    @classmethod
    def _ruled(cls, categorie: str | None) -> str | None:
        known = sorted({row["categorie"] for row in reference("pairs")})
        if categorie is not None and categorie not in known:
            raise ValueError(f"la catégorie « {categorie} » n'a pas de règle de pairs. {suggest(categorie, known)}")
        return categorie

    @field_validator("siren")
    @classmethod
    def _exists(cls, siren: str) -> str:
        if not _has_key(siren):
            raise ValueError(f"{siren} n'est pas un SIREN : son chiffre de contrôle est faux. Recopiez-le")
        return siren

    @model_validator(mode="after")
    def _among_others(self) -> "Entite":
        if self.pairs is not None and self.siren in self.pairs.sirens:
            raise ValueError(f"{self.siren} est parmi ses propres pairs. Retirez-le de la liste")
        return self


def _has_key(siren: str) -> bool:
    """Tell whether the last digit of a SIREN controls the others (Luhn, ISO/IEC 7812-1).

    Examples
    --------
    >>> _has_key("216404459"), _has_key("216404458")
    (True, False)
    """
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(siren))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


class Periode(Settings):
    """The years studied, both included."""

    debut: int = Field(ge=2000, le=2100)
    fin: int = Field(ge=2000, le=2100)

    @model_validator(mode="after")
    def _in_order(self) -> "Periode":
        if self.debut > self.fin:
            raise ValueError(f"la période commence ({self.debut}) après sa fin ({self.fin})")
        return self


class Parametres(Settings):
    """What a study shows; the thresholds of the methods are not here but in ``references/``."""

    premieres_familles: int = Field(default=10, ge=3, le=45, description="familles d'achat montrées une à une")
    premiers_titulaires: int = Field(default=10, ge=3, le=50, description="titulaires montrés un à un")


class Voisins(Settings):
    """Peers by likeness, in the place of strata: the nearest of the same category.

    Attributes
    ----------
    nombre : int
        How many.
    distance_maximale : float, optional
        The largest Mahalanobis distance accepted.
    covariables : list of str
        What likeness is told by: ``population``, ``nb_marches``, or columns of ``fichier``; all sizes, taken on logarithms.
    fichier : str, optional
        A CSV file of one row per authority (``acheteur_siren``, then numbers above zero), named from the data folder.
    """

    nombre: int = Field(default=20, ge=5, le=200)
    distance_maximale: float | None = Field(default=None, gt=0)
    covariables: list[str] = Field(default=list(KNOWN_COVARIATES), min_length=1)
    fichier: str | None = None


class Comparaison(Settings):
    """How a partner is compared; what is declared here is fixed, and hashed, before anything is computed.

    Attributes
    ----------
    region : bool
        Begin with the peers of the same region.
    voisins : Voisins, optional
        Nearest authorities on declared covariates.
    noms_des_pairs : str
        Whether the report names the peers.
    famille_principale : list of str, optional
        The confirmatory family of indicators; that of ``references/familles_hypotheses.csv`` by default.
    seuils : mapping of str to float
        Smallest gaps that matter, by indicator, where the partner's differ from ``references/seuils_interet.csv``.
    """

    region: bool = False
    voisins: Voisins | None = None
    noms_des_pairs: Literal["masqués", "affichés"] = "masqués"
    famille_principale: list[str] | None = None
    seuils: dict[str, float] = {}


class Partner(Settings):
    """A partner of the chair, as its file in ``partners/`` tells.

    Attributes
    ----------
    nom : str
        The partner's name on the cover.
    entites : list of Entite
        The legal persons studied, one or several.
    partenariat : str
        Kind of partnership.
    periode : Periode
        Years studied.
    langue : str
        Language of the report.
    donnees : str
        ``inventées`` for a partner whose data the suite makes itself.
    chapitres : list of str
        Notebooks, in order.
    parametres : Parametres
        What the study shows.
    comparaison : Comparaison
        How it is compared with its peers.
    """

    nom: str = Field(min_length=1)
    entites: list[Entite] = Field(min_length=1)
    partenariat: Literal["démonstration", "exploratoire", "recherche-action", "convention de recherche", "thèse CIFRE"]
    periode: Periode
    langue: Literal["fr"] = "fr"
    donnees: Literal["réelles", "inventées"] = "réelles"
    chapitres: list[str] = Field(default=list(CHAPTERS), min_length=1)
    parametres: Parametres = Parametres()
    comparaison: Comparaison = Comparaison()

    @field_validator("entites")
    @classmethod
    def _once(cls, entites: list[Entite]) -> list[Entite]:
        sirens = [each.siren for each in entites]
        if len(set(sirens)) < len(sirens):
            raise ValueError("un même SIREN y est deux fois")
        return entites

    @field_validator("chapitres")
    @classmethod
    def _known(cls, chapitres: list[str]) -> list[str]:
        for each in chapitres:
            if each not in CHAPTERS:
                raise ValueError(f"le chapitre « {each} » n'existe pas. {suggest(each, list(CHAPTERS))}")
        return chapitres

    @property
    def sirens(self) -> list[str]:
        """The SIREN of its legal persons."""
        return [each.siren for each in self.entites]


def load_partner(name: str, folder: Path = PARTNERS) -> Partner:
    """Load a partner from its file.

    Raises
    ------
    PartnerError
        When there is no such file, or something in it is wrong: all is said at once, each with its cure.

    Examples
    --------
    >>> load_partner("pau").sirens
    ['216404459', '200067254']
    """
    path = folder / f"{name}.yml"
    if not NAME.match(name) or not path.is_file():
        known = sorted(each.stem for each in folder.glob("*.yml"))
        raise PartnerError(
            f"Le partenaire « {name} » n'a pas de fichier dans partners/. {suggest(Path(name).stem, known)}"
        )
    return read_partner(path)


def read_partner(path: Path) -> Partner:
    """Read a partner's file; raise PartnerError with all that is wrong in it."""
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" ligne {mark.line + 1}" if mark else ""
        raise PartnerError(
            f"partners/{path.name}{where} : ce n'est pas du YAML lisible. Corrigez ce passage."
        ) from None
    if not isinstance(settings, dict):
        raise PartnerError(f"partners/{path.name} : attendu, des clés et leurs valeurs (nom, entites, periode…).")
    try:
        return Partner(**settings)
    except ValidationError as error:
        told = " ; ".join(_tell(each, path) for each in error.errors())
        raise PartnerError(f"partners/{path.name} : {told}") from None


def _tell(error: object, path: Path) -> str:
    """Say in French what is wrong with one setting, on which line, and what to do."""
    details: dict[str, object] = dict(error)  # type: ignore[call-overload]
    place = [str(each) for each in details["loc"]]  # type: ignore[attr-defined]
    key, where = ".".join(place), _line(path, place)
    if details["type"] == "extra_forbidden":
        return f"{where}clé inconnue « {key} ». {suggest(place[-1], _keys(place))}"
    if details["type"] == "missing":
        return f"la clé « {key} » manque. Ajoutez-la ; partners/exemple.yml montre comment."
    if details["type"] == "value_error":
        return f"{where}« {key} » : {str(details['msg']).removeprefix('Value error, ')}"
    if place[-1] == "siren":
        return f"{where}« {key} » : attendu, neuf chiffres entre guillemets (reçu : {details['input']!r})."
    limits = dict(details.get("ctx") or {})  # type: ignore[call-overload]
    cure = next(
        (f"attendu : {words}{limits[name]}" for name, words in LIMITS.items() if name in limits),
        "valeur refusée",
    )
    cure = cure.replace("'", "").replace(" or ", " ou ")
    return f"{where}« {key} » : {cure} (reçu : {details['input']!r})."


def _keys(place: list[str]) -> list[str]:
    """Return the keys known at a place."""
    models: dict[str, type[Settings]] = {
        "entites": Entite, "periode": Periode, "parametres": Parametres, "comparaison": Comparaison,
    }  # fmt: skip
    return list((models[place[0]] if len(place) > 1 else Partner).model_fields)


def _line(path: Path, place: list[str]) -> str:
    """Say on which line a key stands, where it can be found."""
    lines = path.read_text(encoding="utf-8").splitlines()
    key = next((each for each in reversed(place) if not each.isdigit()), "")
    for number, line in enumerate(lines, start=1):
        if line.strip().removeprefix("- ").startswith(f"{key}:"):
            return f"ligne {number}, "
    return ""
