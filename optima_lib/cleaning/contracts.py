"""Contracts from published records: initial and latest state, suppliers, modifications.

A contract's states are its publications and the modifications that they carry. The initial state is that of
the earliest notification (republished, the latest publication of it); the others are modifications, in the
order of their ranks where all have one, else of their dates. A value that a state leaves out is unchanged.
"""

from dataclasses import dataclass

import polars as pl

from optima_lib.cleaning.conservation import check_contracts
from optima_lib.cleaning.identities import CONTRACT, identify, supplier_key

CARRIED = (
    "source",
    "acheteur_siret",
    "acheteur_siren",
    "acheteur_nom",
    "marche_id",
    "objet",
    "cpv",
    "cpv_publie",
    "type_achat",
    "nature",
    "nature_publiee",
    "procedure",
    "procedure_publiee",
    "classe_montant",
    "techniques",
    "modalites_execution",
    "id_accord_cadre",
    "forme_prix",
    "types_prix",
    "ccag",
    "type_groupement",
    "offres_recues",
    "considerations_sociales",
    "considerations_environnementales",
    "marche_innovant",
    "attribution_avance",
    "taux_avance",
    "sous_traitance_declaree",
    "origine_ue",
    "origine_france",
    "lieu_code",
    "lieu_type",
    "date_publication",
    "anomalies",
)
IDENTITY = ("uid", "uid_publie", "lot", "nb_lots")
CHANGES = {
    "uid": pl.String,
    "rang": pl.Int32,
    "date_modification": pl.Date,
    "date_publication": pl.Date,
    "montant_eur": pl.Float64,
    "duree_mois": pl.Int32,
    "objet_modification": pl.String,
}
SUPPLIER_COLUMNS = ("titulaire_type_id", "titulaire_type_id_publie", "titulaire_siren", "titulaire_nom")
STATE_ORDER = (
    "uid",
    "est_modification",
    "rang_publie",
    "date",
    "version",
    "montant_eur",
    "duree_mois",
    "objet_modification",
)


@dataclass
class Contracts:
    """The tables of some buyers: contracts, suppliers, modifications, and what became of each record."""

    marches: pl.DataFrame
    titulaires: pl.DataFrame
    modifications: pl.DataFrame
    enregistrements: pl.DataFrame


def build_contracts(publications: pl.DataFrame, titulaires: pl.DataFrame, modifications: pl.DataFrame) -> Contracts:
    """Build the contracts of some buyers from all their published records.

    Parameters
    ----------
    publications, titulaires, modifications : polars.DataFrame
        Cleaned records of some buyers, all those of each; ``lu`` numbers the records.

    Returns
    -------
    Contracts
        ``marches``, ``titulaires`` and ``modifications`` at the grains of :mod:`optima_lib.schemas`, and
        ``enregistrements``, one row per record.
    """
    identities = identify(publications, titulaires, modifications)
    records = publications.join(identities, on="lu", validate="1:1", maintain_order="left")
    counted = pl.concat([records.filter(pl.col("compte")), _without_amount(records)])
    changed = pl.col("lu").is_in(modifications["lu"].unique().implode())
    alone = pl.col("uid").is_unique() & ~changed & (pl.col("version").fill_null(0) == 0)
    counted = counted.with_columns(alone.alias("seul"))
    parts = [
        _plain(counted.filter("seul"), titulaires),
        _with_history(counted.filter(~pl.col("seul")), titulaires, modifications),
    ]
    marches, suppliers, changes = (pl.concat(tables) for tables in zip(*parts, strict=True))
    trace = _trace(records)
    check_contracts(trace, marches)
    return Contracts(_count_suppliers(marches, suppliers), suppliers, changes, trace)


def _without_amount(records: pl.DataFrame) -> pl.DataFrame:
    """Return the records of lots that only bear the amount of another lot: their own is not known."""
    repeating = records.filter(~pl.col("compte") & (pl.col("sort") == CONTRACT))
    told = records.filter(pl.col("compte") & pl.col("uid").is_in(repeating["uid"].implode()))
    alone = repeating.join(told.select("uid"), on="uid", how="anti", maintain_order="left")
    return alone.with_columns(montant_eur=pl.lit(None, pl.Float64), compte=pl.lit(value=True))


