"""The company register, cleaned: legal units and establishments, names of persons masked.

Two rules of privacy apply before anything is written. The name of a unit that does not let its data circulate
(diffusion status other than O) is never kept: code de commerce R123-232-1. That of a natural person is masked
too, whatever its status, as the tables are passed on: RGPD art. 5.
"""

from collections.abc import Mapping

import polars as pl

from optima_lib.references import reference

MASKED = "[Données personnelles non-diffusibles]"
SIZES = ["PME", "ETI", "GE"]
UNIT_STATES = {"A": "active", "C": "cessée"}
SITE_STATES = {"A": "actif", "F": "fermé"}
YES_NO = {"O": True, "N": False}
DIFFUSED = {"O": True, "P": False, "N": False}


def clean_units(raw: pl.DataFrame) -> pl.DataFrame:
    """Clean legal units of the register.

    Parameters
    ----------
    raw : polars.DataFrame
        One row per unit, as texts, columns named as in the layout.

    Returns
    -------
    polars.DataFrame
        The same rows: the columns of ``entreprises``, with ``rang`` and ``traite_le``, the day when INSEE last
        dealt with the unit.
    """
    closed = pl.col("etat") == "C"
    return raw.with_columns(est_personne_physique=natural_person()).select(
        "rang",
        "siren",
        pl.when(pl.col("est_personne_physique")).then(pl.lit(MASKED)).otherwise(register_name()).alias("nom"),
        pl.when(pl.col("categorie").is_in(SIZES)).then("categorie").alias("categorie"),
        pl.col("annee_categorie").str.extract(r"^(\d{4})").cast(pl.Int32).alias("annee_categorie"),
        tidy_naf(pl.col("naf")),
        "nomenclature_naf",
        pl.col("categorie_juridique").str.extract(r"^(\d{4})(\.0+)?$").alias("categorie_juridique"),
        "est_personne_physique",
        _day("date_creation"),
        _told("etat", UNIT_STATES, pl.String),
        pl.when(closed).then(_day("date_debut")).alias("date_cessation"),
        _told("ess", YES_NO, pl.Boolean).alias("est_ess"),
        _told("societe_mission", YES_NO, pl.Boolean).alias("est_societe_mission"),
        _told("statut_diffusion", DIFFUSED, pl.Boolean).alias("est_diffusible"),
        "traite_le",
    )


def register_name() -> pl.Expr:
    """Return the name of a legal unit: its corporate name, else its first name and name in use.

    It is masked unless the unit lets its data circulate; a status that is not told is no leave.

    Examples
    --------
    >>> import polars as pl
    >>> columns = ("denomination", "denomination_usuelle", "prenom_usuel", "prenom", "nom_usage", "nom_naissance")
    >>> units = pl.DataFrame([["Org 1", None, None, None, None, None, "O"], [None] * 2 + ["Ada", None, "B", "C", "P"]],
    ...     schema=dict.fromkeys((*columns, "statut_diffusion"), pl.String), orient="row")
    >>> units.select(register_name()).to_series().to_list()
    ['Org 1', '[Données personnelles non-diffusibles]']
    """
    first, last = pl.coalesce("prenom_usuel", "prenom"), pl.coalesce("nom_usage", "nom_naissance")
    person = pl.when(last.is_not_null()).then(pl.concat_str(first, last, separator=" ", ignore_nulls=True))
    name = pl.coalesce("denomination", person, "denomination_usuelle")
    return pl.when(pl.col("statut_diffusion") == "O").then(name).otherwise(pl.lit(MASKED)).alias("nom")


def natural_person() -> pl.Expr:
    """Tell a natural person: by legal category, else by a personal name without a corporate one."""
    codes = [row["categorie_juridique"] for row in reference("personnes_physiques")]
    told = pl.col("categorie_juridique").str.extract(r"^(\d{4})").is_in(codes)
    named = pl.when(pl.col("denomination").is_not_null()).then(pl.lit(False))
    return pl.coalesce(told, named.when(pl.col("nom_naissance").is_not_null()).then(pl.lit(True)))


def tidy_naf(code: pl.Expr) -> pl.Expr:
    """Write an activity with the point of the nomenclature: ``6201Z`` is ``62.01Z``."""
    return code.str.replace(r"^([0-9]{2})([0-9]{2}[A-Z])$", "${1}.${2}")


def clean_sites(raw: pl.DataFrame) -> pl.DataFrame:
    """Clean establishments of the register: the columns of ``etablissements``, with ``rang`` and ``traite_le``."""
    commune = pl.col("commune").str.replace(r"^([0-9]{4})$", "0${1}")
    placed = pl.when(commune.str.contains(r"^[0-9][0-9AB][0-9]{3}$")).then(commune)
    return raw.select(
        "rang",
        "siret",
        pl.col("siret").str.slice(0, 9).alias("siren"),
        placed.alias("commune"),
        department_of_commune(placed).alias("departement"),
        _told("etat", SITE_STATES, pl.String),
        _told("siege", {"true": True, "1": True, "false": False, "0": False}, pl.Boolean).alias("est_siege"),
        tidy_naf(pl.col("naf")),
        "nomenclature_naf",
        "traite_le",
    )


def department_of_commune(commune: pl.Expr) -> pl.Expr:
    """Return the département that the INSEE code of a commune holds.

    Examples
    --------
    >>> import polars as pl
    >>> pl.DataFrame({"c": ["01053", "2A004", "97411"]}).select(department_of_commune(pl.col("c"))).to_series().to_list()
    ['01', '2A', '974']
    """
    overseas = commune.str.contains("^9[78]")
    return pl.when(overseas).then(commune.str.slice(0, 3)).otherwise(commune.str.slice(0, 2))


def with_regions(sites: pl.DataFrame, territoires: pl.DataFrame) -> pl.DataFrame:
    """Give establishments the region of their département, told by ``references``, else by the territory tables."""
    pairs = [(row["departement"], row["region"] or None) for row in reference("departements")]
    known = pl.DataFrame(pairs, schema={"departement": pl.String, "region": pl.String}, orient="row")
    others = territoires.select("departement", "region").drop_nulls().unique()
    others = others.filter(~pl.col("departement").is_duplicated()).join(known, on="departement", how="anti")
    return sites.join(pl.concat([known, others]), on="departement", how="left", validate="m:1")


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _told(name: str, words: Mapping[str, object], kind: type[pl.DataType]) -> pl.Expr:
    told = pl.col(name) if name != "siege" else pl.col(name).str.to_lowercase()
    return told.replace_strict(list(words), list(words.values()), default=None, return_dtype=kind)
