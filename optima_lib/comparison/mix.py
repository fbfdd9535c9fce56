"""Case mix: what an authority would show if each kind of its contracts went as at its peers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from optima_lib.references import bound

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# a kind is written in digits (division, class of amount, group of procedures); what is left of it, wider and wider
WIDER = (1, 10, 100, 10_000)


@dataclass(frozen=True)
class Mix:
    """The contracts of some authorities, by kind.

    Attributes
    ----------
    unit : array of int
        The authority of each row.
    kind : array of int
        The kind of contract of each row (``composition``).
    hits, n : array
        Facts that hit, and facts known.
    """

    unit: Numbers
    kind: Numbers
    hits: Floats
    n: Floats

    @cached_property
    def starts(self) -> Numbers:
        """Where the rows of each authority begin, its rows together."""
        return np.searchsorted(self.unit, np.arange(int(self.unit.max(initial=-1)) + 2))

    def of(self, members: Numbers) -> "Table":
        """Return the contracts of some authorities as tables, one line per authority."""
        ends = np.minimum(members + 1, len(self.starts) - 1)
        first, last = self.starts[np.minimum(members, len(self.starts) - 1)], self.starts[ends]
        lengths = last - first
        line = np.repeat(np.arange(len(members)), lengths)
        rows = np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) + np.arange(lengths.sum())
        kinds, place = np.unique(self.kind[rows], return_inverse=True)
        shape = len(members), len(kinds)
        return Table(kinds, _filled(line, place, self.hits[rows], shape), _filled(line, place, self.n[rows], shape))


def _filled(line: Numbers, column: Numbers, values: Floats, shape: tuple[int, int]) -> Floats:
    table = np.zeros(shape)
    np.add.at(table, (line, column), values)
    return table


@dataclass(frozen=True)
class Table:
    """Facts by authority (lines) and kind (columns).

    Attributes
    ----------
    kinds : array of int
        The kind of each column.
    hits, n : array
        Facts that hit, and facts known.
    """

    kinds: Numbers
    hits: Floats
    n: Floats

    @cached_property
    def total(self) -> Floats:
        """The facts known of each authority; missing where it has none."""
        n = self.n.sum(axis=1)
        return np.where(n > 0, n, np.nan)

    def expected(self, peers: Flags) -> Floats:
        """Return the number of hits expected of each authority (columns) from each set of peers (lines).

        Parameters
        ----------
        peers : array of bool, sets by authorities
            The peers of each set.

        Notes
        -----
        E_i = Σ n_ic r_c over kinds c, r_c the rate at the peers other than i (indirect standardisation): neither the
        authority compared nor any of its peers tells what its own kinds make expect of it, else peers of rare kinds would
        seem to differ less than they do. What is expected of a peer is then brought to the level of all of them, itself
        included: O E_i/(O - O_i + E_i), O their hits, as the mean of the peers is estimated with each. A kind of
        which those peers have too few contracts (``case_composition_minimum``) takes the rate of a wider one: without the
        procedure, then without the amount, then of all contracts. Ratios of two authorities to their expected numbers compare with 1, not
        with each other: each has its own weights. Source: Breslow and Day, Statistical Methods in Cancer Research
        II (1987), ch. 2.
        """
        authority, kind = np.nonzero(self.n)
        told, own = peers.astype(float), peers[:, authority]
        tables = [(each, told @ each) for each in (self.n, self.hits)]
        rate, left = np.full(own.shape, np.nan), np.arange(len(kind))  # left: columns where some set lacks a rate
        for width in WIDER:
            known, some = (
                self._wider(whole, width)[:, kind[left]]
                - own[:, left] * self._wider(table, width)[authority[left], kind[left]]
                for table, whole in tables
            )
            enough = known >= (bound("case_composition_minimum") if width < WIDER[-1] else 1)
            before = rate[:, left]
            after = np.divide(some, known, out=before, where=enough & np.isnan(before))
            rate[:, left] = after
            left = left[np.isnan(after).any(axis=0)]
            if not len(left):
                break
        apart = _summed(rate * self.n[authority, kind], authority, len(self.n))
        return self._at_level(apart, peers)

    def _at_level(self, apart: Floats, peers: Flags) -> Floats:
        """Bring what is expected of each peer without itself to the level of its set, itself among it."""
        mine = self.hits.sum(axis=1)
        observed = (peers @ mine)[:, None]
        made = observed - mine + apart
        level = np.divide(observed, made, out=np.ones_like(apart), where=peers & (made > 0))
        alone = peers & (apart == 0) & (mine > 0)  # the only one that hits at its kinds: all kinds together then tell
        rate = observed / np.maximum(peers @ self.n.sum(axis=1), 1)[:, None]
        return np.asarray(np.where(alone, rate * self.n.sum(axis=1), apart * level))

    def _wider(self, table: Floats, width: int) -> Floats:
        """Return the facts of the wider kind that holds each column."""
        if width == 1:
            return table
        wide = self.kinds // width
        begins = np.flatnonzero(np.diff(wide, prepend=-1))
        place = np.searchsorted(wide[begins], wide)
        return np.asarray(np.add.reduceat(table, begins, axis=1)[:, place])

    def direct(self, weights: Floats) -> Floats:
        """Return the rate of each authority, had all the same mix of kinds (direct standardisation).

        Parameters
        ----------
        weights : array
            The weight of each kind; those of which an authority has no contract are left out, the others brought to 1.

        Notes
        -----
        Σ w_c r_ic. **Limits.** An authority that lacks the heavy kinds is told by few contracts: read its ``n``.
        """
        known = self.n > 0
        rates = np.divide(self.hits, self.n, out=np.zeros_like(self.n), where=known)
        used = np.where(known, weights, 0.0)
        total = used.sum(axis=1)
        return np.asarray((used * rates).sum(axis=1) / np.where(total > 0, total, np.nan))


def _summed(values: Floats, authority: Numbers, size: int) -> Floats:
    """Sum the entries of each authority, one authority after the other."""
    told = np.zeros((len(values), size))
    if len(authority):
        starts = np.flatnonzero(np.diff(authority, prepend=-1))
        told[:, authority[starts]] = np.add.reduceat(values, starts, axis=1)
    return told


def alike(hits: Floats, n: Floats) -> Table:
    """Return the contracts of some authorities as a table of one kind."""
    return Table(np.zeros(1, dtype=np.int64), hits[:, None], n[:, None])
