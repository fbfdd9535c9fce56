"""``optima compare``: every buyer beside its peers, for each indicator and year."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from optima_lib.comparison import gates
from optima_lib.comparison.confront import Compared, Measured, Numbers, confront, joined, refused
from optima_lib.comparison.families import CORRECTIONS, Declaration, declared_family
from optima_lib.comparison.mix import Mix
from optima_lib.comparison.multiplicity import adjust
from optima_lib.comparison.peers import Step, barred, build_steps
from optima_lib.comparison.verdicts import VERDICTS
from optima_lib.errors import ComparisonError
from optima_lib.indicators.catalogue import computable
from optima_lib.indicators.measure import Estimates, estimate_each, round_digits
from optima_lib.paths import processed
from optima_lib.references import bound, reference
from optima_lib.running.estimates import (
    Buyers,
    Period,
    Place,
    comparable,
    held_equal,
    margin_of,
    measured,
    mixes,
    places,
    why_not,
)
from optima_lib.running.facts import ready_facts
from optima_lib.running.measure import opened
from optima_lib.running.writing import write_pieces
from optima_lib.schemas import columns, table_path

TOGETHER = 4
DIGITS = 10
DECLARATION = "comparaisons.declaration.json"
ENGINE = "polars"


def compare(data: Path, costs: dict[str, float] | None = None) -> Path:
    """Compare all buyers of a data folder and write the table *comparaisons*.

    Parameters
    ----------
    data : Path
        Data folder.
    costs : dict, optional
        Receives the seconds that each indicator took.

    Returns
    -------
    Path
        The table *comparaisons*: one row for each value that is printed (rule M5); the table *indicateurs* says why the
        others are not. What was declared before (families, smallest gaps that matter, rule of peers) stands
        beside it, in ``comparaisons.declaration.json``.

    Raises
    ------
    TableError
        When a processed table is missing.
    ComparisonError
        When what was run is not what was declared.
    """
    folder = processed(data)
    facts = ready_facts(folder)
    declaration = declare()
    write_declaration(declaration, folder / DECLARATION)
    path = table_path(folder, "comparaisons")
    first, last = path.with_suffix(".brouillon"), path.with_suffix(".tmp")
    authorities = Authorities.of(pl.read_parquet(table_path(folder, "acheteurs")).to_pandas())
    try:
        with opened(facts, ENGINE) as tables:
            run = Run(authorities, declaration)
            write_pieces(first, "comparaisons", run.tables(tables, costs=costs), TOGETHER)
        declaration.check_run(run.run)
        write_pieces(last, "comparaisons", run.adjusted(first), TOGETHER)
        last.replace(path)
    finally:
        first.unlink(missing_ok=True)
        last.unlink(missing_ok=True)
    return path


def declare(principale: Sequence[str] | None = None, seuils: Mapping[str, float] | None = None) -> Declaration:
    """Return what is fixed before a comparison: families, smallest gaps that matter, rule of peers.

    Parameters
    ----------
    principale : sequence of str, optional
        The confirmatory family of a partner; that of ``references/familles_hypotheses.csv`` by default.
    seuils : mapping of str to float, optional
        Smallest gaps of a partner's own, by indicator.

    Raises
    ------
    ComparisonError
        When an indicator of the family is not one that is compared.
    """
    first, codes = declared_family(principale), comparable()
    if wrong := [code for code in first if code not in codes]:
        raise ComparisonError(
            f"La famille principale déclare {', '.join(wrong)}, qui ne se compare pas : "
            f"{' '.join(why_not(code) or 'ce code n’est pas calculé sur les données ouvertes.' for code in wrong)} "
            "Retirez-le de la déclaration."
        )
    margins = {code: margin_of(code) for code in codes}
    told = {code: (float((seuils or {}).get(code, each.seuil)), each.forme) for code, each in margins.items()}
    rule = tuple(",".join(list(row.values())[:4]) for row in reference("pairs"))
    return Declaration(first, tuple(code for code in codes if code not in first), told, rule)


def write_declaration(declaration: Declaration, path: Path) -> None:
    """Write what was declared, with its fingerprint; the same declaration leaves the file as it is."""
    told = json.dumps({"empreinte": declaration.empreinte, **asdict(declaration)}, ensure_ascii=False, indent=1)
    if not path.is_file() or path.read_text(encoding="utf-8") != told:
        path.write_text(told, encoding="utf-8")


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
    """

    authorities: Authorities
    declaration: Declaration
    focals: Numbers | None = None
    run: list[str] = field(default_factory=list)
    _tests: dict[str, tuple[Numbers, np.ndarray[Any, Any]]] = field(default_factory=dict)
    _families: dict[tuple[int, int], int] = field(default_factory=dict)

    def tables(self, facts: Mapping[str, Any], *, costs: dict[str, float] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the rows of each indicator, their probabilities not yet adjusted."""
        codes = comparable()
        kinds = dict(mixes(facts, held_equal(codes), self.authorities.buyers))
        for each in estimate_each(facts, computable()):
            start = time.perf_counter()
            yield self._table(each, kinds.get(each.code, {}))
            if each.code in codes:
                self.run.append(each.code)
            if costs is not None:
                costs[each.code] = each.seconds + time.perf_counter() - start

    def _table(self, each: Estimates, kinds: Mapping[Period, Mix]) -> pl.DataFrame:
        """Compare one indicator, period by period."""
        pieces = [
            self._period(each, period, place, kinds.get(period))
            for period, place in places(each.groups, self.authorities.buyers).items()
        ]
        table = self._written(each.code, [piece for piece in pieces if len(piece.rows)])
        self._keep(each.code, table)
        return table

    def _period(self, each: Estimates, period: Period, place: Place, mix: Mix | None) -> "Piece":
        """Compare one indicator over one period."""
        ready = replace(measured(each, place, self.authorities.buyers), mix=mix)
        if each.code in self.declaration.seuils:
            ready = replace(ready, margin=replace(ready.margin, seuil=self.declaration.seuils[each.code][0]))
        rows = place.buyers[ready.shown[place.buyers]]
        if self.focals is not None:
            rows = rows[np.isin(rows, self.focals)]
        return Piece(period, rows, ready, self._confront(each.code, ready, rows))

    def _confront(self, code: str, ready: Measured, rows: Numbers) -> Compared:
        """Compare some authorities; an indicator that does not compare is refused as a whole."""
        if why_not(code):
            return refused(len(rows), gates.HORS)
        return confront(ready, self.authorities.steps, rows, self.authorities.barred)

    def _written(self, code: str, pieces: Sequence["Piece"]) -> pl.DataFrame:
        """Write the comparisons of an indicator as rows of the table."""
        if not pieces:
            return pl.DataFrame(schema=COLUMNS)
        made = joined([piece.made for piece in pieces])
        rows = np.concatenate([piece.rows for piece in pieces])
        kept = made.motif == 0
        numbers = {name: np.where(kept, round_digits(told, DIGITS), np.nan) for name, told in made.numbers.items()}
        prudent = made.pairs < bound("pairs_sans_loi")
        told = {
            "indicateur": _names(np.zeros(len(rows), dtype=np.int64), [code]),
            "acheteur_siren": _names(rows, list(self.authorities.buyers.sirens)).cast(pl.String),
            "annee": np.repeat([piece.period or 0 for piece in pieces], [len(piece.rows) for piece in pieces]),
            "valeur": np.concatenate([piece.ready.value[piece.rows] for piece in pieces]),
            "effectif": np.concatenate([piece.ready.n[piece.rows] for piece in pieces]),
            "pairs": made.pairs,
            "etape": np.where(made.pairs > 0, made.etape, 0),
            "groupe": _labels(self.authorities.labels, made),
            **numbers,
            "p_ajuste": np.full(len(rows), np.nan),
            "famille": _names(np.zeros(len(rows), dtype=np.int64), [self.declaration.family(code)]),
            "composition": np.full(len(rows), any(piece.ready.mix is not None for piece in pieces)),
            "simpson": np.sign(numbers["ecart"]) * np.sign(numbers["ecart_brut"]) < 0,
            "verdict": _names(made.verdict, VERDICTS),
            "statut": _names(np.where(kept, prudent.astype(int), 2), gates.STATUTS),
            "motif": _names(made.motif - 1, gates.MOTIFS[1:]),
        }
        frame = pl.DataFrame(told, schema_overrides=COLUMNS, nan_to_null=True)
        return frame.with_columns(annee=pl.when(pl.col("annee") > 0).then("annee")).select(*COLUMNS)

    def _keep(self, code: str, table: pl.DataFrame) -> None:
        """Keep the probabilities of an indicator, and the buyer and year of each."""
        tested = (
            table.select("acheteur_siren", pl.col("annee").fill_null(0), "p").with_row_index("rang").drop_nulls("p")
        )
        buyer = self.authorities.buyers.sirens.get_indexer(pd.Index(tested["acheteur_siren"].to_numpy()))
        group = buyer.astype(np.int64) * 10_000 + tested["annee"].to_numpy()
        self._tests[code] = np.stack([tested["rang"].to_numpy().astype(np.int64), group]), tested["p"].to_numpy()

    def adjustments(self) -> dict[str, tuple[Numbers, np.ndarray[Any, Any]]]:
        """Return, for each indicator, the rows tested and their adjusted probabilities."""
        found = {}
        for family, method in CORRECTIONS.items():
            codes = [code for code in self._tests if self.declaration.family(code) == family]
            if not codes:
                continue
            group = np.concatenate([self._tests[code][0][1] for code in codes])
            p = np.concatenate([self._tests[code][1] for code in codes])
            told = adjust(p, group, self.declaration.size(family), method)
            cuts = np.cumsum([len(self._tests[code][1]) for code in codes])[:-1]
            for code, some in zip(codes, np.split(told, cuts), strict=True):
                found[code] = (self._tests[code][0][0], some)
        return found

    def adjusted(self, draft: Path) -> Iterator[pl.DataFrame]:
        """Yield the rows of a draft, indicator by indicator, with their adjusted probabilities."""
        found = self.adjustments()
        scan = pl.scan_parquet(draft)
        for code in self._tests:
            rows = scan.filter(pl.col("indicateur") == code).collect()
            yield with_adjusted(rows, found.get(code))


def with_adjusted(rows: pl.DataFrame, told: tuple[Numbers, np.ndarray[Any, Any]] | None) -> pl.DataFrame:
    """Add their adjusted probabilities to the rows of an indicator."""
    if told is None:
        return rows
    values = np.full(rows.height, np.nan)
    values[told[0]] = told[1]
    return rows.with_columns(p_ajuste=_numbers(round_digits(values, DIGITS)))


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


def _numbers(values: np.ndarray[Any, Any]) -> pl.Series:
    return pl.Series(values, dtype=pl.Float64).fill_nan(None)


def _names(place: Numbers, names: Sequence[str]) -> pl.Series:
    """Return the name at each place; missing at -1."""
    known = pl.Series([*names, None], dtype=pl.String)
    return known.gather(np.where(place < 0, len(names), place)).cast(pl.Categorical)


def _labels(labels: Sequence[Sequence[str]], made: Compared) -> pl.Series:
    """Return the French name of the pool in which each authority found its peers."""
    flat = [name for some in labels for name in some]
    starts = np.concatenate([[0], np.cumsum([len(some) for some in labels])]).astype(np.int64)
    known = (made.etape > 0) & (made.groupe >= 0)
    place = np.where(known, starts[np.maximum(made.etape - 1, 0)] + made.groupe, -1)
    return _names(place, flat)
