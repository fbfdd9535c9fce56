"""Who buys and who sells in the invented data, under numbers that nobody can bear.

The SIREN of a French local authority is its kind in two digits (21 commune, 22 département, 24 groupement, 25
syndicat, 26 social action, 28 other services), its département in two digits, then a rank and a Luhn check digit.
No département has the code 00: ``2100…``, ``2200…``, ``2400…``, ``2500…``, ``2600…`` and ``2800…`` are well formed
and cannot be given. The SIREN of a company never starts with ``000``. The names are built from the words
*exemple*, *modèle*, *fictif* and *hypothèse*, or from syllables.
"""

from dataclasses import dataclass
from functools import cache

from optima_lib.references import reference

STARTS: tuple[str, ...] = (
    "Arv",
    "Brel",
    "Cald",
    "Dorv",
    "Esqu",
    "Galv",
    "Hesp",
    "Irv",
    "Jasp",
    "Kerv",
    "Lorz",
    "Marv",
    "Nolv",
    "Ozv",
)
STARTS += ("Pelv", "Rozv", "Salv", "Tarv", "Ulv", "Vesp", "Yrv", "Zalv")
ENDS = ("alix", "imont", "odia", "égal", "une", "ennes", "ivane", "oubre", "eltan", "aspre", "ochelle", "urande")
FORMS = ("SAS", "SARL", "SAS", "SA", "SARL", "SCOP SA", "SASU")
PERSONS_EVERY, PERSONS_AMONG = 61, (11, 12)  # natural persons: the first of them does not let its data circulate
PROFILES = {"CIAS": "CCAS"}


@dataclass(frozen=True)
class Acheteur:
    """An invented buyer; ``profil`` tells what it buys."""

    nom: str
    categorie: str
    profil: str
    siren: str
    code_insee: str
    departement: str
    population: int
    marches: int
    canal: str
    offres_absentes: float
    delai_jours: float
    silence: tuple[str, str] | None

    @property
    def sirets(self) -> tuple[str, str]:
        """Its main establishment, and that of an annexed budget."""
        return siret_of(self.siren, 1), siret_of(self.siren, 2)


@dataclass(frozen=True)
class Fournisseur:
    """An invented supplier; ``rang`` is its rank among all, from 1."""

    siret: str
    nom: str
    rang: int = 0
    forme: str = ""
    naf: str = ""

    @property
    def siren(self) -> str:
        """The SIREN of its legal unit."""
        return self.siret[:9]


def complete(digits: str) -> str:
    """Return a number with the digit that makes it pass the Luhn check.

    Examples
    --------
    >>> complete("21640445")
    '216404459'
    """
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


@cache
def siret_of(siren: str, rank: int) -> str:
    """Return the number of an establishment.

    Examples
    --------
    >>> siret_of("216404459", 1)
    '21640445900010'
    """
    return complete(f"{siren}{rank:04d}")


VILLE = complete("21000001")
AGGLOMERATION = complete("24000001")


@cache
def acheteurs() -> tuple[Acheteur, ...]:
    """List the buyers of ``references/exemple_acheteurs.csv``, those of the partner first."""
    return tuple(_acheteur(row) for row in reference("exemple_acheteurs") if int(row["marches"]))


def _acheteur(row: dict[str, str]) -> Acheteur:
    first, _, last = row["silence"].partition("/")
    return Acheteur(
        nom=row["nom"],
        categorie=row["categorie"],
        profil=PROFILES.get(row["categorie"], row["categorie"]),
        siren=complete(row["racine"]),
        code_insee=row["code_insee"],
        departement=row["departement"],
        population=int(row["population"] or 0),
        marches=int(row["marches"]),
        canal=row["canal"],
        offres_absentes=float(row["offres_absentes"]),
        delai_jours=float(row["delai_jours"]),
        silence=(first, last) if last else None,
    )


@cache
def viviers() -> dict[str, tuple[Fournisseur, ...]]:
    """List the suppliers of each trade, the largest first."""
    found: dict[str, tuple[Fournisseur, ...]] = {}
    number = 0
    for row in reference("exemple_fournisseurs"):
        patterns = row["noms"].split("|")
        suppliers = []
        for rank in range(int(row["nombre"])):
            number += 1
            siren = complete(f"000{number * 137 % 100_000:05d}")
            name, form = _name(number, patterns[rank % len(patterns)]), form_of(number)
            suppliers.append(
                Fournisseur(siret_of(siren, 1 + number % 3), f"{name} {form}".strip(), number, form, row["naf"])
            )
        found[row["vivier"]] = tuple(suppliers)
    return found


def form_of(number: int) -> str:
    """Return the legal form of a supplier; a natural person has none."""
    return "" if number % PERSONS_EVERY in PERSONS_AMONG else FORMS[number % len(FORMS)]


def _name(number: int, pattern: str) -> str:
    """Name the supplier of a number: two syllables and a trade."""
    return pattern.format(STARTS[number * 7 % len(STARTS)] + ENDS[number * 5 // len(STARTS) % len(ENDS)])
