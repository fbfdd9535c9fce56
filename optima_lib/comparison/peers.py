"""Peers by a stated rule: the same kind of authority and size, widened step by step until there are enough."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from optima_lib.comparison import gates
from optima_lib.references import bound, reference

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Cells = Mapping[tuple[object, ...], Numbers]
NONE = -1


@dataclass(frozen=True)
class Step:
    """A step of the rule: the pool of authorities in which each one finds its peers.

    Attributes
    ----------
    number : int
        Its place in the rule, from 1.
    pool_of : array of int
        The pool of each authority, -1 where the step does not apply to it; it belongs to its own pool.
    pools : list of array of int
        The authorities of each pool.
    labels : list of str
        What the authorities of each pool have in common, in French.
    """

    number: int
    pool_of: Numbers
    pools: list[Numbers]
    labels: list[str]

    @cached_property
    def starts(self) -> Numbers:
        """Where each pool begins when pools are put end to end."""
        return np.concatenate([[0], np.cumsum([len(pool) for pool in self.pools])[:-1]]).astype(np.int64)

    @cached_property
    def members(self) -> Numbers:
        """The authorities of all pools, end to end."""
        return np.concatenate([np.empty(0, dtype=np.int64), *self.pools])

    def seen_by(self, focal: int, places: Numbers) -> "Step":
        """Return the step as one authority sees it, the authorities renumbered by their place among some, in order."""
        mine = self.pool_of[focal]
        of_each = np.where((places == focal) & (mine != NONE), 0, NONE)
        if mine == NONE:
            return Step(self.number, of_each, [], [])
        return Step(self.number, of_each, [np.searchsorted(places, self.pools[mine])], [self.labels[mine]])

    def peers_of_each(self, usable: Flags) -> Numbers:
        """Return the number of usable peers of each authority, itself left out."""
        if not self.pools:
            return np.zeros(len(self.pool_of), dtype=np.int64)
        counts = np.add.reduceat(usable[self.members].astype(np.int64), self.starts)
        return np.where(self.pool_of == NONE, 0, counts[self.pool_of] - usable)


@dataclass(frozen=True)
class Chosen:
    """The step at which each authority finds its peers, and how many it then has.

    Attributes
    ----------
    step : array of int
        The place of the step in the rule, from 0; -1 where no step applies.
    peers : array of int
        The peers at that step.
    """

    step: Numbers
    peers: Numbers


def build_steps(acheteurs: pd.DataFrame, *, region: bool = False) -> list[Step]:
    """Return the steps of the rule for a table of buyers.

    Parameters
    ----------
    acheteurs : pandas.DataFrame
        One row per buyer: ``categorie``, ``nature_juridique``, ``population``, ``region``.
    region : bool
        Begin with the peers of the same region.

    Notes
    -----
    ``references/pairs.csv`` holds the rule, category by category: legal nature, strata on each side. A buyer without a
    category, or without a population where strata are asked for, has no peers.
    """
    told = _described(acheteurs)
    rules = sorted(reference("pairs"), key=lambda row: int(row["etape"]))
    numbers = sorted({int(row["etape"]) for row in rules})
    steps = [_step(told, [row for row in rules if int(row["etape"]) == each], each) for each in numbers]
    if not region:
        return steps
    first = _step(told, [row for row in rules if row["etape"] == "1"], 1, "region")
    return [first, *(Step(each.number + 1, each.pool_of, each.pools, each.labels) for each in steps)]


def choose(steps: Sequence[Step], usable: Flags) -> Chosen:
    """Return the first step at which each authority has the number of peers looked for, or that of most peers.

    Parameters
    ----------
    steps : sequence of Step
        The rule.
    usable : array of bool
        Whether each authority may be a peer.
    """
    looked_for = bound("pairs_recherches")
    step, peers = np.full(len(usable), NONE), np.zeros(len(usable), dtype=np.int64)
    for place, each in enumerate(steps):
        found = each.peers_of_each(usable)
        better = (peers < looked_for) & (found > peers)
        step, peers = np.where(better, place, step), np.where(better, found, peers)
    return Chosen(step, peers)


def barred(acheteurs: pd.DataFrame, steps: Sequence[Step]) -> Numbers:
    """Return why the rule gives no pool to an authority, as its place in ``gates.MOTIFS``; 0 where it gives one."""
    outside = np.all([each.pool_of == NONE for each in steps], axis=0)
    ruled = acheteurs["categorie"].isin({row["categorie"] for row in reference("pairs")}).to_numpy()
    reason = np.where(ruled, gates.MOTIFS.index(gates.POPULATION), gates.MOTIFS.index(gates.CATEGORIE))
    return np.where(outside, reason, 0)


def listed(sirens: Sequence[str], focal: str, pairs: Sequence[str], motif: str) -> list[Step]:
    """Return the one step that a partner's own list of peers makes.

    Parameters
    ----------
    sirens : sequence of str
        The authorities at hand.
    focal : str
        The authority compared.
    pairs : sequence of str
        Its peers.
    motif : str
        Why these.
    """
    wanted = {*pairs, focal}
    pool = np.array([place for place, siren in enumerate(sirens) if siren in wanted], dtype=np.int64)
    of_each = np.array([0 if siren == focal else NONE for siren in sirens], dtype=np.int64)
    return [Step(1, of_each, [pool], [f"liste de la collectivité ({motif})"])]


def stratum_numbers(categorie: pd.Series, population: pd.Series) -> pd.Series:
    """Return the number of the population stratum of each authority; missing without a population or strata.

    Examples
    --------
    >>> stratum_numbers(pd.Series(["commune", "SDIS"]), pd.Series([80_441, 900_000])).tolist()
    [13.0, nan]
    """
    found = pd.Series(np.nan, index=categorie.index)
    for category, rows in _strata().items():
        mine = (categorie == category) & population.notna()
        lowest = [int(row["de"]) for row in rows]
        found[mine] = np.searchsorted(lowest, population[mine].astype(float), side="right").astype(float)
    return found


def _strata() -> dict[str, list[dict[str, str]]]:
    rows = sorted(reference("strates"), key=lambda row: int(row["de"]))
    return {
        category: [row for row in rows if row["categorie"] == category] for category in {r["categorie"] for r in rows}
    }


def _described(acheteurs: pd.DataFrame) -> pd.DataFrame:
    """Return what the rule asks of each authority."""
    told = acheteurs[["categorie", "nature_juridique", "population", "region"]].reset_index(drop=True)
    return told.assign(strate=stratum_numbers(told["categorie"], told["population"]))


def _step(told: pd.DataFrame, rules: Sequence[Mapping[str, str]], number: int, also: str = "") -> Step:
    """Make the pools of one step, category by category."""
    pool_of = np.full(len(told), NONE, dtype=np.int64)
    pools: list[Numbers] = []
    labels: list[str] = []
    for rule in rules:
        for key, mine, pool in _pools(told, rule, also):
            pool_of[mine] = len(pools)
            pools.append(pool)
            labels.append(_label(rule, key, also))
    return Step(number, pool_of, pools, labels)


def _pools(
    told: pd.DataFrame, rule: Mapping[str, str], also: str
) -> Iterator[tuple[dict[str, object], Numbers, Numbers]]:
    """Yield, for each group of a category, what it has in common, its authorities and those of its pool."""
    same = [name for name, asked in (("nature_juridique", rule["meme_nature"] == "oui"), (also, also)) if asked]
    of_category = told[told["categorie"] == rule["categorie"]].dropna(subset=same)
    if of_category.empty:
        return
    if rule["ecart_strates"] == "":
        groups = of_category.groupby(same, sort=True) if same else [((), of_category)]
        for key, rows in groups:
            yield dict(zip(same, key, strict=True)), rows.index.to_numpy(), rows.index.to_numpy()
        return
    wide = int(rule["ecart_strates"])
    for names, rows in of_category.dropna(subset=["strate"]).groupby([*same, "strate"], sort=True):
        common = dict(zip([*same, "strate"], names, strict=True))
        alike = of_category[(of_category[same] == list(names[:-1])).all(axis=1)] if same else of_category
        near = alike[(alike["strate"] - float(str(common["strate"]))).abs() <= wide]
        yield dict(common), rows.index.to_numpy(), near.index.to_numpy()


def _label(rule: Mapping[str, str], key: Mapping[str, object], also: str) -> str:
    """Say what the authorities of a pool have in common."""
    words = [rule["categorie"]]
    if "nature_juridique" in key:
        words.append(f"de nature {key['nature_juridique']}")
    if "strate" in key:
        words.append(_population(rule["categorie"], int(str(key["strate"]).split(".")[0]), int(rule["ecart_strates"])))
    if also in key:
        words.append("de la même région")
    return ", ".join(words)


def _population(category: str, stratum: int, wide: int) -> str:
    """Say the population of some neighbouring strata."""
    rows = _strata()[category]
    first, last = rows[max(stratum - 1 - wide, 0)], rows[min(stratum - 1 + wide, len(rows) - 1)]
    low, high = int(first["de"]), last["a"]
    if not high:
        return f"{low:,} habitants et plus".replace(",", " ")
    return f"{low:,} à {int(high):,} habitants".replace(",", " ")
