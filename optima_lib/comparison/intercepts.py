"""Each authority's own level in a model of its contracts, shrunken by what its contracts tell."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optima_lib.comparison.columns import require_variation
from optima_lib.comparison.designs import Design, read_design
from optima_lib.comparison.fits import Fit, read_coefficients
from optima_lib.comparison.variances import Restricted, maximise_restricted
from optima_lib.errors import ComparisonError


@dataclass(frozen=True)
class Level:
    """How far an authority stands from what the terms of the model expect of it.

    Parameters
    ----------
    name : str
        The authority.
    n : int
        Number of its rows.
    effect, error : float
        Best linear unbiased prediction, and its conditional standard deviation.
    reliability : float
        Share of its own rows in the prediction: 1 keeps its mean, 0 gives that of all.
    """

    name: str
    n: int
    effect: float
    error: float
    reliability: float


@dataclass(frozen=True)
class Levels:
    """A random-intercept model.

    Parameters
    ----------
    fit : Fit
        The terms that all authorities share.
    between, within : float
        Standard deviations between authorities, and between rows of one authority.
    levels : tuple of Level
        The authorities, in the order of the table.
    """

    fit: Fit
    between: float
    within: float
    levels: tuple[Level, ...]

    @property
    def intraclass(self) -> float:
        """Share of the variance that lies between authorities."""
        return self.between**2 / (self.between**2 + self.within**2)


def fit_levels(table: pd.DataFrame, formula: str, grappe: str) -> Levels:
    """Return a random-intercept model of contracts, and the shrunken level of each authority.

    Parameters
    ----------
    table : pandas.DataFrame
        The contracts.
    formula : str
        Outcome and terms, as in `designs.read_design`; take logarithms of amounts.
    grappe : str
        Column of the authority.

    Raises
    ------
    ComparisonError
        As `designs.read_design`, or when each authority has one row, when nothing tells authorities from each other
        (the variance between them is estimated at 0).

    Notes
    -----
    y_ij = x_ij β + b_i + e_ij, b_i ~ N(0, τ²), by restricted maximum likelihood; b̂_i = B_i (ȳ_i - x̄_i β̂) with
    B_i = τ²/(τ² + σ²/n_i), conditional variance τ²(1 - B_i). Intervals of the terms by Student's law with one degree
    of freedom less than the authorities: there is no Kenward-Roger here. Shrink to rank and to predict, not to detect
    an authority that is out of line: shrinkage hides it. Source: Laird and Ware (1982), Biometrics 38:963.

    Examples
    --------
    >>> table = pd.DataFrame({"y": [1.0, 2, 5, 6, 9, 10, 4, 5, 7, 8], "siren": list("aabbccddee")})
    >>> told = fit_levels(table, "y ~ 1", "siren")
    >>> round(told.levels[0].effect, 1), told.levels[0].n
    (-4.1, 2)
    """
    from statsmodels.formula.api import ols  # noqa: PLC0415 - slow to import

    design = read_design(ols, formula, table, grappe)
    require_variation(design.model.endog)
    if design.clusters == len(design.rows):
        raise ComparisonError(
            "Modèle refusé : chaque collectivité n’a qu’une ligne, son niveau ne se sépare pas du hasard. Donnez ses contrats."
        )
    found = maximise_restricted(np.asarray(design.model.exog), np.asarray(design.model.endog), design.codes)
    if found.ratio == 0:
        raise ComparisonError(
            "Niveaux refusés : la variance entre collectivités est estimée à zéro, rien ne les distingue au-delà du hasard. "
            "Dites-le, sans les classer."
        )
    told = read_coefficients(design.names, found.estimates, found.covariance, design.clusters - 1)
    parameters = {"log_vraisemblance": found.likelihood}
    fit = Fit("niveaux_reml", told, len(design.rows), design.clusters, parameters, remarks=design.remarks)
    between, within = (found.ratio * found.variance) ** 0.5, found.variance**0.5
    return Levels(fit, between, within, _levels(found, design, grappe))


def _levels(found: Restricted, design: Design, grappe: str) -> tuple[Level, ...]:
    """Return the predictions, in the order in which the authorities come."""
    left = np.asarray(design.model.endog) - np.asarray(design.model.exog) @ found.estimates
    sizes = np.bincount(design.codes)
    gaps = np.bincount(design.codes, weights=left) / sizes
    kept = found.ratio * sizes / (1 + found.ratio * sizes)
    errors = np.sqrt(found.ratio * found.variance * (1 - kept))
    names = [str(each) for each in design.rows[grappe].drop_duplicates()]
    return tuple(
        Level(name, int(n), *map(float, row))
        for name, n, *row in zip(names, sizes, kept * gaps, errors, kept, strict=True)
    )
