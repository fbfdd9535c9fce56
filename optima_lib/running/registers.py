"""Files of the company register: which firms to look for in them, and which remain to be looked for.

A register is read after the award files, for the firms that the awards of the whole base name. What was looked
for is kept with it (part ``cherches``): when later deliveries name other firms, the same file is read again if it
is still on disk as it was. The tables are then those that one reading of everything would have given, in any
order.
"""

from pathlib import Path

import polars as pl

from optima_lib.running.store import ReadFile, Store, fingerprint
from optima_lib.sources.layouts import REGISTERS
from optima_lib.sources.sirene import Named

SIRET = r"^[0-9]{14}$"
SOUGHT = "cherches"


def named_firms(store: Store) -> Named:
    """List the firms and establishments that the award records of the base name."""
    sirens = _distinct(store, ("publications", "acheteur_siren"), ("titulaires", "titulaire_siren"))
    ids = _distinct(store, ("publications", "acheteur_siret"), ("titulaires", "titulaire_id"))
    return Named(sirens, ids.filter(ids.str.contains(SIRET)))


def _distinct(store: Store, *places: tuple[str, str]) -> pl.Series:
    found = [pl.Series([], dtype=pl.String)]
    for part, column in places:
        lazy = store.scan(part)
        if lazy is not None:
            found.append(lazy.select(pl.col(column).cast(pl.String)).drop_nulls().unique().collect().to_series())
    return pl.concat([each.alias("numero") for each in found]).unique().sort()


def sought(named: Named, kind: str) -> pl.Series:
    """List what is looked for in a register: SIREN in legal units, SIREN and SIRET in establishments."""
    both = [named.sirens, named.sirets] if kind == "etablissements" else [named.sirens]
    return pl.concat([each.alias("numero") for each in both])


def not_yet_sought(store: Store, named: Named) -> list[tuple[ReadFile, int]]:
    """List the registers of the base where named firms were never looked for, and how many numbers that is."""
    lazy = store.scan(SOUGHT)
    looked = lazy.collect() if lazy is not None else pl.DataFrame(schema={"numero": pl.String, "place": pl.Int32})
    counts = []
    for each in store.files:
        if each.donnees in REGISTERS:
            before = looked.filter(pl.col("place") == each.place)["numero"]
            wanted = sought(named, each.donnees)
            counts.append((each, int((~wanted.is_in(before.implode())).sum())))
    return [(file, count) for file, count in counts if count]


def is_as_it_was(file: ReadFile) -> bool:
    """Tell whether a file is still on disk with the content that was read."""
    path = Path(file.chemin)
    return path.is_file() and path.stat().st_size == file.octets and fingerprint(path) == file.sha256