def _count_suppliers(marches: pl.DataFrame, suppliers: pl.DataFrame) -> pl.DataFrame:
    counts = suppliers.group_by("uid").agg(pl.len().cast(pl.Int32).alias("nb_titulaires"))
    joined = marches.join(counts, on="uid", how="left", validate="1:1")
    return joined.with_columns(pl.col("nb_titulaires").fill_null(0))


Parts = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def _plain(counted: pl.DataFrame, titulaires: pl.DataFrame) -> Parts:
    """Build the contracts of one record without a modification: nearly all."""
    marches = counted.select(
        *IDENTITY,
        *CARRIED,
        *_counts(pl.lit(1, pl.Int32), pl.lit(1, pl.Int32)),
        "date_notification",
        pl.col("montant_eur").alias("montant_initial_eur"),
        "montant_eur",
        pl.col("duree_mois").alias("duree_initiale_mois"),
        "duree_mois",
        pl.lit(0, pl.Int32).alias("nb_modifications"),
        pl.col("date_notification").dt.year().cast(pl.Int32).alias("annee"),
    )
    named = titulaires.filter(pl.col("version") == 0).join(counted.select("uid", "lu"), on="lu", validate="m:1")
    return marches, _list_suppliers(named), pl.DataFrame(schema=CHANGES)


def _counts(files: pl.Expr, records: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    return files.alias("nb_fichiers"), records.alias("nb_enregistrements")


def _with_history(counted: pl.DataFrame, titulaires: pl.DataFrame, modifications: pl.DataFrame) -> Parts:
    """Build the contracts of several records or with modifications."""
    states = _states(counted, modifications)
    return _contracts(counted, states), _latest_suppliers(counted, states, titulaires), _modifications(states)


def _states(counted: pl.DataFrame, modifications: pl.DataFrame) -> pl.DataFrame:
    """List the states of the contracts: their publications and the modifications that these carry, in order."""
    first_day = pl.col("date_notification").filter(pl.col("version").fill_null(0) == 0).min().over("uid")
    published = counted.select(
        "uid",
        "lu",
        pl.lit(0, pl.Int32).alias("version"),
        ((pl.col("version").fill_null(0) > 0) | (pl.col("date_notification") > first_day).fill_null(value=False)).alias(
            "est_modification"
        ),
        pl.col("version").replace(0, None).alias("rang_publie"),
        pl.col("date_notification").alias("date"),
        "date_publication",
        "montant_eur",
        "duree_mois",
        pl.lit(None, pl.String).alias("objet_modification"),
    )
    carried = modifications.join(counted.select("lu", "uid"), on="lu", validate="m:1").select(
        "uid",
        "lu",
        "version",
        pl.lit(value=True).alias("est_modification"),
        pl.col("modification_id").alias("rang_publie"),
        pl.col("date_modification").alias("date"),
        "date_publication",
        "montant_eur",
        "duree_mois",
        "objet_modification",
    )
    states = pl.concat([published, carried])
    ranked = (pl.col("rang_publie").is_not_null() | ~pl.col("est_modification")).all().over("uid")
    states = states.with_columns(rang_publie=pl.when(ranked).then("rang_publie"))
    return _number(states.sort(STATE_ORDER, nulls_last=True, maintain_order=True))


def _number(states: pl.DataFrame) -> pl.DataFrame:
    """Give the states of each contract their numbers: 0 for the initial one, one number for one modification told twice."""
    same = ("est_modification", "rang_publie", "date", "montant_eur", "duree_mois")
    new = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in ("uid", *same))
    counted = (new & pl.col("est_modification")).cast(pl.Int32)
    # the states of a contract follow each other: what was counted before its first one is not its own
    first = pl.col("uid").ne_missing(pl.col("uid").shift())
    before = pl.when(first).then(counted.cum_sum() - counted).forward_fill()
    return states.with_columns(rang=counted.cum_sum() - before)


