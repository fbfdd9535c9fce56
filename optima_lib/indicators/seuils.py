"""Legal thresholds by date, as conditions that any engine can test.

A threshold binds consultations launched from its date on. Award data hold the notification only: a contract
is compared with every threshold that was in force between its notification and ``decalage_lancement_mois``
months before (``references/bornes.csv``). Where those differ and the amount lies between, the answer is not
known. Source of the rule: décret 2025-1386 art. 4; of the values: ``references/seuils.csv``.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache

import narwhals as nw

from optima_lib.references import bound, reference

FAMILIES = {"Travaux": "T", "Fournitures": "FS", "Services": "FS"}


@dataclass(frozen=True)
class Seuil:
    """A threshold in force between two dates, both included (``au`` missing: still in force)."""

    champ: str
    montant_eur_ht: float
    du: dt.date
    au: dt.date | None


@cache
def seuils(name: str) -> tuple[Seuil, ...]:
    """Return the default values of a threshold, in order of dates."""
    rows = [row for row in reference("seuils") if row["seuil"] == name and row["par_defaut"] == "1"]
    found = [
        Seuil(
            row["champ"],
            float(row["montant_eur_ht"]),
            dt.date.fromisoformat(row["du"]),
            dt.date.fromisoformat(row["au"]) if row["au"] else None,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: each.du))


def in_force(name: str, type_achat: str, date: dt.date) -> tuple[float, float]:
    """Return the lowest and the highest threshold that may bind a contract notified on a date.

    Examples
    --------
    >>> in_force("dispense_publicite_mec", "Services", dt.date(2024, 5, 2))
    (40000.0, 40000.0)
    >>> in_force("dispense_publicite_mec", "Travaux", dt.date(2020, 8, 1))
    (40000.0, 70000.0)
    """
    first = months_before(date, int(bound("decalage_lancement_mois")))
    amounts = [
        each.montant_eur_ht
        for each in seuils(name)
        if FAMILIES[type_achat] in each.champ.split("+") and each.du <= date and (each.au is None or each.au >= first)
    ]
    return min(amounts), max(amounts)


def months_before(date: dt.date, months: int) -> dt.date:
    """Return the same day some months earlier, or the last day of that month.

    Examples
    --------
    >>> months_before(dt.date(2026, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    index = date.year * 12 + date.month - 1 - months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def months_after(date: dt.date, months: int) -> dt.date:
    """Return the last day whose date some months earlier is not after a date.

    Examples
    --------
    >>> months_after(dt.date(2019, 12, 31), 6)
    datetime.date(2020, 6, 30)
    """
    same = months_before(date, -months)
    ends_month = (date + dt.timedelta(days=1)).day == 1
    return same.replace(day=calendar.monthrange(same.year, same.month)[1]) if ends_month else same


def binding(name: str, date: nw.Expr, type_achat: nw.Expr, *, highest: bool) -> nw.Expr:
    """Return the highest or the lowest threshold that may bind each contract.

    Parameters
    ----------
    name : str
        Name of the threshold.
    date, type_achat : narwhals.Expr
        Notification, and ``Travaux``, ``Fournitures`` or ``Services``.
    highest : bool
        Whether to return the highest, or the lowest.

    Returns
    -------
    narwhals.Expr
        Euros before tax; missing where the date or the kind is.
    """
    lag = int(bound("decalage_lancement_mois"))
    amount: nw.Expr = nw.lit(None, nw.Float64)
    for each in sorted(seuils(name), key=lambda each: each.montant_eur_ht, reverse=not highest):
        kinds = [kind for kind, family in FAMILIES.items() if family in each.champ.split("+")]
        binds = type_achat.is_in(kinds) & (date >= nw.lit(dt.datetime.combine(each.du, dt.time())))
        if each.au is not None:
            binds &= date <= nw.lit(dt.datetime.combine(months_after(each.au, lag), dt.time()))
        amount = nw.when(binds).then(nw.lit(each.montant_eur_ht)).otherwise(amount)
    return amount


def publication_rule() -> str:
    r"""Say from what amount on contracts are published, period after period.

    Examples
    --------
    >>> publication_rule()
    "25\u202f000\xa0€ HT jusqu'en 2019, puis 40\u202f000\xa0€ HT"
    """
    rows = seuils("decp_publication")
    amounts = [f"{each.montant_eur_ht:,.0f}".replace(",", "\u202f") + "\u00a0€ HT" for each in rows]
    told = [
        f"{amount} jusqu'en {each.au.year}" if each.au else amount for amount, each in zip(amounts, rows, strict=True)
    ]
    return ", puis ".join(told)
