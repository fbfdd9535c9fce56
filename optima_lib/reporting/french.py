"""Numbers, amounts, shares and dates as a French reader writes them.

Babel formats; the system's locale is never touched.
"""

import datetime as dt
import math
import re
from collections.abc import Callable

from babel.dates import format_date
from babel.numbers import format_decimal

LOCALE = "fr_FR"
NO_BREAK, THIN = "\u00a0", "\u202f"
NOTHING = "–"


def whole(number: float | None) -> str:
    r"""Write a whole number.

    Examples
    --------
    >>> whole(17092000)
    '17\u202f092\u202f000'
    """
    return NOTHING if is_missing(number) else _signed(format_decimal(round(number or 0), format="#,##0", locale=LOCALE))


def decimal(number: float | None, digits: int = 1) -> str:
    """Write a number with some decimals.

    Examples
    --------
    >>> decimal(3.25, 2), decimal(-1.5), decimal(-0.01)
    ('3,25', '−1,5', '0,0')
    """
    if is_missing(number):
        return NOTHING
    told = format_decimal(number or 0, format="#,##0." + "0" * digits if digits else "#,##0", locale=LOCALE)
    return _signed(told)


def _signed(number: str) -> str:
    """Write the minus sign as a page does; what rounds to nothing has none."""
    return number.replace("-", "−" if any(digit in number for digit in "123456789") else "")


def euros(amount: float | None) -> str:
    r"""Write an amount in full.

    Examples
    --------
    >>> euros(2724898.4)
    '2\u202f724\u202f898\xa0€'
    """
    return NOTHING if is_missing(amount) else f"{whole(amount)}{NO_BREAK}€"


def rounded_euros(amount: float | None) -> str:
    r"""Write an amount to three significant figures, in thousands, millions or billions.

    Examples
    --------
    >>> rounded_euros(2724898), rounded_euros(47540), rounded_euros(812)
    ('2,72\xa0M€', '47,5\xa0k€', '812\xa0€')
    """
    if is_missing(amount):
        return NOTHING
    size = abs(amount or 0)
    for limit, unit in ((1e9, "Md€"), (1e6, "M€"), (1e3, "k€")):
        if size >= limit * 0.9995:
            scaled = (amount or 0) / limit
            return f"{decimal(scaled, max(0, 2 - int(math.log10(abs(scaled) * 1.0005))))}{NO_BREAK}{unit}"
    return euros(amount)


def percent(share: float | None, digits: int = 0) -> str:
    r"""Write a share (0 to 1) as a percentage.

    Examples
    --------
    >>> percent(0.4074), percent(0.004, 1)
    ('41\xa0%', '0,4\xa0%')
    """
    return NOTHING if is_missing(share) else f"{decimal(100 * (share or 0), digits)}{NO_BREAK}%"


def day(date: dt.date | None) -> str:
    """Write a date.

    Examples
    --------
    >>> import datetime as dt
    >>> day(dt.date(2024, 7, 1))
    '1er juillet 2024'
    """
    if date is None:
        return NOTHING
    pattern = "d'er' MMMM yyyy" if date.day == 1 else "d MMMM yyyy"
    return format_date(date, pattern, locale=LOCALE)


def agree(number: float, one: str, several: str | None = None) -> str:
    r"""Write a whole number and its noun; French says *0 marché*, *1 marché*, *2 marchés*.

    Examples
    --------
    >>> agree(1, "marché"), agree(2, "marché"), agree(0, "canal", "canaux")
    ('1\xa0marché', '2\xa0marchés', '0\xa0canal')
    """
    noun = one if abs(number) < 2 else (several or " ".join(f"{word}s" for word in one.split()))
    return f"{whole(number)}{NO_BREAK}{noun}"


