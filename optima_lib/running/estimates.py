"""What comparisons need of each indicator: its values on a scale where chance weighs alike, and their variance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from optima_lib.comparison import scales
from optima_lib.comparison.measured import Floats, Margin, Measured, Numbers
from optima_lib.comparison.mix import Mix
from optima_lib.indicators import find
from optima_lib.indicators.catalogue import computable
from optima_lib.indicators.measure import BUYER, YEAR, Estimates
from optima_lib.indicators.shapes import AmountShare, Count, Mean, Quantile, Ratio, Shape, Share
from optima_lib.indicators.statuses import CALCULE, INDICATIF, STATUSES
from optima_lib.indicators.sums import Sums, sum_facts
from optima_lib.references import reference

SANS, PART, PAR_HABITANT, PROPORTION = "sans", "part", "par_habitant", "proportion"
HELD_EQUAL, EACH_YEAR = "oui", "année"
KIND = "composition"
POSITIVE = ("eur", "jours", "mois", "offres", "km")
ROUNDED_TO = 1.0  # the unit of days and bids
PRINTED = [STATUSES.index(each) for each in (CALCULE, INDICATIF)]
TOGETHER = 8  # indicators whose kinds of contracts are summed at once
Period = int | None


@cache
def rules() -> dict[str, dict[str, str]]:
    """Return how each indicator is compared, where it is not as its shape tells (``references/comparaisons.csv``)."""
    return {row["indicateur"]: row for row in reference("comparaisons")}


def comparable() -> list[str]:
    """Return the codes that are compared, in order of the catalogue."""
    return [code for code in computable() if rules().get(code, {}).get("traitement") != SANS]


def why_not(code: str) -> str:
    """Return why an indicator is not compared; empty where it is."""
    row = rules().get(code, {})
    return row["motif"] if row.get("traitement") == SANS else ""


def is_total(code: str) -> bool:
    """Tell whether an indicator is a total, compared per head over spans of time that must be alike."""
    return rules().get(code, {}).get("traitement") == PAR_HABITANT


def only_by_year(code: str) -> bool:
    """Tell whether an indicator is compared year by year only."""
    return rules().get(code, {}).get("periodes") == EACH_YEAR


def margin_of(code: str) -> Margin:
    """Return the smallest gap that matters for an indicator (``references/seuils_interet.csv``)."""
    rows = {row["portee"]: row for row in reference("seuils_interet")}
    row = rows.get(code) or rows[find(code).unite]
    return Margin(float(row["seuil"]), row["forme"])


def held_equal(codes: Iterable[str]) -> list[str]:
    """Return the codes whose comparison holds the kinds of contracts equal."""
    return [code for code in codes if rules().get(code, {}).get("composition") == HELD_EQUAL]


@dataclass(frozen=True)
class Buyers:
    """The buyers of a base, in order of their SIREN.

    Attributes
    ----------
    sirens : pandas.Index
        Their SIREN.
    population : array
        Their population; missing where it is not known.
    """

    sirens: pd.Index
    population: Floats

    @classmethod
    def of(cls, acheteurs: pd.DataFrame) -> "Buyers":
        """Read the table of buyers."""
        population = pd.to_numeric(acheteurs["population"]).to_numpy(dtype=float, na_value=np.nan)
        return cls(pd.Index(acheteurs["acheteur_siren"]), np.where(population > 0, population, np.nan))


@dataclass(frozen=True)
class Place:
    """The groups of one period, and the buyer of each."""

    rows: Numbers
    buyers: Numbers


def places(groups: pd.DataFrame, buyers: Buyers) -> dict[Period, Place]:
    """Return the groups of each year, and of all years together (None)."""
    buyer = buyers.sirens.get_indexer(pd.Index(groups[BUYER]))
    years = groups[YEAR].to_numpy(dtype=float, na_value=np.nan)
    found: dict[Period, Place] = {}
    for year in (None, *(int(each) for each in np.unique(years[~np.isnan(years)]))):
        rows = np.flatnonzero((np.isnan(years) if year is None else years == year) & (buyer >= 0))
        found[year] = Place(rows, buyer[rows])
    return found


def measured(each: Estimates, place: Place, buyers: Buyers) -> Measured:
    """Return an indicator at all buyers over one period, ready to be compared."""
    size, code = len(buyers.sirens), each.code
    found = {name: _spread(told, place, size) for name, told in each.found.items()}
    shown = np.zeros(size, dtype=bool)
    shown[place.buyers] = np.isin(each.status[place.rows], PRINTED)
    coverage = np.nan_to_num(found["effectif"] / _above(found["eligibles"]))
    unknown = np.full(size, np.nan)
    bare = Measured(scales.VALEUR, found["valeur"], unknown, found["effectif"], shown, margin_of(code), coverage)
    treatment = rules().get(code, {}).get("traitement", "")
    if treatment == PAR_HABITANT:
        return _per_head(bare, find(code).shape, buyers)
    if treatment == PART:
        return replace(bare, scale=scales.PROPORTION, variance=scales.variance_of_share(bare.n), factor=bare.n)
    return _scaled(bare, code, found)


def _spread(values: Floats, place: Place, size: int) -> Floats:
    """Put the values of some groups at the places of their buyers."""
    table = np.full(size, np.nan)
    table[place.buyers] = values[place.rows]
    return table


def _scaled(bare: Measured, code: str, found: Mapping[str, Floats]) -> Measured:
    """Give values their scale and their sampling variance, as their shape tells."""
    shape, treatment = find(code).shape, rules().get(code, {}).get("traitement", "")
    if isinstance(shape, Share):
        return replace(bare, scale=scales.PROPORTION, variance=scales.variance_of_share(bare.n))
    if isinstance(shape, Ratio) and shape.counts:
        low, high = (np.log(_above(found[name])) for name in ("ic_bas", "ic_haut"))
        return replace(bare, scale=scales.RAPPORT, variance=_above(scales.variance_of_interval(low, high)))
    if isinstance(shape, Quantile | Mean):
        df = bare.n - 1 if isinstance(shape, Mean) else np.inf
        return _uncertain(bare, find(code).unite, scales.variance_of_interval(found["ic_bas"], found["ic_haut"], df))
    exact = replace(bare, variance=np.where(np.isnan(bare.value), np.nan, 0.0))
    bounded = isinstance(shape, AmountShare) or treatment == PROPORTION
    return replace(exact, scale=scales.PROPORTION) if bounded else exact


def _per_head(bare: Measured, shape: Shape, buyers: Buyers) -> Measured:
    """Compare a number of contracts, or an amount, per inhabitant."""
    exact = np.where(np.isnan(bare.value), np.nan, 0.0)
    variance = 1 / _above(bare.value) if isinstance(shape, Count) else exact
    return replace(bare, scale=scales.MONTANT, variance=variance, factor=buyers.population)


def _uncertain(bare: Measured, unit: str, error: Floats) -> Measured:
    """Compare medians and means by the variance that their intervals tell, on logarithms where they are sizes."""
    if unit not in POSITIVE:
        return replace(bare, variance=_above(error))
    floor = 0.0 if unit == "eur" else ROUNDED_TO**2 / 12
    about = np.maximum(error, floor / np.where(bare.n > 0, bare.n, np.nan)) / _above(bare.value) ** 2
    return replace(bare, scale=scales.MONTANT, variance=np.where(about > 0, about, np.nan))


def _above(values: Floats) -> Floats:
    return np.where(values > 0, values, np.nan)


class Kinds:
    """The contracts behind some indicators, by kind: summed for several at once, handed over once, then forgotten.

    Parameters
    ----------
    facts : mapping
        The tables of facts, with ``composition``.
    codes : iterable of str
        Shares of facts of the tables of contracts or of suppliers.
    buyers : Buyers
        The buyers of the base.
    by : sequence of str
        The columns that tell groups apart; with *annee*, each year has its kinds beside all years together.
    """

    def __init__(
        self, facts: Mapping[str, Any], codes: Iterable[str], buyers: Buyers, by: Sequence[str] = (BUYER, YEAR)
    ) -> None:
        self.facts, self.buyers, self.by = facts, buyers, by
        self.left: dict[str, list[str]] = {}
        for code in codes:
            self.left.setdefault(find(code).shape.facts, []).append(code)
        self.ready: dict[str, dict[Period, Mix]] = {}

    def take(self, code: str) -> dict[Period, Mix]:
        """Return the contracts behind an indicator, for each year and all years; none where kinds are not held equal."""
        table = find(code).shape.facts
        if code in self.left.get(table, []):
            left = self.left[table]
            first = left.index(code)
            some = left[first : first + TOGETHER] if YEAR in self.by else left[first:]
            self.left[table] = [each for each in left if each not in some]
            self.ready |= dict(_mixes(self.facts[table], some, self.buyers, self.by))
        return self.ready.pop(code, {})


def _mixes(
    table: Any, codes: Sequence[str], buyers: Buyers, by: Sequence[str]
) -> Iterator[tuple[str, dict[Period, Mix]]]:
    """Yield the contracts behind some indicators, by kind, for all years together and, where they are apart, each."""
    parts = {code: find(code).shape.parts() for code in codes}
    texts = {code: {name: repr(parts[code][name]) for name in ("touches", "effectif")} for code in codes}
    different = {texts[code][name]: parts[code][name] for code in codes for name in texts[code]}
    apart = sum_facts(table, by, KIND, different)
    levels = (
        [_Level(apart, buyers)] if YEAR not in by else [_Level(apart.roll_up((BUYER,)), buyers), _Level(apart, buyers)]
    )
    for code in codes:
        yield code, {period: mix for level in levels for period, mix in level.mixes(texts[code])}


class _Level:
    """Sums by kind of contracts, the authority and the period of each row told once for all indicators."""

    def __init__(self, sums: Sums, buyers: Buyers) -> None:
        self.sums = sums
        self.unit = buyers.sirens.get_indexer(pd.Index(sums.groups[BUYER]))[sums.group]
        self.kind = np.zeros(len(sums.group)) if sums.cle is None else np.nan_to_num(sums.cle)
        self.periods = dict(self._periods())

    def _periods(self) -> Iterator[tuple[Period, Numbers]]:
        """Yield the rows of each period: those of known authorities, one authority after the other."""
        known = np.flatnonzero(self.unit >= 0)
        if YEAR not in self.sums.groups:
            yield None, known
            return
        year = self.sums.groups[YEAR].to_numpy(dtype=float, na_value=np.nan)[self.sums.group[known]]
        order = np.argsort(year, kind="stable")
        different, first = np.unique(year[order], return_index=True)
        for each, rows in zip(different, np.split(known[order], first[1:]), strict=True):
            if not np.isnan(each):
                yield int(each), rows

    def mixes(self, texts: Mapping[str, str]) -> Iterator[tuple[Period, Mix]]:
        """Yield the contracts behind an indicator, by kind, for each period."""
        hits, n = (self.sums.parts[texts[name]] for name in ("touches", "effectif"))
        for period, rows in self.periods.items():
            some = rows[n[rows] > 0]
            yield period, Mix(self.unit[some], self.kind[some].astype(np.int64), hits[some], n[some])
