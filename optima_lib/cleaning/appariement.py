"""Notices joined to the contracts that they announce: the rule is in ``docs/avis.md``."""

import re
from collections.abc import Callable, Iterable

import polars as pl

from optima_lib.cleaning.labels import fold_label, on_distinct
from optima_lib.references import bound, reference

COLUMNS = {"avis_id": pl.String, "lot": pl.String, "uid": pl.String, "score": pl.Float64, "regle": pl.String}
BY_NUMBER, BY_NAME, BY_NOTICE = "acheteur par numéro", "acheteur par nom", "avis initial"
EMPTY_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour", "sur", "un", "une"]
)
LEGAL_FORMS = frozenset(
    [
        "sa",
        "sas",
        "sasu",
        "sarl",
        "eurl",
        "snc",
        "scop",
        "sci",
        "selarl",
        "ste",
        "societe",
        "groupe",
        "mandataire",
        "cotraitant",
    ]
)
COMMUNE = re.compile(r"^(?:ville|commune|mairie) (?:de la |de l |de |du |des |d )?")
Pair = tuple[str, str, str, float, str]


def words_of(text: str) -> list[str]:
    """Return the distinct words of a text that tell something.

    Examples
    --------
    >>> words_of("Fourniture de denrées, pour la Ville - lot 2")
    ['2', 'denrees', 'fourniture', 'lot', 'ville']
    """
    return sorted(set(fold_label(text).replace(".", "").split()) - EMPTY_WORDS)


def supplier_words(text: str) -> list[str]:
    """Return the distinct words of suppliers' names, legal forms left out.

    Examples
    --------
    >>> supplier_words("SARL Eiffage Route (mandataire) | NGE S.A.S.")
    ['eiffage', 'nge', 'route']
    """
    return [word for word in words_of(text) if word not in LEGAL_FORMS]


def _words(texts: pl.Series, read: Callable[[str], list[str]]) -> pl.Series:
    """Return the words of each text as a list; missing when it has none."""
    return on_distinct(texts, lambda text: " ".join(read(text)) or None, pl.String).str.split(" ")


def buyer_key(name: str) -> str:
    """Reduce a buyer's name to what two publications of it share.

    Examples
    --------
    >>> buyer_key("Ville de Fécamp"), buyer_key("COMMUNE DE FECAMP"), buyer_key("C.C.A.S. de Toulon")
    ('commune fecamp', 'commune fecamp', 'ccas de toulon')
    """
    return COMMUNE.sub("commune ", fold_label(name).replace(".", ""))


def find_buyers(notices: pl.DataFrame, buyers: pl.DataFrame) -> pl.DataFrame:
    """Give each notice the SIREN of its buyer: the one it publishes, else that of the only buyer of its name.

    Parameters
    ----------
    notices : polars.DataFrame
        ``acheteur_siren``, ``acheteur_nom`` and others.
    buyers : polars.DataFrame
        One row per name and SIREN of the base: ``nom``, ``acheteur_siren``.

    Returns
    -------
    polars.DataFrame
        The notices with ``acheteur_siren`` completed and ``acheteur_siren_source``: ``numéro``, ``nom`` or missing.
    """
    keys = buyers.drop_nulls().select(
        "acheteur_siren", cle=on_distinct(buyers.drop_nulls()["nom"], buyer_key, pl.String)
    )
    alone = keys.group_by("cle").agg(
        pl.col("acheteur_siren").first().alias("trouve"), pl.col("acheteur_siren").n_unique().alias("n")
    )
    named = notices.with_columns(cle=on_distinct(notices["acheteur_nom"], buyer_key, pl.String)).join(
        alone.filter(n=1).drop("n"), on="cle", how="left", maintain_order="left"
    )
    source = pl.when(pl.col("acheteur_siren").is_not_null()).then(pl.lit("numéro"))
    return named.with_columns(
        acheteur_siren=pl.coalesce("acheteur_siren", "trouve"),
        acheteur_siren_source=source.when(pl.col("trouve").is_not_null()).then(pl.lit("nom")),
    ).drop("cle", "trouve")


