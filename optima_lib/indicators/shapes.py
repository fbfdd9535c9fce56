"""The shapes that indicators take: what is summed per group, and the value that the sums give.

A shape names the facts it reads, the grain at which it sums them, and its sums (``parts``). Sums merge across
years, buyers and partitions; ``value`` turns those of a group into a value, its interval and its bounds.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import narwhals as nw
import pandas as pd

from optima_lib.indicators import intervals

NEVER = nw.lit(value=False)


class Shape(Protocol):
    """What every shape tells.

    Attributes
    ----------
    facts : str
        ``marches`` (one row per contract) or ``titulaires`` (one row per contract and supplier).
    grain : str or None
        A column by which the sums are told apart inside a group; None for one row per group.
    gated : bool
        Whether few facts make the value uncertain (a rate) or not (a count): rule M5 of indicators.md §1.3.
    """

    @property
    def facts(self) -> str:
        """The table of facts."""
        ...

    @property
    def grain(self) -> str | None:
        """The column that tells the sums apart."""
        ...

    @property
    def gated(self) -> bool:
        """Whether few facts make it uncertain."""
        ...

    def parts(self) -> dict[str, nw.Expr]:
        """Return what is summed, under its name; ``effectif`` and ``eligibles`` are among them."""
        ...

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Return one row per group: ``by``, ``valeur``, ``effectif``, ``eligibles``, interval and bounds."""
        ...


def one_if(test: nw.Expr, amount: nw.Expr | None = None) -> nw.Expr:
    """Return 1 (or an amount) where a test holds, 0 where it does not or cannot be made."""
    held = nw.lit(1.0) if amount is None else amount.cast(nw.Float64)
    return nw.when(test).then(held).otherwise(nw.lit(0.0))


