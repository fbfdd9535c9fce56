"""Facts of a supplier that the whole market tells: its weight for the buyer, its trades, its partners.

They are made on a narrow table of numbers, one row per contract and supplier, and given back as columns in its order.
"""

import polars as pl

from optima_lib.indicators.facts.pairs import usual_partners
from optima_lib.indicators.facts.variety import many_trades
from optima_lib.references import bound

AMOUNT = pl.when(pl.col("est_engage")).then(pl.col("montant_part_eur"))
NARROW = (
    *("annee", "date_notification", "titulaire_no", "nb_titulaires"),
    *("montant_part_eur", "est_engage", "est_plafond"),
)
NUMBERED = ("acheteur_siren", "division", "famille", "region")
FAMILIES_APART = 10**9  # more than there are suppliers


def market_facts(suppliers: pl.LazyFrame) -> pl.DataFrame:
    """Return what the market tells of each row of the suppliers, in the same order.

    Columns: ``score_partage``, ``est_heterogene``, ``a_paire_recurrente``, ``concentration_famille``,
    ``famille_titulaire`` (one number for a CPV family and a supplier: the family's three digits, times
    ``FAMILIES_APART``, plus the supplier's; missing without one of them).
    """
    numbers = [pl.col(name).cast(pl.String).cast(pl.Categorical).to_physical().alias(name) for name in NUMBERED]
    # the suppliers of a contract stand together: a change of uid is another contract
    family = pl.col("famille").cast(pl.String).cast(pl.Int64, strict=False)
    narrow = suppliers.select(
        *NARROW,
        *numbers,
        contrat=pl.col("uid").rle_id(),
        famille_titulaire=family * FAMILIES_APART + pl.col("titulaire_no"),
    ).collect()
    made = (shared_score(narrow), many_trades(narrow), usual_partners(narrow), family_concentration(narrow))
    return pl.DataFrame([*made, narrow["famille_titulaire"]])


def shared_score(rows: pl.DataFrame) -> pl.Series:
    """Return ``score_partage``: :func:`winner_score` of the one supplier of a firm contract, in the buyer's year.

    As digiwhist has it, the year's total counts the amounts whose supplier is not named or is a consortium; a
    supplier's own counts the contracts that it holds alone. Missing for several suppliers, and without a supplier, a
    year or an amount.
    """
    alone = pl.col("nb_titulaires") == 1
    total = AMOUNT.sum().over("acheteur_siren", "annee")
    mine = pl.when(alone).then(AMOUNT).sum().over("acheteur_siren", "annee", "titulaire_no")
    named = pl.col("titulaire_no").is_not_null() & pl.col("annee").is_not_null()
    told = alone & named & AMOUNT.is_not_null()
    return rows.select(score_partage=pl.when(told).then(winner_score(mine, total))).to_series()


def winner_score(won: pl.Expr, total: pl.Expr) -> pl.Expr:
    """Return 100 (1 - won / total): 0 for a supplier that has all, near 100 for one among many.

    Source: winner share of OpenTender (digiwhist).

    Examples
    --------
    >>> told = pl.DataFrame({"won": [1000, 1000, 0], "total": [2000, 1000, 2000]})
    >>> told.select(winner_score(pl.col("won"), pl.col("total"))).to_series().to_list()
    [50.0, 0.0, 100.0]
    """
    return 100 * (1 - won / total)


def family_concentration(rows: pl.DataFrame) -> pl.Series:
    """Return ``concentration_famille``: Herfindahl index (0 to 10 000) of the family of purchase in its market.

    The market: the firm amounts of all the buyers of the base in the buyer's region, all years together; of the whole
    base for a buyer without a region. Missing where fewer than ``fournisseurs_minimum_concentration`` suppliers, fewer
    than ``effectif_minimal`` contracts or a single buyer make it: that is no market.
    """
    sold = rows.filter(
        pl.col("est_engage"),
        pl.col("montant_part_eur") > 0,
        *(pl.col(name).is_not_null() for name in ("titulaire_no", "famille")),
    )
    near = _index(sold.drop_nulls("region"), ["famille", "region"]).rename({"indice": "region_indice"})
    joined = (
        rows.select("famille", "region")
        .join(near, on=["famille", "region"], how="left", maintain_order="left")
        .join(_index(sold, ["famille"]), on="famille", how="left", maintain_order="left")
    )
    index = pl.when(pl.col("region").is_null()).then("indice").otherwise("region_indice")
    return joined.select(concentration_famille=index).to_series()


def _index(sold: pl.DataFrame, market: list[str]) -> pl.DataFrame:
    """Return the index of each market that enough suppliers, contracts and buyers make."""
    amount = pl.col("montant_part_eur")
    size = sold.group_by(market).agg(
        contrats=pl.col("contrat").n_unique(), acheteurs=pl.col("acheteur_siren").n_unique()
    )
    each = sold.group_by(*market, "titulaire_no").agg(amount.sum())
    told = each.group_by(market).agg(
        fournisseurs=pl.len(), indice=10_000 * (amount**2).sum() / amount.sum() ** 2
    ).join(size, on=market)  # fmt: skip
    enough = (
        (pl.col("fournisseurs") >= bound("fournisseurs_minimum_concentration"))
        & (pl.col("contrats") >= bound("effectif_minimal"))
        & (pl.col("acheteurs") > 1)
    )
    return told.filter(enough).select(*market, "indice")
