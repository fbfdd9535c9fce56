"""Records that are not awards, brought to the store: territories, company register, nomenclatures, notices."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from optima_lib.cleaning.firms import clean_sites, clean_units
from optima_lib.cleaning.notices import clean_notice_lots, clean_notices
from optima_lib.running.jobs import ASIDE
from optima_lib.running.registers import SOUGHT, sought
from optima_lib.running.store import PartWriter
from optima_lib.sources.layouts import REGISTERS
from optima_lib.sources.portions import Portion
from optima_lib.sources.recognition import NOTICES, Reading
from optima_lib.sources.sirene import Named

CLEAN = {
    "entreprises": clean_units,
    "etablissements": clean_sites,
    "avis": clean_notices,
    "avis_lots": clean_notice_lots,
}
NOTICES_AT_ONCE = 500


@dataclass
class Pool:
    """Rows of files that are not of awards, cleaned and written together: a notice is a file of its own."""

    writer: PartWriter
    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    portions: int = 0

    def add(self, label: str, place: int, portion: Portion) -> None:
        """Take the rows of a file that was read to its end."""
        self.portions += 1
        for name, table in portion.parts.items():
            self.tables.setdefault(name, []).append(table.with_columns(place=pl.lit(place)))
        if portion.aside:
            aside = [(label, place, *each) for each in portion.aside]
            self.tables.setdefault("ecartes", []).append(pl.DataFrame(aside, schema=ASIDE, orient="row"))

    def flush(self) -> None:
        """Clean and write what was taken."""
        part = self.writer.part()
        for name, tables in self.tables.items():
            rows = pl.concat(tables)
            part.write(name, CLEAN[name](rows).with_columns(rows["place"]) if name in CLEAN else rows)
        self.tables, self.portions = {}, 0


def read_others(
    reading: Reading, place: int, named: Named, pool: Pool, progress: Callable[[str, int], None]
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
    pool : Pool
        Where the rows go; notices wait there for others.
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
        pool.add(reading.file.label, place, portion)
        if reading.donnees != NOTICES or pool.portions >= NOTICES_AT_ONCE:
            pool.flush()
    if reading.donnees in REGISTERS:
        numbers = sought(named, reading.donnees).to_frame()
        pool.writer.part().write(SOUGHT, numbers.with_columns(place=pl.lit(place)))
    return count, sum(each.outside for each in portions)
