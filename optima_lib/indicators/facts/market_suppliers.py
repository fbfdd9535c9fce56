"""Facts of a supplier that the whole market tells: its weight for the buyer, its trades, its partners.

They are made on a narrow table of numbers, one row per contract and supplier, and given back as columns in its order.
"""

import polars as pl

from optima_lib.references import bound

AMOUNT = pl.when(pl.col("est_engage")).then(pl.col("montant_part_eur"))
NARROW = ("annee", "titulaire_no", "montant_part_eur", "est_engage", "nb_titulaires")
NUMBERED = ("acheteur_siren", "division", "famille", "region")


def market_facts(suppliers: pl.LazyFrame) -> pl.DataFrame:
    """Return what the market tells of each row of the suppliers, in the same order.

    Columns: ``score_partage``, ``est_heterogene``, ``est_paire_recurrente``, ``concentration_famille``.
    """
    numbers = [pl.col(name).cast(pl.String).cast(pl.Categorical).to_physical().alias(name) for name in NUMBERED]
    # the suppliers of a contract stand together: a change of uid is another contract
    narrow = suppliers.select(*NARROW, *numbers, contrat=pl.col("uid").rle_id()).collect()
    return pl.DataFrame(
        [shared_score(narrow), many_trades(narrow), usual_partners(narrow), family_concentration(narrow)]
    )


def shared_score(rows: pl.DataFrame) -> pl.Series:
    """Return ``score_partage``: 100 × (1 - what the supplier has of the buyer's firm amount of the year).

    Source: winner share of OpenTender (digiwhist).
    """
    total = AMOUNT.sum().over("acheteur_siren", "annee")
    mine = AMOUNT.sum().over("acheteur_siren", "annee", "titulaire_no")
    known = (total > 0) & pl.col("titulaire_no").is_not_null() & pl.col("annee").is_not_null()
    return rows.select(score_partage=pl.when(known).then(100 * (1 - mine / total))).to_series()


def many_trades(rows: pl.DataFrame) -> pl.Series:
    """Return ``est_heterogene``: the supplier wins in unusually many CPV divisions; missing where it wins too little.

    Among the suppliers that hold at least ``marches_minimum_heterogene`` contracts of the whole market: a number of
    divisions at or above the third quartile plus 1.5 interquartile ranges (quartiles of type 8 of Hyndman and Fan).
    Source: Cardinal R048.
    """
    named = rows.select("titulaire_no", "division").drop_nulls("titulaire_no")
    held = named.group_by("titulaire_no").agg(contrats=pl.len())
    large = held.filter(pl.col("contrats") >= bound("marches_minimum_heterogene")).select("titulaire_no")
    trades = named.join(large, on="titulaire_no", how="semi").unique().group_by("titulaire_no").agg(
        divisions=pl.col("division").is_not_null().sum()
    )  # fmt: skip
    low, high = (_quartile(pl.col("divisions"), q) for q in (0.25, 0.75))
    told = trades.select("titulaire_no", est_heterogene=pl.col("divisions") >= high + 1.5 * (high - low))
    joined = rows.select("titulaire_no").join(told, on="titulaire_no", how="left", maintain_order="left")
    return joined["est_heterogene"]


def _quartile(values: pl.Expr, q: float) -> pl.Expr:
    """Return a quantile of type 8 of Hyndman and Fan."""
    ordered, n = values.sort(), values.len()
    place = (q * (n + 1 / 3) + 1 / 3).clip(1, n)
    below, above = (ordered.gather(each.cast(pl.Int64) - 1, null_on_oob=True) for each in (place.floor(), place.ceil()))
    return (below + (place - place.floor()) * (above - below)).first()


def usual_partners(rows: pl.DataFrame) -> pl.Series:
    """Return ``est_paire_recurrente``: the supplier shares the contract with a partner of habit; missing alone.

    A pair of habit shares at least ``contrats_communs_paire`` contracts, more often than chance would have it: its
    lift (shared contracts × all contracts / (contracts of one × contracts of the other)) exceeds 1. Over the whole
    market.
    """
    key, other = "titulaire_no", "titulaire_no_autre"
    named = rows.filter(pl.col(key).is_not_null(), pl.col("nb_titulaires") > 1).select("contrat", key)
    pairs = named.join(named, on="contrat", suffix="_autre").filter(pl.col(key) != pl.col(other))
    shared = pairs.group_by(key, other).agg(communs=pl.len()).filter(
        pl.col("communs") >= bound("contrats_communs_paire")
    )  # fmt: skip
    held = rows.select(key).drop_nulls().group_by(key).agg(contrats=pl.len())
    others = held.rename({key: other, "contrats": "contrats_autre"})
    counted = shared.join(held, on=key).join(others, on=other)
    lift = pl.col("communs") * rows["contrat"].n_unique() / (pl.col("contrats") * pl.col("contrats_autre"))
    met = pairs.join(counted.filter(lift > 1), on=[key, other], how="semi").select("contrat", key).unique()
    marked = rows.select("contrat", key, "nb_titulaires").join(
        met.with_columns(paire=pl.lit(value=True)), on=["contrat", key], how="left", maintain_order="left"
    )
    told = pl.when(pl.col("nb_titulaires") > 1).then(pl.col("paire").fill_null(value=False))
    return marked.select(est_paire_recurrente=told).to_series()


def family_concentration(rows: pl.DataFrame) -> pl.Series:
    """Return ``concentration_famille``: Herfindahl index (0 to 10 000) of the family of purchase in the region.

    Over the firm amounts of all the buyers of the base in the region (those of unknown region together); missing
    under ``fournisseurs_minimum_concentration`` suppliers.
    """
    cell = ["region", "famille"]
    firm = rows.filter(pl.col("est_engage"), pl.col("montant_part_eur") > 0, pl.col("titulaire_no").is_not_null())
    each = firm.group_by(*cell, "titulaire_no").agg(pl.col("montant_part_eur").sum())
    total = pl.col("montant_part_eur").sum()
    index = each.group_by(cell).agg(
        concentration_famille=pl.when(pl.len() >= bound("fournisseurs_minimum_concentration")).then(
            10_000 * (pl.col("montant_part_eur") ** 2).sum() / total**2
        )
    )
    return rows.select(cell).join(index, on=cell, how="left", nulls_equal=True, maintain_order="left")[
        "concentration_famille"
    ]


def family_facts(suppliers: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per buyer, year and family of purchase (CPV group, three digits) with a firm amount.

    Columns: ``acheteur_siren``, ``annee``, ``famille``, ``somme_eur``, ``poids`` (of the buyer's firm amount of the
    year), ``part_premier`` (of the family's amount, that of its first supplier).
    """
    keys = ["acheteur_siren", "annee", "famille"]
    firm = suppliers.filter(
        pl.col("est_engage"), pl.col("titulaire_no").is_not_null(), pl.col("famille").is_not_null(),
        pl.col("annee").is_not_null(), pl.col("montant_part_eur") > 0,
    )  # fmt: skip
    each = firm.group_by(*keys, "titulaire_no").agg(pl.col("montant_part_eur").sum())
    table = each.group_by(keys).agg(
        somme_eur=pl.col("montant_part_eur").sum(), premier=pl.col("montant_part_eur").max()
    )
    return table.select(
        *keys,
        "somme_eur",
        poids=pl.col("somme_eur") / pl.col("somme_eur").sum().over("acheteur_siren", "annee"),
        part_premier=pl.col("premier") / pl.col("somme_eur"),
    )
