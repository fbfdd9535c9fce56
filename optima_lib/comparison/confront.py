"""Every authority against its peers, for one indicator and one period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optima_lib.comparison import gates
from optima_lib.comparison.against import Against, against, refer
from optima_lib.comparison.mix import Mix, alike
from optima_lib.comparison.peers import Chosen, Step, choose
from optima_lib.comparison.ranks import exact_p, exact_ps, rank_bounds
from optima_lib.comparison.rates import gamma_rate
from optima_lib.comparison.scales import PROPORTION, SCALES, mean_arcsine
from optima_lib.comparison.shrinkage import shrink
from optima_lib.comparison.verdicts import verdicts
from optima_lib.references import bound

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# up to this number of authorities each is left out alone; beyond, with a twentieth of the pool
ALONE, PARTS = 250, 20
NUMBERS = (
    *(
        "attendu",
        "attendu_brut",
        "ecart",
        "ecart_bas",
        "ecart_haut",
        "ecart_brut",
        "tau",
        "z",
        "z_hasard",
        "p",
        "p_simple",
        "p_rang",
    ),
    *("rang_bas", "rang_haut", "retreci", "fiabilite", "marge_basse", "marge_haute"),
    *("rapport", "rapport_bas", "rapport_haut"),
)
RATIO = "rapport"
CLOSE = 1e-9  # what rounding leaves between equal values


@dataclass(frozen=True)
class Margin:
    """The smallest gap that matters: as a difference (``ecart``) or as a factor (``rapport``)."""

    seuil: float
    forme: str

    def around(self, expected: Floats) -> tuple[Floats, Floats]:
        """Return the gaps, below and above what is expected, from which a difference matters.

        Examples
        --------
        >>> [each.round(2).tolist() for each in Margin(1.25, "rapport").around(np.array([10.0]))]
        [[-2.0], [2.5]]
        """
        if self.forme == RATIO:
            return expected / self.seuil - expected, expected * self.seuil - expected
        return np.full(len(expected), -self.seuil), np.full(len(expected), self.seuil)


@dataclass(frozen=True)
class Measured:
    """An indicator at each authority over one period.

    Attributes
    ----------
    scale : str
        A key of ``SCALES``.
    value : array
        Its value in its unit; missing where there is none.
    variance : array
        Its sampling variance on the scale; 0 everywhere where values are observed whole.
    n : array
        Facts that it rests on.
    shown : array of bool
        Whether it may be printed (rule M5 of docs/conventions.md): only then is an authority compared.
    margin : Margin
        The smallest gap that matters.
    coverage : array, optional
        The share of the facts concerned whose answer is known; whole by default.
    factor : array, optional
        What each value is a multiple of: the population where it is compared per head, the facts concerned where a
        number is compared as a share of them.
    mix : Mix, optional
        The contracts behind it, where the comparison holds their kinds equal.
    """

    scale: str
    value: Floats
    variance: Floats
    n: Floats
    shown: Flags
    margin: Margin
    coverage: Floats | None = None
    factor: Floats | None = None
    mix: Mix | None = None

    def on_scale(self) -> Floats:
        """Return the values on the scale of comparison."""
        return SCALES[self.scale].to(self.share())

    def share(self) -> Floats:
        """Return the values as a multiple of the factor, where there is one."""
        return self.value if self.factor is None else self.value / np.where(self.factor > 0, self.factor, np.nan)

    def in_unit(self, told: Floats, places: Numbers) -> Floats:
        """Bring values on the scale back to the unit of the indicator, for the authorities of some places."""
        back = SCALES[self.scale].back(told)
        return back if self.factor is None else back * self.factor[places]

    def covered(self) -> Flags:
        """Tell the authorities of which enough answers are known (rule M5 of docs/conventions.md)."""
        if self.coverage is None:
            return np.ones(len(self.n), dtype=bool)
        return np.asarray(self.coverage >= bound("couverture_comparaison") - CLOSE)

    def usable(self) -> Flags:
        """Tell the authorities that may be peers."""
        enough = self.n >= bound("comparaison_effectif_minimum")
        return enough & self.covered() & np.isfinite(self.on_scale()) & np.isfinite(self.variance)


@dataclass(frozen=True)
class Compared:
    """What is said of some authorities; one number each, missing where the comparison is refused.

    Attributes
    ----------
    numbers : mapping
        The columns of ``NUMBERS``, in the unit of the indicator.
    pairs : array of int
        The peers of each.
    etape : array of int
        The step of the rule at which they were found, from 1; 0 where there is none.
    groupe : array of int
        The pool of that step.
    verdict : array of int
        Its place in ``VERDICTS``; -1 where the comparison is refused.
    motif : array of int
        Its place in ``gates.MOTIFS``; 0 where the comparison is made.
    """

    numbers: dict[str, Floats]
    pairs: Numbers
    etape: Numbers
    groupe: Numbers
    verdict: Numbers
    motif: Numbers

    def refuse(self, rows: Flags, motif: str) -> None:
        """Give a reason to the comparisons that have none yet."""
        self.motif[rows & (self.motif == 0)] = gates.MOTIFS.index(motif)


def refused(size: int, motif: str) -> Compared:
    """Return comparisons that are all refused, for one reason."""
    none = np.full(size, -1, dtype=np.int64)
    numbers = {name: np.full(size, np.nan) for name in NUMBERS}
    return Compared(numbers, none + 1, none + 1, none, none, np.full(size, gates.MOTIFS.index(motif)))


def joined(several: Sequence[Compared]) -> Compared:
    """Put comparisons one after the other."""
    numbers = {name: np.concatenate([each.numbers[name] for each in several]) for name in NUMBERS}
    whole = ("pairs", "etape", "groupe", "verdict", "motif")
    return Compared(numbers, *(np.concatenate([getattr(each, name) for each in several]) for name in whole))


@dataclass(frozen=True)
class _Pool:
    """The usable authorities of a pool, and those of them that are compared."""

    members: Numbers
    focals: Numbers  # places among the members
    rows: Numbers  # places among the rows asked for

    @property
    def sets(self) -> int:
        """The number of sets of peers: one for each member, or as many as leave a part of a large pool out."""
        return len(self.members) if len(self.members) <= ALONE else PARTS


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
    made = _empty(len(rows), chosen, steps, rows)
    if barred is not None:
        made.motif[:] = barred[rows]
    made.refuse(~measured.covered()[rows], gates.COUVERTURE)
    made.refuse(~(usable & measured.shown)[rows], gates.SANS_VALEUR)
    made.refuse(chosen.peers[rows] < bound("pairs_minimum"), gates.PAIRS)
    pools = list(_pools(steps, chosen, usable, rows, made.motif == 0))
    for pool in pools:
        _fill(made, pool, measured)
    _shrink(made, pools, measured)
    return made


def _empty(size: int, chosen: Chosen, steps: Sequence[Step], rows: Numbers) -> Compared:
    numbers = {name: np.full(size, np.nan) for name in NUMBERS}
    step = chosen.step[rows]
    group = np.full(size, -1, dtype=np.int64)
    for place, each in enumerate(steps):
        group = np.where(step == place, each.pool_of[rows], group)
    number = np.array([each.number for each in steps] + [0])[step]
    return Compared(numbers, chosen.peers[rows], number, group, np.full(size, -1), np.zeros(size, dtype=np.int64))


def _pools(steps: Sequence[Step], chosen: Chosen, usable: Flags, rows: Numbers, compared: Flags) -> Iterator[_Pool]:
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
            yield _Pool(kept, np.searchsorted(kept, rows[part]), part)


def _fill(made: Compared, pool: _Pool, measured: Measured) -> None:
    """Compare the authorities of one pool."""
    members, focals = pool.members, pool.focals
    peers = np.arange(len(members)) % pool.sets != np.arange(pool.sets)[:, None]
    own_set = focals % pool.sets
    crude, v = measured.on_scale()[members][None, :], measured.variance[members][None, :]
    y, start = residuals(measured, members, peers)
    told = against(refer(y, v, peers).of(own_set), y[own_set if len(y) > 1 else 0, focals], v[0, focals])
    expected = start[own_set, focals] if len(start) > 1 else np.zeros(len(focals))
    _say(made, pool, measured, told, expected)
    _say_ranks(made, pool, crude if measured.mix is None else y, v)
    if measured.mix is not None:
        bare, begin = residuals(replace(measured, mix=None), members, peers)
        own = against(refer(bare, v, peers).of(own_set), bare[own_set, focals], v[0, focals])
        _say_crude(made, pool, measured, own, begin[own_set, focals])
        _say_ratio(made, pool, measured, expected)
    _refuse(made, pool, measured, told)


def residuals(measured: Measured, members: Numbers, peers: Flags) -> tuple[Floats, Floats]:
    """Return how far each member stands, on the scale, from what each set of peers makes expect of it, and what that is.

    Parameters
    ----------
    measured : Measured
        The indicator.
    members : array of int
        The authorities of a pool.
    peers : array of bool, sets by members
        The peers of each set.

    Returns
    -------
    tuple of arrays
        Sets by members; one line of values and of zeros where a scale needs no expectation.

    Notes
    -----
    Shares: the rate of the peers, kind by kind where kinds are held equal, the member itself left out of it. The arcsine of
    a share drawn from n facts is on the mean under that of the share expected: its mean is subtracted, not the latter.
    """
    value = measured.on_scale()[members][None, :]
    if measured.scale != PROPORTION or not (measured.variance > 0).any():
        return value, np.zeros_like(value)
    n = measured.n[members]
    table = alike(n * measured.share()[members], n) if measured.mix is None else measured.mix.of(members)
    share = np.clip(table.expected(peers) / table.total, 0.0, 1.0)
    return value - mean_arcsine(share, np.broadcast_to(table.total, share.shape)), SCALES[PROPORTION].to(share)


def _say_ratio(made: Compared, pool: _Pool, measured: Measured, start: Floats) -> None:
    """Say the observed number over that which the kinds of contracts make expect, with its exact interval."""
    places = pool.members[pool.focals]
    expected = SCALES[measured.scale].back(start) * measured.n[places]
    told = gamma_rate(np.round(measured.value[places] * measured.n[places], 6), expected)
    made.numbers["rapport"][pool.rows] = told.estimate
    made.numbers["rapport_bas"][pool.rows], made.numbers["rapport_haut"][pool.rows] = told.low, told.high


def _say_ranks(made: Compared, pool: _Pool, y: Floats, v: Floats) -> None:
    """Say where each authority stands among all the others of its pool."""
    if len(y) == len(pool.members):  # each on a line of its own
        lines = y[pool.focals]
        _say_rank(made, pool.rows, exact_ps(lines, v[0], pool.focals), rank_bounds(lines, v[0], pool.focals))
        return
    sets = pool.focals % len(y)
    for line, told in enumerate(y):
        some = sets == line
        bounds = rank_bounds(told[None, :], v[0], pool.focals[some])
        _say_rank(made, pool.rows[some], exact_p(told, v[0], pool.focals[some]), bounds)


def _say_rank(made: Compared, rows: Numbers, p: Floats, bounds: tuple[Floats, Floats]) -> None:
    made.numbers["p_rang"][rows] = p
    made.numbers["rang_bas"][rows], made.numbers["rang_haut"][rows] = bounds


def _say(made: Compared, pool: _Pool, measured: Measured, told: Against, start: Floats) -> None:
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


def _say_crude(made: Compared, pool: _Pool, measured: Measured, told: Against, start: Floats) -> None:
    """Say what is expected when kinds of contracts are not held equal."""
    places = pool.members[pool.focals]
    expected = measured.in_unit(start + told.mean, places)
    made.numbers["attendu_brut"][pool.rows] = expected
    made.numbers["ecart_brut"][pool.rows] = measured.value[places] - expected


def _refuse(made: Compared, pool: _Pool, measured: Measured, told: Against) -> None:
    """Take back the comparisons that cannot be trusted."""
    rows, n = pool.rows, measured.n[pool.members]
    own = n[pool.focals]
    alike = np.ptp(measured.on_scale()[pool.members]) <= CLOSE
    reasons = {gates.GEANTE: own > n.sum() - own, gates.VARIATION: np.isnan(told.z) | alike}
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


def _shrink(made: Compared, pools: Sequence[_Pool], measured: Measured) -> None:
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
