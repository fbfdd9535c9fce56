"""The processed tables: one schema each, whose docstring states the grain.

Tables are Parquet files in ``DIR/processed``: columns in French snake_case, identifiers as strings, money in
euros before tax as float, dates as dates. A schema is strict: a column too many or too few is an error, and
all that is wrong in a table is said at once.
"""

from collections.abc import Iterable
from pathlib import Path

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from optima_lib.errors import TableError

CLASSES = ["ferme", "plafond", "subsequent"]
KINDS = ["Travaux", "Fournitures", "Services"]
FATES = ["contrat", "doublon", "écarté"]
DATA = ["marches", "territoires", "entreprises", "etablissements", "cpv", "naf", "avis"]
NOTICES = ["appel", "attribution", "rectificatif", "annulation", "ex ante", "concession", "concours", "autre"]
SHARE = {"min_value": 0, "max_value": 1}


class Table(pa.DataFrameModel):
    """What all tables share."""

    class Config:
        """Strict: the columns are these and no other."""

        strict = True


class Marches(Table):
    """One row per contract (*marché* or lot), latest state."""

    uid: str = pa.Field(unique=True, str_length={"min_value": 2})
    uid_publie: str
    lot: pl.Int32 = pa.Field(ge=1)
    nb_lots: pl.Int32 = pa.Field(ge=1)
    source: str = pa.Field(nullable=True)
    acheteur_siret: str
    acheteur_siren: str = pa.Field(nullable=True, str_matches=r"^\d{9}$")
    marche_id: str = pa.Field(nullable=True)
    objet: str = pa.Field(nullable=True)
    cpv: str = pa.Field(nullable=True, str_matches=r"^\d{8}$")
    cpv_publie: str = pa.Field(nullable=True)
    type_achat: str = pa.Field(nullable=True, isin=KINDS)
    nature: str = pa.Field(nullable=True)
    nature_publiee: str = pa.Field(nullable=True)
    procedure: str = pa.Field(nullable=True)
    procedure_publiee: str = pa.Field(nullable=True)
    date_notification: pl.Date = pa.Field(nullable=True)
    annee: pl.Int32 = pa.Field(nullable=True)
    date_publication: pl.Date = pa.Field(nullable=True)
    duree_initiale_mois: pl.Int32 = pa.Field(nullable=True, ge=1)
    duree_mois: pl.Int32 = pa.Field(nullable=True, ge=1)
    montant_initial_eur: float = pa.Field(nullable=True, gt=1)
    montant_eur: float = pa.Field(nullable=True, gt=1)
    classe_montant: str = pa.Field(nullable=True, isin=CLASSES)
    offres_recues: pl.Int32 = pa.Field(nullable=True, ge=1)
    a_consideration_sociale: bool = pa.Field(nullable=True)
    a_consideration_environnementale: bool = pa.Field(nullable=True)
    considerations_sociales: str = pa.Field(nullable=True)
    considerations_environnementales: str = pa.Field(nullable=True)
    techniques: str = pa.Field(nullable=True)
    modalites_execution: str = pa.Field(nullable=True)
    id_accord_cadre: str = pa.Field(nullable=True)
    forme_prix: str = pa.Field(nullable=True)
    types_prix: str = pa.Field(nullable=True)
    ccag: str = pa.Field(nullable=True)
    type_groupement: str = pa.Field(nullable=True)
    marche_innovant: bool = pa.Field(nullable=True)
    attribution_avance: bool = pa.Field(nullable=True)
    taux_avance: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    sous_traitance_declaree: bool = pa.Field(nullable=True)
    origine_ue: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    origine_france: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    lieu_code: str = pa.Field(nullable=True)
    lieu_type: str = pa.Field(nullable=True)
    nb_titulaires: pl.Int32 = pa.Field(ge=0)
    nb_modifications: pl.Int32 = pa.Field(ge=0)
    nb_fichiers: pl.Int32 = pa.Field(ge=1)
    nb_enregistrements: pl.Int32 = pa.Field(ge=1)
    double_possible: bool
    anomalies: str = pa.Field(nullable=True)


