"""On what scale an indicator is modelled, and how what a model says is written in French."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optima_lib.comparison.fits import Coefficient
from optima_lib.indicators import Indicator
from optima_lib.reporting import french

Floats = npt.NDArray[np.float64]
Ecrire = Callable[[float], str]
SHIFTS = {"eur": 0.0, "offres": 0.0, "jours": 0.5, "nombre": 0.5}  # whole days: one of 0 lies between 0 and 1
LARGE = 10.0
FARTHEST = float(np.log(1000.0))  # a ratio beyond it is said to be beyond it
BEYOND = {True: french.whole(1000), False: french.decimal(0.001, 3)}
OVERFLOW = 700.0  # logarithm of the largest number of the machine, nearly


@dataclass(frozen=True)
class Echelle:
    """A scale: logarithms, where effects are ratios, or the values themselves, where they are differences.

    Attributes
    ----------
    unite : str
        Unit of the indicator.
    logarithme : bool
        Whether logarithms are taken.
    decalage : float
        What is added before: half a unit for what is told in whole ones and may be none.
    """

    unite: str
    logarithme: bool
    decalage: float = 0.0

    @classmethod
    def of(cls, indicator: Indicator, values: npt.ArrayLike) -> "Echelle":
        """Choose the scale by the unit: amounts, delays and counts vary by factors, others by differences.

        Examples
        --------
        >>> import optima_lib.indicators as i
        >>> Echelle.of(i.find("P05"), [0, 20]), Echelle.of(i.find("C01"), [0.2]).logarithme
        (Echelle(unite='jours', logarithme=True, decalage=0.5), False)
        """
        unit, told = indicator.unite, np.asarray(values, dtype=float)
        shift = SHIFTS.get(unit)
        if shift is None or (told < 0).any():  # a difference, whatever its unit
            return cls(unit, logarithme=False)
        return cls(unit, logarithme=True, decalage=shift)

    def admet(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Tell the values that have a place on the scale."""
        return np.isfinite(values) & ((values + self.decalage > 0) | (not self.logarithme))

    def vers(self, values: Floats) -> Floats:
        """Put values on the scale."""
        return np.log(values + self.decalage) if self.logarithme else values

    def retour(self, values: Floats) -> Floats:
        """Bring back values from the scale."""
        return np.exp(np.minimum(values, OVERFLOW)) - self.decalage if self.logarithme else values

    def effet(self, value: float) -> str:
        """Write an effect."""
        return ratio(value) if self.logarithme else difference(value, self.unite)

    @property
    def nom(self) -> str:
        """What an effect is, as the head of a column."""
        return "Rapport" if self.logarithme else "Différence"

    @property
    def moyennes(self) -> str:
        """What the means of the scale are."""
        half = (
            " ; ce qui se compte en unités entières, et peut être nul, y est augmenté d'une demie"
            if self.decalage
            else ""
        )
        return f"moyennes géométriques (logarithmes{half})" if self.logarithme else "moyennes"

    @property
    def note(self) -> str:
        """What one must know to read an effect, after a space; nothing for a difference."""
        return f" Les rapports sont ceux de {self.moyennes}." if self.logarithme else ""


def ratio(logarithm: float) -> str:
    r"""Write what multiplies.

    Examples
    --------
    >>> ratio(0.1823), ratio(-4.0), ratio(3.0), ratio(900.0)
    ('×\xa01,20', '×\xa00,018', '×\xa020', '×\xa0plus de 1\u202f000')
    """
    if abs(logarithm) > FARTHEST:
        return f"×{french.NO_BREAK}{'plus' if logarithm > 0 else 'moins'} de {BEYOND[logarithm > 0]}"
    factor = float(np.exp(logarithm))
    digits = 0 if factor >= LARGE else 2 if factor >= 0.1 else 3
    return f"×{french.NO_BREAK}{french.decimal(factor, digits)}"


def level(value: float | None, unit: str) -> str:
    r"""Write a level that a model gives, which is seldom whole.

    Examples
    --------
    >>> level(1.58, "jours"), level(12.4, "jours"), level(3.44, "nombre"), level(0.25, "part")
    ('1,6\xa0jour', '12\xa0jours', '3,4', '25\xa0%')
    """
    if value is None or french.is_missing(value) or unit not in SHIFTS or unit == "eur":
        return french.by_unit(value, unit)
    number = round(float(value), 1 if abs(value) < LARGE else 0)
    digits = 0 if number == int(number) else 1
    noun = "" if unit == "nombre" else unit if abs(number) >= 2 else unit.removesuffix("s")
    return french.NO_BREAK.join(each for each in (french.decimal(number, digits), noun) if each)


def difference(value: float, unit: str) -> str:
    r"""Write what is added, in points for a share.

    Examples
    --------
    >>> difference(0.032, "part"), difference(-1.5, "offres")
    ('+3,2\xa0points', '−1,5\xa0offre')
    """
    size = abs(value)
    if unit == "part":
        told = f"{french.decimal(100 * size, 1)}{french.NO_BREAK}point{'s' if 100 * size >= 2 else ''}"
    else:
        told = french.by_unit(size, unit) if unit in french.COUNTED_UNITS else french.decimal(size, 2)
    if not any(digit in told for digit in "123456789"):
        return told
    return f"{'+' if value > 0 else '−'}{told}"


def bounds(each: Coefficient, write: Ecrire) -> str:
    r"""Write the interval of a coefficient; the sign of a ratio, and a unit, are said once.

    Examples
    --------
    >>> bounds(Coefficient("x", 0.1, 0.1, -0.1, 0.3, 0.3), ratio)
    '0,90 à 1,35'
    """
    low, high = (write(value).removeprefix(f"×{french.NO_BREAK}") for value in (each.low, each.high))
    number, _, unit = low.rpartition(french.NO_BREAK)
    return f"{number if number and high.endswith(french.NO_BREAK + unit) else low} à {high}"
