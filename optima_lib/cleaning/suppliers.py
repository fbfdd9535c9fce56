"""What the company register says of the suppliers of each contract."""

from typing import TypeVar

import polars as pl

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
UNIT = (
    "categorie",
    "annee_categorie",
    "naf",
    "nomenclature_naf",
    "categorie_juridique",
    "est_personne_physique",
    "est_diffusible",
    "est_ess",
    "date_creation",
    "etat",
    "date_cessation",
)
PLACE = ("commune", "departement", "region")


def label_suppliers(titulaires: Frame, entreprises: Frame, etablissements: Frame) -> Frame:
    """Join to each contract's suppliers what the register says of them.

    Parameters
    ----------
    titulaires : polars.DataFrame or LazyFrame
        One row per contract and supplier.
    entreprises, etablissements : of the same
        One row per SIREN, one row per SIRET.

    Returns
    -------
    polars.DataFrame or LazyFrame
        The rows of ``titulaires``, as many and in their order, with:

        - ``categorie`` (PME, ETI, GE), ``annee_categorie``, ``naf``, ``nomenclature_naf``,
          ``categorie_juridique``, ``est_personne_physique``, ``est_diffusible``, ``est_ess``, ``date_creation``,
          ``etat`` (active, cessée), ``date_cessation``: those of the legal unit;
        - ``commune``, ``departement``, ``region``: those of the establishment that holds the contract, else
          those of the head office; ``lieu_source`` says which (``établissement``, ``siège``);
        - ``etat_etablissement`` (actif, fermé): that of the establishment that holds the contract.

    Notes
    -----
    All are missing for a supplier that is not in the register as read: missing is not *no*. The size category
    is that of the group to which the firm belongs, for the year ``annee_categorie``, not for that of the
    contract (INSEE, décret 2008-1354); the state is that of the day of the register.
    """
    sites = etablissements.select("siret", *PLACE, etat_etablissement="etat")
    heads = (
        etablissements.filter(pl.col("est_siege"))
        .sort("siren", pl.col("etat") != "actif", "siret")
        .unique("siren", keep="first", maintain_order=True)
        .select("siren", **{f"{name}_siege": name for name in PLACE})
    )
    joined = (
        titulaires.join(
            entreprises.select("siren", *UNIT),
            left_on="titulaire_siren",
            right_on="siren",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(sites, left_on="titulaire_id", right_on="siret", how="left", validate="m:1", maintain_order="left")
        .join(heads, left_on="titulaire_siren", right_on="siren", how="left", validate="m:1", maintain_order="left")
    )
    own, head = pl.col("commune").is_not_null(), pl.col("commune_siege").is_not_null()
    source = pl.when(own).then(pl.lit("établissement")).when(head).then(pl.lit("siège")).alias("lieu_source")
    placed = [pl.when(own).then(name).otherwise(f"{name}_siege").alias(name) for name in PLACE]
    return joined.with_columns(source, *placed).drop(f"{name}_siege" for name in PLACE)


def count_by_activity(marches: pl.DataFrame, suppliers: pl.DataFrame) -> pl.DataFrame:
    """Count the contracts of each activity of suppliers and CPV code.

    Parameters
    ----------
    marches : polars.DataFrame
        One row per contract: ``uid``, ``cpv``.
    suppliers : polars.DataFrame
        One row per contract and supplier: ``uid``, ``naf``, ``nomenclature_naf``.

    Returns
    -------
    polars.DataFrame
        One row per activity and CPV: ``naf``, ``nomenclature_naf``, ``cpv``, ``nb_marches``. A contract counts
        once per activity, however many of its suppliers have it; one without a CPV, or whose suppliers' activity
        is unknown, counts nowhere.
    """
    labels = pl.col("cpv").cast(pl.String)
    told = suppliers.select("uid", "naf", "nomenclature_naf").drop_nulls("naf").unique()
    pairs = told.join(marches.select("uid", labels).drop_nulls("cpv"), on="uid", how="inner", validate="m:1")
    counts = pairs.group_by("naf", "nomenclature_naf", "cpv").agg(pl.len().cast(pl.Int64).alias("nb_marches"))
    return counts.sort("naf", "nomenclature_naf", "cpv")
