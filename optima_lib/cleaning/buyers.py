"""Who the buyers are: category, population, stratum, département and intercommunality."""

import re
from functools import cache

import polars as pl

from optima_lib.cleaning.labels import fold_label
from optima_lib.references import reference

GENERIC_NAME = r"(?i)^budget\b"
COMMUNE, EPCI, DEPARTEMENT, REGION = "commune", "EPCI", "département", "région"


def build_territoires(authorities: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Build the table of local authorities from all the territory files that were read.

    Parameters
    ----------
    authorities : polars.DataFrame
        One row per file and authority, as texts; ``priorite`` tells which file is right (1 first).
    members : polars.DataFrame
        One row per commune and intercommunality.

    Returns
    -------
    polars.DataFrame
        One row per SIREN. The population of a département or region is the sum of its communes'.
    """
    columns = [name for name in authorities.columns if name not in {"siren", "priorite"}]
    merged = (
        authorities.sort("siren", "priorite", *columns, nulls_last=True)
        .group_by("siren", maintain_order=True)
        .agg(pl.col(name).drop_nulls().first() for name in columns)
    )
    pairs = members.unique("siren", keep="first", maintain_order=True).rename({"epci_siren": "epci_membre"})
    linked = merged.join(pairs, on="siren", how="left", validate="1:1").with_columns(
        pl.coalesce("epci_siren", "epci_membre").alias("epci_siren"),
        pl.col("population").cast(pl.Float64, strict=False).round().cast(pl.Int64),
        _department(),
    )
    return _complete(linked.drop("epci_membre")).sort("siren")


def _department() -> pl.Expr:
    insee = pl.col("code_insee")
    overseas = insee.str.slice(0, 3)
    coded = pl.when(insee.str.starts_with("97")).then(overseas).otherwise(insee.str.slice(0, 2))
    own = pl.when(pl.col("categorie") == DEPARTEMENT).then(pl.col("code"))
    return pl.coalesce("departement", own, coded).alias("departement")


def _complete(territoires: pl.DataFrame) -> pl.DataFrame:
    """Give intercommunalities the département of most of their communes, and wider areas their population."""
    communes = territoires.filter(pl.col("categorie") == COMMUNE)
    of_epci = (
        communes.filter(pl.col("epci_siren").is_not_null())
        .group_by("epci_siren")
        .agg(
            pl.col("departement", "region").drop_nulls().mode().sort().first().name.suffix("_epci"),
        )
    )
    filled = territoires.join(of_epci, left_on="siren", right_on="epci_siren", how="left", validate="1:1").with_columns(
        pl.coalesce(name, f"{name}_epci").alias(name) for name in ("departement", "region")
    )
    code = (
        pl.when(pl.col("categorie").is_in([REGION, "collectivité territoriale unique"]))
        .then("code")
        .otherwise("region")
    )
    filled = filled.with_columns(code.alias("region"))
    for category, column in (
        (DEPARTEMENT, "departement"),
        (REGION, "region"),
        ("collectivité territoriale unique", "region"),
    ):
        total = communes.group_by(column).agg(pl.col("population").sum().alias("total"))
        filled = (
            filled.join(total, on=column, how="left", validate="m:1")
            .with_columns(
                pl.when(pl.col("categorie") == category)
                .then(pl.coalesce("population", "total"))
                .otherwise("population")
                .alias("population")
            )
            .drop("total")
        )
    return filled.drop("departement_epci", "region_epci")


def strata(category: pl.Expr, population: pl.Expr) -> pl.Expr:
    """Return the population stratum (``references/strates.csv``), as ``"20 000 à 34 999"``.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"c": ["commune", "commune", "SDIS"], "p": [80_441, 250_000, 900_000]})
    >>> frame.select(strata(pl.col("c"), pl.col("p"))).to_series().to_list()
    ['75 000 à 99 999', '200 000 et plus', None]
    """
    label: pl.Expr = pl.lit(None, pl.String)
    for row in reference("strates"):
        low, high = int(row["de"]), int(row["a"]) if row["a"] else None
        inside = (category == row["categorie"]) & (population >= low)
        inside = inside if high is None else inside & (population <= high)
        text = f"{low:,} et plus" if high is None else f"{low:,} à {high:,}"
        label = pl.when(inside).then(pl.lit(text.replace(",", " "))).otherwise(label)
    return label


def build_acheteurs(names: pl.DataFrame, territoires: pl.DataFrame) -> pl.DataFrame:
    """Build the table of buyers.

    Parameters
    ----------
    names : polars.DataFrame
        One row per buyer's SIREN, SIRET and published name, with its number of contracts (``effectif``).
    territoires : polars.DataFrame
        The table of local authorities.

    Returns
    -------
    polars.DataFrame
        One row per buyer's SIREN. The category comes from the territory, else from the published name, else
        from the SIREN; ``categorie_source`` tells which.
    """
    usable = pl.col("acheteur_nom").filter(~pl.col("acheteur_nom").str.contains(GENERIC_NAME))
    buyers = names.sort("acheteur_siren", "effectif", "acheteur_nom", descending=[False, True, False], nulls_last=True)
    buyers = buyers.group_by("acheteur_siren", maintain_order=True).agg(
        usable.drop_nulls().first().alias("nom_publie"),
        pl.col("acheteur_siret").n_unique().cast(pl.Int32).alias("nb_sirets"),
        pl.col("effectif").sum().cast(pl.Int64).alias("nb_marches"),
    )
    joined = buyers.join(territoires, left_on="acheteur_siren", right_on="siren", how="left", validate="1:1")
    rows = joined.select("acheteur_siren", "nom_publie").iter_rows()
    guessed = pl.DataFrame(
        [_guess(*row) for row in rows], schema={"par_regle": pl.String, "regle": pl.String}, orient="row"
    )
    named = joined.hstack(guessed).with_columns(
        pl.when(pl.col("categorie").is_not_null())
        .then(pl.lit("territoire"))
        .otherwise("regle")
        .alias("categorie_source"),
        pl.coalesce("categorie", "par_regle").alias("categorie"),
        pl.coalesce("nom", "nom_publie").alias("nom"),
    )
    located = pl.coalesce("departement", department_of_siren(pl.col("acheteur_siren"))).alias("departement")
    return named.with_columns(located, strate=strata(pl.col("categorie"), pl.col("population"))).select(
        "acheteur_siren",
        "nom",
        "nom_publie",
        "categorie",
        "categorie_source",
        "nature_juridique",
        "population",
        "strate",
        "departement",
        "region",
        "epci_siren",
        "code_insee",
        "nb_sirets",
        "nb_marches",
    )


def department_of_siren(siren: pl.Expr) -> pl.Expr:
    """Return the département that the SIREN of a local public body holds (its third and fourth digits).

    Source: INSEE, formation of the SIREN of local authorities and their establishments (21 to 28).

    Examples
    --------
    >>> import polars as pl
    >>> sirens = pl.DataFrame({"s": ["286400023", "219740156", "200067254"]})
    >>> sirens.select(department_of_siren(pl.col("s"))).to_series().to_list()
    ['64', '974', None]
    """
    local = siren.str.contains("^2[1-8]") & ~siren.str.contains("^2[1-8](00|20)")
    overseas = siren.str.slice(2, 2) == "97"
    return pl.when(local).then(pl.when(overseas).then(siren.str.slice(2, 3)).otherwise(siren.str.slice(2, 2)))


def _guess(siren: str, name: str | None) -> tuple[str | None, str | None]:
    """Tell the category of a buyer that is in no territory table by its name, else by its SIREN."""
    signs = {"nom": fold_label(name).upper() if name else "", "siren": siren}
    for sign, pattern, category in _rules():
        if signs[sign] and pattern.search(signs[sign]):
            return category, sign
    return None, None


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(
        (row["signe"], re.compile(row["motif"]), row["categorie"]) for row in reference("categories_acheteurs")
    )