def match_notices(notices: pl.DataFrame, lots: pl.DataFrame, contracts: pl.DataFrame) -> pl.DataFrame:
    """Match the lots of notices with contracts.

    Awarded lots are compared with the contracts of the same buyer that were notified within
    ``appariement_jours_maximum``; a call is matched through the award notice that follows it.

    Parameters
    ----------
    notices : polars.DataFrame
        Table ``avis``.
    lots : polars.DataFrame
        Table ``avis_lots``.
    contracts : polars.DataFrame
        One row per contract: ``uid``, ``acheteur_siren``, ``objet``, ``cpv``, ``montant_initial_eur``,
        ``date_notification``, and its suppliers' ``titulaires`` (names) and ``titulaires_siren``, joined by `` | ``.

    Returns
    -------
    polars.DataFrame
        Table ``avis_marches``. A lot whose best two contracts are as likely as each other is matched with none.
    """
    pairs = _scored(_awarded(notices, lots), _described(contracts))
    kept = [row for notice in pairs.partition_by("avis_id", maintain_order=True) for row in choose(notice.iter_rows())]
    found = pl.DataFrame(kept, schema=COLUMNS, orient="row")
    return pl.concat([found, _calls(notices, lots, found)]).sort("avis_id", "lot")


def _awarded(notices: pl.DataFrame, lots: pl.DataFrame) -> pl.DataFrame:
    about = notices.select(
        "avis_id",
        "acheteur_siren",
        "date_publication",
        avis_objet="objet",
        avis_cpv="cpv",
        avis_montant=pl.when(nb_lots=1).then("montant_eur"),
        regle=pl.when(acheteur_siren_source="nom").then(pl.lit(BY_NAME)).otherwise(pl.lit(BY_NUMBER)),
    ).filter(pl.col("acheteur_siren").is_not_null())
    told = lots.filter(issue="attribué").join(about, on="avis_id", validate="m:1")
    return told.select(
        "avis_id", "lot", "acheteur_siren", "regle",
        pl.coalesce("cpv", "avis_cpv").alias("cpv_a"),
        pl.coalesce("date_attribution", "date_publication").alias("date_a"),
        pl.coalesce("montant_eur", "avis_montant").alias("montant_a"),
        pl.col("titulaires_siren").str.split(" | ").alias("sirens_a"),
        _words(told["titulaires"], supplier_words).alias("noms_a"),
        _words(told["objet"], words_of).alias("objet_a"),
        _words(told["avis_objet"], words_of).alias("objet_b"),
    )  # fmt: skip


def _described(contracts: pl.DataFrame) -> pl.DataFrame:
    return contracts.select(
        "uid", "acheteur_siren", "cpv",
        pl.col("date_notification").alias("date"),
        pl.col("montant_initial_eur").alias("montant"),
        pl.col("titulaires_siren").str.split(" | ").alias("sirens"),
        _words(contracts["titulaires"], supplier_words).alias("noms"),
        _words(contracts["objet"], words_of).alias("objet"),
    )  # fmt: skip


def _scored(lots: pl.DataFrame, contracts: pl.DataFrame) -> pl.DataFrame:
    """Score the pairs of one buyer, those above the threshold only, the most likely first."""
    days = (pl.col("date_a") - pl.col("date")).dt.total_days().abs()
    pairs = lots.join(contracts, on="acheteur_siren").with_columns(jours=days)
    near = pairs.filter((pl.col("jours") <= bound("appariement_jours_maximum")).fill_null(value=True))
    elements = {row["element"]: float(row["poids"]) for row in reference("appariement")}
    compared = near.with_columns(resemblances())
    known = pl.sum_horizontal(
        pl.when(pl.col(f"r_{name}").is_not_null()).then(poids) for name, poids in elements.items()
    )
    total = pl.sum_horizontal(pl.col(f"r_{name}") * poids for name, poids in elements.items())
    strangers = (pl.col("r_titulaire") == 0).fill_null(value=False)
    scored = compared.with_columns(connu=known, score=total / known).filter(
        ~strangers
        & (pl.col("connu") >= bound("appariement_poids_connu") * sum(elements.values()))
        & (pl.col("score") >= bound("appariement_seuil") - bound("appariement_avance"))
    )
    return scored.sort(["avis_id", "score", "lot", "uid"], descending=[False, True, False, False]).select(*COLUMNS)