def _contracts(counted: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Give each contract its attributes, from its initial state where it has them, else from the others."""
    order = states.filter(pl.col("version") == 0).select("lu", etat="rang")
    told = counted.join(order, on="lu", validate="1:1")
    # what they say comes last, so that two records of one file are ranked the same whatever their order
    by = ["uid", "etat", "date_publication", "fichier", *(name for name in CARRIED if name != "date_publication")]
    ordered = told.sort(by, descending=[name == "date_publication" for name in by], nulls_last=True)
    merged = ordered.group_by("uid", maintain_order=True).agg(
        pl.col("uid_publie", "lot", "nb_lots").first(),
        *(pl.col(name).drop_nulls().first() for name in CARRIED),
        *_counts(pl.col("fichier").n_unique().cast(pl.Int32), pl.len().cast(pl.Int32)),
    )
    return merged.join(_history(states), on="uid", validate="1:1")


def _history(states: pl.DataFrame) -> pl.DataFrame:
    """Give each contract its initial and latest amounts and durations."""
    corrected = states.sort("uid", "rang", "date_publication", nulls_last=False, maintain_order=True)
    initial = ~pl.col("est_modification")
    history = corrected.group_by("uid").agg(
        pl.col("date").filter(initial).first().alias("date_notification"),
        pl.col("montant_eur").filter(initial).drop_nulls().last().alias("montant_initial_eur"),
        pl.col("montant_eur").drop_nulls().last(),
        pl.col("duree_mois").filter(initial).drop_nulls().last().alias("duree_initiale_mois"),
        pl.col("duree_mois").drop_nulls().last(),
        pl.col("rang").max().alias("nb_modifications"),
    )
    columns = ("date_notification", "montant_initial_eur", "montant_eur", "duree_initiale_mois", "duree_mois")
    year = pl.col("date_notification").dt.year().cast(pl.Int32).alias("annee")
    return history.select("uid", *columns, "nb_modifications", year)


def _modifications(states: pl.DataFrame) -> pl.DataFrame:
    changes = states.filter(pl.col("est_modification")).sort("uid", "rang", "date_publication", nulls_last=False)
    return changes.group_by("uid", "rang", maintain_order=True).agg(
        pl.col("date").first().alias("date_modification"),
        pl.col("date_publication").last(),
        pl.col("montant_eur", "duree_mois").first(),
        pl.col("objet_modification").drop_nulls().first(),
    )


def _latest_suppliers(counted: pl.DataFrame, states: pl.DataFrame, titulaires: pl.DataFrame) -> pl.DataFrame:
    """List the suppliers of each contract in its last state that names any, less those of other lots."""
    excluded = counted.select("lu", "titulaires_exclus")
    named = (
        titulaires.join(states.select("uid", "lu", "version", "rang"), on=["lu", "version"], validate="m:1")
        .join(excluded, on="lu", validate="m:1")
        .filter(~pl.col("titulaires_exclus").list.contains(supplier_key()).fill_null(value=False))
    )
    return _list_suppliers(named.filter(pl.col("rang") == pl.col("rang").max().over("uid")))


def _list_suppliers(named: pl.DataFrame) -> pl.DataFrame:
    identified = named.select(
        "uid", pl.coalesce("titulaire_id", "titulaire_nom").alias("titulaire_id"), *SUPPLIER_COLUMNS
    )
    twice = identified.select("uid", "titulaire_id").is_duplicated()
    merged = identified.filter(twice).sort("uid", "titulaire_id", *SUPPLIER_COLUMNS, nulls_last=True)
    merged = merged.group_by("uid", "titulaire_id", maintain_order=True).agg(
        pl.col(name).drop_nulls().first() for name in SUPPLIER_COLUMNS
    )
    return pl.concat([identified.filter(~twice), merged]).sort("uid", "titulaire_id")


def _trace(records: pl.DataFrame) -> pl.DataFrame:
    """Tell what became of each record."""
    return records.select("lu", "fichier", "rang", "sort", "uid", "motif", "double_de")
