"""Before and after with few treated units: a synthetic control made of the others, and what chance would do.

Beside it: synthetic differences in differences (`differences`), reforms that come at different dates (`cohorts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from optima_lib.comparison.cohorts import staggered
from optima_lib.comparison.differences import synthetic_did
from optima_lib.errors import ComparisonError

__all__ = ["Placebos", "Synthetic", "placebos", "staggered", "synthetic", "synthetic_did"]

ENOUGH = 19
NO_PREDICTORS = (
    "Le contrôle synthétique avec covariables n'est pas proposé : ses poids dépendent de l'optimiseur et du départ, et ceux "
    "publiés ne se retrouvent pas. Servez-vous de la seule série du résultat."
)


@dataclass(frozen=True)
class Synthetic:
    """A treated unit beside its synthetic control.

    Attributes
    ----------
    weights : pandas.Series
        The weight of each donor; they are positive and sum to one.
    gap : pandas.Series
        Treated less synthetic, at each time.
    effect : float
        The mean gap after.
    fit, ratio : float
        Root mean squared gap before; that after over that before.
    """

    weights: pd.Series
    gap: pd.Series
    effect: float
    fit: float
    ratio: float


@dataclass(frozen=True)
class Placebos:
    """A treated unit among all units, each treated in turn.

    Attributes
    ----------
    treated : Synthetic
        That of the treated unit.
    ratios : pandas.Series
        The ratio of every unit, from the largest.
    rank : int
        The place of the treated unit, 1 the largest.
    p : float
        rank / number of units.
    remarks : tuple of str
        What a reader must know, in French.
    """

    treated: Synthetic
    ratios: pd.Series
    rank: int
    p: float
    remarks: tuple[str, ...]


def synthetic(outcomes: pd.DataFrame, treated: str, event: Any, predictors: Sequence[str] = ()) -> Synthetic:
    """Return the synthetic control of a unit, from the outcome before the event alone.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        One row per time in order, one column per unit.
    treated : str
        The treated unit; all others are donors.
    event : label
        The first time after the event.
    predictors : sequence of str
        Refused: see Notes.

    Raises
    ------
    ComparisonError
        When predictors are asked for, a value is missing, or there are fewer than two times before or two donors.

    Notes
    -----
    Weights w ≥ 0 by least squares of the donors less the treated, times before, on zero, with a row for Σw = 1; divided
    by their sum they are those of the smallest squared gap on the simplex, whatever the row weighs: for w = s u with
    Σu = 1 and squared gap f(u), min over s of s² f + (s - 1)² is f/(1 + f). Gaps are divided by the largest: neither the
    unit nor the origin of the outcome changes the weights. Source: Abadie, Diamond and Hainmueller, JASA 105 (2010) 493,
    without predictors; with them, published weights are reproduced by no optimiser tried.
    """
    from scipy.optimize import nnls  # noqa: PLC0415 - slow to import

    if predictors:
        raise ComparisonError(NO_PREDICTORS)
    before = outcomes.index < event
    _check(outcomes, treated, before)
    donors = outcomes.drop(columns=treated)
    apart = donors[before].sub(outcomes.loc[before, treated], axis=0).to_numpy(float)
    rows = np.vstack([apart / (np.abs(apart).max() or 1.0), np.ones(donors.shape[1])])
    found = nnls(rows, np.append(np.zeros(len(apart)), 1.0))[0]
    weights = pd.Series(found / found.sum(), index=donors.columns)
    gap = outcomes[treated] - donors @ weights
    fit, after = (float(np.sqrt((gap[times] ** 2).mean())) for times in (before, ~before))
    return Synthetic(weights, gap, float(gap[~before].mean()), fit, after / fit if fit > 0 else float("inf"))


def placebos(outcomes: pd.DataFrame, treated: str, event: Any) -> Placebos:
    """Treat every unit in turn, to see how often a ratio as large comes where nothing happened.

    Parameters
    ----------
    outcomes, treated, event
        Those of :func:`synthetic`.

    Notes
    -----
    p = rank / (J + 1) over all J donors, however badly they fit: under nineteen donors it cannot reach 5 %.
    """
    found = {unit: synthetic(outcomes, unit, event) for unit in outcomes.columns}
    ratios = pd.Series({unit: each.ratio for unit, each in found.items()}).sort_values(ascending=False)
    rank = int((ratios >= ratios[treated]).sum())
    donors = outcomes.shape[1] - 1
    remarks = () if donors >= ENOUGH else (
        f"Avec {donors} donneurs, la plus petite probabilité possible est 1/{donors + 1} : sous {ENOUGH}, elle n'atteint pas 5 %.",
    )  # fmt: skip
    return Placebos(found[treated], ratios, rank, rank / (donors + 1), remarks)


def _check(outcomes: pd.DataFrame, treated: str, before: Any) -> None:
    if treated not in outcomes:
        raise ComparisonError(f"« {treated} » n'est pas une colonne du tableau des résultats.")
    if outcomes.isna().any().any():
        raise ComparisonError(
            "Une valeur du tableau des résultats manque : retirez cette collectivité ou cette période."
        )
    if before.sum() < 2 or (~before).sum() < 1 or outcomes.shape[1] < 3:
        raise ComparisonError("Il faut deux périodes avant l'événement, une après, et deux donneurs au moins.")
