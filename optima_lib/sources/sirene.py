"""The company register (SIRENE): legal units and establishments, whole stock or extracts.

The stock has tens of millions of rows. Only those that award records name are kept: legal units by their SIREN,
establishments by their SIRET or as the head office of a SIREN.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from optima_lib.sources.layouts import Layout
from optima_lib.sources.portions import Portion, complete, set_aside, take
from optima_lib.sources.rows import Rows

SIREN_LENGTH, SIRET_LENGTH = 9, 14
WITHHELD = "[ND]"  # what INSEE writes in place of a value that may not be given
TRUE = ["true", "1"]
NOT_KEPT = "[ligne du répertoire SIRENE : texte non conservé]"


@dataclass(frozen=True)
class Named:
    """The firms and establishments that the award records of a base name, buyers and suppliers.

    Attributes
    ----------
    sirens, sirets : polars.Series
        Their numbers, each once.
    """

    sirens: pl.Series
    sirets: pl.Series


def tidy_register(rows: Rows, layout: Layout, named: Named) -> Portion:
    """Bring rows of the register to our columns, as texts, less those that no award names.

    A row whose number is malformed is set aside with that number alone: the rest may be a person's data. Only
    the rows that are kept are looked at beyond their number.
    """
    unit = layout.donnees == "entreprises"
    key, length = ("siren", SIREN_LENGTH) if unit else ("siret", SIRET_LENGTH)
    raw = take(rows, layout)
    numbers = raw.select(restore_zeros(pl.col(key).str.strip_chars(), length)).to_series()
    formed = numbers.str.contains(rf"^[0-9]{{{length}}}$").fill_null(value=False)
    wanted = formed & _are_named(numbers, raw, named, unit=unit)
    kept = complete(raw.with_columns(numbers).filter(wanted), layout.colonnes)
    return Portion(
        count=len(rows.frame) + len(rows.unreadable),
        parts={layout.donnees: kept.with_columns(_given(name) for name in layout.colonnes)},
        aside=set_aside(rows, ~formed, f"{key.upper()} illisible", _only(key, raw)),
        outside=len(numbers.filter(formed & ~wanted)),
    )


def hide(rows: Rows) -> Rows:
    """Leave out the text of the rows that could not be read, which may name a person."""
    return Rows(rows.frame, rows.text, [(rang, reason, NOT_KEPT) for rang, reason, _ in rows.unreadable])


def _given(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != WITHHELD).then(pl.col(name)).alias(name)


def restore_zeros(number: pl.Expr, length: int) -> pl.Expr:
    """Give numbers the leading zeros that an export as a number loses.

    Examples
    --------
    >>> import polars as pl
    >>> numbers = pl.DataFrame({"siren": ["44444444", "5650171.0", "216404459", "FR12", None]})
    >>> numbers.select(restore_zeros(pl.col("siren"), 9)).to_series().to_list()
    ['044444444', '005650171', '216404459', 'FR12', None]
    """
    whole = number.str.replace(r"^([0-9]+)\.0+$", "${1}")
    return pl.when(whole.str.contains(r"^[0-9]+$")).then(whole.str.zfill(length)).otherwise(whole)


def _are_named(numbers: pl.Series, raw: pl.DataFrame, named: Named, *, unit: bool) -> pl.Series:
    """Tell which rows are of a firm that an award names; False for a missing number."""
    sirens = numbers.str.slice(0, SIREN_LENGTH).is_in(named.sirens.implode())
    if not unit:
        head = raw["siege"].str.to_lowercase().is_in(TRUE).fill_null(value=False)
        sirens = numbers.is_in(named.sirets.implode()) | (head & sirens)
    return sirens.fill_null(value=False)


def _only(key: str, table: pl.DataFrame) -> Callable[[int], str]:
    return lambda row: json.dumps({key: table[key][row]}, ensure_ascii=False)