def _summed(sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sum what is summed over the grain, one row per group."""
    parts = [name for name in sums.columns if name not in by and name != "cle"]
    return sums.groupby(by, dropna=False, as_index=False)[parts].sum()


@dataclass(frozen=True)
class Count:
    """Number of facts that hold, among those concerned."""

    known: nw.Expr
    among: nw.Expr
    facts: ClassVar[str] = "marches"
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = False

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the facts known and the facts concerned."""
        return {"effectif": one_if(self.among & self.known), "eligibles": one_if(self.among)}

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Count; the facts whose answer is unknown are between the bounds."""
        summed = _summed(sums, by)
        return summed.assign(valeur=summed["effectif"], borne_basse=summed["effectif"], borne_haute=summed["eligibles"])


@dataclass(frozen=True)
class Total:
    """Sum of an amount over the facts that surely belong; those that may are between the bounds.

    The upper bound is missing as soon as an amount is.
    """

    amount: nw.Expr
    belongs: nw.Expr
    may_belong: nw.Expr
    facts: ClassVar[str] = "marches"
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = False

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the amounts that belong, those that may, and the facts without an amount."""
        told = ~self.amount.is_null()
        return {
            "somme": one_if(self.belongs & told, self.amount),
            "possible": one_if(self.may_belong & told, self.amount),
            "sans_montant": one_if((self.belongs | self.may_belong) & ~told),
            "effectif": one_if(self.belongs & told),
            "eligibles": one_if(self.belongs | self.may_belong),
        }

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Sum; missing where no amount could be summed although some facts are concerned."""
        summed = _summed(sums, by)
        total = summed["somme"].where((summed["effectif"] > 0) | (summed["eligibles"] == 0))
        highest = (summed["somme"] + summed["possible"]).where(summed["sans_montant"] == 0)
        return summed.assign(valeur=total, borne_basse=summed["somme"], borne_haute=highest)


@dataclass(frozen=True)
class Share:
    """Facts that hit over facts whose answer is known, among the facts concerned.

    Interval: Wilson, 95 %. Bounds: all the unknown facts miss, or all hit (rule M3).
    """

    hit: nw.Expr
    known: nw.Expr
    among: nw.Expr
    facts: ClassVar[str] = "marches"
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = True

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the hits, the facts known and the facts concerned."""
        counted = self.among & self.known
        return {"touches": one_if(counted & self.hit), "effectif": one_if(counted), "eligibles": one_if(self.among)}

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Divide, with interval and bounds."""
        summed = _summed(sums, by)
        n, total = summed["effectif"], summed["eligibles"]
        low, high = intervals.wilson(summed["touches"], n)
        missing = total - n
        return summed.assign(
            valeur=summed["touches"] / n.where(n > 0),
            ic_bas=low,
            ic_haut=high,
            borne_basse=summed["touches"] / total.where(total > 0),
            borne_haute=(summed["touches"] + missing) / total.where(total > 0),
        )


@dataclass(frozen=True)
class Median:
    """Median of a number over the facts where it is known.

    The mean of the two middle values when their number is even. Interval: order statistics, at least 95 %.
    """

    number: str
    among: nw.Expr
    known: nw.Expr
    facts: ClassVar[str] = "marches"
    gated: ClassVar[bool] = True

    @property
    def grain(self) -> str:
        """The numbers themselves."""
        return self.number

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each number."""
        return {"effectif": one_if(self.among & self.known), "eligibles": one_if(self.among)}

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Take the middle of the facts in order."""
        medians = intervals.medians(sums[sums["effectif"] > 0], by)
        return _summed(sums.drop(columns="cle"), by).merge(medians, on=by, how="left", validate="1:1")


@dataclass(frozen=True)
class Mean:
    """Mean of a number over the facts where it is known, the highest ones brought back to a ceiling.

    The ceiling is the quantile ``winsor`` (Hyndman-Fan type 1) of all the facts of the table measured, so that
    one wild number does not make a mean; ``highest`` gives another ceiling. Interval: Student, 95 %.
    """

    number: str
    among: nw.Expr
    known: nw.Expr
    winsor: float
    highest: float | None = None
    facts: ClassVar[str] = "marches"
    gated: ClassVar[bool] = True

    @property
    def grain(self) -> str:
        """The numbers themselves."""
        return self.number

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each number."""
        return {"effectif": one_if(self.among & self.known), "eligibles": one_if(self.among)}

    def ceiling(self, sums: pd.DataFrame) -> float:
        """Return the number above which it is brought back."""
        return intervals.ceiling(sums[sums["effectif"] > 0], self.winsor)

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Average, with the interval of a mean."""
        highest = self.ceiling(sums) if self.highest is None else self.highest
        means = intervals.means(sums[sums["effectif"] > 0], by, highest)
        return _summed(sums.drop(columns="cle"), by).merge(means, on=by, how="left", validate="1:1")


@dataclass(frozen=True)
class Distinct:
    """Number of different keys (suppliers) that the facts name.

    Upper bound: each fact without a key names one more.
    """

    key: str
    weight: nw.Expr
    among: nw.Expr
    facts: ClassVar[str] = "titulaires"
    gated: ClassVar[bool] = False

    @property
    def grain(self) -> str:
        """The keys."""
        return self.key

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each key, a fact of several keys shared among them."""
        named = ~nw.col(self.key).is_null()
        return {"effectif": one_if(self.among & named, self.weight), "eligibles": one_if(self.among, self.weight)}

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Count the keys."""
        summed = _rounded(_summed(sums.drop(columns="cle"), by))
        met = sums[sums["effectif"] > 0].groupby(by, dropna=False, as_index=False)["cle"].nunique()
        counted = summed.merge(met, on=by, how="left", validate="1:1")
        number = counted["cle"].fillna(0.0).where((counted["effectif"] > 0) | (counted["eligibles"] == 0))
        unnamed = counted["eligibles"] - counted["effectif"]
        return counted.drop(columns="cle").assign(
            valeur=number, borne_basse=number, borne_haute=number.fillna(0.0) + unnamed
        )


@dataclass(frozen=True)
class Concentration:
    """Herfindahl-Hirschman index of an amount over keys: the sum of squared percentages, 0 to 10 000.

    Missing where fewer than ``keys_at_least`` keys share the amount (source: indicators.md F07, N ≥ 5).
    """

    key: str
    amount: nw.Expr
    weight: nw.Expr
    among: nw.Expr
    known: nw.Expr
    keys_at_least: int
    facts: ClassVar[str] = "titulaires"
    gated: ClassVar[bool] = True

    @property
    def grain(self) -> str:
        """The keys."""
        return self.key

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the amounts of each key."""
        counted = self.among & self.known & ~nw.col(self.key).is_null()
        return {
            "somme": one_if(counted, self.amount),
            "effectif": one_if(counted, self.weight),
            "eligibles": one_if(self.among, self.weight),
        }

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Square the shares."""
        summed = _rounded(_summed(sums.drop(columns="cle"), by))
        shared = sums[sums["effectif"] > 0]
        squares = shared.assign(carre=shared["somme"] ** 2).groupby(by, dropna=False, as_index=False)
        told = squares.agg(carres=("carre", "sum"), cles=("cle", "nunique"))
        counted = summed.merge(told, on=by, how="left", validate="1:1")
        index = 10_000 * counted["carres"] / counted["somme"].where(counted["somme"] > 0) ** 2
        return counted.assign(valeur=index.where(counted["cles"] >= self.keys_at_least))


@dataclass(frozen=True)
class Entropy:
    """Shannon entropy of the facts over the values of a label, in nats: 0 when all have the same."""

    label: str
    among: nw.Expr
    facts: ClassVar[str] = "marches"
    gated: ClassVar[bool] = True

    @property
    def grain(self) -> str:
        """The label."""
        return self.label

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each value."""
        named = ~nw.col(self.label).is_null()
        return {"effectif": one_if(self.among & named), "eligibles": one_if(self.among)}

    def value(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """Sum -p ln p over the values."""
        summed = _summed(sums.drop(columns="cle"), by)
        entropies = intervals.entropies(sums[sums["effectif"] > 0], by)
        return summed.merge(entropies, on=by, how="left", validate="1:1")


def _rounded(summed: pd.DataFrame) -> pd.DataFrame:
    """Make whole numbers of facts again of the shares in which they were split."""
    return summed.assign(effectif=summed["effectif"].round(6), eligibles=summed["eligibles"].round(6))
