"""Comparisons under way: authorities, their peers, and the rows of the table *comparaisons*."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import polars.selectors as cs

from optima_lib.comparison import gates
from optima_lib.comparison.compared import Compared, joined, refused
from optima_lib.comparison.confront import confront
from optima_lib.comparison.families import CORRECTIONS, Declaration
from optima_lib.comparison.measured import Floats, Measured, Numbers
from optima_lib.comparison.mix import Mix
from optima_lib.comparison.multiplicity import adjust
from optima_lib.comparison.peers import Step, barred, build_steps
from optima_lib.comparison.verdicts import VERDICTS
from optima_lib.indicators.catalogue import computable
from optima_lib.indicators.measure import BUYER, YEAR, Estimates, estimate_each, round_digits
from optima_lib.references import bound
from optima_lib.running.estimates import (
    Buyers,
    Kinds,
    Period,
    comparable,
    held_equal,
    is_total,
    measured,
    only_by_year,
    places,
    why_not,
)
from optima_lib.running.spans import read_spans
from optima_lib.schemas import columns

DIGITS = 10


@dataclass(frozen=True)
class Authorities:
    """All the authorities that may be compared, and the rule that finds their peers.

    Attributes
    ----------
    buyers : Buyers
        The authorities.
    steps : list of Step
        The rule.
    barred : array of int
        Why an authority cannot be compared at all (place in ``gates.MOTIFS``); 0 where it can.
    """

    buyers: Buyers
    steps: list[Step]
    barred: Numbers

    @classmethod
    def of(cls, acheteurs: pd.DataFrame, *, region: bool = False) -> "Authorities":
        """Read the table of buyers."""
        ordered = acheteurs.sort_values("acheteur_siren", ignore_index=True)
        steps = build_steps(ordered, region=region)
        return cls(Buyers.of(ordered), steps, barred(ordered, steps))

    @property
    def labels(self) -> list[list[str]]:
        """The French name of each pool of each step."""
        return [each.labels for each in self.steps]


@dataclass
class Run:
    """A comparison under way: what was run, and the probabilities to be adjusted when all are there.

    Attributes
    ----------
    authorities : Authorities
        The authorities and their peers.
    declaration : Declaration
        What was fixed before.
    focals : array of int, optional
        The authorities compared; all by default.
    run : list of str
        The indicators compared so far.
    ready : dict, optional
        Receives what each indicator shows over all years together, where what follows needs it.
    spans : dict
        The months that the contracts of each buyer last, by period.
    """

    authorities: Authorities
    declaration: Declaration
    focals: Numbers | None = None
    run: list[str] = field(default_factory=list)
    ready: dict[str, Measured] | None = None
    spans: dict[Period, Floats] = field(default_factory=dict)
    _tests: dict[str, tuple[Numbers, np.ndarray[Any, Any]]] = field(default_factory=dict)

    def tables(
        self, facts: Mapping[str, Any], *, by: Sequence[str] = (BUYER, YEAR), costs: dict[str, float] | None = None
    ) -> Iterator[pl.DataFrame]:
        """Yield the rows of each indicator, their probabilities not yet adjusted."""
        for code, pieces in self._compared(facts, by, costs):
            yield self._written([(code, pieces)])

    def table(self, facts: Mapping[str, Any], *, by: Sequence[str] = (BUYER, YEAR)) -> pl.DataFrame:
        """Return the rows of all indicators at once, adjusted: for few authorities, one table is faster than one for each."""
        return self.with_adjusted(self._written(list(self._compared(facts, by))))

    def _compared(
        self, facts: Mapping[str, Any], by: Sequence[str], costs: dict[str, float] | None = None
    ) -> Iterator[tuple[str, list["Piece"]]]:
        """Compare each indicator, period by period."""
        codes = comparable()
        self.spans = read_spans(facts["marches"], self.authorities.buyers, by)
        kinds = Kinds(facts, held_equal(codes), self.authorities.buyers, by)
        for each in estimate_each(facts, computable(), by=by):
            start = time.perf_counter()
            yield each.code, self._pieces(each, kinds)
            if each.code in codes:
                self.run.append(each.code)
            if costs is not None:
                costs[each.code] = each.seconds + time.perf_counter() - start

    def _pieces(self, each: Estimates, kinds: Kinds) -> list["Piece"]:
        """Compare one indicator, period by period."""
        ready = {
            period: measured(each, place, self.authorities.buyers)
            for period, place in places(each.groups, self.authorities.buyers).items()
        }
        rows = {period: self._rows(one) for period, one in ready.items()}
        mixes = kinds.take(each.code) if any(len(some) for some in rows.values()) else {}
        pieces = [self._piece(each.code, period, ready[period], some, mixes) for period, some in rows.items()]
        if self.ready is not None:
            self.ready[each.code] = pieces[0].ready
        return [piece for piece in pieces if len(piece.rows)]

    def _rows(self, ready: Measured) -> Numbers:
        """Return the authorities compared: those whose value is printed."""
        shown = np.flatnonzero(ready.shown)
        return shown if self.focals is None else shown[np.isin(shown, self.focals)]

    def _piece(self, code: str, period: Period, ready: Measured, rows: Numbers, mixes: Mapping[Period, Mix]) -> "Piece":
        """Compare one indicator over one period."""
        whole = replace(ready, mix=mixes.get(period), span=self.spans.get(period) if is_total(code) else None)
        if code in self.declaration.seuils:
            whole = replace(whole, margin=replace(whole.margin, seuil=self.declaration.seuils[code][0]))
        return Piece(period, rows, whole, self._confront(code, period, whole, rows))

    def _confront(self, code: str, period: Period, ready: Measured, rows: Numbers) -> Compared:
        """Compare some authorities; an indicator that does not compare is refused as a whole."""
        if why_not(code) or (period is None and only_by_year(code)):
            return refused(len(rows), gates.HORS)
        return confront(ready, self.authorities.steps, rows, self.authorities.barred)

    def _written(self, several: Sequence[tuple[str, Sequence["Piece"]]]) -> pl.DataFrame:
        """Write the comparisons of some indicators as rows of the table."""
        types = COLUMNS if self.focals is None else COLUMNS | dict.fromkeys(LABELS, pl.String)
        pieces = [piece for _, some in several for piece in some]
        if not pieces:
            return pl.DataFrame(schema=types)
        codes = [code for code, _ in several]
        code_of = np.repeat(np.arange(len(codes)), [sum(len(piece.rows) for piece in some) for _, some in several])
        mixed = np.array([any(piece.ready.mix is not None for piece in some) for _, some in several])
        made = joined([piece.made for piece in pieces])
        rows = np.concatenate([piece.rows for piece in pieces])
        years = np.repeat([piece.period or 0 for piece in pieces], [len(piece.rows) for piece in pieces])
        kept = made.motif == 0
        numbers = {name: np.where(kept, round_digits(told, DIGITS), np.nan) for name, told in made.numbers.items()}
        for number, code in enumerate(codes):
            tested = np.flatnonzero((code_of == number) & ~np.isnan(numbers["p"]))
            self._tests[code] = np.stack([tested, rows[tested] * 10_000 + years[tested]]), numbers["p"][tested]
        prudent = made.pairs < bound("pairs_sans_loi")
        told = {
            "indicateur": _names(code_of, codes),
            "acheteur_siren": pl.Series(self.authorities.buyers.sirens[rows].to_numpy(dtype=object), dtype=pl.String),
            "annee": years,
            "valeur": np.concatenate([piece.ready.value[piece.rows] for piece in pieces]),
            "effectif": np.concatenate([piece.ready.n[piece.rows] for piece in pieces]),
            "pairs": made.pairs,
            "etape": np.where(made.pairs > 0, made.etape, 0),
            "groupe": _labels(self.authorities.labels, made),
            **numbers,
            "p_ajuste": np.full(len(rows), np.nan),
            "famille": _names(code_of, [self.declaration.family(code) for code in codes]),
            "composition": mixed[code_of],
            "simpson": np.sign(numbers["ecart"]) * np.sign(numbers["ecart_brut"]) < 0,
            "verdict": _names(made.verdict, VERDICTS),
            "statut": _names(np.where(kept, prudent.astype(int), 2), gates.STATUTS),
            "motif": _names(made.motif - 1, gates.MOTIFS[1:]),
        }
        table = pl.DataFrame({name: told[name] for name in types}, schema_overrides=types)
        return table.with_columns_seq(cs.float().fill_nan(None), pl.col("annee").replace(0, None))

    @cached_property
    def _adjustments(self) -> dict[str, tuple[Numbers, np.ndarray[Any, Any]]]:
        """The rows tested of each indicator and their adjusted probabilities, once all are there."""
        found = {}
        for family, method in CORRECTIONS.items():
            codes = [code for code in self._tests if self.declaration.family(code) == family]
            if not codes:
                continue
            group = np.concatenate([self._tests[code][0][1] for code in codes])
            p = np.concatenate([self._tests[code][1] for code in codes])
            different, place = np.unique(group, return_inverse=True)
            told = adjust(p, place, np.full(len(different), self.declaration.size(family)), method)
            cuts = np.cumsum([len(self._tests[code][1]) for code in codes])[:-1]
            for code, some in zip(codes, np.split(told, cuts), strict=True):
                found[code] = (self._tests[code][0][0], some)
        return found

    def adjusted(self, draft: Path) -> Iterator[pl.DataFrame]:
        """Yield the rows of a draft, indicator by indicator, with their adjusted probabilities."""
        scan = pl.scan_parquet(draft)
        for code in self._tests:
            yield self.with_adjusted(scan.filter(pl.col("indicateur") == code).collect())

    def with_adjusted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add their adjusted probabilities to the rows that were written together."""
        values = np.full(rows.height, np.nan)
        for code in rows["indicateur"].cast(pl.String).unique():
            places, told = self._adjustments.get(code, (np.empty(0, dtype=np.int64), np.empty(0)))
            values[places] = told
        return rows.with_columns(p_ajuste=pl.Series(round_digits(values, DIGITS), dtype=pl.Float64).fill_nan(None))


