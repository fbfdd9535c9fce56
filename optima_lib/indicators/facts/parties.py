"""Facts of a supplier beside its buyer: the kind of its identifier, whether it is the buyer, or buys for others."""

import polars as pl

from optima_lib.references import reference

FRENCH, FOREIGN = ("TAHITI", "RIDET", "FRWF"), ("HORS-UE", "UE")
SIREN_LENGTH = 9


def add_parties(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Add what the identifier of a supplier tells.

    Columns added: ``est_siret_attendu`` (its kind is SIRET, or is not told and it is a number; missing where neither
    its kind nor its form tells it); ``est_siret_invalide`` (of those: no SIREN whose check digit holds can be read);
    ``est_etranger`` (by the kind of its identifier, or the country of its VAT number; missing where they do not tell);
    ``est_acheteur`` (the buyer's own SIREN); ``est_centrale`` (a central purchasing body of
    ``references/centrales_achat.csv`` other than the buyer; missing without a SIREN).
    """
    number, siren = pl.col("titulaire_id"), pl.col("titulaire_siren")
    kind = pl.col("titulaire_type_id").cast(pl.String)
    bodies = [row["siren"] for row in reference("centrales_achat") if row["siren"]]
    same = number.str.slice(0, SIREN_LENGTH) == pl.col("acheteur_siren").cast(pl.String)
    expected = _is_siret(kind, number, siren)
    return suppliers.with_columns(
        est_siret_attendu=expected,
        est_siret_invalide=expected & siren.is_null(),
        est_etranger=_is_foreign(kind, number, expected),
        est_acheteur=same,
        est_centrale=siren.is_in(bodies) & ~same,
    )


def _is_siret(kind: pl.Expr, number: pl.Expr, siren: pl.Expr) -> pl.Expr:
    """Tell the identifiers that should be a SIRET."""
    untold = pl.when(number.str.contains("^[0-9]+$")).then(statement=True)
    told = pl.when(kind.is_null()).then(untold).otherwise(kind == "SIRET")
    return pl.when(siren.is_not_null()).then(statement=True).when(number.is_not_null()).then(told)


def _is_foreign(kind: pl.Expr, number: pl.Expr, siret: pl.Expr) -> pl.Expr:
    """Tell the suppliers of another country."""
    country = pl.when(number.str.contains("^[A-Z]{2}[0-9A-Z]")).then(number.str.slice(0, 2))
    return (
        pl.when(siret | kind.is_in(FRENCH))
        .then(statement=False)
        .when(kind.is_in(FOREIGN))
        .then(statement=True)
        .when(kind == "TVA")
        .then(country != "FR")
    )
