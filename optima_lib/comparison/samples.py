"""What a comparison asks of the values that it is given, and how it refuses the others."""

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import Floats
from optima_lib.errors import ComparisonError

NOISE = 1e-12  # of the largest value: what rounding makes of equal numbers


def read_sample(values: npt.ArrayLike, name: str, least: int = 2) -> Floats:
    """Return the values of a sample as numbers.

    Parameters
    ----------
    values : array_like
        The values, none missing.
    name : str
        What the sample is called in a refusal, in French.
    least : int
        Smallest number of values with which the method has an answer.

    Raises
    ------
    ComparisonError
        When there are too few values, or one of them is missing or infinite.

    Examples
    --------
    >>> read_sample([1, 2], "le groupe").tolist()
    [1.0, 2.0]
    """
    sample = np.asarray(values, dtype=float).ravel()
    wrong = int(np.sum(~np.isfinite(sample)))
    if wrong:
        raise ComparisonError(
            f"Comparaison refusée : valeurs manquantes ou infinies dans {name} ({wrong} sur {len(sample)}). "
            "Retirez-les et dites combien il en manque."
        )
    if len(sample) < least:
        raise ComparisonError(
            f"Comparaison refusée : effectif de {len(sample)} dans {name}, il en faut au moins {least}. "
            "Réunissez plusieurs années, ou décrivez sans comparer."
        )
    return sample


def read_pair(x: npt.ArrayLike, y: npt.ArrayLike, least: int = 2) -> tuple[Floats, Floats]:
    """Return two independent samples as numbers (see `read_sample`)."""
    return read_sample(x, "le premier échantillon", least), read_sample(y, "le second échantillon", least)


def read_logs(values: npt.ArrayLike, name: str) -> Floats:
    """Return the natural logarithms of the values of a sample.

    Raises
    ------
    ComparisonError
        When a value is not above zero, or as `read_sample` tells.
    """
    sample = read_sample(values, name)
    wrong = int(np.sum(sample <= 0))
    if wrong:
        raise ComparisonError(
            f"Comparaison refusée : montants nuls ou négatifs dans {name} ({wrong} sur {len(sample)}), "
            "qui n’ont pas de logarithme. Écartez-les, ou comparez des rangs plutôt que des moyennes géométriques."
        )
    return np.log(sample)


def varies(*samples: Floats) -> bool:
    """Tell whether the values of some samples, put together, differ by more than rounding.

    Examples
    --------
    >>> varies(np.array([0.3, 0.1 + 0.2])), varies(np.array([1.0]), np.array([2.0]))
    (False, True)
    """
    pooled = np.concatenate(samples)
    return bool(np.ptp(pooled) > NOISE * np.max(np.abs(pooled)))


def require_variation(*samples: Floats) -> None:
    """Refuse values that are all the same.

    Raises
    ------
    ComparisonError
        When no sample, taken alone, has two different values.
    """
    if not any(varies(sample) for sample in samples):
        raise ComparisonError(
            "Comparaison refusée : toutes les valeurs d’un même échantillon sont égales, leur dispersion est nulle. "
            "Aucun intervalle n’en découle : donnez les valeurs telles quelles."
        )
