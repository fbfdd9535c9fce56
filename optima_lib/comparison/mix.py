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

    def rates(self, peers: Flags) -> Floats:
        """Return the rate of each kind at each set of peers.

        Parameters
        ----------
        peers : array of bool, sets by authorities
            The peers of each set.

        Notes
        -----
        A kind of which the peers have too few contracts (``case_composition_minimum``) takes the rate of a wider one:
        without the procedure, then without the amount, then of all contracts.
        """
        least, told = bound("case_composition_minimum"), peers.astype(float)
        hits, n = told @ self.hits, told @ self.n
        found = np.full(hits.shape, np.nan)
        for width in WIDER:
            some, known = self._wider(hits, width), self._wider(n, width)
            enough = known >= (least if width < WIDER[-1] else 1)
            rate = np.divide(some, known, out=np.full(known.shape, np.nan), where=known > 0)
            found = np.where(np.isnan(found) & enough, rate, found)
        return found

    def _wider(self, table: Floats, width: int) -> Floats:
        """Return the facts of the wider kind that holds each column."""
        wide = self.kinds // width
        begins = np.flatnonzero(np.diff(wide, prepend=-1))
        place = np.searchsorted(wide[begins], wide)
        return np.asarray(np.add.reduceat(table, begins, axis=1)[:, place])

    def expected(self, peers: Flags) -> Floats:
        """Return the number of hits expected of each authority (columns) from each set of peers (lines).

        Parameters
        ----------
        peers : array of bool, sets by authorities
            The peers of each set.

        Notes
        -----
        E_i = Σ n_ic r_c over kinds c, r_c the rate at the peers, the authority compared left out (indirect
        standardisation). Ratios of two authorities to their expected numbers compare with 1, not with each other:
        each has its own weights. Source: Breslow and Day, Statistical Methods in Cancer Research II (1987), ch. 2.
        """
        return np.asarray(self.rates(peers) @ self.n.T)

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
