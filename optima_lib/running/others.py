"""Records that are not awards, brought to the store: territories, company register, nomenclatures, notices."""

from collections.abc import Callable

import polars as pl

from optima_lib.cleaning.firms import clean_sites, clean_units
from optima_lib.cleaning.notices import clean_notice_lots, clean_notices
from optima_lib.running.jobs import ASIDE
from optima_lib.running.registers import SOUGHT, sought
from optima_lib.running.store import PartWriter
from optima_lib.sources.layouts import REGISTERS
from optima_lib.sources.portions import Portion
from optima_lib.sources.recognition import Reading
from optima_lib.sources.sirene import Named

CLEAN = {
    "entreprises": clean_units,
    "etablissements": clean_sites,
    "avis": clean_notices,
    "avis_lots": clean_notice_lots,
}


def read_others(
    reading: Reading, place: int, named: Named, writer: PartWriter, progress: Callable[[str, int], None]
) -> tuple[int, int]:
    """Read records that are not awards to their end, then write them.

    Parameters
    ----------
    reading : Reading
        The file.
    place : int
        Its number in the base.
    named : Named
        The firms to keep, of a register.
    writer : PartWriter
        Where the rows go.
    progress : callable
        Told the label of the file and how many of its records came.

    Returns
    -------
    count, outside : int
        How many records there are, and how many are of firms that no award names.
    """
    count, portions = 0, []
    for portion in reading.portions(named):
        count += portion.count
        portions.append(portion)
        progress(reading.file.label, count)
    for portion in portions:
        _write(reading.file.label, portion, place, writer)
    if reading.donnees in REGISTERS:
        numbers = sought(named, reading.donnees).to_frame()
        writer.part().write(SOUGHT, numbers.with_columns(place=pl.lit(place)))
    return count, sum(each.outside for each in portions)


def _write(label: str, portion: Portion, place: int, writer: PartWriter) -> None:
    part = writer.part()
    for name, table in portion.parts.items():
        cleaned = CLEAN[name](table) if name in CLEAN else table
        part.write(name, cleaned.with_columns(place=pl.lit(place)))
    aside = [(label, place, *each) for each in portion.aside]
    part.write("ecartes", pl.DataFrame(aside, schema=ASIDE, orient="row"))
