"""A table *marchés* of a few contracts, what they leave out being missing."""

import polars as pl

from optima_lib.schemas import SCHEMAS

TYPES = {name: each.dtype.type for name, each in SCHEMAS["marches"].to_schema().columns.items()}
BUYER, OTHER = "210000014", "240000018"


def contracts_of(rows):
    """Return the table of some contracts; each has a uid, and the first buyer unless it says so."""
    told = [{"uid": f"u{number}", "acheteur_siren": BUYER, "nb_titulaires": 0} | row for number, row in enumerate(rows)]
    return pl.DataFrame([{name: row.get(name) for name in TYPES} for row in told], schema=TYPES)
