"""The shapes that indicators take: what is summed per group, and the value that the sums give.

A shape names the facts it reads, the grain at which it sums them, and its sums (``parts``). Sums merge across
years, buyers and partitions; ``value`` turns those of each group into a value, its interval and its bounds.

Parts are 0/1 tests, numbers or weights. ``effectif`` (facts used) and ``eligibles`` (facts concerned) are always
among them. A test that cannot be made (a missing field) counts as not held: what is concerned, and what is
known, are said apart.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import narwhals as nw
import numpy as np

from optima_lib.indicators import intervals
from optima_lib.indicators.sums import Amounts, Floats, Sums, Values

EVERY = ~nw.col("acheteur_siren").is_null()


class Shape(Protocol):
    """What every shape tells.

    Attributes
    ----------
    facts : str
        The table of facts (``optima_lib.indicators.facts``).
    grain : str or None
        A column by which the sums are told apart inside a group; None for one row per group.
    gated : bool
        Whether few facts make the value uncertain (a rate) or not (a count): rule M5 of docs/conventions.md.
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

    def value(self, sums: Sums) -> Values:
        """Return ``valeur``, ``effectif``, ``eligibles``, and the interval and bounds it has, one number per group."""
        ...


def one_if(test: nw.Expr, amount: nw.Expr | None = None) -> nw.Expr:
    """Return 1 (or an amount) where a test holds, 0 where it does not or cannot be made."""
    held = nw.lit(1.0) if amount is None else amount.cast(nw.Float64)
    return nw.when(test).then(held).otherwise(nw.lit(0.0))


def divide(above: Floats, below: Floats) -> Floats:
    """Divide; missing where there is nothing to divide by."""
    return above / np.where(below > 0, below, np.nan)


def _keys(sums: Sums) -> Floats:
    """Return the number of keys of each group."""
    return np.bincount(sums.keyed.group, minlength=len(sums.groups)).astype(float)


def _facts(sums: Sums) -> dict[str, Floats]:
    """Return the facts used and concerned; shares of a fact make whole numbers again."""
    return {name: np.round(sums.total(name), 6) for name in ("effectif", "eligibles")}


@dataclass(frozen=True)
class Count:
    """Number of facts that hold, among those concerned. Bounds: those whose answer is unknown all fail, or all hold."""

    known: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    hit: nw.Expr | None = None
    facts: str = "marches"
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = False

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the facts that hold, those known and those concerned."""
        counted = self.among & self.known
        held = counted if self.hit is None else counted & self.hit
        return {"touches": one_if(held), "effectif": one_if(counted), "eligibles": one_if(self.among)}

    def value(self, sums: Sums) -> Values:
        """Count; missing where no answer is known although some facts are concerned."""
        facts, held = _facts(sums), sums.total("touches")
        nothing = (facts["effectif"] == 0) & (facts["eligibles"] > 0)
        unknown = facts["eligibles"] - facts["effectif"]
        value = np.where(nothing, np.nan, held)
        return facts | {"valeur": value, "borne_basse": held, "borne_haute": held + unknown}


@dataclass(frozen=True)
class Total:
    """Sum of an amount over the facts that surely belong; those that may are between the bounds.

    The upper bound is missing as soon as an amount is.
    """

    amount: nw.Expr
    belongs: nw.Expr
    may_belong: nw.Expr
    facts: str = "marches"
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

    def value(self, sums: Sums) -> Values:
        """Sum; missing where no amount could be summed although some facts are concerned."""
        facts, total = _facts(sums), sums.total("somme")
        nothing = (facts["effectif"] == 0) & (facts["eligibles"] > 0)
        highest = np.where(sums.total("sans_montant") == 0, total + sums.total("possible"), np.nan)
        value = np.where(nothing, np.nan, total)
        return facts | {"valeur": value, "borne_basse": total, "borne_haute": highest}


@dataclass(frozen=True)
class Share:
    """Facts that hit over facts whose answer is known, among the facts concerned.

    Interval: Wilson, 95 %. Bounds: all the unknown facts miss, or all hit (rule M3). ``weight`` splits a fact told
    on several rows (a contract of several suppliers), so that each fact counts once.
    """

    hit: nw.Expr
    known: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    facts: str = "marches"
    weight: nw.Expr | None = None
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = True

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the hits, the facts known and the facts concerned."""
        counted = self.among & self.known
        return {
            "touches": one_if(counted & self.hit, self.weight),
            "effectif": one_if(counted, self.weight),
            "eligibles": one_if(self.among, self.weight),
        }

    def value(self, sums: Sums) -> Values:
        """Divide, with interval and bounds."""
        facts, hits = _facts(sums), np.round(sums.total("touches"), 6)
        n, total = facts["effectif"], facts["eligibles"]
        low, high = intervals.wilson(hits, n)
        bounds = {"borne_basse": divide(hits, total), "borne_haute": divide(hits + total - n, total)}
        return facts | {"valeur": divide(hits, n), "ic_bas": low, "ic_haut": high} | bounds


