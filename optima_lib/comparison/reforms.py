"""Before and after with few treated units: a synthetic control made of the others, and what chance would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from optima_lib.comparison.extras import load_extra
from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]
HEAVY = 1e4  # of the row that makes the weights sum to one
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
    Weights by non-negative least squares of the treated path on the donors' before the event, with a heavy row for their
    sum. Source: Abadie, Diamond and Hainmueller, JASA 105 (2010) 493, without predictors; with them, published weights
    are reproduced by no optimiser tried.
    """
    from scipy.optimize import nnls  # noqa: PLC0415 - slow to import

    if predictors:
        raise ComparisonError(NO_PREDICTORS)
    before = outcomes.index < event
    _check(outcomes, treated, before)
    donors = outcomes.drop(columns=treated)
    rows = np.vstack([donors[before].to_numpy(float), np.full(donors.shape[1], HEAVY)])
    target = np.append(outcomes.loc[before, treated].to_numpy(float), HEAVY)
    found = nnls(rows, target)[0]
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


def synthetic_did(  # noqa: PLR0913 - the columns of a panel
    panel: pd.DataFrame, outcome: str, unit: str, time: str, treated: str, *, post: Sequence[Any]
) -> float:
    """Return the synthetic difference-in-differences of a treated unit, by diff-diff.

    Parameters
    ----------
    panel : pandas.DataFrame
        One row per unit and time.
    outcome, unit, time, treated : str
        Its columns; ``treated`` is 1 for the treated unit.
    post : sequence
        The times after the event.

    Raises
    ------
    ComparisonError
        When diff-diff is not installed.

    Notes
    -----
    Source: Arkhangelsky et al., American Economic Review 111 (2021) 4088. The standard error of the library is not given:
    use :func:`placebos`.
    """
    library = load_extra("diff_diff", "la différence de différences synthétique")
    fit = library.SyntheticDiD(n_bootstrap=2).fit(
        panel, outcome=outcome, treatment=treated, unit=unit, time=time, post_periods=list(post)
    )
    return float(fit.att)


def staggered(panel: pd.DataFrame, outcome: str, unit: str, time: str, first: str) -> pd.DataFrame:
    """Return the effect of each cohort at each time when a reform comes at different dates, by diff-diff.

    Parameters
    ----------
    panel : pandas.DataFrame
        One row per unit and time.
    outcome, unit, time, first : str
        Its columns; ``first`` is the first treated time, 0 for units never treated.

    Returns
    -------
    pandas.DataFrame
        One row per cohort and time: ``cohorte``, ``temps``, ``effet``, ``erreur``.

    Notes
    -----
    Callaway and Sant'Anna, Journal of Econometrics 225 (2021) 200, without covariates, never-treated controls. An overall
    effect depends on the aggregation: name it. **Limits.** Buyers that did not join a central body may pay less since it
    exists (spillover): prefer controls that are never exposed.
    """
    library = load_extra("diff_diff", "l’étude d’une réforme à dates échelonnées")
    fit = library.CallawaySantAnna(base_period="varying").fit(
        panel, outcome=outcome, unit=unit, time=time, first_treat=first
    )
    rows = [(g, t, told["effect"], told["se"]) for (g, t), told in fit.group_time_effects.items()]
    return pd.DataFrame(rows, columns=["cohorte", "temps", "effet", "erreur"])