@dataclass(frozen=True)
class Piece:
    """An indicator compared over one period: the authorities compared, what they show, what is said of them."""

    period: Period
    rows: Numbers
    ready: Measured
    made: Compared


LABELS = ("indicateur", "groupe", "famille", "verdict", "statut", "motif")
COLUMNS = {
    name: pl.Categorical if name in LABELS else kind
    for name, kind in {
        **dict.fromkeys(columns("comparaisons"), pl.Float64),
        **dict.fromkeys(("acheteur_siren", *LABELS), pl.String),
        **dict.fromkeys(("pairs", "etape"), pl.Int64),
        **dict.fromkeys(("composition", "simpson"), pl.Boolean),
        "annee": pl.Int32,
    }.items()
}


def _names(place: Numbers, names: Sequence[str]) -> pl.Series:
    """Return the name at each place; missing at -1."""
    known = pl.Series([*names, None], dtype=pl.String)
    return known.gather(np.where(place < 0, len(names), place))


def _labels(labels: Sequence[Sequence[str]], made: Compared) -> pl.Series:
    """Return the French name of the pool in which each authority found its peers."""
    flat = [name for some in labels for name in some]
    starts = np.concatenate([[0], np.cumsum([len(some) for some in labels])]).astype(np.int64)
    known = (made.etape > 0) & (made.groupe >= 0)
    place = np.where(known, starts[np.maximum(made.etape - 1, 0)] + made.groupe, -1)
    return _names(place, flat)