def resemblances() -> list[pl.Expr]:
    """Compare the two sides of a pair: one column ``r_…`` per element, from 0 to 1, missing when a side is silent."""
    apart = (pl.col("montant_a") / pl.col("montant") - 1).abs() / bound("appariement_ecart_montant")
    free, most = bound("appariement_jours_sans_perte"), bound("appariement_jours_maximum")
    late = (pl.col("jours") - free) / (most - free)
    digits = [pl.col("cpv").str.slice(0, n) == pl.col("cpv_a").str.slice(0, n) for n in range(2, 9)]
    common = pl.sum_horizontal(each.cast(pl.Float64) for each in digits) / len(digits)
    return [
        pl.max_horizontal(_shared("sirens_a", "sirens"), _overlap("noms_a", "noms")).alias("r_titulaire"),
        (1 - apart).clip(0, 1).alias("r_montant"),
        pl.max_horizontal(_overlap("objet_a", "objet"), _overlap("objet_b", "objet")).alias("r_objet"),
        (1 - late).clip(0, 1).alias("r_date"),
        pl.when(pl.col("cpv").is_not_null() & pl.col("cpv_a").is_not_null()).then(common).alias("r_cpv"),
    ]


def _shared(left: str, right: str) -> pl.Expr:
    """Return one where two lists share an element, zero where they share none."""
    return (pl.col(left).list.set_intersection(right).list.len() > 0).cast(pl.Float64)


def _overlap(left: str, right: str) -> pl.Expr:
    """Return the share of the words of the shorter of two lists that the other has too."""
    shorter = pl.min_horizontal(pl.col(left).list.len(), pl.col(right).list.len())
    return pl.when(shorter > 0).then(pl.col(left).list.set_intersection(right).list.len() / shorter)


def choose(pairs: Iterable[Pair]) -> list[Pair]:
    """Choose the pairs of one notice: a lot has one contract at most, a contract one lot of the notice.

    Parameters
    ----------
    pairs : iterable of (str, str, str, float, str)
        ``avis_id``, ``lot``, ``uid``, ``score``, ``regle``, the most likely first.

    Examples
    --------
    >>> pairs = [("A", "1", "x", 0.9, ""), ("A", "2", "x", 0.8, ""), ("A", "2", "y", 0.75, "")]
    >>> [(lot, uid) for _, lot, uid, _, _ in choose(pairs)]
    [('1', 'x'), ('2', 'y')]
    >>> choose([("A", "1", "x", 0.9, ""), ("A", "1", "y", 0.9, "")])
    []
    """
    rest, kept = list(pairs), list[Pair]()
    while rest:
        best = rest[0]
        rivals = [
            each
            for each in rest[1:]
            if (each[1] == best[1] or each[2] == best[2]) and best[3] - each[3] < bound("appariement_avance")
        ]
        settled = {best[1], *(each[1] for each in rivals)}
        if not rivals and best[3] >= bound("appariement_seuil"):
            kept.append(best)
            rest = [each for each in rest if each[2] != best[2]]
        rest = [each for each in rest if each[1] not in settled]
    return kept


def _calls(notices: pl.DataFrame, lots: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Match the lots of the calls that matched award notices follow, lot by lot."""
    follows = notices.select("avis_id", "avis_initial").drop_nulls()
    through = found.join(follows, on="avis_id").select(avis_id="avis_initial", lot="lot", uid="uid", score="score")
    known = through.join(lots.select("avis_id", "lot"), on=["avis_id", "lot"], how="semi")
    new = known.join(found, on=["avis_id", "lot"], how="anti").sort("score", "uid", descending=[True, False])
    return new.unique(["avis_id", "lot"], keep="first", maintain_order=True).with_columns(regle=pl.lit(BY_NOTICE))
