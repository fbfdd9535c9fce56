"""Contracts made from invented records in memory: no file is written, so that many histories can be tried."""

import polars as pl

from optima_lib.cleaning.contracts import build_contracts
from optima_lib.cleaning.publications import clean_modifications, clean_publications, clean_titulaires
from optima_lib.running.jobs import Share, number
from optima_lib.sources.decp import read_award, tidy_nested
from optima_lib.sources.rows import Records
from tests.cleaning.records import LATEST


def contracts(**files):
    """The contracts told by records given by file, and the records set aside."""
    shares = []
    for place, (label, records) in enumerate(files.items(), start=1):
        awards = Records([read_award(each) for each in records], list(range(len(records))), str)
        shares.append(number(Share(label, place, [tidy_nested(awards)])))
    publications, titulaires, modifications, aside = (
        pl.concat([getattr(each, table) for each in shares], how="diagonal_relaxed")
        for table in ("publications", "titulaires", "modifications", "ecartes")
    )
    built = build_contracts(
        clean_publications(publications, LATEST).drop("place"),
        clean_titulaires(titulaires),
        clean_modifications(modifications, LATEST),
    )
    return built, aside


def rows(table):
    """The rows of a table in an order of their own."""
    return sorted(table.with_columns(pl.selectors.categorical().cast(pl.String)).rows(), key=repr)
