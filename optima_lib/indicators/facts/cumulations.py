"""Facts of a contract about those alike: what a buyer spends in a family over a year, below a threshold each."""

from dataclasses import dataclass

import polars as pl

from optima_lib.indicators.facts.base import Base
from optima_lib.references import bound

BUYER, FAMILY, DAY = "acheteur_siren", "famille", "date_notification"
ROW = "rang_du_marche"
CENT = 0.01  # what another order of sums may change
# a window that reaches the threshold; one that may, as the threshold depends on the launch date
REACHED, UNSURE = 2, 1


@dataclass(frozen=True)
class Cumulation:
    """Contracts that add up beside a threshold.

    Attributes
    ----------
    seuil : str
        ``dispense`` or ``formalise``.
    among : polars.Expr
        The contracts that add up; missing where that is not known.
    by_supplier : bool
        Whether those of one supplier alone add up.
    """

    seuil: str
    among: pl.Expr
    by_supplier: bool = False

    @property
    def name(self) -> str:
        """The name of its column."""
        return f"cumul_{self.seuil}" + ("_titulaire" if self.by_supplier else "")


DIRECT = ~pl.col("est_hors_seuils") & pl.col("est_sans_appel")
INFORMAL = (
    ~pl.col("est_hors_seuils")
    & ~(pl.col("type_achat").cast(pl.String) == "Travaux")
    & ~pl.col("est_service_specifique")
    & pl.col("est_non_formalise")
)
CUMULATIONS = tuple(
    Cumulation(seuil, among, by_supplier)
    for by_supplier in (False, True)
    for seuil, among in (("dispense", DIRECT), ("formalise", INFORMAL))
)


def add_cumulations(facts: pl.LazyFrame, base: Base) -> pl.LazyFrame:
    """Add whether a contract below a threshold belongs to a year of contracts that reaches it together.

    Columns added: ``cumul_dispense`` (contracts without publicity nor competition, beside the exemption threshold),
    ``cumul_formalise`` (*procédures adaptées* too, supplies and services other than the specific ones, beside the
    formal threshold), ``cumul_dispense_titulaire`` and ``cumul_formalise_titulaire`` (those of one supplier alone,
    a consortium's amount shared equally). Each is 1 where some run of twelve months of the buyer and family (first
    three digits of the CPV code) holds the contract, at least two contracts, each below the threshold, and reaches
    it; 0 where none does; -1 where the contract is not concerned (another procedure, an amount not below the
    threshold); missing where that is not known. An ambiguous launch date gives the sum the benefit of the doubt:
    missing. The threshold is that of the last contract of the run.
    """
    narrow = facts.select(
        *("uid", FAMILY, DAY, "nb_titulaires", "montant_initial_eur"),
        *(f"seuil_{name}_{side}" for name in ("dispense", "formalise") for side in ("bas", "haut")),
        **{each.seuil: each.among for each in CUMULATIONS if not each.by_supplier},
        acheteur=pl.col(BUYER).cast(pl.String).cast(pl.Categorical).to_physical(),
    ).with_row_index(ROW).collect()  # fmt: skip
    joined = facts.with_row_index(ROW)
    for each in CUMULATIONS:
        levels = _levels(narrow, each, base).lazy()
        joined = joined.join(levels, on=ROW, how="left", validate="1:1", maintain_order="left")
    answers = {each.name: _answer(each, suppliers=each.by_supplier) for each in CUMULATIONS}
    return joined.drop(ROW).with_columns(**answers)


def _answer(each: Cumulation, *, suppliers: bool) -> pl.Expr:
    """Return 1, 0, -1 or missing."""
    amount, low, high = _amounts(each)
    known = pl.col(FAMILY).is_not_null() & pl.col(DAY).is_not_null()
    if suppliers:
        known &= pl.col("nb_titulaires") > 0
    flag = pl.col(each.name)
    sure = pl.when(flag == REACHED).then(1).when(flag.is_null()).then(0)
    outside = (~each.among).fill_null(value=False) | (amount >= high).fill_null(value=False)
    return pl.when(outside).then(-1).when(each.among & (amount < low) & known).then(sure).cast(pl.Int32)


def _amounts(each: Cumulation) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    low, high = (pl.col(f"seuil_{each.seuil}_{side}") for side in ("bas", "haut"))
    return pl.col("montant_initial_eur"), low, high


def _levels(narrow: pl.DataFrame, each: Cumulation, base: Base) -> pl.DataFrame:
    """Return the contracts of the runs that reach the threshold, or may, under the name of the column."""
    amount, low, high = _amounts(each)
    told = narrow.filter(each.seuil, amount < low, *(pl.col(name).is_not_null() for name in (FAMILY, DAY))).select(
        *(ROW, "uid", "acheteur", FAMILY, DAY, "nb_titulaires"), part=amount, montant=amount, bas=low, haut=high
    )  # fmt: skip
    keys = ["acheteur", FAMILY]
    if each.by_supplier:
        told = told.join(_suppliers(told, base), on="uid")
        told = told.with_columns(pl.col("part") / pl.col("nb_titulaires"))
        keys = [*keys, "titulaire"]
    may = (pl.len() >= bound("cumul_contrats_minimum")) & (pl.col("part").sum() >= pl.col("bas").min() - CENT)
    near = told.join(told.group_by(keys).agg(atteint=may).filter("atteint"), on=keys, how="semi")
    found = near.join(_runs(near, keys), on=[*keys, DAY])
    return found.group_by(ROW).agg(pl.col("niveau").max().alias(each.name))


def _suppliers(told: pl.DataFrame, base: Base) -> pl.DataFrame:
    """Return the suppliers of some contracts."""
    named = base["titulaires"].select("uid", titulaire=pl.coalesce("titulaire_siren", "titulaire_id"))
    return named.join(told.lazy().select("uid"), on="uid", how="semi").unique().collect()


def _runs(told: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return the days of the contracts that some run holds, with the level of the highest one.

    The contracts of one day are one: a run holds all of them or none. A run ends on a day and holds those of the
    months before; a day belongs to the runs that end on it and in the months after.
    """
    window = f"{int(bound('cumul_fenetre_mois'))}mo"
    days = told.group_by(*keys, DAY).agg(
        pl.len().alias("contrats"),
        pl.col("part").sum(),
        pl.col("montant").max(),
        pl.col("bas").min(),
        pl.col("haut").max(),
    )
    ordered = days.sort(*keys, DAY)
    ends = ordered.rolling(DAY, period=window, closed="right", group_by=keys).agg(
        pl.col("contrats", "part").sum(), pl.col("montant").max(), pl.col("bas", "haut").last()
    )
    levels = ends.with_columns(niveau=_level()).sort(*keys, DAY)
    held = levels.rolling(DAY, period=window, offset="0d", closed="left", group_by=keys).agg(pl.col("niveau").max())
    return held.filter(pl.col("niveau") > 0)


def _level() -> pl.Expr:
    """Say whether a run reaches the threshold, contracts below it alone: surely, perhaps or not."""
    several = pl.col("contrats") >= bound("cumul_contrats_minimum")
    surely = several & (pl.col("part") >= pl.col("haut")) & (pl.col("montant") < pl.col("bas"))
    perhaps = several & (pl.col("part") >= pl.col("bas")) & (pl.col("montant") < pl.col("haut"))
    return pl.when(surely).then(REACHED).when(perhaps).then(UNSURE).otherwise(0)
