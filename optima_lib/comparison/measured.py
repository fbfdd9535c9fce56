"""An indicator at all authorities, ready to be compared: values on a scale, their variance, the smallest gap that matters."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.mix import Mix, alike
from optima_lib.comparison.scales import PROPORTION, SCALES, mean_arcsine
from optima_lib.references import bound

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
RATIO = "rapport"
CLOSE = 1e-9  # what rounding leaves between equal values


@dataclass(frozen=True)
class Margin:
    """The smallest gap that matters: as a difference (``ecart``) or as a factor (``rapport``)."""

    seuil: float
    forme: str

    def around(self, expected: Floats) -> tuple[Floats, Floats]:
        """Return the gaps, below and above what is expected, from which a difference matters.

        Examples
        --------
        >>> [each.round(2).tolist() for each in Margin(1.25, "rapport").around(np.array([10.0]))]
        [[-2.0], [2.5]]
        """
        if self.forme == RATIO:
            return expected / self.seuil - expected, expected * self.seuil - expected
        return np.full(len(expected), -self.seuil), np.full(len(expected), self.seuil)


@dataclass(frozen=True)
class Measured:
    """An indicator at each authority over one period.

    Attributes
    ----------
    scale : str
        A key of ``SCALES``.
    value : array
        Its value in its unit; missing where there is none.
    variance : array
        Its sampling variance on the scale; 0 everywhere where values are observed whole.
    n : array
        Facts that it rests on.
    shown : array of bool
        Whether it may be printed (rule M5 of docs/conventions.md): only then is an authority compared.
    margin : Margin
        The smallest gap that matters.
    coverage : array, optional
        The share of the facts concerned whose answer is known; whole by default.
    factor : array, optional
        What each value is a multiple of: the population where it is compared per head, the facts concerned where a
        number is compared as a share of them.
    mix : Mix, optional
        The contracts behind it, where the comparison holds their kinds equal.
    span : array, optional
        How long the facts of each last, where totals are compared.
    """

    scale: str
    value: Floats
    variance: Floats
    n: Floats
    shown: Flags
    margin: Margin
    coverage: Floats | None = None
    factor: Floats | None = None
    mix: Mix | None = None
    span: Floats | None = None

    def on_scale(self) -> Floats:
        """Return the values on the scale of comparison."""
        return SCALES[self.scale].to(self.share())

    def share(self) -> Floats:
        """Return the values as a multiple of the factor, where there is one."""
        return self.value if self.factor is None else self.value / np.where(self.factor > 0, self.factor, np.nan)

    def in_unit(self, told: Floats, places: Numbers) -> Floats:
        """Bring values on the scale back to the unit of the indicator, for the authorities of some places."""
        back = SCALES[self.scale].back(told)
        return back if self.factor is None else back * self.factor[places]

    def covered(self) -> Flags:
        """Tell the authorities of which enough answers are known (rule M5 of docs/conventions.md)."""
        if self.coverage is None:
            return np.ones(len(self.n), dtype=bool)
        return np.asarray(self.coverage >= bound("couverture_comparaison") - CLOSE)

    def enough(self) -> Flags:
        """Tell the authorities whose values rest on enough facts."""
        return np.asarray(self.n >= bound("comparaison_effectif_minimum"))

    def lasts_alike(self, place: Numbers, members: Numbers) -> Flags:
        """Tell the authorities whose facts last about as long as those of their peers, or are not dated.

        Parameters
        ----------
        place : array of int
            The authorities.
        members : array of int
            Their pool: itself left out, the peers of each.
        """
        if self.span is None:
            return np.ones(len(place), dtype=bool)
        own, most = self.span[place], bound("comparaison_duree_rapport")
        usual = _median_of_others(self.span[members], own)
        return np.asarray(np.isnan(own) | np.isnan(usual) | ((own <= most * usual) & (own * most >= usual)))

    def usable(self) -> Flags:
        """Tell the authorities that may be peers."""
        return self.enough() & self.covered() & np.isfinite(self.on_scale()) & np.isfinite(self.variance)


def _median_of_others(values: Floats, own: Floats) -> Floats:
    """Return the median of some values without each of those that are its own; missing where none is left.

    Examples
    --------
    >>> _median_of_others(np.array([3.0, 36.0, 24.0, np.nan, 12.0]), np.array([3.0, 36.0])).tolist()
    [24.0, 12.0]
    """
    known = np.sort(values[~np.isnan(values)])
    if len(known) < 2:
        return np.full(len(own), np.nan)
    rank, left = np.searchsorted(known, own), len(known) - 1
    low, high = (left - 1) // 2, left // 2
    return np.asarray((known[low + (rank <= low)] + known[high + (rank <= high)]) / 2)


def residuals(measured: Measured, members: Numbers, peers: Flags) -> tuple[Floats, Floats]:
    """Return how far each member stands, on the scale, from what each set of peers makes expect of it, and what that is.

    Parameters
    ----------
    measured : Measured
        The indicator.
    members : array of int
        The authorities of a pool.
    peers : array of bool, sets by members
        The peers of each set.

    Returns
    -------
    tuple of arrays
        Sets by members; one line of values and of zeros where a scale needs no expectation.

    Notes
    -----
    Shares: the rate of the peers, kind by kind where kinds are held equal, the member itself left out of it. The arcsine of
    a share drawn from n facts is on the mean under that of the share expected: its mean is subtracted, not the latter.
    """
    value = measured.on_scale()[members][None, :]
    if measured.scale != PROPORTION or not (measured.variance > 0).any():
        return value, np.zeros_like(value)
    n = measured.n[members]
    table = alike(n * measured.share()[members], n) if measured.mix is None else measured.mix.of(members)
    share = np.clip(table.expected(peers) / table.total, 0.0, 1.0)
    return value - mean_arcsine(share, np.broadcast_to(table.total, share.shape)), SCALES[PROPORTION].to(share)
