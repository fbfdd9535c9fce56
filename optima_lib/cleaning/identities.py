"""Which contract each published record is about.

Records meet under one identifier (buyer's SIRET and contract number). There, those that say the same are
duplicates, those that differ by the supplier only are one publication, and :mod:`optima_lib.cleaning.lots`
tells the lots apart. Nearly all identifiers have one record: they take the short way.
"""

import hashlib
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from optima_lib.cleaning.labels import fold_label
from optima_lib.cleaning.lots import Place, Publication, tell_lots
from optima_lib.cleaning.publications import NO_ID

# What makes two records of one identifier say the same thing, and what makes them one publication.
UNREAD = ("lu", "fichier", "rang", "cle", "source", "anomalies")
PUBLICATION = (
    "cle",
    "version",
    "date_notification",
    "montant_eur",
    "offres_recues",
    "duree_mois",
    "cpv",
    "procedure",
    "objet",
)
# What a publication tells of its lot, and what is told of it.
TELLING = (
    "date_notification",
    "montant_eur",
    "titulaires",
    "offres_recues",
    "objet",
    "date_publication",
    "version",
)
LOT = ("lu", "lot", "nb_lots", "code", "compte", "titulaires_exclus")

CONTRACT, DUPLICATE, REPEATED = "contrat", "doublon", "montant d'un autre lot"


def contract_keys(publications: pl.DataFrame) -> pl.Series:
    """Return the key under which the records of one contract, and of the lots of its identifier, meet.

    Where the number is missing or made of zeros, the object and the day of notification stand for it; where
    these are missing too, the record is alone.
    """
    given = publications.with_row_index("ligne").select(
        "ligne", "fichier", "rang", "marche_id", "objet", "date_notification"
    )
    lacking = given.filter(pl.col("marche_id").is_null() | pl.col("marche_id").str.contains(NO_ID))
    content = pl.concat_str(pl.col("objet").str.to_lowercase(), pl.col("date_notification").cast(pl.String))
    alone = pl.concat_str(pl.lit("#"), "fichier", "rang", separator=" ")
    stand_in = lacking.select(pl.concat_str(pl.lit("~"), pl.coalesce(content, alone))).to_series()
    numbers = publications["marche_id"].scatter(lacking["ligne"], stand_in)
    return publications.select(pl.concat_str("acheteur_siret", numbers, separator="|").alias("cle")).to_series()


def identify(publications: pl.DataFrame, titulaires: pl.DataFrame, modifications: pl.DataFrame) -> pl.DataFrame:
    """Tell which contract each record is about.

    Parameters
    ----------
    publications, titulaires, modifications : polars.DataFrame
        Cleaned records of some buyers, all those of each; ``lu`` numbers the records.

    Returns
    -------
    polars.DataFrame
        One row per record: ``lu``; ``uid`` of its contract; ``uid_publie``, its identifier as published;
        ``lot`` and ``nb_lots``, its rank and the number of lots under that identifier; ``sort``, contract or
        duplicate; ``motif``; ``double_de``, the record that a duplicate repeats; ``compte``, whether the record
        is a state of the contract; ``titulaires_exclus``, the suppliers of the record that are another lot's.
    """
    keyed = publications.with_columns(contract_keys(publications))
    several = pl.col("cle").is_duplicated()
    alone = keyed.filter(~several).select("lu", "cle", "acheteur_siret", "marche_id", **_single())
    shared = keyed.filter(several)
    placed = (
        _place(shared, _signatures(shared, titulaires), _changes(shared, modifications))
        if len(shared)
        else alone.clear()
    )
    return (
        pl.concat([alone, placed.select(alone.columns)])
        .with_columns(_uids())
        .drop("cle", "acheteur_siret", "marche_id", "code")
    )


def _single() -> dict[str, pl.Expr]:
    return {
        "lot": pl.lit(1, pl.Int32),
        "nb_lots": pl.lit(1, pl.Int32),
        "code": pl.lit(None, pl.String),
        "sort": pl.lit(CONTRACT),
        "motif": pl.lit(None, pl.String),
        "double_de": pl.lit(None, pl.Int64),
        "compte": pl.lit(value=True),
        "titulaires_exclus": pl.lit(None, pl.List(pl.String)),
    }


def _uids() -> list[pl.Expr]:
    """Name contracts by their published identifier, with the mark of the lot where there are several."""
    number = pl.when(pl.col("cle").str.contains("|~", literal=True)).then(_short_key()).otherwise("marche_id")
    published = pl.concat_str("acheteur_siret", number)
    several = pl.col("nb_lots") > 1
    return [
        published.alias("uid_publie"),
        pl.when(several).then(pl.concat_str(published, pl.lit("-L"), "code")).otherwise(published).alias("uid"),
    ]


def _short_key() -> pl.Expr:
    return pl.col("cle").map_elements(lambda key: "~" + _hash(key), return_dtype=pl.String)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def supplier_key() -> pl.Expr:
    """Return what tells a supplier: the SIREN, else the identifier, else the name."""
    return pl.coalesce("titulaire_siren", "titulaire_id", "titulaire_nom")


