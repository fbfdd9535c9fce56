"""Where the tables of a partner are: those of the invented authority are made when they are asked for."""

from pathlib import Path

import polars as pl

from optima_lib.partners import Partner
from optima_lib.paths import processed
from optima_lib.schemas import table_path

FOLDER = "exemple"


def base_of(partner: Partner, data: Path) -> Path:
    """Return the data folder that holds a partner.

    An invented partner's is ``data`` where that holds it, else ``data/exemple``, which is made if need be.
    """
    if partner.donnees == "réelles" or holds(data, partner.sirens):
        return data
    base = data / FOLDER
    if not holds(base, partner.sirens):
        make_base(base)
    return base


def demo_base(partner: Partner, data: Path) -> Path:
    """Return the data folder where the demonstration works: ``data`` unless it holds other data."""
    empty = not table_path(processed(data), "marches").is_file()
    return data if empty or holds(data, partner.sirens) else data / FOLDER


def holds(data: Path, sirens: list[str]) -> bool:
    """Tell whether the tables of a data folder hold a buyer."""
    path = table_path(processed(data), "acheteurs")
    if not path.is_file():
        return False
    found = pl.scan_parquet(path).filter(pl.col("acheteur_siren").is_in(sirens)).select(pl.len()).collect()
    return bool(found.item())


def make_base(data: Path) -> None:
    """Write the raw files of the invented authority under a data folder, and clean them.

    They are not in ``data/raw``: reading that folder must not mix them with real ones.
    """
    from optima_lib.running.clean import clean  # noqa: PLC0415 - only when there is something to make
    from optima_lib.running.exemple import write_exemple  # noqa: PLC0415

    raw = (data if data.name == FOLDER else data / FOLDER) / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    write_exemple(raw)
    clean([raw], data)