class Titulaires(Table):
    """One row per contract and supplier, latest state."""

    uid: str
    titulaire_id: str
    titulaire_type_id: str = pa.Field(nullable=True)
    titulaire_type_id_publie: str = pa.Field(nullable=True)
    titulaire_siren: str = pa.Field(nullable=True, str_matches=r"^\d{9}$")
    titulaire_nom: str = pa.Field(nullable=True)

    class Config:
        """A supplier holds a contract once."""

        unique = ("uid", "titulaire_id")


class Modifications(Table):
    """One row per contract and modification, numbered from 1; a missing value is unchanged."""

    uid: str
    rang: pl.Int32 = pa.Field(ge=1)
    date_modification: pl.Date = pa.Field(nullable=True)
    date_publication: pl.Date = pa.Field(nullable=True)
    montant_eur: float = pa.Field(nullable=True)
    duree_mois: pl.Int32 = pa.Field(nullable=True)
    objet_modification: str = pa.Field(nullable=True)

    class Config:
        """A rank of modification comes once in a contract."""

        unique = ("uid", "rang")


class Offres(Table):
    """One row per contract and bid, where bids are published (OCDS)."""

    uid: str
    offre_id: str
    soumissionnaire: str = pa.Field(nullable=True)  # SIREN or identifier; those of a group are joined by +
    lot_publie: str = pa.Field(nullable=True)  # several are joined by +
    statut: str = pa.Field(isin=["recevable", "écartée", "déposée"], nullable=True)
    montant_eur: float = pa.Field(nullable=True, gt=0)
    date_depot: pl.Date = pa.Field(nullable=True)
    est_retenue: bool = pa.Field(nullable=True)
    est_hors_delai: bool = pa.Field(nullable=True)

    class Config:
        """A bid comes once in a contract."""

        unique = ("uid", "offre_id")


class Acheteurs(Table):
    """One row per buyer's SIREN."""

    acheteur_siren: str = pa.Field(unique=True, str_matches=r"^\d{9}$")
    nom: str = pa.Field(nullable=True)
    nom_publie: str = pa.Field(nullable=True)
    categorie: str = pa.Field(nullable=True)
    categorie_source: str = pa.Field(nullable=True, isin=["territoire", "nom", "siren"])
    nature_juridique: str = pa.Field(nullable=True)
    population: int = pa.Field(nullable=True, ge=0)
    strate: str = pa.Field(nullable=True)
    departement: str = pa.Field(nullable=True)
    region: str = pa.Field(nullable=True)
    epci_siren: str = pa.Field(nullable=True)
    code_insee: str = pa.Field(nullable=True)
    nb_sirets: pl.Int32 = pa.Field(ge=1)
    nb_marches: int = pa.Field(ge=1)


class Territoires(Table):
    """One row per local authority's SIREN, whether it buys or not."""

    siren: str = pa.Field(unique=True, str_matches=r"^\d{9}$")
    code_insee: str = pa.Field(nullable=True)
    code: str = pa.Field(nullable=True)
    nom: str = pa.Field(nullable=True)
    categorie: str = pa.Field(nullable=True)
    nature_juridique: str = pa.Field(nullable=True)
    population: int = pa.Field(nullable=True, ge=0)
    departement: str = pa.Field(nullable=True)
    region: str = pa.Field(nullable=True)
    epci_siren: str = pa.Field(nullable=True)


class Entreprises(Table):
    """One row per SIREN that an award names and the company register knows, as INSEE last dealt with it."""

    siren: str = pa.Field(unique=True, str_matches=r"^\d{9}$")
    nom: str = pa.Field(nullable=True)
    categorie: str = pa.Field(nullable=True, isin=["PME", "ETI", "GE"])
    annee_categorie: pl.Int32 = pa.Field(nullable=True)
    naf: str = pa.Field(nullable=True)
    nomenclature_naf: str = pa.Field(nullable=True)
    categorie_juridique: str = pa.Field(nullable=True, str_matches=r"^\d{4}$")
    est_personne_physique: bool = pa.Field(nullable=True)
    date_creation: pl.Date = pa.Field(nullable=True)
    etat: str = pa.Field(nullable=True, isin=["active", "cessée"])
    date_cessation: pl.Date = pa.Field(nullable=True)
    est_ess: bool = pa.Field(nullable=True)
    est_societe_mission: bool = pa.Field(nullable=True)
    est_diffusible: bool = pa.Field(nullable=True)


