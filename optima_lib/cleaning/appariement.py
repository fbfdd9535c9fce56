"""Notices joined to the contracts that they announce: the rule is in ``docs/avis.md``."""

from collections.abc import Iterable

import polars as pl

from optima_lib.cleaning.resemblances import figures, hopes, lightened, supplier_words, word_lists, words, words_of
from optima_lib.references import bound, reference

COLUMNS = {"avis_id": pl.String, "lot": pl.String, "uid": pl.String, "score": pl.Float64, "regle": pl.String}
BY_NUMBER, BY_NAME, BY_NOTICE = "acheteur par numéro", "acheteur par nom", "avis initial"
LOTS_AT_ONCE = 100  # a buyer of many contracts makes many pairs
Pair = tuple[str, str, str, float, str]


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
        regle=pl.when(pl.col("acheteur_siren_source").str.starts_with("nom"))
        .then(pl.lit(BY_NAME))
        .otherwise(pl.lit(BY_NUMBER)),
    ).filter(pl.col("acheteur_siren").is_not_null())
    told = lots.filter(issue="attribué").join(about, on="avis_id", validate="m:1")
    return told.select(
        "avis_id", "lot", "acheteur_siren", "regle",
        pl.coalesce("cpv", "avis_cpv").cast(pl.Int32).alias("cpv_a"),
        pl.coalesce("date_attribution", "date_publication").alias("date_a"),
        pl.coalesce("montant_eur", "avis_montant").alias("montant_a"),
        pl.col("titulaires_siren").str.split(" | ").alias("sirens_a"),
        word_lists(told["titulaires"], supplier_words).alias("noms_a"),
        word_lists(told["objet"], words_of).alias("objet_a"),
        word_lists(told["avis_objet"], words_of).alias("objet_b"),
    )  # fmt: skip


def _described(contracts: pl.DataFrame) -> pl.DataFrame:
    return contracts.select(
        "uid", "acheteur_siren", pl.col("cpv").cast(pl.Int32),
        pl.col("date_notification").alias("date"),
        pl.col("montant_initial_eur").alias("montant"),
        pl.col("titulaires_siren").str.split(" | ").alias("sirens"),
        word_lists(contracts["titulaires"], supplier_words).alias("noms"),
        word_lists(contracts["objet"], words_of).alias("objet"),
    )  # fmt: skip


def _scored(lots: pl.DataFrame, contracts: pl.DataFrame) -> pl.DataFrame:
    """Score the pairs of one buyer, those near the threshold or above only, the most likely first."""
    parts = [_compared(part, contracts) for part in lots.iter_slices(LOTS_AT_ONCE)] or [_compared(lots, contracts)]
    order = ["avis_id", "score", "lot", "uid"]
    return pl.concat(parts).sort(order, descending=[False, True, False, False])


def _compared(lots: pl.DataFrame, contracts: pl.DataFrame) -> pl.DataFrame:
    """Compare lots with the contracts of their buyer: figures first, words where they can still decide."""
    sides = lots.with_row_index("i"), contracts.with_row_index("j")
    days = (pl.col("date_a") - pl.col("date")).dt.total_days().abs()
    pairs = lightened(sides[0]).join(lightened(sides[1]), on="acheteur_siren").with_columns(jours=days)
    near = pairs.filter((pl.col("jours") <= bound("appariement_jours_maximum")).fill_null(value=True))
    hoped = _likely(near.with_columns(*figures(), *hopes())).select("i", "j", "r_montant", "r_date", "r_cpv")
    both = hoped.join(sides[0], on="i").join(sides[1].drop("acheteur_siren"), on="j")
    compared = both.with_columns(words())
    strangers = (pl.col("r_titulaire") == 0).fill_null(value=False)
    return _likely(compared.filter(~strangers)).select(*COLUMNS)


def _likely(pairs: pl.DataFrame) -> pl.DataFrame:
    """Score pairs; keep those of which enough is known, near the threshold or above."""
    elements = {row["element"]: float(row["poids"]) for row in reference("appariement")}
    known = pl.sum_horizontal(
        pl.when(pl.col(f"r_{name}").is_not_null()).then(weight) for name, weight in elements.items()
    )
    total = pl.sum_horizontal(pl.col(f"r_{name}") * weight for name, weight in elements.items())
    enough = known >= bound("appariement_poids_connu") * sum(elements.values())
    high = pl.col("score") >= bound("appariement_seuil") - bound("appariement_avance")
    return pairs.with_columns(score=total / known).filter(enough & high)


def choose(pairs: Iterable[Pair]) -> list[Pair]:
    """Choose the pairs of one notice: a lot has one contract at most, a contract one lot of the notice.

    Parameters
    ----------
    pairs : iterable of (str, str, str, float, str)
        ``avis_id``, ``lot``, ``uid``, ``score``, ``regle``, the most likely first.

    Examples
    --------
    >>> pairs = [("A", "1", "x", 0.97, ""), ("A", "2", "x", 0.9, ""), ("A", "2", "y", 0.85, "")]
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