@dataclass(frozen=True)
class AmountShare:
    """Amount of the facts that hit over the amount of those whose answer is known.

    Bounds: the amounts whose answer is unknown all miss, or all hit; missing as soon as an amount is. No interval:
    amounts are no draws of one law, a few of them make the sum.
    """

    hit: nw.Expr
    known: nw.Expr
    amount: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    facts: str = "marches"
    weight: nw.Expr | None = None
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = True

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the amounts that hit, those known, those concerned, and count the facts."""
        told = ~self.amount.is_null()
        counted = self.among & self.known & told
        return {
            "somme_touchee": one_if(counted & self.hit, self.amount),
            "somme_connue": one_if(counted, self.amount),
            "somme": one_if(self.among & told, self.amount),
            "sans_montant": one_if(self.among & ~told),
            "effectif": one_if(counted, self.weight),
            "eligibles": one_if(self.among, self.weight),
        }

    def value(self, sums: Sums) -> Values:
        """Divide the amounts."""
        hit, known = sums.total("somme_touchee"), sums.total("somme_connue")
        every = np.where(sums.total("sans_montant") == 0, sums.total("somme"), np.nan)
        bounds = {"borne_basse": divide(hit, every), "borne_haute": divide(hit + np.maximum(every - known, 0), every)}
        return _facts(sums) | {"valeur": divide(hit, known)} | bounds


@dataclass(frozen=True)
class Quantile:
    """Quantile (the median by default) of a number over the facts where it is known.

    Type 7 of Hyndman and Fan: the median is the mean of the two middle values. Interval: order statistics, at
    least 95 %.
    """

    number: str
    known: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    q: float = 0.5
    facts: str = "marches"
    gated: ClassVar[bool] = True

    @property
    def grain(self) -> str:
        """The numbers themselves."""
        return self.number

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each number."""
        return {"effectif": one_if(self.among & self.known), "eligibles": one_if(self.among)}

    def value(self, sums: Sums) -> Values:
        """Take the fact of that rank."""
        value, low, high = intervals.quantile(sums, self.q)
        return _facts(sums) | {"valeur": value, "ic_bas": low, "ic_haut": high}


@dataclass(frozen=True)
class Mean:
    """Mean of a number over the facts where it is known. Interval: Student, 95 %."""

    number: nw.Expr
    known: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    facts: str = "marches"
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = True

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the numbers and their squares."""
        counted = self.among & self.known
        return {
            "somme": one_if(counted, self.number),
            "carres": one_if(counted, self.number * self.number),
            "effectif": one_if(counted),
            "eligibles": one_if(self.among),
        }

    def value(self, sums: Sums) -> Values:
        """Average, with the interval of a mean."""
        value, low, high = intervals.mean(sums)
        return _facts(sums) | {"valeur": value, "ic_bas": low, "ic_haut": high}


@dataclass(frozen=True)
class Extreme:
    """Smallest (or ``highest``) number among the facts where it is known. No interval: it is what was seen."""

    number: str
    known: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    highest: bool = True
    facts: str = "marches"
    gated: ClassVar[bool] = False

    @property
    def grain(self) -> str:
        """The numbers themselves."""
        return self.number

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each number."""
        return {"effectif": one_if(self.among & self.known), "eligibles": one_if(self.among)}

    def value(self, sums: Sums) -> Values:
        """Take the first or the last fact in order."""
        return _facts(sums) | {"valeur": intervals.extreme(sums, highest=self.highest)}