def enumerate_words(words: list[str]) -> str:
    """Join words as a French sentence does.

    Examples
    --------
    >>> enumerate_words(["2018", "2019", "2024"])
    '2018, 2019 et 2024'
    """
    return " et ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def years(numbers: list[int], *, when: bool = False) -> str:
    """Write years, consecutive ones as a span; each with its preposition to tell when something happened.

    Examples
    --------
    >>> years([2018, 2019, 2021, 2022, 2023])
    '2018, 2019, 2021-2023'
    >>> years([2020, 2021, 2022, 2025], when=True)
    'de 2020 à 2022 et en 2025'
    >>> years([2018, 2019, 2024], when=True)
    'en 2018, 2019 et 2024'
    """
    spans: list[list[int]] = []
    for year in sorted(numbers):
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    if not when:
        return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 2 else ", ".join(map(str, span)) for span in spans)
    single = [str(year) for span in spans if len(span) <= 2 for year in span]
    told = [f"de {span[0]} à {span[-1]}" for span in spans if len(span) > 2]
    return enumerate_words([*told, f"en {enumerate_words(single)}"] if single else told)


def typeset(text: str) -> str:
    r"""Bind French punctuation to its word, and the thousands of a number, with no-break spaces.

    Examples
    --------
    >>> typeset("Quoi ? « Rien » : 5 %")
    'Quoi\u202f? «\xa0Rien\xa0»\xa0: 5\xa0%'
    >>> typeset("marchés d'au moins 90 000 €, en 2018, 2019 et 2024")
    "marchés d'au moins 90\u202f000\xa0€, en 2018, 2019 et 2024"
    """
    text = re.sub(r"\b\d{1,3}(?: \d{3})+\b", lambda number: number[0].replace(" ", THIN), text)
    bound = re.sub(r" (?=[:»%€])|(?<=«) ", NO_BREAK, text)
    return re.sub(r" (?=[?!;])", THIN, bound)


def is_missing(number: object) -> bool:
    """Tell a value that is not there."""
    return number is None or number != number  # noqa: PLR0124 - what NaN and NA have in common


def by_unit(value: float | None, unit: str) -> str:
    r"""Write a value in the unit of its indicator.

    Examples
    --------
    >>> by_unit(0.25, "part"), by_unit(51, "jours"), by_unit(3.2, "offres"), by_unit(1.272, "ratio")
    ('25\xa0%', '51\xa0jours', '3,2\xa0offres', '1,27')
    >>> by_unit(0.004, "part"), by_unit(0.0, "part"), by_unit(0.997, "part"), by_unit(1.0, "part")
    ('0,4\xa0%', '0\xa0%', '99,7\xa0%', '100\xa0%')
    """
    if is_missing(value):
        return NOTHING
    number = float(value or 0)
    if unit in COUNTED_UNITS:
        return COUNTED_UNITS[unit](number)
    return decimal(number, 2) if unit in {"nats", "ratio"} else whole(number)


def span(low: float, high: float, unit: str) -> str:
    r"""Write two bounds in the unit of their indicator, which is said once where it is the same.

    Examples
    --------
    >>> span(0.18, 0.29, "part"), span(1, 3, "offres"), span(47_540, 1_200_000, "eur")
    ('18 à 29\xa0%', '1\xa0offre à 3\xa0offres', '47,5\xa0k€ à 1,20\xa0M€')
    """
    first, last = by_unit(low, unit), by_unit(high, unit)
    number, _, sign = first.rpartition(NO_BREAK)
    return f"{number if number and last.endswith(NO_BREAK + sign) else first} à {last}"


def _share(share: float) -> str:
    """Write a share; a small one, or one that is nearly all, keeps a decimal."""
    rare = 0.0005 <= share < 0.01 or 0.99 < share <= 0.9995
    return percent(share, 1 if rare else 0)


def _measured(number: float, unit: str) -> str:
    """Write a number that may have a decimal, and its unit."""
    return f"{decimal(number, 0 if number == int(number) else 1)}{NO_BREAK}{unit}"


COUNTED_UNITS: dict[str, Callable[[float], str]] = {
    "part": _share,
    "eur": rounded_euros,
    "jours": lambda number: agree(number, "jour"),
    "mois": lambda number: _measured(number, "mois"),
    "km": lambda number: _measured(number, "km"),
    "offres": lambda number: _measured(number, "offres" if number >= 2 else "offre"),
}
