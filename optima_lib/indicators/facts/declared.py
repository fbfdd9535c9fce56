"""Facts of a contract about what its buyer declared: techniques, prices, fields filled."""

import polars as pl

from optima_lib.references import date_bound

TECHNIQUES = {
    "est_enchere": "Enchère électronique",
    "est_catalogue": "Catalogue électronique",
    "est_sad": "Système d'acquisition dynamique",
}
REVISABLE = "Définitif révisable"
# compulsory in both schemas; the buyer, whose absence sets a record aside, is always there. The suppliers are counted.
FIELDS = (
    "marche_id",
    "nature",
    "objet",
    "cpv",
    "procedure",
    "lieu_code",
    "duree_initiale_mois",
    "date_notification",
    "date_publication",
    "montant_initial_eur",
    "types_prix",
)
# compulsory since the schema of 2022
FIELDS_2022 = (
    "techniques",
    "modalites_execution",
    "marche_innovant",
    "ccag",
    "offres_recues",
    "attribution_avance",
    "type_groupement",
    "forme_prix",
    "sous_traitance_declaree",
    "considerations_sociales",
    "considerations_environnementales",
)
COMMON_NUMBER, NUMBER_2022 = len(FIELDS) + 1, len(FIELDS_2022)


def add_declared(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what the declared labels say, and how many of the compulsory fields are filled.

    Columns added: ``est_enchere``, ``est_catalogue``, ``est_sad`` (the techniques hold an electronic auction, an
    electronic catalogue, a dynamic purchasing system; missing where none is published) and ``est_electronique`` (one
    of them); ``est_revisable`` (the price may be revised: ``types_prix``, to which cleaning brings the form of price
    of the 2019 schema); ``champs_communs_remplis`` (of the twelve that both schemas make compulsory),
    ``champs_2022_remplis`` (of the eleven that the 2022 schema adds) and ``est_regi_2022`` (notified since that
    schema is in force: the eleven are due).
    """
    techniques = pl.col("techniques").cast(pl.String)
    told = {name: techniques.str.contains(label, literal=True) for name, label in TECHNIQUES.items()}
    return facts.with_columns(
        **told,
        est_electronique=pl.any_horizontal(*told.values()),
        est_revisable=pl.col("types_prix").cast(pl.String).str.contains(REVISABLE, literal=True),
        champs_communs_remplis=_filled(FIELDS) + (pl.col("nb_titulaires") > 0).fill_null(value=False).cast(pl.Int32),
        champs_2022_remplis=_filled(FIELDS_2022),
        est_regi_2022=(pl.col("date_notification") >= date_bound("schema_2022_obligatoire")).fill_null(value=False),
    )


def _filled(names: tuple[str, ...]) -> pl.Expr:
    return pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in names)
