"""The verdict on a gap: what its interval establishes beside the smallest gap that matters."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ETABLI, NEGLIGEABLE, EQUIVALENT, NON_TRANCHE = "établi", "négligeable", "équivalent", "non tranché"
VERDICTS = (ETABLI, NEGLIGEABLE, EQUIVALENT, NON_TRANCHE)


def verdicts(  # noqa: PLR0913 - two intervals and a margin of two sides
    low: Floats, high: Floats, low90: Floats, high90: Floats, below: Floats, above: Floats
) -> npt.NDArray[np.int64]:
    """Return the verdict on each gap, as its place in ``VERDICTS``; -1 where there is no interval.

    Parameters
    ----------
    low, high : array
        The 95 % interval of the gap.
    low90, high90 : array
        Its 90 % interval.
    below, above : array
        The gaps, negative and positive, from which a difference matters.

    Notes
    -----
    *Établi*: the 95 % interval excludes 0, and a gap that matters is possible. *Négligeable*: it excludes 0 and holds
    within the margin. *Équivalent*: it includes 0 and the 90 % interval holds within the margin (two one-sided tests at
    5 %, Schuirmann 1987). *Non tranché*: anything else; never "no difference".

    Examples
    --------
    >>> low, high = np.array([0.08, 0.01, -0.02, -0.2]), np.array([0.2, 0.03, 0.02, 0.2])
    >>> margin = np.full(4, 0.05)
    >>> [VERDICTS[each] for each in verdicts(low, high, low, high, -margin, margin)]
    ['établi', 'négligeable', 'équivalent', 'non tranché']
    """
    excludes = (low > 0) | (high < 0)
    inside = (low > below) & (high < above)
    inside90 = (low90 > below) & (high90 < above)
    told = np.select([excludes & ~inside, excludes, inside90], [0, 1, 2], default=3)
    return np.where(np.isnan(low) | np.isnan(high), -1, told)
