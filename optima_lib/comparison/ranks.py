"""Where an authority stands: an exact probability at its level, and a rank that says how sure it is."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
DRAWS = 20_000
CLOSE = 1e-12


def exact_p(y: Floats, peers: Flags, focal: Floats) -> Floats:
    """Return the probability, among authorities that could be exchanged, of standing as far from the median.

    Parameters
    ----------
    y : array, focal authorities by members, or one line for all
        The value of each member.
    peers : array of bool, of the same shape
        The peers of each focal authority.
    focal : array
        The value of each focal authority.

    Notes
    -----
    p = (1 + #{j : |y_j - m| ≥ |y_f - m|}) / (k + 1), m the median of the k peers and the focal authority. Its smallest
    value is 1/(k + 1): under nineteen peers it cannot reach 5 %.

    Examples
    --------
    >>> y = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> exact_p(y, np.ones((1, 4), bool), np.array([9.0])).tolist()
    [0.2]
    """
    shape = len(focal), y.shape[1]
    held = np.column_stack([np.broadcast_to(np.where(peers, y, np.nan), shape), focal])
    away = np.abs(held - _medians(held)[:, None])
    as_far = (away[:, :-1] >= away[:, -1:] - CLOSE) & peers
    return np.asarray((1 + as_far.sum(axis=1)) / (1 + peers.sum(axis=1)))


def _medians(held: Floats) -> Floats:
    """Return the median of each row, its missing values left out."""
    ordered = np.sort(held, axis=1)  # missing last
    n = (~np.isnan(held)).sum(axis=1)
    rows = np.arange(len(held))
    return np.asarray((ordered[rows, (n - 1) // 2] + ordered[rows, n // 2]) / 2)


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


def rank_bounds(y: Floats, v: Floats, peers: Flags, focal: Floats, focal_v: Floats) -> tuple[Floats, Floats]:
    """Return the ranks (1 the highest value) that the data leave possible for each focal authority, at 95 %.

    Parameters
    ----------
    y, v : array, focal authorities by members
        The value of each member and its sampling variance (0: observed whole).
    peers : array of bool, focal authorities by members
        The peers of each focal authority.
    focal, focal_v : array
        The value of each focal authority and its sampling variance.

    Notes
    -----
    Marginal confidence set of Mogstad, Romano, Shaikh and Wilhelm (Review of Economic Studies 91 (2024) 476), in one
    step: the rank lies between 1 + the peers surely above and k + 1 - the peers surely below. Sure: a difference of
    more than c standard errors, c that of Šidák (1967) for k comparisons, which holds whatever their correlation and is
    a little wide. Values observed whole have no sampling error: the bounds then only tell ties.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import

    k = peers.sum(axis=1)
    c = -ndtri((1 - 0.95 ** (1 / np.maximum(k, 1))) / 2)
    margin = c[:, None] * np.sqrt(v + focal_v[:, None])
    gap = y - focal[:, None]
    above, below = ((gap > margin) & peers).sum(axis=1), ((gap < -margin) & peers).sum(axis=1)
    return (1 + above).astype(float), (1 + k - below).astype(float)


def rank_set(y: Floats, se: Floats, unit: int, *, level: float = 0.95, seed: int = 0) -> tuple[int, int]:
    """Return the confidence set of the rank of one unit, with the critical value drawn rather than bounded.

    Notes
    -----
    Same source as :func:`rank_bounds`; c is the quantile of max_j |Z_f - Z_j| / s_fj over 20 000 draws of a normal law.
    """
    others = np.arange(len(y)) != unit
    s = np.sqrt(se[unit] ** 2 + se[others] ** 2)
    drawn = np.random.default_rng(seed).normal(size=(DRAWS, len(y))) * se
    c = np.quantile(np.max(np.abs(drawn[:, [unit]] - drawn[:, others]) / s, axis=1), level)
    gap = y[others] - y[unit]
    return int(1 + (gap > c * s).sum()), int(len(y) - (gap < -c * s).sum())
