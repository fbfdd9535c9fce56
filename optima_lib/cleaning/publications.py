"""Raw award records, typed and flagged: still one row per published record."""

import datetime as dt

import polars as pl

from optima_lib.cleaning.amounts import are_fillers, read_numbers, tidy_counts, tidy_shares
from optima_lib.cleaning.cpv import kinds_of_purchase, tidy_cpv
from optima_lib.cleaning.dates import are_impossible, read_dates, tidy_dates
from optima_lib.cleaning.identifiers import (
    are_sirets,
    buyer_sirens,
    complete_types,
    sirens_of,
    tidy_identifiers,
)
from optima_lib.cleaning.labels import (
    LABELS,
    as_published,
    blank_fillers,
    harmonise,
    harmonise_list,
    hold,
    on_distinct,
    read_booleans,
)
from optima_lib.cleaning.text import repair_texts

LABELS_HARMONISED = ("nature", "procedure", "ccag", "type_groupement", "forme_prix", "lieu_type")
LISTS = (
    "techniques",
    "modalites_execution",
    "types_prix",
    "considerations_sociales",
    "considerations_environnementales",
)
BOOLEANS = ("marche_innovant", "attribution_avance", "sous_traitance_declaree")
COUNTS = ("duree_mois", "offres_recues")
SHARES = ("taux_avance", "origine_ue", "origine_france")
DATES = ("date_notification", "date_publication")
OTHERS = ("source", "objet", "acheteur_nom", "lieu_code", "acheteur_id", "marche_id", "id_accord_cadre", "cpv")
EVERY = (*OTHERS, *LABELS_HARMONISED, *LISTS, *BOOLEANS, *COUNTS, *SHARES, *DATES, "type_achat", "montant", "version")

PRICE_CHANGES_2019 = ("Ferme", "Ferme et actualisable", "Révisable")
AS_PUBLISHED = {"cpv": "cpv_publie", "nature": "nature_publiee", "procedure": "procedure_publiee"}
NO_ID = r"^0{6,}$"
NO_BUYER = "acheteur absent"


def clean_publications(raw: pl.DataFrame, latest: dt.date) -> pl.DataFrame:
    """Type the published records and flag what is wrong in them.

    Parameters
    ----------
    raw : polars.DataFrame
        One row per record, texts under our names; a column may be missing. Other columns (numbers of the
        record) are left as they are.
    latest : datetime.date
        Day of reading: a date after it is impossible.

    Returns
    -------
    polars.DataFrame
        The same rows. Texts repaired, labels of the 2022 schema (the published ones beside, as ``…_publie``),
        amounts in euros before tax, dates, counts, and ``anomalies``: the names of what was met, joined by
        ``", "``. A record without a buyer has ``acheteur_siret`` missing.
    """
    texts = _complete(raw)
    typed = pl.DataFrame(
        [
            *(raw[name] for name in raw.columns if name not in EVERY),
            *(_numbers(texts[name]) for name in ("marche_id", "id_accord_cadre")),
            *(as_published(texts[name]) for name in ("source",)),
            blank_fillers(texts["lieu_code"]),
            *(as_published(texts[name]).alias(kept) for name, kept in AS_PUBLISHED.items()),
            *(harmonise(texts[name], name) for name in LABELS_HARMONISED if name != "forme_prix"),
            *(harmonise_list(texts[name], name) for name in LISTS if name != "types_prix"),
            *_prices(texts),
            *(read_booleans(texts[name]) for name in BOOLEANS),
            *(tidy_counts(texts[name]) for name in COUNTS),
            *(tidy_shares(texts[name]) for name in SHARES),
        ]
    )
    read = _Read(texts, latest)
    typed = typed.with_columns(*read.columns(), anomalies=read.anomalies())
    return typed.with_columns(classe_montant=amount_class(typed))


def _complete(raw: pl.DataFrame) -> pl.DataFrame:
    """Give a table of texts every column, empty where it is missing."""
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(raw))
    return pl.DataFrame([raw[name] if name in raw.columns else empty.alias(name) for name in EVERY])


def _numbers(texts: pl.Series) -> pl.Series:
    """Tidy the numbers that buyers give to contracts."""
    numbers = blank_fillers(texts)
    uneven = numbers.str.contains(r"\s\s|[\t\n\u00a0]").fill_null(value=False)
    return numbers.zip_with(~uneven, numbers.str.replace_all(r"[\s\u00a0]+", " ")) if uneven.any() else numbers


