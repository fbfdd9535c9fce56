"""Efficiency frontier (DEA): an annex for a declared set of inputs and outputs, never a headline."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]


def efficiency(
    inputs: npt.ArrayLike, outputs: npt.ArrayLike, *, variable: bool = False, output: bool = False
) -> Floats:
    """Return the score of each unit beside the frontier of all.

    Parameters
    ----------
    inputs, outputs : array_like, units by inputs, units by outputs
        Quantities from 0; a unit has one input and one output above 0 at least. The index of a table names its units.
    variable : bool
        Variable returns to scale (BCC) instead of constant ones (CCR).
    output : bool
        How much outputs could grow (1 and more) instead of how much inputs could shrink (1 and less).

    Raises
    ------
    ComparisonError
        When there are too few units for the inputs and outputs, a quantity is missing or negative, or a unit has no
        input at all or no output at all.

    Notes
    -----
    min θ under Σλx ≤ θ x₀, Σλy ≥ y₀, λ ≥ 0 (Σλ = 1 with variable returns); outputs: max φ under Σλx ≤ x₀, Σλy ≥ φ y₀. At
    least max(ms, 3(m + s)) units. **Limits.** Scores are biased upwards, one outlier moves the frontier; no regression on
    scores. Source: Cooper, Seiford and Tone, Data Envelopment Analysis (2007).
    """
    x, y = (np.asarray(each, dtype=float).reshape(len(each), -1) for each in (inputs, outputs))  # type: ignore[arg-type]
    _check(x, y)
    index = inputs.index if isinstance(inputs, pd.DataFrame | pd.Series) else range(1, len(x) + 1)
    names = [str(each) for each in index]
    _require_some(x, names, "aucune ressource")
    _require_some(y, names, "aucun résultat")
    return np.array([_score(x, y, unit, variable=variable, output=output) for unit in range(len(x))])


def _check(x: Floats, y: Floats) -> None:
    m, s = x.shape[1], y.shape[1]
    least = max(m * s, 3 * (m + s))
    if len(x) < least:
        raise ComparisonError(f"Il faut au moins {least} unités pour {m} ressources et {s} résultats (ici {len(x)}).")
    if not (np.isfinite(x).all() and np.isfinite(y).all() and (x >= 0).all() and (y >= 0).all()):
        raise ComparisonError(
            "Une quantité manque ou est négative : complétez le tableau avant de chercher la frontière."
        )


def _require_some(quantities: Floats, names: list[str], what: str) -> None:
    """Refuse a unit that has nothing: a score of 0, or of any size, would say nothing of its efficiency."""
    nothing = [name for name, row in zip(names, quantities, strict=True) if not row.any()]
    if nothing:
        raise ComparisonError(
            f"Frontière refusée : l’unité « {nothing[0]} » n’a {what}, son score n’aurait pas de sens. "
            "Retirez-la ou complétez-la."
        )


def _score(x: Floats, y: Floats, unit: int, *, variable: bool, output: bool) -> float:
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import

    n, m, s = len(x), x.shape[1], y.shape[1]
    own_in, own_out = (np.zeros((m, 1)), y[[unit]].T) if output else (-x[[unit]].T, np.zeros((s, 1)))
    held = np.vstack([np.hstack([own_in, x.T]), np.hstack([own_out, -y.T])])
    most = np.concatenate([x[unit], np.zeros(s)]) if output else np.concatenate([np.zeros(m), -y[unit]])
    aim = np.zeros(n + 1)
    aim[0] = -1 if output else 1
    scale = {"A_eq": np.append(0.0, np.ones(n))[None, :], "b_eq": np.ones(1)} if variable else {}
    told = linprog(aim, A_ub=held, b_ub=most, bounds=[(0, None)] * (n + 1), method="highs", **scale)
    return float(told.x[0])