def _signatures(shared: pl.DataFrame, titulaires: pl.DataFrame) -> pl.DataFrame:
    suppliers = titulaires.filter(pl.col("lu").is_in(shared["lu"].implode()) & (pl.col("version") == 0))
    exact = pl.coalesce("titulaire_id", "titulaire_nom").unique().sort().str.join(" ").alias("signature")
    keys = supplier_key().unique().sort().alias("titulaires")
    return shared.select("lu").join(suppliers.group_by("lu").agg(keys, exact), on="lu", how="left", validate="1:1")


def _changes(shared: pl.DataFrame, modifications: pl.DataFrame) -> pl.DataFrame:
    """Write the modifications that each record carries as one text."""
    theirs = modifications.filter(pl.col("lu").is_in(shared["lu"].implode())).sort("lu", "version")
    told = pl.format(
        "{} {} {}",
        *(pl.col(name).cast(pl.String).fill_null("") for name in ("date_modification", "montant_eur", "duree_mois")),
    )
    return theirs.group_by("lu").agg(told.str.join("; ").alias("changements"))


def _place(shared: pl.DataFrame, signatures: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Place the records of the identifiers that have several."""
    told = shared.join(signatures, on="lu", validate="1:1").join(changes, on="lu", how="left", validate="1:1")
    told = told.sort("fichier", "rang")
    same = [name for name in told.columns if name not in {*UNREAD, "titulaires"}] + ["cle"]
    told = told.with_columns(pl.col("lu").first().over(same).alias("double_de"))
    kept = told.filter(pl.col("lu") == pl.col("double_de"))
    bases = kept.group_by(PUBLICATION, maintain_order=True).agg(
        pl.col("titulaires").explode().drop_nulls().unique().sort(),
        pl.col("date_publication").max(),
        pl.col("lu"),
    )
    lots = _tell_lots(bases).explode("lu")
    placed = told.join(lots, left_on="double_de", right_on="lu", validate="m:1")
    return placed.with_columns(*_roles()).with_columns(double_de=pl.when(pl.col("sort") == DUPLICATE).then("double_de"))


def _roles() -> list[pl.Expr]:
    repeats = pl.col("lu") != pl.col("double_de")
    return [
        pl.when(repeats).then(pl.lit(DUPLICATE)).otherwise(pl.lit(CONTRACT)).alias("sort"),
        pl.when(repeats)
        .then(pl.lit("même contenu"))
        .when(~pl.col("compte"))
        .then(pl.lit(REPEATED))
        .otherwise(None)
        .alias("motif"),
        (pl.col("compte") & ~repeats).alias("compte"),
    ]


def _tell_lots(bases: pl.DataFrame) -> pl.DataFrame:
    """Give each publication its lot, from all the publications of its identifier."""
    shared = pl.col("cle").is_duplicated()
    single = bases.filter(~shared).select("lu", **_single()).select(LOT)
    ordered = bases.filter(shared).select("cle", "lu", *TELLING).sort("cle", maintain_order=True)
    groups = groupby(ordered.iter_rows(named=True), key=itemgetter("cle"))
    rows = [row for _, publications in groups for row in _lot_rows(list(publications))]
    return pl.concat([single, pl.DataFrame(rows, schema=single.schema, orient="row")])


def _lot_rows(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    publications = [_publication(row) for row in rows]
    places = tell_lots(publications)
    codes = _lot_codes(publications, places)
    count = len(codes)
    return [
        (
            row["lu"],
            place.lot + 1,
            count,
            codes[place.lot] if count > 1 else None,
            place.counts,
            sorted(publication.titulaires - place.titulaires) or None,
        )
        for row, publication, place in zip(rows, publications, places, strict=True)
    ]


def _publication(row: dict[str, Any]) -> Publication:
    return Publication(
        date=row["date_notification"],
        montant=row["montant_eur"],
        titulaires=frozenset(row["titulaires"]),
        offres=row["offres_recues"],
        objet=fold_label(row["objet"]) if row["objet"] else None,
        publie_le=row["date_publication"],
        version=row["version"],
    )


def _lot_codes(publications: list[Publication], places: list[Place]) -> list[str]:
    """Mark each lot by its first publication, so that a lot that comes later changes no other mark."""
    firsts: dict[int, Publication] = {}
    for publication, place in sorted(zip(publications, places, strict=True), key=lambda pair: pair[0].order):
        firsts.setdefault(place.lot, publication)
    codes: list[str] = []
    for lot in sorted(firsts):
        first = firsts[lot]
        text = f"{first.date}|{first.montant}|{first.offres}|{first.objet}|{sorted(first.titulaires)}"
        code = _hash(text)[:4]
        while code in codes:
            code = _hash(code + text)[:4]
        codes.append(code)
    return codes