def _prices(texts: pl.DataFrame) -> list[pl.Series]:
    """Return the form of price and its variation, which the 2019 schema called the form of price."""
    moved = texts["forme_prix"].is_in(list(PRICE_CHANGES_2019)).fill_null(value=False)
    variations = texts["types_prix"].zip_with(~(moved & texts["types_prix"].is_null()), texts["forme_prix"])
    forms = harmonise(texts["forme_prix"].set(moved, None), "forme_prix")
    return [forms, harmonise_list(variations.alias("types_prix"), "types_prix")]


class _Read:
    """The columns in which something may be wrong, and what is."""

    def __init__(self, texts: pl.DataFrame, latest: dt.date) -> None:
        self.texts = texts
        self.buyers = _buyers(texts["acheteur_id"])
        self.objets = repair_texts(blank_fillers(texts["objet"]))
        self.names = repair_texts(as_published(texts["acheteur_nom"]).cast(pl.String))
        self.amounts, self.cpv = read_numbers(texts["montant"]), tidy_cpv(texts["cpv"])
        self.fillers = are_fillers(self.amounts)
        self.dates = {name: read_dates(texts[name]) for name in DATES}
        self.impossible = {name: are_impossible(dates, latest) for name, dates in self.dates.items()}

    def columns(self) -> list[pl.Series]:
        """Return the columns, missing where they are wrong."""
        kinds = kinds_of_purchase(self.cpv, harmonise(self.texts["type_achat"], "type_achat"))
        return [
            self.buyers["acheteur_siret"],
            self.buyers["acheteur_siren"],
            self.names["acheteur_nom"].cast(LABELS),
            self.objets["objet"],
            self.cpv,
            kinds.alias("type_achat"),
            self.amounts.set(self.fillers, None).alias("montant_eur"),
            read_numbers(self.texts["version"]).cast(pl.Int32, strict=False).alias("version"),
            *(dates.set(self.impossible[name], None) for name, dates in self.dates.items()),
        ]

    def anomalies(self) -> pl.Series:
        """Name what is wrong in each record; the names are explained in ``docs/nettoyage.md``."""
        texts, notified = self.texts, self.dates["date_notification"]
        numbers = texts["marche_id"]
        met = {
            "siret_acheteur_invalide": self.buyers["est_invalide"],
            "identifiant_absent": blank_fillers(numbers).is_null() | numbers.str.contains(NO_ID),
            "montant_de_remplissage": self.fillers,
            "montant_illisible": _unread(texts["montant"], self.amounts),
            "date_absente": blank_fillers(texts["date_notification"]).is_null(),
            "date_illisible": _unread(texts["date_notification"], notified),
            "date_impossible": self.impossible["date_notification"],
            "cpv_malforme": _unread(texts["cpv"], self.cpv),
            "texte_repare": self.objets["est_repare"],
            "texte_perdu": self.objets["est_perdu"],
        }
        named = [pl.when(test).then(pl.lit(name)) for name, test in met.items() if test.any()]
        if not named:
            return pl.Series([None], dtype=LABELS).new_from_index(0, len(texts))
        joined = pl.select(pl.concat_str(named, separator=", ", ignore_nulls=True)).to_series()
        return joined.replace("", None).cast(LABELS)


def _buyers(published: pl.Series) -> pl.DataFrame:
    """Tidy the identifiers of buyers, each different one once."""
    distinct = published.unique()
    sirets = tidy_identifiers(blank_fillers(distinct))
    told = pl.DataFrame(
        {
            "publie": distinct,
            "acheteur_siret": sirets.cast(LABELS),
            "acheteur_siren": buyer_sirens(sirets).cast(LABELS),
            "est_invalide": sirets.is_not_null() & ~are_sirets(sirets),
        }
    )
    rows = pl.DataFrame({"publie": published})
    return rows.join(told, on="publie", how="left", nulls_equal=True, maintain_order="left", validate="m:1")


def _unread(texts: pl.Series, values: pl.Series) -> pl.Series:
    """Tell the texts that say something and could not be read."""
    unread = texts.is_not_null() & values.is_null()
    if not unread.any():
        return unread
    return unread & blank_fillers(texts).is_not_null()


def lack_buyer(raw: pl.DataFrame) -> pl.Series:
    """Tell the records that name no buyer: nothing can be said of them."""
    if "acheteur_id" not in raw.columns:
        return pl.Series([True]).new_from_index(0, len(raw))
    distinct = raw["acheteur_id"].unique()
    lacking = distinct.filter(tidy_identifiers(blank_fillers(distinct)).is_null())
    return raw["acheteur_id"].is_null() | raw["acheteur_id"].is_in(lacking.drop_nulls().to_list())


