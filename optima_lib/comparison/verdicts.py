"""The verdict on a gap: what its interval establishes beside the smallest gap that matters."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ETABLI, NEGLIGEABLE, EQUIVALENT, NON_TRANCHE = "établi", "négligeable", "équivalent", "non tranché"
VERDICTS = (ETABLI, NEGLIGEABLE, EQUIVALENT, NON_TRANCHE)


Pair = tuple[Floats, Floats]


def verdicts(interval: Pair, narrow: Pair, margin: Pair) -> npt.NDArray[np.int64]:
    """Return the verdict on each gap, as its place in ``VERDICTS``; -1 where there is no interval.

    Parameters
    ----------
    interval : pair of arrays
        The bounds of the 95 % interval of the gap.
    narrow : pair of arrays
        Those of its 90 % interval.
    margin : pair of arrays
        The gaps, negative and positive, from which a difference matters.

    Notes
    -----
    *Établi*: the 95 % interval excludes 0, and a gap that matters is possible. *Négligeable*: it excludes 0 and holds
    within the margin. *Équivalent*: it includes 0 and the 90 % interval holds within the margin (two one-sided tests at
    5 %, Schuirmann 1987). *Non tranché*: anything else; never "no difference".

    Examples
    --------
    >>> told = np.array([0.08, 0.01, -0.02, -0.2]), np.array([0.2, 0.03, 0.02, 0.2])
    >>> matters = np.full(4, 0.05)
    >>> [VERDICTS[each] for each in verdicts(told, told, (-matters, matters))]
    ['établi', 'négligeable', 'équivalent', 'non tranché']
    """
    (low, high), (low90, high90), (below, above) = interval, narrow, margin
    excludes = (low > 0) | (high < 0)
    inside = (low > below) & (high < above)
    inside90 = (low90 > below) & (high90 < above)
    told = np.select([excludes & ~inside, excludes, inside90], [0, 1, 2], default=3)
    return np.where(np.isnan(low) | np.isnan(high), -1, told)
