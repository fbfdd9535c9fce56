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

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


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
        groups, number = number_groups(self.groups[list(by)])
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
    def keyed(self) -> "Sums":
        """The rows that name a value of the grain and rest on a fact."""
        if self.cle is None:
            return self
        rows = np.flatnonzero(~np.isnan(self.cle) & (self.parts["effectif"] > 0))
        return Sums(self.groups, self.group[rows], self.cle[rows], Taken(self.parts, rows))


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
    number = group if cle is None else _numbered(group, cle)
    rows = np.argsort(number)
    starts = np.flatnonzero(np.diff(number[rows], prepend=-1))
    kept = rows[starts]
    told = Taken(parts, rows, None if len(starts) == len(rows) else starts)
    return Sums(groups, group[kept], None if cle is None else cle[kept], told)


def _numbered(group: Numbers, cle: Floats) -> Numbers:
    """Give one number to each group and value, in order of group, then of value (missing last)."""
    order = np.argsort(cle)
    ordered = cle[order]
    different = (np.diff(ordered) != 0) & ~(np.isnan(ordered[1:]) & np.isnan(ordered[:-1]))
    rank = np.empty(len(cle), dtype=np.int64)
    rank[order] = np.concatenate([[0], np.cumsum(different)])
    return np.asarray(group * (rank.max() + 1) + rank)


def summed(group: Numbers, values: Floats, groups: int) -> Floats:
    """Sum values per group."""
    return np.bincount(group, values, minlength=groups).astype(np.float64)


def number_groups(keys: pd.DataFrame) -> tuple[pd.DataFrame, Numbers]:
    """Return the different rows of some columns in order (missing last), and the place of each row among them."""
    if not len(keys.columns):
        return pd.DataFrame(index=range(min(1, len(keys)))), np.zeros(len(keys), dtype=np.int64)
    number = keys.groupby(list(keys.columns), dropna=False, sort=True).ngroup().to_numpy(dtype=np.int64)
    _, firsts = np.unique(number, return_index=True)
    groups = keys.iloc[firsts].reset_index(drop=True)
    texts = [name for name in groups if not pd.api.types.is_numeric_dtype(groups[name])]
    return groups.astype(dict.fromkeys(texts, "str")), np.asarray(number)


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
        table = (summed.collect() if isinstance(summed, nw.LazyFrame) else summed).to_pandas()
    groups, number = number_groups(table[list(by)])
    values = {name: table[short].to_numpy(dtype=float) for name, short in zip(parts, renamed, strict=True)}
    return _folded(groups, number, _numbers(table[grain]) if grain else None, values)


def _with_booleans(facts: Any) -> Any:
    """Return a table of pandas whose yes-or-no columns know the missing answer."""
    if not isinstance(facts, pd.DataFrame):
        return facts
    objects = facts.select_dtypes("object")
    answers = [name for name in objects if pd.api.types.infer_dtype(objects[name], skipna=True) == "boolean"]
    return facts.astype(dict.fromkeys(answers, "boolean"))


def _numbers(values: pd.Series) -> Floats:
    """Return the values of a grain as numbers; labels are numbered, a missing one is NaN."""
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(dtype=float, na_value=np.nan)
    codes = pd.factorize(values)[0].astype(float)
    return np.where(codes < 0, np.nan, codes)
