"""The authorities that stand together: those of one pool of peers, each left out of its own reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.peers import Chosen, Step

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# up to this number of authorities each is left out alone; beyond, with a twentieth of the pool
ALONE, PARTS = 250, 20


@dataclass(frozen=True)
class Pool:
    """The usable authorities of a pool, and those of them that are compared."""

    members: Numbers
    focals: Numbers  # places among the members
    rows: Numbers  # places among the rows asked for

    @property
    def sets(self) -> int:
        """The number of sets of peers: one for each member, or as many as leave a part of a large pool out."""
        return len(self.members) if len(self.members) <= ALONE else PARTS

    def peers(self) -> Flags:
        """Return the peers of each set: all members but one, or but a part of them."""
        return np.asarray(np.arange(len(self.members)) % self.sets != np.arange(self.sets)[:, None])


def pools_of(steps: Sequence[Step], chosen: Chosen, usable: Flags, rows: Numbers, compared: Flags) -> Iterator[Pool]:
    """Yield the pools in which some authorities are compared."""
    mine = np.flatnonzero(compared)
    for place, step in enumerate(steps):
        here = mine[chosen.step[rows[mine]] == place]
        pool_of = step.pool_of[rows[here]]
        order = np.argsort(pool_of, kind="stable")
        cuts = np.flatnonzero(np.diff(pool_of[order])) + 1
        for part in np.split(here[order], cuts) if len(here) else []:
            members = step.pools[step.pool_of[rows[part[0]]]]
            kept = members[usable[members]]
            yield Pool(kept, np.searchsorted(kept, rows[part]), part)
