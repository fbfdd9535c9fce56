"""Every indicator for every group, one pass per table of facts and grain."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import narwhals as nw
import numpy as np
import pandas as pd

from optima_lib.errors import TableError
from optima_lib.indicators.catalogue import CATALOGUE, find
from optima_lib.indicators.shapes import Shape
from optima_lib.indicators.statuses import INSUFFISANT, STATUSES, statuses, told
from optima_lib.indicators.sums import Numbers, Sums, Values, sum_facts

T = TypeVar("T")
BUYER, YEAR = "acheteur_siren", "annee"
NUMBERS = ("valeur", "effectif", "eligibles", "couverture", "ic_bas", "ic_haut", "borne_basse", "borne_haute")
# an interval rests on a difference of sums of squares, which loses some digits
ROUNDED = {"valeur": 12, "borne_basse": 12, "borne_haute": 12, "ic_bas": 8, "ic_haut": 8}


def measure(
    facts: Mapping[str, Any], codes: Iterable[str] | None = None, *, by: Sequence[str] = (BUYER, YEAR)
) -> pd.DataFrame:
    """Compute indicators for every group, by default every buyer and year.

    Parameters
    ----------
    facts : mapping
        The tables of facts by name (``optima_lib.indicators.facts``), as pandas, Polars, DuckDB, Dask or PySpark
        hold them.
    codes : iterable of str, optional
        Codes of the catalogue; all by default.
    by : sequence of str
        The columns of facts that tell groups apart: ``("acheteur_siren", "division")``, ``("departement",)``, or
        none for the whole market.

    Returns
    -------
    pandas.DataFrame
        The table *indicateurs*: one row per indicator and group, in order. Where the last column is ``annee``, the
        rows without one are all years together.

    Notes
    -----
    **Method.** Sums per group and grain in the engine; the value, its interval and its bounds in arrays. All years
    are the same sums merged, not another pass. **Exclusions.** Buyers without a SIREN; contracts without a
    notification date count in all years only.
    """
    wanted = list(CATALOGUE if codes is None else codes)
    found = dict(measure_each(facts, wanted, by=by))
    return pd.concat([found[code] for code in wanted], ignore_index=True)


def measure_each(
    facts: Mapping[str, Any],
    codes: Iterable[str],
    *,
    by: Sequence[str] = (BUYER, YEAR),
    costs: dict[str, float] | None = None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Compute indicators one after the other, those of one pass together; what is not held is not kept.

    Parameters
    ----------
    facts, codes, by
        Those of :func:`measure`.
    costs : dict, optional
        Receives the seconds that each indicator took; a pass is shared equally among those it feeds.

    Yields
    ------
    tuple of str and pandas.DataFrame
        The code, and its rows of the table *indicateurs*.
    """
    absent = set(unavailable(facts, codes))
    buyers = _buyers(facts, by)
    for code in codes:
        if code in absent:
            yield code, _nothing(code, buyers)
    for each in estimate_each(facts, [code for code in codes if code not in absent], by=by):
        start = time.perf_counter()
        yield each.code, _tidy(each)
        if costs is not None:
            costs[each.code] = each.seconds + time.perf_counter() - start


@dataclass(frozen=True)
class Estimates:
    """An indicator at every group, before the rule of few facts hides some.

    Attributes
    ----------
    code : str
        Its code.
    groups : pandas.DataFrame
        The columns that tell groups apart, and ``annee`` (missing: all years together).
    found : mapping of str to array
        ``valeur``, ``effectif``, ``eligibles``, and the interval and bounds it has, one number per group.
    status : array of int
        The status of each group, as its place in ``STATUSES``.
    seconds : float
        What it took.
    """

    code: str
    groups: pd.DataFrame
    found: Values
    status: Numbers
    seconds: float


def estimate_each(
    facts: Mapping[str, Any], codes: Iterable[str], *, by: Sequence[str] = (BUYER, YEAR)
) -> Iterator[Estimates]:
    """Estimate indicators that the facts can feed, those of one pass together.

    Parameters
    ----------
    facts, codes, by
        Those of :func:`measure`.

    Yields
    ------
    Estimates
        What comparisons rest on; a table for readers is that of :func:`measure_each`.
    """
    passes: defaultdict[tuple[str, str | None], dict[str, Shape]] = defaultdict(dict)
    for code in codes:
        shape = find(code).shape
        passes[shape.facts, shape.grain][code] = shape
    jobs = [partial(_sum, facts[source], by, grain, shapes) for (source, grain), shapes in passes.items()]
    for shapes, summed in zip(passes.values(), _ahead(jobs), strict=True):
        for code, shape in shapes.items():
            start = time.perf_counter()
            values = _values(shape, summed.views(code), summed.rows)
            status = statuses(values, gated=shape.gated)
            spent = summed.seconds / len(shapes) + time.perf_counter() - start
            yield Estimates(code, summed.rows.groups, values, status, spent)