class Etablissements(Table):
    """One row per SIRET of the company register that an award names, or that heads a SIREN that one names."""

    siret: str = pa.Field(unique=True, str_matches=r"^\d{14}$")
    siren: str = pa.Field(str_matches=r"^\d{9}$")
    commune: str = pa.Field(nullable=True)
    departement: str = pa.Field(nullable=True)
    region: str = pa.Field(nullable=True)
    etat: str = pa.Field(nullable=True, isin=["actif", "fermé"])
    est_siege: bool = pa.Field(nullable=True)
    naf: str = pa.Field(nullable=True)
    nomenclature_naf: str = pa.Field(nullable=True)


class Cpv(Table):
    """One row per CPV code, with its place in the tree."""

    cpv: str = pa.Field(unique=True, str_matches=r"^\d{8}$")
    libelle: str = pa.Field(nullable=True)
    libelle_en: str = pa.Field(nullable=True)
    parent: str = pa.Field(nullable=True, str_matches=r"^\d{8}$")
    niveau: str = pa.Field(isin=["division", "groupe", "classe", "catégorie", "sous-catégorie"])
    division: str = pa.Field(str_matches=r"^\d{2}$")
    groupe: str = pa.Field(nullable=True, str_matches=r"^\d{3}$")
    classe: str = pa.Field(nullable=True, str_matches=r"^\d{4}$")
    categorie: str = pa.Field(nullable=True, str_matches=r"^\d{5}$")


class Naf(Table):
    """One row per NAF sub-class, with its upper levels."""

    naf: str = pa.Field(unique=True, str_matches=r"^\d{2}\.\d{2}[A-Z]$")
    libelle: str = pa.Field(nullable=True)
    classe: str
    classe_libelle: str = pa.Field(nullable=True)
    groupe: str
    groupe_libelle: str = pa.Field(nullable=True)
    division: str
    division_libelle: str = pa.Field(nullable=True)
    section: str = pa.Field(nullable=True)
    section_libelle: str = pa.Field(nullable=True)


class Avis(Table):
    """One row per notice, in its last version."""

    avis_id: str = pa.Field(unique=True)
    source: str = pa.Field(isin=["TED", "BOAMP"])
    forme: str
    nature: str = pa.Field(isin=NOTICES)
    date_publication: pl.Date = pa.Field(nullable=True)
    date_limite: pl.Date = pa.Field(nullable=True)
    date_envoi: pl.Date = pa.Field(nullable=True)
    acheteur_nom: str = pa.Field(nullable=True)
    acheteur_siret: str = pa.Field(nullable=True, str_matches=r"^\d{14}$")
    acheteur_siren: str = pa.Field(nullable=True, str_matches=r"^\d{9}$")
    acheteur_siren_source: str = pa.Field(nullable=True, isin=["numéro", "nom", "nom et département"])
    acheteur_departement: str = pa.Field(nullable=True)
    objet: str = pa.Field(nullable=True)
    cpv: str = pa.Field(nullable=True, str_matches=r"^\d{8}$")
    type_achat: str = pa.Field(nullable=True, isin=KINDS)
    procedure: str = pa.Field(nullable=True)
    procedure_publiee: str = pa.Field(nullable=True)
    nb_lots: pl.Int32 = pa.Field(nullable=True, ge=0)
    est_groupement: bool = pa.Field(nullable=True)
    est_centrale: bool = pa.Field(nullable=True)
    estimation_eur: float = pa.Field(nullable=True, gt=1)
    montant_eur: float = pa.Field(nullable=True, gt=1)
    avis_initial: str = pa.Field(nullable=True)
    reference_acheteur: str = pa.Field(nullable=True)


