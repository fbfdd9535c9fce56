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
from optima_lib.indicators.sums import Numbers, Sums, sum_facts

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
    passes: defaultdict[tuple[str, str | None], dict[str, Shape]] = defaultdict(dict)
    absent = set(unavailable(facts, codes))
    buyers = _buyers(facts, by)
    for code in codes:
        if code in absent:
            yield code, _nothing(code, buyers)
        else:
            shape = find(code).shape
            passes[shape.facts, shape.grain][code] = shape
    jobs = [partial(_sum, facts[source], by, grain, shapes) for (source, grain), shapes in passes.items()]
    for shapes, summed in zip(passes.values(), _ahead(jobs), strict=True):
        for code, shape in shapes.items():
            start = time.perf_counter()
            yield code, _tidy(code, shape, summed.views(code), summed.rows)
            if costs is not None:
                costs[code] = summed.seconds / len(shapes) + time.perf_counter() - start


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


def _tidy(code: str, shape: Shape, levels: Sequence[Sums], rows: Rows) -> pd.DataFrame:
    """Turn sums into the rows of an indicator."""
    found = [shape.value(sums) for sums in levels]
    values = {name: np.concatenate([level[name] for level in found])[rows.order] for name in found[0]}
    values |= {name: round_digits(values[name], digits) for name, digits in ROUNDED.items() if name in values}
    status = statuses(values, gated=shape.gated)
    shown = told(values, status)
    missing = np.full(len(status), np.nan)
    columns = {name: shown.get(name, missing) for name in NUMBERS}
    label = pd.Categorical.from_codes(status, categories=pd.Index(STATUSES))
    table = pd.DataFrame(columns | {"statut": label}, copy=False)
    return pd.concat([rows.groups, table], axis=1).pipe(_named, code)


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
    known = np.where(np.isfinite(values) & (values != 0), values, 1.0)
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