def _ahead(jobs: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Yield what jobs return, in order; while one is used the next is at work."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting: Future[T] | None = None
        for job in jobs:
            following = pool.submit(job)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()


@dataclass(frozen=True)
class Summed:
    """The sums of one pass.

    Attributes
    ----------
    levels : list of Sums
        Those of the groups and, where years are told apart, of all years; equal parts of several indicators are
        summed once, under their text.
    rows : Rows
        The groups of all levels in order.
    texts : mapping of str to a mapping of str to str
        The text of each part of each indicator.
    seconds : float
        What the pass took.
    """

    levels: list[Sums]
    rows: "Rows"
    texts: Mapping[str, Mapping[str, str]]
    seconds: float
    seen: dict[tuple[tuple[str, str], ...], list[Sums]] = field(default_factory=dict)

    def views(self, code: str) -> list[Sums]:
        """Return the sums of an indicator; indicators of equal parts share them, and what they derive from them."""
        texts = self.texts[code]
        key = tuple(texts.items())
        if key not in self.seen:
            self.seen[key] = [level.of(texts) for level in self.levels]
        return self.seen[key]


def _sum(facts: Any, by: Sequence[str], grain: str | None, shapes: Mapping[str, Shape]) -> Summed:
    """Sum what the indicators of one pass need."""
    start = time.perf_counter()
    parts = {code: shape.parts() for code, shape in shapes.items()}
    # the text of an expression is its tree, whole
    texts = {code: {name: repr(test) for name, test in tests.items()} for code, tests in parts.items()}
    different = {texts[code][name]: test for code, tests in parts.items() for name, test in tests.items()}
    levels = _levels(sum_facts(facts, by, grain, different), by)
    return Summed(levels, _rows(levels, by), texts, time.perf_counter() - start)


def unavailable(facts: Mapping[str, Any], codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the indicators that some tables cannot feed, with the columns (or tables) that are missing."""
    columns = {name: set(nw.from_native(table).collect_schema().names()) for name, table in facts.items()}
    lacks: dict[str, list[str]] = {}
    for code in codes:
        entry = find(code)
        if entry.define is None:
            lacks[code] = []
        elif (source := entry.shape.facts) not in columns:
            lacks[code] = [f"table {source}"]
        elif missing := sorted(set(entry.champs) - columns[source]):
            lacks[code] = missing
    return lacks


def _buyers(facts: Mapping[str, Any], by: Sequence[str]) -> pd.DataFrame:
    """Return the groups of the contracts, their years apart: where an unavailable indicator says so."""
    keys = [name for name in by if name != YEAR]
    return sum_facts(facts["marches"], keys, None, {"n": nw.lit(1.0)}).groups


def _nothing(code: str, groups: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an indicator that no data feed: a status, never a number."""
    numbers = dict.fromkeys(NUMBERS, np.nan) | {"effectif": 0.0, "eligibles": 0.0}
    status = pd.Categorical([INSUFFISANT] * len(groups), categories=STATUSES)
    year = {YEAR: pd.Series(pd.NA, index=groups.index, dtype="Int32")}
    return groups.assign(**year, **numbers, statut=status).pipe(_named, code)


def _levels(sums: Sums, by: Sequence[str]) -> list[Sums]:
    """Return the sums of each group and, where years are told apart, of all years together."""
    if YEAR not in by:
        return [sums]
    return [sums.known(YEAR), sums.roll_up([name for name in by if name != YEAR])]


@dataclass(frozen=True)
class Rows:
    """The groups of all levels in order, and where each stands in the levels put end to end."""

    groups: pd.DataFrame
    order: Numbers


def _rows(levels: Sequence[Sums], by: Sequence[str]) -> Rows:
    """Put the groups of all levels in order, all years together after the years."""
    stacked = pd.concat([level.groups for level in levels], ignore_index=True)
    stacked[YEAR] = (stacked[YEAR] if YEAR in stacked else pd.Series(pd.NA, index=stacked.index)).astype("Int32")
    keys = [name for name in by if name != YEAR]
    ordered = stacked.sort_values([*keys, YEAR], kind="stable")
    return Rows(ordered[[*keys, YEAR]].reset_index(drop=True), ordered.index.to_numpy(dtype=np.int64))


def _values(shape: Shape, levels: Sequence[Sums], rows: Rows) -> Values:
    """Turn sums into the values of an indicator, its groups in order."""
    found = [shape.value(sums) for sums in levels]
    values = {name: np.concatenate([level[name] for level in found])[rows.order] for name in found[0]}
    return values | {name: round_digits(values[name], digits) for name, digits in ROUNDED.items() if name in values}


def _tidy(each: Estimates) -> pd.DataFrame:
    """Turn estimates into the rows of an indicator."""
    shown = told(each.found, each.status)
    missing = np.full(len(each.status), np.nan)
    columns = {name: shown.get(name, missing) for name in NUMBERS}
    label = pd.Categorical.from_codes(each.status, categories=pd.Index(STATUSES))
    table = pd.DataFrame(columns | {"statut": label}, copy=False)
    return pd.concat([each.groups, table], axis=1).pipe(_named, each.code)


def _named(table: pd.DataFrame, code: str) -> pd.DataFrame:
    table.insert(0, "indicateur", code)
    return table


def round_digits(values: np.ndarray[Any, Any], digits: int) -> np.ndarray[Any, Any]:
    """Round to some significant digits: sums of floats in another order, or another engine, are then equal.

    Examples
    --------
    >>> import numpy as np
    >>> round_digits(np.array([0.1 + 0.2, 0.0, 1e15 / 3]), 12).tolist()
    [0.3, 0.0, 333333333333000.0]
    """
    known = np.where(np.isfinite(values) & (np.abs(values) > np.finfo(float).tiny * 10.0**digits), values, 1.0)
    scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.abs(known))))
    return np.where(known == values, np.round(known * scale) / scale, values)


def check_grain(table: Any, key: str, name: str) -> None:
    """Refuse a table in which a key stands twice.

    Raises
    ------
    TableError
        When it does: the table is not of the grain that its name promises.
    """
    frame: Any = nw.from_native(table)
    told = frame.select(rows=nw.len(), keys=nw.col(key).n_unique())
    rows, keys = (told.collect() if isinstance(told, nw.LazyFrame) else told).row(0)
    if rows != keys:
        raise TableError(
            f"La table {name} compte {rows} lignes pour {keys} {key} différents : une ligne par {key} est attendue. "
            "Relancez « optima clean », ou dédoublonnez la table."
        )
