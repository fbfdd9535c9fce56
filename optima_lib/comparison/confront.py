"""Every authority against its peers, for one indicator and one period."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optima_lib.comparison import gates
from optima_lib.comparison.against import Against, against, refer
from optima_lib.comparison.compared import Compared, begun
from optima_lib.comparison.measured import CLOSE, Measured, residuals
from optima_lib.comparison.peers import Step, choose
from optima_lib.comparison.pools import Pool, pools_of
from optima_lib.comparison.record import record_crude, record_gap, record_ranks, record_ratio, record_shrunken
from optima_lib.comparison.scales import PROPORTION
from optima_lib.references import bound

Numbers = npt.NDArray[np.int64]


def confront(measured: Measured, steps: Sequence[Step], rows: Numbers, barred: Numbers | None = None) -> Compared:
    """Compare some authorities with their peers.

    Parameters
    ----------
    measured : Measured
        The indicator at all authorities.
    steps : sequence of Step
        The rule of peers.
    rows : array of int
        The authorities compared.
    barred : array of int, optional
        Why an authority cannot be compared whatever the indicator (``peers.barred``); 0 where it can.

    Returns
    -------
    Compared
        Refused, with a reason, where there is no value, no peer, no variation, or one authority outweighs its peers.
    """
    usable = measured.usable()
    chosen = choose(steps, usable)
    made = begun(chosen, steps, rows)
    if barred is not None:
        made.motif[:] = barred[rows]
    made.refuse(~measured.covered()[rows], gates.COUVERTURE)
    made.refuse(~(measured.enough() & measured.shown)[rows], gates.EFFECTIF)
    made.refuse(~usable[rows], gates.SANS_VALEUR)
    made.refuse(chosen.peers[rows] < bound("pairs_minimum"), gates.PAIRS)
    pools = list(pools_of(steps, chosen, usable, rows, made.motif == 0))
    for pool in pools:
        _fill(made, pool, measured)
    record_shrunken(made, pools, measured)
    return made


def _fill(made: Compared, pool: Pool, measured: Measured) -> None:
    """Compare the authorities of one pool."""
    members, focals = pool.members, pool.focals
    peers = pool.peers()
    own_set = focals % pool.sets
    crude, v = measured.on_scale()[members][None, :], measured.variance[members][None, :]
    y, start = residuals(measured, members, peers)
    told = against(refer(y, v, peers).of(own_set), y[own_set if len(y) > 1 else 0, focals], v[0, focals])
    expected = start[own_set, focals] if len(start) > 1 else np.zeros(len(focals))
    record_gap(made, pool, measured, told, expected)
    record_ranks(made, pool, crude if measured.mix is None else y, v)
    if measured.mix is not None:
        bare, begin = residuals(replace(measured, mix=None), members, peers)
        own = against(refer(bare, v, peers).of(own_set), bare[own_set, focals], v[0, focals])
        record_crude(made, pool, measured, own, begin[own_set, focals])
        record_ratio(made, pool, measured, expected)
    _refuse(made, pool, measured, told)


def _refuse(made: Compared, pool: Pool, measured: Measured, told: Against) -> None:
    """Take back the comparisons that cannot be trusted."""
    rows, n = pool.rows, measured.n[pool.members]
    own = n[pool.focals]
    alike = np.ptp(measured.on_scale()[pool.members]) <= CLOSE
    reasons = {
        gates.DUREE: ~measured.lasts_alike(pool.members[pool.focals], pool.members),
        gates.GEANTE: own > n.sum() - own,
        gates.VARIATION: np.isnan(told.z) | alike,
    }
    if measured.scale == PROPORTION and (measured.variance > 0).any():
        factor = 1.0 if measured.factor is None else measured.factor[pool.members[pool.focals]]
        share, least = made.numbers["attendu"][rows] / factor, bound("comparaison_attendu_minimum")
        reasons[gates.ATTENDU] = own * np.minimum(share, 1 - share) < least
    for motif, refused in reasons.items():
        made.motif[rows[refused & (made.motif[rows] == 0)]] = gates.MOTIFS.index(motif)
    silent = rows[made.motif[rows] > 0]
    made.verdict[silent] = -1
    for column in made.numbers.values():
        column[silent] = np.nan
