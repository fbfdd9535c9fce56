"""What a comparison owes to one peer: made again without each of them in turn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.against import against, refer
from optima_lib.comparison.measured import Measured, residuals
from optima_lib.comparison.verdicts import VERDICTS, verdicts
from optima_lib.references import bound

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WithoutOne:
    """A comparison made again without each peer.

    Attributes
    ----------
    expected : array
        What the other peers make expect, in the unit of the indicator, one number per peer left out.
    gap : array
        The gap to it.
    verdict : list of str
        The verdict; empty where there is none.
    """

    expected: Floats
    gap: Floats
    verdict: list[str]

    def changes(self, verdict: str) -> int:
        """Return the number of peers without which the verdict is another one."""
        return sum(each != verdict for each in self.verdict)


def without_each(measured: Measured, focal: int, peers: Numbers) -> WithoutOne:
    """Compare an authority with its peers, one of them left out in turn; no verdict where the others are too few.

    Parameters
    ----------
    measured : Measured
        The indicator at all authorities.
    focal : int
        The authority compared.
    peers : array of int
        Its usable peers.
    """
    members = np.concatenate([[focal], peers])
    kept = np.ones((len(peers), len(members)), dtype=bool)
    kept[:, 0] = False
    kept[np.arange(len(peers)), 1 + np.arange(len(peers))] = False
    v = measured.variance[members][None, :]
    y, start = residuals(measured, members, kept)
    told = against(refer(y, v, kept), np.broadcast_to(y[:, 0], len(peers)), np.broadcast_to(v[:, 0], len(peers)))
    places = np.full(len(peers), focal)
    expected = measured.in_unit(start[:, 0] + told.mean, places)
    bounds = {
        level: tuple(measured.in_unit(start[:, 0] + told.mean + end, places) - expected for end in ends)
        for level, ends in told.bounds.items()
    }
    (low, high), (low90, high90) = bounds[0.95], bounds[0.90]
    found = verdicts((low, high), (low90, high90), measured.margin.around(expected))
    if len(peers) - 1 < bound("pairs_minimum"):
        found = np.full(len(peers), -1)
    return WithoutOne(
        expected, measured.value[focal] - expected, [VERDICTS[each] if each >= 0 else "" for each in found]
    )
