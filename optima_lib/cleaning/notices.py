"""Notices and their lots, cleaned: dates, amounts, identifiers, labels of the 2022 schema."""

import json
from functools import cache

import polars as pl

from optima_lib.cleaning.amounts import are_fillers, read_numbers, tidy_counts
from optima_lib.cleaning.cpv import kinds_of_purchase, tidy_cpv
from optima_lib.cleaning.criteria import weigh_criteria
from optima_lib.cleaning.dates import read_dates
from optima_lib.cleaning.identifiers import are_sirets, sirens_of, tidy_identifiers
from optima_lib.cleaning.text import repair_texts
from optima_lib.references import date_bound, reference

DATES = ("date_publication", "date_limite", "date_envoi")
FATES = {"RECTIFICATIF": "rectificatif", "ANNULATION": "annulation"}
CONTEST, OTHER, SIGN = "concours", "autre", " | "
VAT = r"^FR[0-9A-Z]{2}([0-9]{9})$"


def clean_notices(raw: pl.DataFrame) -> pl.DataFrame:
    """Clean notices.

    Parameters
    ----------
    raw : polars.DataFrame
        One row per notice, as texts, columns as :func:`optima_lib.sources.notices.read_notice` gives them.

    Returns
    -------
    polars.DataFrame
        The same rows with the columns of ``avis``, ``rang`` and ``priorite``. ``acheteur_siren`` is the published
        one. ``est_groupement`` and ``est_centrale`` are false where the form has a box for them that is not ticked,
        missing where it has none. An amount in another currency is missing.
    """
    told = _with_nature(raw)
    numbers = tidy_identifiers(told["acheteur_id"])
    cpv = tidy_cpv(told["cpv"]).cast(pl.String)
    return told.with_columns(
        *(_day(told[name]) for name in DATES),
        *(repair_texts(told[name])[name] for name in ("acheteur_nom", "objet", "reference_acheteur")),
        *(_amount(told[name]).alias(f"{name}_eur") for name in ("estimation", "montant")),
        *(_ticked(name) for name in ("est_groupement", "est_centrale")),
        acheteur_siret=numbers.set(~are_sirets(numbers), None),
        acheteur_siren=sirens_of(numbers.str.replace(VAT, "${1}")),
        acheteur_departement=department_of_postcode(pl.col("code_postal")),
        cpv=cpv,
        type_achat=kinds_of_purchase(cpv, told["type_achat"]).cast(pl.String),
        procedure=_procedures(told),
        forme=pl.concat_str("forme", "type", separator=" ", ignore_nulls=True),
        nb_lots=pl.when((pl.col("divise") != "oui").fill_null(value=True) | (pl.col("nb_lots") > 1)).then("nb_lots"),
    )


def department_of_postcode(code: pl.Expr) -> pl.Expr:
    """Return the département that a French postal code starts with; Corsica and the overseas ones have their own way.

    Examples
    --------
    >>> import polars as pl
    >>> codes = pl.DataFrame({"c": ["05008", "20090", "20620", "97430", "F-1", None]})
    >>> codes.select(department_of_postcode(pl.col("c"))).to_series().to_list()
    ['05', '2A', '2B', '974', None, None]
    """
    formed = code.str.contains(r"^\d{5}$")
    corsica = pl.when(code.str.slice(0, 3).is_in(["200", "201"])).then(pl.lit("2A")).otherwise(pl.lit("2B"))
    overseas = code.str.slice(0, 2).is_in(["97", "98"])
    told = pl.when(overseas).then(code.str.slice(0, 3)).when(code.str.starts_with("20")).then(corsica)
    return pl.when(formed).then(told.otherwise(code.str.slice(0, 2)))


def _with_nature(raw: pl.DataFrame) -> pl.DataFrame:
    """Add what a form is (``nature``, ``cases_cochees``): by form and type, else by form alone."""
    exact = _forms().rename({"forme": "f", "type": "t", "nature": "n1", "cases_cochees": "c1"})
    alone = exact.filter(t="").drop("t").rename({"n1": "n2", "c1": "c2"})
    joined = raw.with_columns(t=pl.col("type").fill_null("")).join(
        exact, left_on=["format", "forme", "t"], right_on=["format", "f", "t"], how="left", maintain_order="left"
    )
    told = joined.join(alone, left_on=["format", "forme"], right_on=["format", "f"], how="left", maintain_order="left")
    fate = pl.col("statut").replace_strict(FATES, default=None, return_dtype=pl.String)
    return told.with_columns(
        nature=pl.coalesce(fate, "n1", "n2", pl.lit(OTHER)), cases_cochees=pl.coalesce("c1", "c2") == "oui"
    ).drop("t", "n1", "n2", "c1", "c2")


@cache
def _forms() -> pl.DataFrame:
    return pl.DataFrame(list(reference("avis_formes"))).drop("source")


def _procedures(told: pl.DataFrame) -> pl.Series:
    """Return the label of the 2022 schema; a contest's way of choosing its candidates is not a procedure."""
    labels = {(row["format"], row["publiee"]): row["procedure"] or None for row in reference("avis_procedures")}
    pairs = told.select("format", "procedure_publiee", "nature").iter_rows()
    found = [None if nature == CONTEST else labels.get((kind, how)) for kind, how, nature in pairs]
    return pl.Series("procedure", found, dtype=pl.String)


