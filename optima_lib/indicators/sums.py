"""Sums of facts per group: what every indicator is made of.

An engine sums the facts once per group and grain; everything after is arrays. Sums merge: those of a coarser
group (all years, a département, the whole market) are sums of these, without another pass over the facts.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl

WIDE = 4  # numbers so sparse are sorted, not counted
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Values = dict[str, Floats]  # columns of a table of results, one number per group


@dataclass(frozen=True)
class Sums:
    """What some facts sum to, per group and value of the grain; rows are in order of group and value.

    Attributes
    ----------
    groups : pandas.DataFrame
        One row per group: the columns that tell groups apart, in order.
    group : array of int
        The group of each row, as its place in ``groups``.
    cle : array of float or None
        The value of the grain of each row, as a number (labels are numbered); missing is NaN. None: no grain.
    parts : mapping
        The sums, by name.
    """

    groups: pd.DataFrame
    group: Numbers
    cle: Floats | None
    parts: Mapping[str, Floats]

    def total(self, part: str) -> Floats:
        """Return a sum per group, over the grain."""
        return summed(self.group, self.parts[part], len(self.groups))

    def of(self, names: Mapping[str, str]) -> "Sums":
        """Return some of the sums, under other names."""
        return Sums(self.groups, self.group, self.cle, {name: self.parts[full] for name, full in names.items()})

    def roll_up(self, by: Sequence[str]) -> "Sums":
        """Return the sums of coarser groups, told apart by fewer columns; a group whose column is missing stays."""
        kept = self.groups[list(by)] if by else self.groups
        groups, number = number_groups(pl.from_pandas(kept), by)
        return _folded(groups, number[self.group], self.cle, self.parts)

    def known(self, column: str) -> "Sums":
        """Return the sums of the groups whose column is not missing."""
        kept = self.groups[column].notna().to_numpy()
        if kept.all():
            return self
        rows = np.flatnonzero(kept[self.group])
        place = np.cumsum(kept) - 1
        cle = None if self.cle is None else self.cle[rows]
        return Sums(self.groups[kept].reset_index(drop=True), place[self.group[rows]], cle, Taken(self.parts, rows))

    @cached_property
    def amounts(self) -> "Amounts":
        """The amounts (``somme``) of the keys of each group."""
        keyed = self.keyed
        return Amounts(keyed.group, keyed.parts["somme"], len(self.groups))

    @cached_property
    def keyed(self) -> "Sums":
        """The rows that name a value of the grain and rest on a fact."""
        if self.cle is None:
            return self
        rows = np.flatnonzero(~np.isnan(self.cle) & (self.parts["effectif"] > 0))
        return Sums(self.groups, self.group[rows], self.cle[rows], Taken(self.parts, rows))


@dataclass(frozen=True)
class Amounts:
    """The amount of each key of some groups, and what several figures ask of it, made once.

    Attributes
    ----------
    group : array of int
        The group of each key.
    amount : array of float
        Its amount.
    groups : int
        The number of groups.
    """

    group: Numbers
    amount: Floats
    groups: int

    @cached_property
    def total(self) -> Floats:
        """The amount of each group."""
        return summed(self.group, self.amount, self.groups)

    @cached_property
    def number(self) -> Floats:
        """The number of keys of each group."""
        return np.bincount(self.group, minlength=self.groups).astype(np.float64)

    @cached_property
    def share(self) -> Floats:
        """The share of each key in its group; missing where the group's amounts are nothing."""
        return np.asarray(self.amount / np.where(self.total > 0, self.total, np.nan)[self.group])

    @cached_property
    def ranked(self) -> tuple[Numbers, Floats]:
        """The order of the keys, the largest amount of each group first, and their rank (from 1) in that order."""
        order = np.lexsort((-self.amount, self.group))
        before = np.concatenate([[0.0], np.cumsum(self.number)[:-1]])
        return order, np.arange(1, len(order) + 1) - before[self.group[order]]


class Taken(Mapping[str, Floats]):
    """Sums of some rows in some order, runs of equal rows added; each is made when it is asked for."""

    def __init__(self, parts: Mapping[str, Floats], rows: Numbers, starts: Numbers | None = None) -> None:
        self.parts, self.rows, self.starts = parts, rows, starts

    def __getitem__(self, name: str) -> Floats:
        """Return a sum per row."""
        values = self.parts[name][self.rows]
        return values if self.starts is None else np.add.reduceat(values, self.starts)

    def __iter__(self) -> Iterator[str]:
        """Name the sums."""
        return iter(self.parts)

    def __len__(self) -> int:
        """Count the sums."""
        return len(self.parts)


def _folded(groups: pd.DataFrame, group: Numbers, cle: Floats | None, parts: Mapping[str, Floats]) -> Sums:
    """Put rows in order of group and value, those of one group and value together."""
    if not len(group):
        return Sums(groups, group, cle, parts)
    rows = _order(group, cle)
    starts = np.flatnonzero(_changes(group[rows], None if cle is None else cle[rows]))
    kept = rows[starts]
    told = Taken(parts, rows, None if len(starts) == len(rows) else starts)
    return Sums(groups, group[kept], None if cle is None else cle[kept], told)


