"""Invented award records, written as the published schemas have them, and what cleaning makes of them."""

import datetime as dt
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from optima_lib.running.clean import clean
from optima_lib.schemas import SCHEMAS, table_path

LATEST = dt.date(2026, 1, 1)


def with_key(digits):
    """Complete a number with the Luhn digit that makes it valid."""
    for key in "0123456789":
        number = digits + key
        doubled = [int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(number))]
        if sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0:
            return number
    raise AssertionError


def supplier(number, establishment=1):
    """An invented supplier's SIRET: no SIREN starts with 000."""
    return with_key(f"{with_key(f'000{number:05d}')}{establishment:04d}")


TOWN, DISTRICT = with_key("2100000140001"), with_key("2400000180001")  # no département is 00
FIRM, OTHER, THIRD = supplier(1), supplier(2), supplier(3)


def holders(*sirets):
    return [{"titulaire": {"id": each, "typeIdentifiant": "SIRET"}} for each in sirets]


def award(number="2024-01", **fields):
    """A record of the 2022 schema; a field given as None is left out."""
    record = {
        "id": number,
        "acheteur": {"id": TOWN},
        "nature": "Marché",
        "objet": "Réfection de la voirie",
        "codeCPV": "45233000",
        "procedure": "Procédure adaptée",
        "techniques": {"technique": ["Sans objet"]},
        "dureeMois": 12,
        "dateNotification": "2024-03-01",
        "datePublicationDonnees": "2024-04-01",
        "montant": 10_000,
        "offresRecues": 3,
        "titulaires": holders(FIRM),
    }
    return {name: value for name, value in (record | fields).items() if value is not None}


def change(number, date, **fields):
    """A modification of the 2022 schema."""
    return {"modification": {"id": number, "dateNotificationModification": date, **fields}}


def write_2022(path, records):
    text = json.dumps({"marches": {"marche": list(records)}}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def write_2019(path, records):
    text = json.dumps({"marches": [{"_type": "Marché", **each} for each in records]}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def read_tables(data):
    """All the processed tables of a data folder, by name."""
    folder = data / "processed"
    return {name: pl.read_parquet(table_path(folder, name)) for name in SCHEMAS if table_path(folder, name).is_file()}


def clean_files(**files):
    """Clean records given by file; return the tables."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = [write_2022(folder / f"{label}.json", records) for label, records in files.items()]
        clean(paths, folder / "data", latest=LATEST)
        return read_tables(folder / "data")


def clean_records(*records):
    """Clean the records of one file; return the tables."""
    return clean_files(marches=records)


def amounts(tables, column="montant_eur"):
    """The amounts of the contracts, sorted, missing ones first."""
    return sorted(tables["marches"][column].to_list(), key=lambda value: -1 if value is None else value)


# what depends on the order of reading: which of two same records is kept, and where each stands
PLACES = ("ecartes", "enregistrements", "fichiers")


def run(data, *paths, **options):
    return clean(paths, data, latest=LATEST, **options)


def told(data):
    """The rows of the tables that say what was bought, in an order of their own."""
    tables = {name: table for name, table in read_tables(data).items() if name not in PLACES}
    labels = pl.selectors.categorical().cast(pl.String)
    return {name: sorted(table.with_columns(labels).rows(), key=repr) for name, table in tables.items()}
