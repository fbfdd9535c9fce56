"""What a comparison says, brought back from its scale and written at its place."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.against import Against
from optima_lib.comparison.compared import Compared
from optima_lib.comparison.measured import Measured
from optima_lib.comparison.pools import Pool
from optima_lib.comparison.ranks import exact_p, exact_ps, rank_bounds
from optima_lib.comparison.rates import gamma_rate
from optima_lib.comparison.scales import SCALES
from optima_lib.comparison.shrinkage import shrink
from optima_lib.comparison.verdicts import verdicts

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def record_gap(made: Compared, pool: Pool, measured: Measured, told: Against, start: Floats) -> None:
    """Bring a comparison back to the unit of the indicator."""
    rows, places = pool.rows, pool.members[pool.focals]
    centre = start + told.mean
    expected = measured.in_unit(centre, places)
    made.numbers["attendu"][rows], made.numbers["ecart"][rows] = expected, measured.value[places] - expected
    bounds = {
        level: (measured.in_unit(centre + low, places) - expected, measured.in_unit(centre + high, places) - expected)
        for level, (low, high) in told.bounds.items()
    }
    made.numbers["ecart_bas"][rows], made.numbers["ecart_haut"][rows] = bounds[0.95]
    numbers = {
        "tau": np.sqrt(told.tau2), "z": told.z, "z_hasard": told.z_chance, "p": told.p, "p_simple": told.p_simple,
    }  # fmt: skip
    for name, each in numbers.items():
        made.numbers[name][rows] = each
    margin = measured.margin.around(expected)
    made.numbers["marge_basse"][rows], made.numbers["marge_haute"][rows] = margin
    made.verdict[rows] = verdicts(bounds[0.95], bounds[0.90], margin)


def record_crude(made: Compared, pool: Pool, measured: Measured, told: Against, start: Floats) -> None:
    """Say what is expected when kinds of contracts are not held equal."""
    places = pool.members[pool.focals]
    expected = measured.in_unit(start + told.mean, places)
    made.numbers["attendu_brut"][pool.rows] = expected
    made.numbers["ecart_brut"][pool.rows] = measured.value[places] - expected


def record_ratio(made: Compared, pool: Pool, measured: Measured, start: Floats) -> None:
    """Say the observed number over that which the kinds of contracts make expect, with its exact interval."""
    places = pool.members[pool.focals]
    expected = SCALES[measured.scale].back(start) * measured.n[places]
    told = gamma_rate(np.round(measured.value[places] * measured.n[places], 6), expected)
    made.numbers["rapport"][pool.rows] = told.estimate
    made.numbers["rapport_bas"][pool.rows], made.numbers["rapport_haut"][pool.rows] = told.low, told.high


def record_ranks(made: Compared, pool: Pool, y: Floats, v: Floats) -> None:
    """Say where each authority stands among all the others of its pool."""
    if len(y) == len(pool.members):  # each on a line of its own
        lines = y[pool.focals]
        _record_rank(made, pool.rows, exact_ps(lines, v[0], pool.focals), rank_bounds(lines, v[0], pool.focals))
        return
    sets = pool.focals % len(y)
    for line, told in enumerate(y):
        some = sets == line
        bounds = rank_bounds(told[None, :], v[0], pool.focals[some])
        _record_rank(made, pool.rows[some], exact_p(told, v[0], pool.focals[some]), bounds)


def _record_rank(made: Compared, rows: Numbers, p: Floats, bounds: tuple[Floats, Floats]) -> None:
    made.numbers["p_rang"][rows] = p
    made.numbers["rang_bas"][rows], made.numbers["rang_haut"][rows] = bounds


def record_shrunken(made: Compared, pools: Sequence[Pool], measured: Measured) -> None:
    """Add the estimates drawn towards the mean of their pool, and their reliability."""
    if not pools or not (measured.variance > 0).any():
        return
    members = np.concatenate([pool.members for pool in pools])
    group = np.repeat(np.arange(len(pools)), [len(pool.members) for pool in pools])
    variance = measured.variance[members]
    if not (variance > 0).all():
        return
    told = shrink(measured.on_scale()[members], variance, group)
    start = np.concatenate([[0], np.cumsum([len(pool.members) for pool in pools])[:-1]])
    for place, pool in enumerate(pools):
        kept = pool.rows[made.motif[pool.rows] == 0]
        places = start[place] + pool.focals[made.motif[pool.rows] == 0]
        made.numbers["retreci"][kept] = measured.in_unit(told.value[places], members[places])
        made.numbers["fiabilite"][kept] = told.reliability[places]