def _order(group: Numbers, cle: Floats | None) -> Numbers:
    """Return the order of group, then of value (missing last)."""
    if cle is None:
        return np.argsort(group, kind="stable")
    by_value = np.argsort(cle)
    return by_value[_counted(group[by_value])]


def _counted(group: Numbers) -> Numbers:
    """Return the stable order of groups by counting, as a sparse matrix puts its cells in order: no comparison."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow to import

    rows = len(group)
    cells = np.ones(rows, dtype=np.int8), (group, np.arange(rows))
    order = coo_array(cells, shape=(int(group.max()) + 1, rows)).tocsr().indices
    return np.asarray(order, dtype=np.int64)


def _changes(group: Numbers, cle: Floats | None) -> Any:
    """Tell the rows, in order, at which another group or value begins."""
    begins = np.diff(group, prepend=-1) != 0
    if cle is not None:
        begins[1:] |= (cle[1:] != cle[:-1]) & ~(np.isnan(cle[1:]) & np.isnan(cle[:-1]))
    return begins


def summed(group: Numbers, values: Floats, groups: int) -> Floats:
    """Sum values per group."""
    return np.bincount(group, values, minlength=groups).astype(np.float64)


def number_groups(table: pl.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, Numbers]:
    """Return the different rows of some columns in order (missing last), and the place of each row among them."""
    number, domain = np.zeros(table.height, dtype=np.int64), 1
    if not by:
        return pd.DataFrame(index=range(min(1, table.height))), number
    for name in by:
        values = table[name] if table[name].dtype.is_numeric() else table[name].cast(pl.String)
        known = values.drop_nulls().unique().sort()
        number = number * (len(known) + 1) + _places(values, known)
        domain *= len(known) + 1
    firsts, place = _firsts(number, domain)
    keys = table.select(by)[firsts]
    return keys.with_columns(pl.selectors.categorical().cast(pl.String)).to_pandas(), place


def _firsts(number: Numbers, domain: int) -> tuple[Numbers, Numbers]:
    """Return where each number stands first, in order of numbers, and the place of each row's among them."""
    if domain > WIDE * len(number):
        _, firsts, place = np.unique(number, return_index=True, return_inverse=True)
        return firsts, place
    first = np.full(domain, -1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    met = first >= 0
    return first[met], (np.cumsum(met) - 1)[number]


def _places(values: pl.Series, known: pl.Series) -> Numbers:
    """Return the place of each value among those known, in order; a missing one comes after them."""
    if values.dtype.is_numeric():
        ordered = pl.Series(np.searchsorted(known.to_numpy(), values.fill_null(0).to_numpy()))
        placed = ordered.zip_with(values.is_not_null(), pl.Series([len(known)], dtype=ordered.dtype))
    else:
        placed = values.cast(pl.Enum(known)).to_physical().fill_null(len(known))
    return placed.to_numpy().astype(np.int64)


def sum_facts(facts: Any, by: Sequence[str], grain: str | None, parts: Mapping[str, nw.Expr]) -> Sums:
    """Sum the facts of a table per group and grain, in its own engine, in one pass.

    Parameters
    ----------
    facts : a table of any engine
        pandas, Polars, DuckDB, Dask or PySpark.
    by : sequence of str
        The columns that tell groups apart.
    grain : str or None
        A column more by which the sums are told apart inside a group.
    parts : mapping
        What is summed, by name.
    """
    frame: Any = nw.from_native(_with_booleans(facts))
    keys = [*by, *([grain] if grain else [])]
    alone = not keys  # the whole table is one group
    renamed = {f"part{number}": test for number, test in enumerate(parts.values())}
    counted = frame.select(*keys, **renamed, **({"tout": nw.lit(1)} if alone else {}))
    grouped = counted.group_by(*(keys or ["tout"]), drop_null_keys=False)
    with warnings.catch_warnings():
        # pandas takes the keys put before more than a hundred sums, once, for columns added one by one
        warnings.simplefilter("ignore", pd.errors.PerformanceWarning)
        summed = grouped.agg(*[nw.col(name).sum() for name in renamed])
        table = (summed.collect() if isinstance(summed, nw.LazyFrame) else summed).to_polars()
    groups, number = number_groups(table, by)
    values = {name: _floats(table[short]) for name, short in zip(parts, renamed, strict=True)}
    return _folded(groups, number, _numbers(table[grain]) if grain else None, values)


def _with_booleans(facts: Any) -> Any:
    """Return a table of pandas whose yes-or-no columns know the missing answer."""
    if not isinstance(facts, pd.DataFrame):
        return facts
    objects = facts.select_dtypes("object")
    answers = [name for name in objects if pd.api.types.infer_dtype(objects[name], skipna=True) == "boolean"]
    return facts.astype(dict.fromkeys(answers, "boolean"))


def _numbers(values: pl.Series) -> Floats:
    """Return the values of a grain as numbers; labels are numbered, a missing one is NaN."""
    if not values.dtype.is_numeric():
        values = values.cast(pl.String).cast(pl.Categorical).to_physical()
    return _floats(values)


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy()
