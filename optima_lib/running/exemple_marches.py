"""The contracts of the invented authority and of the buyers around it, as they were before anyone published them."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache

from optima_lib.references import reference
from optima_lib.running.exemple_identites import Acheteur, Fournisseur


@dataclass(frozen=True)
class Famille:
    """What is bought, how often by whom, at what price: a row of ``references/exemple_familles.csv``."""

    nom: str
    vivier: str
    poids: dict[str, float]
    mediane_eur: float
    dispersion: float
    accord_cadre: float
    offres: float
    sans_appel: float
    mois: tuple[int, ...]
    durees: tuple[int, ...]
    ccag: str

    @property
    def est_concession(self) -> bool:
        """Whether the family is of concessions."""
        return self.nom == "concession"


@dataclass(frozen=True)
class Modele:
    """An object to complete with a place or a year, and its lots: a row of ``references/exemple_objets.csv``."""

    cpv: str
    objet: str
    lots: tuple[str, ...]

    @property
    def type_achat(self) -> str:
        """Works, goods or services."""
        return next(row["type_achat"] for row in reference("cpv_divisions") if row["division"] == self.cpv[:2])


@dataclass
class Avenant:
    """A modification of a contract."""

    rang: int
    date: dt.date
    publie: dt.date
    montant: float
    duree: int
    objet: str


@dataclass
class Marche:
    """A contract, with what a file may say of it.

    ``montant``, ``date_ecrite`` and the texts are as published: a defect is written there.
    """

    acheteur: Acheteur
    siret: str
    numero: str
    objet: str
    cpv: str
    procedure: str
    date: dt.date
    publie: dt.date
    duree: int
    montant: float | str
    titulaires: list[Fournisseur]
    ccag: str
    nature: str = "Marché"
    offres: int | None = None
    plafond: bool = False
    modalite: str = "Sans objet"
    cadre: str | None = None
    groupement: str = "Pas de groupement"
    forme_prix: str = "Forfaitaire"
    type_prix: str = "Définitif ferme"
    social: str = "Pas de considération sociale"
    environnement: tuple[str, ...] = ("Pas de considération environnementale",)
    innovant: bool = False
    avance: bool = False
    sous_traitance: bool = False
    avenants: list[Avenant] = field(default_factory=list)
    date_ecrite: str = ""
    type_titulaire: str = "SIRET"

    def __post_init__(self) -> None:
        """Write the date as the schemas want it."""
        self.date_ecrite = self.date_ecrite or self.date.isoformat()

    @property
    def est_concession(self) -> bool:
        """Whether the contract is a concession."""
        return self.nature != "Marché"


@cache
def familles() -> tuple[Famille, ...]:
    """List the families of purchase."""
    return tuple(_famille(row) for row in reference("exemple_familles"))


def _famille(row: dict[str, str]) -> Famille:
    names = {"commune": "commune", "EPCI": "epci", "département": "departement", "SDIS": "sdis", "CCAS": "ccas"}
    names |= {"syndicat": "syndicat"}
    return Famille(
        nom=row["famille"],
        vivier=row["vivier"],
        poids={profil: float(row[column]) for profil, column in names.items()},
        mediane_eur=float(row["mediane_eur"]),
        dispersion=float(row["dispersion"]),
        accord_cadre=float(row["accord_cadre"]),
        offres=float(row["offres"]),
        sans_appel=float(row["sans_appel"]),
        mois=tuple(map(int, row["mois"])),
        durees=tuple(map(int, row["durees"].split("|"))),
        ccag=row["ccag"],
    )


@cache
def modeles(famille: str) -> tuple[Modele, ...]:
    """List the objects of a family."""
    rows = [row for row in reference("exemple_objets") if row["famille"] == famille]
    return tuple(Modele(row["cpv"], row["objet"], tuple(row["lots"].split("|")) if row["lots"] else ()) for row in rows)


@cache
def lieux(profil: str, genre: str) -> tuple[str, ...]:
    """List the places (``site`` or ``voie``) of a kind of buyer."""
    return tuple(row["lieu"] for row in reference("exemple_lieux") if (row["profil"], row["genre"]) == (profil, genre))
