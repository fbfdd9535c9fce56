"""Linear regression with errors clustered by authority, and a test for few authorities."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from optima_lib.comparison.columns import Floats, require_variation
from optima_lib.comparison.designs import Design, read_design, summed_scores
from optima_lib.comparison.fits import Fit, read_coefficients
from optima_lib.errors import ComparisonError

DRAWS = 9_999
WEBB = 12  # authorities: below, two-point weights give too few different samples (Webb, 2023, Canadian J. Econ. 56:839)
SIX_POINTS = np.sqrt([0.5, 1.0, 1.5])


def fit_linear(table: pd.DataFrame, formula: str, grappe: str) -> Fit:
    """Return a linear regression by least squares.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows: contracts, or authorities.
    formula : str
        Outcome and terms, as in `designs.read_design`.
    grappe : str
        Column of the authority.

    Raises
    ------
    ComparisonError
        As `designs.read_design`, or when a coefficient rests on one authority alone.

    Notes
    -----
    CR3 errors: the sum over authorities of the squared changes that each makes by leaving, (I - H_gg)⁻¹e_g in the
    scores (Bell and McCaffrey, 2002, Survey Methodology 28:169). With one row per authority they are HC3 (MacKinnon
    and White, 1985, Journal of Econometrics 29:305). They are on the safe side with few or unequal clusters.

    Examples
    --------
    >>> table = pd.DataFrame({"y": [1.0, 2, 4, 3, 5], "x": [0, 1, 2, 3, 4], "siren": list("abcde")})
    >>> told = fit_linear(table, "y ~ x", "siren")
    >>> round(told["x"].estimate, 3), told.clusters
    (0.9, 5)
    """
    from statsmodels.formula.api import ols  # noqa: PLC0415 - slow to import

    design = read_design(ols, formula, table, grappe)
    q, r = np.linalg.qr(np.asarray(design.model.exog, dtype=float))
    outcome = np.asarray(design.model.endog, dtype=float)
    require_variation(outcome)
    left = outcome - q @ (q.T @ outcome)
    changes = np.linalg.solve(r, _leave_one_out(q, left, design.codes).T)
    estimates = np.linalg.solve(r, q.T @ outcome)
    coefficients = read_coefficients(design.names, estimates, changes @ changes.T, design.clusters - 1)
    spread = float(np.sqrt(left @ left / (len(left) - q.shape[1])))
    r_squared = float(1 - left @ left / np.sum((outcome - outcome.mean()) ** 2))
    told = {"ecart_type_residuel": spread, "r2": r_squared}
    return Fit("mco_cr3", coefficients, len(left), design.clusters, told, remarks=design.remarks)


def wild_cluster_p(table: pd.DataFrame, formula: str, grappe: str, term: str, seed: int) -> float:
    """Return the p value of a term of a linear regression by the wild cluster bootstrap, for few authorities.

    Parameters
    ----------
    table, formula, grappe : pandas.DataFrame, str, str
        As in `fit_linear`.
    term : str
        The term, as the fit names it.
    seed : int
        Seed of the draws.

    Raises
    ------
    ComparisonError
        As `fit_linear`, or when the term is not in the formula.

    Notes
    -----
    The residuals of the model without the term get one random sign per authority; p is the share of samples, the
    one observed included, whose t is at least as far from 0. Null imposed, symmetric, CR1 errors, weights of
    Rademacher, or of Webb's six points under twelve authorities. Source: Cameron, Gelbach and Miller (2008), Review of
    Economics and Statistics 90:414. It fails when few authorities are treated (MacKinnon and Webb, 2017, Journal of
    Applied Econometrics 32:233): see `reforms`.

    Examples
    --------
    >>> table = pd.DataFrame({"y": [1.0, 2, 4, 3, 5, 6], "x": [0, 1, 2, 3, 4, 5], "siren": list("aabcde")})
    >>> 0 < wild_cluster_p(table, "y ~ x", "siren", "x", seed=1) < 0.1
    True
    """
    from statsmodels.formula.api import ols  # noqa: PLC0415 - slow to import

    design = read_design(ols, formula, table, grappe)
    if term not in design.names:
        raise ComparisonError(f"Le modèle n’a pas de terme « {term} ». Termes connus : {', '.join(design.names)}.")
    pull, push = _influence(design, design.names.index(term))
    observed = _studentised(np.ones((1, design.clusters)), pull, push)[0]
    drawn = _studentised(_signs(np.random.default_rng(seed), design.clusters), pull, push)
    return float((1 + np.sum(np.abs(drawn) >= np.abs(observed) * (1 - 1e-12))) / (DRAWS + 1))


def _leave_one_out(q: Floats, left: Floats, codes: npt.NDArray[np.intp]) -> Floats:
    """Return how much each authority, by leaving, changes the coefficients on an orthonormal basis."""
    scores = summed_scores(q * left[:, None], codes)
    weights = np.zeros((len(scores), q.shape[1], q.shape[1]))
    np.add.at(weights, codes, q[:, :, None] * q[:, None, :])
    remaining = np.eye(q.shape[1]) - weights
    if np.linalg.eigvalsh(remaining).min() < 1e-9:
        raise ComparisonError(
            "Modèle refusé : un coefficient ne tient qu’à une seule collectivité, rien ne dit sa précision. "
            "Retirez ce terme, ou réunissez des modalités."
        )
    return np.asarray(np.linalg.solve(remaining, scores[:, :, None])[:, :, 0])


def _influence(design: Design, place: int) -> tuple[Floats, Floats]:
    """Return what each authority's sign brings to a coefficient, and to the score of each authority."""
    matrix, outcome = np.asarray(design.model.exog, dtype=float), np.asarray(design.model.endog, dtype=float)
    others = np.delete(matrix, place, axis=1)
    left = outcome - others @ np.linalg.lstsq(others, outcome)[0] if others.size else outcome
    inverse = np.linalg.pinv(matrix)
    pull = summed_scores((inverse[place] * left)[:, None], design.codes)[:, 0]
    moved = summed_scores(inverse.T * left[:, None], design.codes)
    seen = summed_scores(matrix * inverse[place][:, None], design.codes)
    return pull, np.diag(pull) - seen @ moved.T


def _studentised(signs: Floats, pull: Floats, push: Floats) -> Floats:
    return np.asarray((signs @ pull) / np.sqrt(np.sum((signs @ push.T) ** 2, axis=1)))


def _signs(draw: np.random.Generator, clusters: int) -> Floats:
    points = np.concatenate([-SIX_POINTS, SIX_POINTS]) if clusters < WEBB else np.array([-1.0, 1.0])
    return draw.choice(points, size=(DRAWS, clusters))
