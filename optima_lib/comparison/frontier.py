"""Efficiency frontier (DEA): an annex for a declared set of inputs and outputs, never a headline."""

import numpy as np
import numpy.typing as npt

from optima_lib.errors import ComparisonError

Floats = npt.NDArray[np.float64]


def efficiency(
    inputs: npt.ArrayLike, outputs: npt.ArrayLike, *, variable: bool = False, output: bool = False
) -> Floats:
    """Return the score of each unit beside the frontier of all.

    Parameters
    ----------
    inputs, outputs : array_like, units by inputs, units by outputs
        Positive quantities.
    variable : bool
        Variable returns to scale (BCC) instead of constant ones (CCR).
    output : bool
        How much outputs could grow (1 and more) instead of how much inputs could shrink (1 and less).

    Raises
    ------
    ComparisonError
        When there are too few units for the inputs and outputs, or a quantity is missing or negative.

    Notes
    -----
    min θ under Σλx ≤ θ x₀, Σλy ≥ y₀, λ ≥ 0 (Σλ = 1 with variable returns); outputs: max φ under Σλx ≤ x₀, Σλy ≥ φ y₀. At
    least max(ms, 3(m + s)) units. **Limits.** Scores are biased upwards, one outlier moves the frontier; no regression on
    scores. Source: Cooper, Seiford and Tone, Data Envelopment Analysis (2007).
    """
    x, y = (np.asarray(each, dtype=float).reshape(len(each), -1) for each in (inputs, outputs))  # type: ignore[arg-type]
    _check(x, y)
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
