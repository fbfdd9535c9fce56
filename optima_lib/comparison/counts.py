"""What intervals of shares and rates ask of the counts that they are given."""

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.estimates import Floats
from optima_lib.errors import ComparisonError


def read_counts(counts: npt.ArrayLike) -> Floats:
    """Return whole numbers of events or of units; a missing one is kept.

    Raises
    ------
    ComparisonError
        When a count is negative, infinite or not whole.
    """
    read = np.asarray(counts, dtype=float)
    with np.errstate(invalid="ignore"):
        wrong = int(np.sum((read < 0) | np.isinf(read) | (read % 1 > 0)))
    if wrong:
        raise ComparisonError(
            f"Comptes impossibles ({wrong} sur {read.size}) : un compte est négatif, infini ou n’est pas entier. "
            "Donnez des nombres de contrats ou d’événements, ni des parts ni des pourcentages."
        )
    return read


def read_parts(parts: npt.ArrayLike, wholes: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return counts and the wholes that they are part of, brought to one shape.

    Raises
    ------
    ComparisonError
        When a count is larger than its whole, or as `read_counts` tells.
    """
    part, whole = np.broadcast_arrays(read_counts(parts), read_counts(wholes))
    wrong = int(np.sum(part > whole))
    if wrong:
        raise ComparisonError(
            f"Comptes impossibles ({wrong} sur {part.size}) : un compte dépasse le total dont il fait partie. "
            "Vérifiez que le total est donné en second."
        )
    return part, whole


def read_exposures(exposures: npt.ArrayLike) -> Floats:
    """Return what events are counted over; a missing one is kept.

    Raises
    ------
    ComparisonError
        When an exposure is negative or infinite.
    """
    read = np.asarray(exposures, dtype=float)
    wrong = int(np.sum((read < 0) | np.isinf(read)))
    if wrong:
        raise ComparisonError(
            f"Expositions impossibles ({wrong} sur {read.size}) : une durée, une population ou un nombre attendu "
            "est négatif ou infini. Corrigez-les ou laissez-les manquants."
        )
    return read
