"""Peers by likeness: the nearest authorities on declared covariates, and the balance of a group of peers."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from optima_lib.errors import ComparisonError

Numbers = npt.NDArray[np.int64]


def nearest(covariates: pd.DataFrame, focal: int, number: int, caliper: float | None = None) -> Numbers:
    """Return the places of the authorities nearest to one, by Mahalanobis distance.

    Parameters
    ----------
    covariates : pandas.DataFrame
        One row per authority, one numeric column per declared covariate; a row with a missing value is no peer, and
        a covariate that is the same everywhere tells nothing.
    focal : int
        The place of the authority compared; it enters neither its peers nor the covariance.
    number : int
        How many peers; two at the same distance keep the order of the table.
    caliper : float, optional
        The largest distance accepted.

    Raises
    ------
    ComparisonError
        When a covariate of the authority is missing, or the covariates do not tell authorities apart.

    Notes
    -----
    d² = (x - x_f)' S⁻¹ (x - x_f), S the covariance of the others. Source: Rubin, Biometrics 36 (1980) 293.
    """
    values = covariates.to_numpy(dtype=float)
    if np.isnan(values[focal]).any():
        missing = ", ".join(covariates.columns[np.isnan(values[focal])])
        raise ComparisonError(f"Pas de voisins : {missing} manque pour la collectivité. Complétez-la, ou retirez-la.")
    known = ~np.isnan(values).any(axis=1)
    known[focal] = False
    others = np.flatnonzero(known)
    values = values[:, np.ptp(values[others], axis=0) > 0] if len(others) else values
    spread = np.atleast_2d(np.cov(values[others], rowvar=False)) if values.shape[1] else np.empty((0, 0))
    if not values.shape[1] or len(others) <= values.shape[1] or np.linalg.matrix_rank(spread) < values.shape[1]:
        names = ", ".join(covariates.columns)
        raise ComparisonError(f"Pas de voisins : {names} ne distinguent pas les collectivités. Retirez-en.")
    away = values[others] - values[focal]
    distance = np.sqrt(np.einsum("ij,jk,ik->i", away, np.linalg.inv(spread), away))
    order = np.argsort(distance, kind="stable")
    kept = order if caliper is None else order[distance[order] <= caliper]
    return others[kept[:number]]


def balance(covariates: pd.DataFrame, focal: int, peers: Sequence[int] | Numbers) -> pd.DataFrame:
    """Return how far one authority stands from its peers on each covariate.

    Parameters
    ----------
    covariates : pandas.DataFrame
        One row per authority.
    focal : int
        The place of the authority compared.
    peers : sequence of int
        Those of its peers.

    Returns
    -------
    pandas.DataFrame
        One row per covariate: ``valeur``, ``moyenne`` and ``ecart_type`` of the peers, ``ecart`` standardised by that
        of the peers (one authority alone has none). Beyond 1, the authority is at the edge of its group.
    """
    told = covariates.iloc[list(peers)]
    mean, spread = told.mean(), told.std(ddof=1)
    own = covariates.iloc[focal]
    return pd.DataFrame(
        {"valeur": own, "moyenne": mean, "ecart_type": spread, "ecart": (own - mean) / spread.where(spread > 0)}
    )


def standardised_difference(one: pd.Series, other: pd.Series) -> float:
    """Return the standardised difference of two groups: (x̄₁ - x̄₀) / √((s₁² + s₀²)/2).

    Source: Austin, Statistics in Medicine 28 (2009) 3083.

    Examples
    --------
    >>> standardised_difference(pd.Series([2.0, 4.0]), pd.Series([1.0, 3.0])).__round__(4)
    0.7071
    """
    spread = np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2)
    return float((one.mean() - other.mean()) / spread) if spread > 0 else float("nan")