def amount_class(typed: pl.DataFrame) -> pl.Series:
    """Tell firm amounts from ceilings and from call-offs (*marchés subséquents*).

    A call-off names its framework (``idAccordCadre``, other than itself) or bears that nature (2019 schema). A
    ceiling is the maximum of a framework (``techniques`` or, in 2019, ``nature``). Other contracts are firm.
    The class is missing where neither the nature nor the techniques are published, and for concessions, whose
    value is of another kind. Source: arrêté du 22 décembre 2022; docs/conventions.md.
    """
    nature, framework = pl.col("nature"), pl.col("id_accord_cadre")
    calls_off = (nature == "Marché subséquent") | (framework.is_not_null() & (framework != pl.col("marche_id")))
    ceiling = (nature == "Accord-cadre") | hold(typed["techniques"], "Accord-cadre")
    untold = are_concessions(typed["nature"]) | (typed["nature"].is_null() & typed["techniques"].is_null())
    told = (
        pl.when(calls_off).then(pl.lit("subsequent")).when(ceiling).then(pl.lit("plafond")).otherwise(pl.lit("ferme"))
    )
    return typed.select(pl.when(~untold).then(told).cast(LABELS)).to_series()


def are_concessions(natures: pl.Series) -> pl.Series:
    """Tell concessions from contracts (*marchés*) by their nature."""
    starts = ("Concession", "Délégation")
    told = on_distinct(natures.cast(pl.String), lambda nature: nature.startswith(starts), pl.Boolean)
    return told.fill_null(value=False)


def clean_titulaires(raw: pl.DataFrame) -> pl.DataFrame:
    """Tidy the suppliers of the published records.

    Parameters
    ----------
    raw : polars.DataFrame
        One row per record (``rang``), version and supplier, as texts.

    Returns
    -------
    polars.DataFrame
        The same rows, less those that hold only words of filling; ``titulaire_siren`` is missing unless its
        check digit holds.
    """
    identifiers = tidy_identifiers(blank_fillers(raw["titulaire_id"]))
    types = harmonise(raw["titulaire_type_id"], "titulaire_type_id")
    tidy = raw.with_columns(
        identifiers,
        repair_texts(blank_fillers(raw["titulaire_nom"]))["titulaire_nom"],
        titulaire_type_id_publie=as_published(raw["titulaire_type_id"]),
        titulaire_type_id=complete_types(types, identifiers),
        titulaire_siren=sirens_of(identifiers),
    )
    return tidy.filter(pl.any_horizontal(pl.col("titulaire_id", "titulaire_nom").is_not_null()))


def clean_offres(raw: pl.DataFrame, latest: dt.date) -> pl.DataFrame:
    """Type the bids of the published records.

    Returns
    -------
    polars.DataFrame
        One row per record and bid: amount in euros before tax (missing where it stands for none), day of submission.
    """
    amounts = raw["montant"]
    return raw.with_columns(
        tidy_dates(raw["date_depot"].str.slice(0, 10), latest),
        montant_eur=amounts.set(are_fillers(amounts), None),
    ).drop("montant")


def clean_modifications(raw: pl.DataFrame, latest: dt.date) -> pl.DataFrame:
    """Type the modifications of the published records, less those that hold only words of filling.

    Returns
    -------
    polars.DataFrame
        One row per record (``rang``) and modification (``version``): number given by the buyer, dates, new
        amount in euros before tax, new duration in months; a missing value is unchanged.
    """
    names = ("modification_id", "date_modification", "date_publication", "montant", "duree_mois", "objet_modification")
    amounts = read_numbers(raw["montant"])
    typed = raw.select(pl.all().exclude(*names)).with_columns(
        tidy_counts(raw["modification_id"]),
        *(tidy_dates(raw[name], latest) for name in ("date_modification", "date_publication")),
        amounts.set(are_fillers(amounts), None).alias("montant_eur"),
        tidy_counts(raw["duree_mois"]),
        repair_texts(blank_fillers(raw["objet_modification"]))["objet_modification"],
    )
    told = ("modification_id", "date_modification", "date_publication", "montant_eur", "duree_mois")
    return typed.filter(pl.any_horizontal(pl.col(*told).is_not_null()))