class AvisLots(Table):
    """One row per notice and lot; a notice that is not divided has one, 1 unless it numbers it."""

    avis_id: str
    lot: str
    objet: str = pa.Field(nullable=True)
    cpv: str = pa.Field(nullable=True, str_matches=r"^\d{8}$")
    issue: str = pa.Field(nullable=True, isin=["attribué", "infructueux", "sans suite"])
    offres_recues: pl.Int32 = pa.Field(nullable=True, ge=1)
    offres_pme: pl.Int32 = pa.Field(nullable=True, ge=0)
    montant_eur: float = pa.Field(nullable=True, gt=1)
    estimation_eur: float = pa.Field(nullable=True, gt=1)
    date_attribution: pl.Date = pa.Field(nullable=True)
    titulaires: str = pa.Field(nullable=True)
    titulaires_siren: str = pa.Field(nullable=True)
    critere_prix_seul: bool = pa.Field(nullable=True)
    poids_prix: float = pa.Field(nullable=True, in_range=SHARE)
    poids_environnement: float = pa.Field(nullable=True, in_range=SHARE)
    poids_social: float = pa.Field(nullable=True, in_range=SHARE)

    class Config:
        """A number of lot comes once in a notice."""

        unique = ("avis_id", "lot")


class AvisMarches(Table):
    """One row per notice's lot that is matched with a contract."""

    avis_id: str
    lot: str
    uid: str
    score: float = pa.Field(in_range=SHARE)
    regle: str = pa.Field(isin=["acheteur par numéro", "acheteur par nom", "avis initial"])

    class Config:
        """A lot is matched with one contract, a contract with one lot of a notice."""

        unique = ("avis_id", "lot")


class Ecartes(Table):
    """One row per raw record that cannot be used: where it stands, why, and its text as JSON."""

    fichier: str
    rang: int = pa.Field(ge=0)
    motif: str
    brut: str


class Enregistrements(Table):
    """One row per raw award record, and contract where it tells several: what became of it, and what it is about."""

    fichier: str
    rang: int = pa.Field(ge=0)
    sort: str = pa.Field(isin=FATES)
    uid: str = pa.Field(nullable=True)
    motif: str = pa.Field(nullable=True)
    double_de_fichier: str = pa.Field(nullable=True)
    double_de_rang: int = pa.Field(nullable=True)


class Fichiers(Table):
    """One row per file read: the sum of its records, each accounted for once."""

    fichier: str = pa.Field(unique=True)
    sha256: str = pa.Field(str_matches="^[0-9a-f]{64}$")
    format: str
    donnees: str = pa.Field(isin=DATA)
    octets: int = pa.Field(ge=0)
    lus: int = pa.Field(ge=0)
    contrats: int = pa.Field(ge=0)
    retenus: int = pa.Field(ge=0)
    doublons: int = pa.Field(ge=0)
    ecartes: int = pa.Field(ge=0)
    hors_base: int = pa.Field(ge=0)
    lu_le: pl.Date


class Indicateurs(Table):
    """One row per indicator, buyer and year; ``annee`` missing stands for all years together."""

    indicateur: str
    acheteur_siren: str
    annee: pl.Int32 = pa.Field(nullable=True)
    valeur: float = pa.Field(nullable=True)
    effectif: float = pa.Field(ge=0)
    eligibles: float = pa.Field(ge=0)
    couverture: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    ic_bas: float = pa.Field(nullable=True)
    ic_haut: float = pa.Field(nullable=True)
    borne_basse: float = pa.Field(nullable=True)
    borne_haute: float = pa.Field(nullable=True)
    statut: str = pa.Field(isin=["calculé", "indicatif", "données insuffisantes", "sans objet"])


