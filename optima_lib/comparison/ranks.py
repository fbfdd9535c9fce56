"""Where an authority stands: an exact probability at its level, and a rank that says how sure it is."""

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.dispersion import moments

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
ERROR = 0.05
PASSES = 4  # of Holm's steps: each only adds to what is sure
CLOSE, TINY, TINIEST = 1e-9, 1e-15, 1e-200
TOGETHER = 16  # lines that a processor's own memory holds


def exact_p(y: Floats, v: Floats, focals: Numbers) -> Floats:
    """Return the probability, among authorities that could be exchanged, of standing as far from the median.

    Parameters
    ----------
    y : array
        The value of each authority.
    v : array
        Its sampling variance (0: observed whole).
    focals : array of int
        The places of those asked about.

    Notes
    -----
    p = #{j : |r_j| ≥ |r_f|} / J over all J authorities, itself counted, r = (y - m)/√(v + τ²), m their median, τ² the variance
    of their true values (DerSimonian and Laird): a distance counts for what its precision makes of it, so that those of few
    facts are not the farthest by chance alone. Exact where v is the same everywhere. Its smallest value is 1/J: under
    nineteen peers it cannot reach 5 %.

    Examples
    --------
    >>> exact_p(np.array([1.0, 2.0, 3.0, 4.0, 9.0]), np.ones(5), np.array([4])).tolist()
    [0.2]
    """
    return np.asarray(_shares(y[None, :], v)[0][focals])


def exact_ps(y: Floats, v: Floats, focals: Numbers) -> Floats:
    """Return the same, each authority seen on a line of its own: lines by members."""
    return np.asarray(_shares(y, v)[np.arange(len(focals)), focals])


def _shares(y: Floats, v: Floats) -> Floats:
    """Return the share of the authorities of its line that stand as far as each one."""
    away = np.abs(y - np.median(y, axis=1, keepdims=True)) / np.sqrt(_spread(y, v))
    order = np.sort(away, axis=1)
    size = y.shape[1]
    return np.array(
        [(size - np.searchsorted(o, a - CLOSE * np.abs(a) - TINY)) / size for o, a in zip(order, away, strict=True)]
    )


def _spread(y: Floats, v: Floats) -> Floats:
    """Return the variance of each value, that between authorities added, line by line; 1 where values are observed whole."""
    if not (v > 0).all():
        return np.ones_like(y)
    w = 1 / v
    total = w.sum()
    mean = (y @ w)[:, None] / total
    q = ((y - mean) ** 2) @ w
    tau2 = moments(q, total, (w**2).sum(), y.shape[1])
    return np.asarray(v + tau2[:, None])


def mid_percentile(y: Floats, peers: Flags, focal: Floats) -> Floats:
    """Return the share of peers below the focal authority, those equal counted for a half.

    Examples
    --------
    >>> mid_percentile(np.array([[1.0, 2.0, 3.0]]), np.ones((1, 3), bool), np.array([2.0])).tolist()
    [0.5]
    """
    below = ((y < focal[:, None]) & peers).sum(axis=1)
    equal = ((y == focal[:, None]) & peers).sum(axis=1)
    return np.asarray((below + equal / 2) / peers.sum(axis=1))


def rank_bounds(y: Floats, v: Floats, focals: Numbers) -> tuple[Floats, Floats]:
    """Return the ranks (1 the highest value) that the data leave possible for each focal authority, at 95 %.

    Parameters
    ----------
    y : array, lines by authorities
        The value of each authority: one line for all focal ones, or one for each.
    v : array
        The sampling variance of each authority (0: observed whole).
    focals : array of int
        The places of the focal authorities.

    Notes
    -----
    Marginal confidence set of Mogstad, Romano, Shaikh and Wilhelm (Review of Economic Studies 91 (2024) 476): the rank lies
    between 1 + the peers surely above and k + 1 - the peers surely below. Sure: a difference of more than c standard errors,
    c that of Bonferroni for all the one-sided claims not yet sure, in steps (Holm, Scandinavian Journal of Statistics 6
    (1979) 65): it holds whatever their correlation and is a little wide; ``rank_sets.rank_set`` draws it. Values observed
    whole have no sampling error: the bounds then only tell ties.
    """
    size = y.shape[1]
    above, below = np.zeros(len(focals)), np.zeros(len(focals))
    for start in range(0, len(focals), TOGETHER):
        some = slice(start, start + TOGETHER)
        places = focals[some]
        lines = y[some] if len(y) > 1 else y
        gap = lines - lines[np.arange(len(places)) if len(y) > 1 else 0, places][:, None]
        room = np.maximum(v + v[places][:, None], (CLOSE * np.abs(lines).max(initial=0.0)) ** 2 + TINIEST)
        above[some], below[some] = _surely_apart(gap * np.abs(gap) / room)
    return 1 + above, size - below


def _surely_apart(square: Floats) -> tuple[Floats, Floats]:
    """Return how many of each line are surely above and below, from signed squares of standardised differences."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import

    claims = 2 * (square.shape[1] - 1)
    above, below = np.zeros(len(square)), np.zeros(len(square))
    for _ in range(PASSES):
        sure = above + below
        margin = (ndtri(ERROR / np.maximum(claims - sure, 1)) ** 2)[:, None]
        above, below = _counted(square > margin), _counted(square < -margin)
        if np.array_equal(above + below, sure):
            break
    return above, below


def _counted(flags: Flags) -> Floats:
    """Count the flags of each line, eight at once."""
    return np.asarray(np.bitwise_count(np.packbits(flags, axis=1)).sum(axis=1, dtype=np.float64))