def link_calls(notices: pl.DataFrame) -> pl.DataFrame:
    """Complete the call that each notice follows, for eForms, which tell it in three ways.

    The number of the call as its sender gave it becomes that of its publication, where the call is in the base; a
    notice that tells none follows the only one with a deadline in its file (*procedure identifier*, BT-04).

    Parameters
    ----------
    notices : polars.DataFrame
        ``avis_id``, ``nature``, ``date_limite``, ``avis_initial``, ``identifiant``, ``dossier`` and others.
    """
    known = notices.drop_nulls("identifiant").unique("identifiant", keep="none")
    published = known.select(pl.format("eForms:{}", "identifiant").alias("avis_initial"), publie="avis_id")
    calls = notices.filter(pl.col("date_limite").is_not_null() & ~pl.col("nature").is_in([*FATES.values()])).drop_nulls(
        "dossier"
    )
    only = calls.unique("dossier", keep="none").select("dossier", appel="avis_id")
    told = notices.join(published, on="avis_initial", how="left", maintain_order="left").join(
        only, on="dossier", how="left", maintain_order="left"
    )
    call = pl.when(pl.col("appel") != pl.col("avis_id")).then("appel")
    return told.with_columns(avis_initial=pl.coalesce("publie", "avis_initial", call)).drop("publie", "appel")


def _ticked(name: str) -> pl.Expr:
    told = pl.col(name).replace_strict({"oui": True, "non": False}, default=None, return_dtype=pl.Boolean)
    return pl.coalesce(told, pl.when("cases_cochees").then(statement=False)).alias(name)


def _day(published: pl.Series) -> pl.Series:
    """Return dates, missing when they are too old to be of a published contract; a deadline may be to come."""
    dates = read_dates(published.str.extract(r"^\s*(\S+)"))
    return dates.set((dates < date_bound("date_minimale")).fill_null(value=False), None).alias(published.name)


def _amount(published: pl.Series) -> pl.Series:
    amounts = read_numbers(published)
    return amounts.set(are_fillers(amounts), None)


def clean_notice_lots(raw: pl.DataFrame) -> pl.DataFrame:
    """Clean the lots of notices.

    Parameters
    ----------
    raw : polars.DataFrame
        One row per notice and lot, as texts, columns as :func:`optima_lib.sources.notices.read_notice` gives them.

    Returns
    -------
    polars.DataFrame
        The same rows with the columns of ``avis_lots``. ``montant_eur`` is the sum of the different amounts of the
        lot's awards; ``offres_pme`` may be zero, not ``offres_recues``.
    """
    small = read_numbers(raw["offres_pme"])
    return raw.with_columns(
        repair_texts(raw["objet"])["objet"],
        _day(raw["date_attribution"]),
        *weigh_criteria(raw["criteres"]),
        _sums(raw["montants"]),
        *_suppliers(raw["titulaires"]),
        cpv=tidy_cpv(raw["cpv"]).cast(pl.String),
        offres_recues=tidy_counts(raw["offres_recues"]),
        offres_pme=small.set((small < 0).fill_null(value=False), None).round().cast(pl.Int32),
        estimation_eur=_amount(raw["estimation"]),
    )


def _sums(published: pl.Series) -> pl.Series:
    """Add up the different amounts of each lot that are not fillers; missing when there is none.

    One that is repeated for each holder of a framework agreement is the ceiling of them all.
    """
    lots = pl.DataFrame({"place": range(len(published)), "texte": published}, schema_overrides={"texte": pl.String})
    parts = lots.with_columns(pl.col("texte").str.json_decode(pl.List(pl.String))).explode("texte").drop_nulls()
    amounts = parts.with_columns(montant_eur=_amount(parts["texte"])).drop_nulls().unique(["place", "montant_eur"])
    sums = amounts.group_by("place").agg(pl.col("montant_eur").sum())
    return lots.join(sums, on="place", how="left", maintain_order="left")["montant_eur"]


def _suppliers(published: pl.Series) -> pl.DataFrame:
    """Return the distinct names and SIREN of the suppliers of each lot, joined: ``titulaires``, ``titulaires_siren``."""
    found = [
        (place, name, number)
        for place, text in enumerate(published.to_list())
        for name, number in (json.loads(text) if text else ())
    ]
    flat = pl.DataFrame(found, schema={"place": pl.Int64, "nom": pl.String, "numero": pl.String}, orient="row")
    told = flat.select(
        "place",
        repair_texts(flat["nom"])["nom"].alias("titulaires"),
        sirens_of(tidy_identifiers(flat["numero"]).str.replace(VAT, "${1}")).alias("titulaires_siren"),
    )
    names = ("titulaires", "titulaires_siren")
    joined = told.group_by("place").agg(
        pl.col(name).drop_nulls().unique(maintain_order=True).str.join(SIGN) for name in names
    )
    places = pl.DataFrame({"place": range(len(published))}, schema={"place": pl.Int64})
    lots = places.join(joined, on="place", how="left", maintain_order="left")
    return lots.select(pl.when(pl.col(name) != "").then(name).alias(name) for name in names)