class Comparaisons(Table):
    """One row per indicator, buyer and year: the buyer beside its peers; ``annee`` missing, all years together."""

    indicateur: str
    acheteur_siren: str
    annee: pl.Int32 = pa.Field(nullable=True)
    valeur: float = pa.Field(nullable=True)
    effectif: float = pa.Field(nullable=True)
    pairs: int = pa.Field(ge=0)
    etape: int = pa.Field(ge=0)
    groupe: str = pa.Field(nullable=True)
    attendu: float = pa.Field(nullable=True)
    ecart: float = pa.Field(nullable=True)
    ecart_bas: float = pa.Field(nullable=True)
    ecart_haut: float = pa.Field(nullable=True)
    attendu_brut: float = pa.Field(nullable=True)
    ecart_brut: float = pa.Field(nullable=True)
    composition: bool
    simpson: bool
    tau: float = pa.Field(nullable=True, ge=0)
    z: float = pa.Field(nullable=True)
    z_hasard: float = pa.Field(nullable=True)
    p: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    p_ajuste: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    p_simple: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    p_rang: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    famille: str
    rang_bas: float = pa.Field(nullable=True, ge=1)
    rang_haut: float = pa.Field(nullable=True, ge=1)
    retreci: float = pa.Field(nullable=True)
    fiabilite: float = pa.Field(nullable=True, in_range={"min_value": 0, "max_value": 1})
    marge_basse: float = pa.Field(nullable=True)
    marge_haute: float = pa.Field(nullable=True)
    rapport: float = pa.Field(nullable=True, ge=0)
    rapport_bas: float = pa.Field(nullable=True, ge=0)
    rapport_haut: float = pa.Field(nullable=True, ge=0)
    verdict: str = pa.Field(nullable=True, isin=["établi", "négligeable", "équivalent", "non tranché"])
    statut: str = pa.Field(isin=["comparé", "comparé avec prudence", "non comparé"])
    motif: str = pa.Field(nullable=True)


SCHEMAS: dict[str, type[Table]] = {
    "marches": Marches,
    "titulaires": Titulaires,
    "modifications": Modifications,
    "offres": Offres,
    "acheteurs": Acheteurs,
    "territoires": Territoires,
    "entreprises": Entreprises,
    "etablissements": Etablissements,
    "cpv": Cpv,
    "naf": Naf,
    "avis": Avis,
    "avis_lots": AvisLots,
    "avis_marches": AvisMarches,
    "ecartes": Ecartes,
    "enregistrements": Enregistrements,
    "fichiers": Fichiers,
    "indicateurs": Indicateurs,
    "comparaisons": Comparaisons,
}


# what « optima measure » and « optima compare » make of the others
DERIVED = ("indicateurs", "comparaisons")


def columns(name: str) -> list[str]:
    """Return the columns of a table, in order."""
    return list(SCHEMAS[name].to_schema().columns)


def check(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with the columns of its schema in order, or say all that is wrong in it.

    Raises
    ------
    TableError
        When the table does not keep its contract.
    """
    if missing := [column for column in columns(name) if column not in table.columns]:
        raise TableError(f"La table {name} ne tient pas son contrat : sans colonne {', '.join(missing)}.")
    ordered = table.select(columns(name))
    try:
        SCHEMAS[name].validate(ordered.with_columns(pl.selectors.categorical().cast(pl.String)), lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select("column", "check", "failure_case").unique(maintain_order=True).head(10)
        told = "; ".join(f"{row[0]} : {row[1]} ({row[2]})" for row in cases.iter_rows())
        raise TableError(
            f"La table {name} ne tient pas son contrat : {told}. Signalez-le avec le fichier lu."
        ) from None
    return ordered


def check_readable(paths: Iterable[Path]) -> None:
    """Make sure that tables on disk can be opened.

    Raises
    ------
    TableError
        When one is cut or damaged.
    """
    for path in paths:
        if not is_readable(path):
            raise TableError(
                f"{path} est illisible : fichier abîmé ou incomplet. Relancez « optima clean » sur tous vos fichiers, "
                "avec --fresh pour repartir de zéro."
            )


def is_readable(path: Path) -> bool:
    """Tell whether a Parquet file is there and whole enough to be opened."""
    try:
        pl.read_parquet_schema(path)
    except (pl.exceptions.ComputeError, OSError):
        return False
    return True


def table_path(folder: Path, name: str) -> Path:
    """Return the file of a table."""
    return Path(folder) / f"{name}.parquet"


def read_table(folder: Path, name: str) -> pl.DataFrame:
    """Read a processed table.

    Raises
    ------
    TableError
        When it is not there.
    """
    path = table_path(folder, name)
    if not path.is_file():
        raise TableError(f"{path} manque. Lancez d'abord « optima clean » sur les fichiers à lire.")
    return pl.read_parquet(path)
