"""Legal thresholds by date, looked up for a date or for a table of contracts.

A threshold binds consultations launched from its date on. Award data hold the notification only: a contract
is compared with every threshold that was in force between its notification and ``decalage_lancement_mois``
months before (``references/bornes.csv``). Where those differ and the amount lies between, the answer is not
known. Source of the rule: décret 2025-1386 art. 4; of the values: ``references/seuils.csv``.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache

import polars as pl

from optima_lib.errors import TableError
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
            float(row["montant_eur_ht"] or "nan"),
            dt.date.fromisoformat(row["du"]),
            dt.date.fromisoformat(row["au"]) if row["au"] else None,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: each.du))


def duty_date(name: str) -> dt.date:
    """Return the day from which a duty binds the consultations launched."""
    return seuils(name)[0].du


@cache
def other_duty_date(name: str) -> dt.date:
    """Return the day that another source gives for a duty: the row that is not used by default.

    Raises
    ------
    TableError
        When the table has none.
    """
    days = [row["du"] for row in reference("seuils") if row["seuil"] == name and row["par_defaut"] == "0"]
    if not days:
        raise TableError(
            f"references/seuils.csv n'a pas de ligne « {name} » à par_defaut=0. Ajoutez-la avec sa source."
        )
    return dt.date.fromisoformat(days[0])


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


def binding(name: str, *, highest: bool, date: str = "date_notification", launch: str | None = None) -> pl.Expr:
    """Return the highest or the lowest threshold that may bind each contract.

    Parameters
    ----------
    name : str
        Name of the threshold.
    highest : bool
        Whether to return the highest, or the lowest.
    date : str
        Column of the notification; ``type_achat`` is the other column read.
    launch : str, optional
        Column of the launch date, where a notice tells it: the threshold of that day alone binds.

    Returns
    -------
    polars.Expr
        Euros before tax; missing where the date or the kind is, and where none was in force.
    """
    works = pl.col("type_achat").cast(pl.String) == "Travaux"
    told = {scope: _binding(name, scope, window(date, launch), highest=highest) for scope in ("T", "FS")}
    return pl.when(works).then(told["T"]).when(~works).then(told["FS"])


def window(date: str = "date_notification", launch: str | None = None) -> tuple[pl.Expr, pl.Expr]:
    """Return the first and the last day on which the consultation of a contract may have been launched."""
    lag = f"-{int(bound('decalage_lancement_mois'))}mo"
    first, last = pl.col(date).dt.offset_by(lag), pl.col(date)
    return (first, last) if launch is None else (pl.coalesce(pl.col(launch), first), pl.coalesce(pl.col(launch), last))


def _binding(name: str, scope: str, days: tuple[pl.Expr, pl.Expr], *, highest: bool) -> pl.Expr:
    """Return the threshold of one scope, works or the rest."""
    first, last = days
    amount = pl.lit(None, pl.Float64)
    rows = [each for each in seuils(name) if scope in each.champ.split("+")]
    for each in sorted(rows, key=lambda each: each.montant_eur_ht, reverse=not highest):
        binds = last >= each.du
        if each.au is not None:
            binds &= first <= each.au
        amount = pl.when(binds).then(each.montant_eur_ht).otherwise(amount)
    return amount


def published_from() -> pl.Expr:
    """Return the amount from which the contracts of a date are published, the highest of the possible launches.

    Before the first obligation, its amount stands: what is published is not known to go lower.
    """
    name = "decp_publication"
    highest = _binding(name, "marchés", window(), highest=True)
    known = pl.col("date_notification").is_not_null()
    return pl.when(known).then(highest.fill_null(seuils(name)[0].montant_eur_ht))


def check_reach(name: str, latest: dt.date | None) -> None:
    """Refuse dates later than a dated table tells.

    Raises
    ------
    TableError
        When a contract is notified after the last threshold of the table: the row to add is said.
    """
    for scope in sorted({scope for each in seuils(name) for scope in each.champ.split("+")}):
        rows = [each for each in seuils(name) if scope in each.champ.split("+")]
        end = rows[-1].au
        if end is not None and latest is not None and latest > end:
            start = end + dt.timedelta(days=1)
            raise TableError(
                f"references/seuils.csv ne dit pas le seuil « {name} » ({scope}) au {latest:%d/%m/%Y} : la dernière "
                f"ligne s'arrête au {end:%d/%m/%Y}. Ajoutez une ligne seuil={name}, champ={scope}, du={start}, avec "
                "son montant et sa source."
            )


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