@dataclass(frozen=True)
class Ratio:
    """A sum over another, each over its own facts: an excess beside a threshold, a drift of amounts.

    ``above`` and ``below`` are summed over the facts known. No interval but where ``counts`` says that both are
    counts of facts: then that of the odds of a binomial share (Wilson) below / above. ``weight`` splits a fact told on
    several rows; ``above`` and ``below`` are weighed by whoever writes them.
    """

    above: nw.Expr
    below: nw.Expr
    known: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    counts: bool = False
    facts: str = "marches"
    weight: nw.Expr | None = None
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = True

    def parts(self) -> dict[str, nw.Expr]:
        """Sum both, and count the facts."""
        counted = self.among & self.known
        return {
            "dessus": one_if(counted, self.above),
            "dessous": one_if(counted, self.below),
            "effectif": one_if(counted, self.weight),
            "eligibles": one_if(self.among, self.weight),
        }

    def value(self, sums: Sums) -> Values:
        """Divide one by the other."""
        above, below = sums.total("dessus"), sums.total("dessous")
        table = _facts(sums) | {"valeur": divide(above, below)}
        if self.counts:
            low, high = intervals.wilson(above, above + below)
            table |= {"ic_bas": divide(low, 1 - low), "ic_haut": divide(high, 1 - high)}
        return table


@dataclass(frozen=True)
class ObservedExpected:
    """Facts that hit over the number expected from the same kinds of facts elsewhere (indirect standardisation).

    ``expected`` is the rate expected of each fact. Interval: exact, of Poisson (Garwood), over the expected number.
    Missing where fewer than ``expected_at_least`` are expected.
    """

    hit: nw.Expr
    expected: nw.Expr
    known: nw.Expr
    expected_at_least: float
    among: nw.Expr = field(default_factory=lambda: EVERY)
    facts: str = "marches"
    grain: ClassVar[str | None] = None
    gated: ClassVar[bool] = True

    def parts(self) -> dict[str, nw.Expr]:
        """Sum the hits and the rates expected."""
        counted = self.among & self.known & ~self.expected.is_null()
        return {
            "touches": one_if(counted & self.hit),
            "attendus": one_if(counted, self.expected),
            "effectif": one_if(counted),
            "eligibles": one_if(self.among),
        }

    def value(self, sums: Sums) -> Values:
        """Divide the observed by the expected."""
        hits, expected = sums.total("touches"), sums.total("attendus")
        enough = np.where((expected > 0) & (expected >= self.expected_at_least), expected, np.nan)
        low, high = intervals.poisson(hits)
        return _facts(sums) | {"valeur": hits / enough, "ic_bas": low / enough, "ic_haut": high / enough}


@dataclass(frozen=True)
class Distinct:
    """Number of different keys (suppliers) that the facts name.

    Upper bound: each fact without a key names one more.
    """

    key: str
    weight: nw.Expr
    among: nw.Expr = field(default_factory=lambda: EVERY)
    facts: str = "titulaires"
    gated: ClassVar[bool] = False

    @property
    def grain(self) -> str:
        """The keys."""
        return self.key

    def parts(self) -> dict[str, nw.Expr]:
        """Count the facts of each key, a fact of several keys shared among them."""
        named = ~nw.col(self.key).is_null()
        return {"effectif": one_if(self.among & named, self.weight), "eligibles": one_if(self.among, self.weight)}

    def value(self, sums: Sums) -> Values:
        """Count the keys."""
        facts = _facts(sums)
        number = _keys(sums)
        nothing = (facts["effectif"] == 0) & (facts["eligibles"] > 0)
        unnamed = facts["eligibles"] - facts["effectif"]
        value = np.where(nothing, np.nan, number)
        return facts | {"valeur": value, "borne_basse": number, "borne_haute": number + unnamed}


@dataclass(frozen=True)
class Spread:
    """What the amounts (or the numbers of facts) of the keys of a group say together, one figure per group.

    Missing where fewer than ``keys_at_least`` keys share it. The functions of ``optima_lib.indicators.spreads`` are
    its figures.
    """

    key: str
    amount: nw.Expr
    known: nw.Expr
    figure: "Figure"
    weight: nw.Expr | None = None
    among: nw.Expr = field(default_factory=lambda: EVERY)
    keys_at_least: int = 1
    facts: str = "titulaires"
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

    def value(self, sums: Sums) -> Values:
        """Take the figure of the amounts."""
        number = _keys(sums)
        figure = self.figure(sums.amounts)
        return _facts(sums) | {"valeur": np.where(number >= self.keys_at_least, figure, np.nan)}


class Figure(Protocol):
    """A figure per group, from the amounts of its keys."""

    def __call__(self, told: Amounts, /) -> Floats:
        """Return one number per group."""
        ...
