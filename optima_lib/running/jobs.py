"""The cleaning of some raw records, which another thread or another process may do."""

import datetime as dt
from dataclasses import dataclass, field

import polars as pl

from optima_lib.cleaning.publications import (
    NO_BUYER,
    clean_modifications,
    clean_offres,
    clean_publications,
    clean_titulaires,
    lack_buyer,
)
from optima_lib.running.store import PLACE_BITS, Part, buckets
from optima_lib.sources.awards import RECORD_BITS, Piece, join

ASIDE = {"fichier": pl.String, "place": pl.Int32, "rang": pl.Int64, "motif": pl.String, "brut": pl.String}


@dataclass(frozen=True)
class Share:
    """Some records of one file, which stand at a place in the base."""

    fichier: str
    place: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many records there are, readable or not."""
        return sum(each.count for each in self.pieces)


@dataclass(frozen=True)
class Job:
    """Records to clean and where to write them; a date after ``latest`` is impossible."""

    shares: list[Share]
    part: Part
    latest: dt.date

    def run(self) -> None:
        """Read, clean and write the records."""
        clean_batches([number(each) for each in self.shares], self.part, self.latest)


@dataclass
class Numbered:
    """Raw records whose numbers hold in the whole base (``lu``), those that cannot be used apart."""

    publications: pl.DataFrame
    titulaires: pl.DataFrame
    modifications: pl.DataFrame
    offres: pl.DataFrame
    ecartes: pl.DataFrame


def number(share: Share) -> Numbered:
    """Give the records of a file their numbers in the base, and set aside those that cannot be used."""
    batch, label, place = join([each.batch() for each in share.pieces]), share.fichier, share.place
    number = ((pl.lit(place, pl.Int64) * 2**PLACE_BITS) + pl.col("rang")).alias("lu")
    lacking = lack_buyer(batch.publications)
    position = pl.col("rang") % 2**RECORD_BITS
    ranks = batch.publications.select(position).to_series().to_list()
    nobody = {ranks[row]: (ranks[row], NO_BUYER, batch.text(row)) for row in lacking.arg_true().to_list()}
    aside = [*batch.unreadable, *nobody.values()]
    publications = batch.publications.filter(~lacking).with_columns(
        number, position, fichier=pl.lit(label), place=pl.lit(place, pl.Int32)
    )
    others = [table.with_columns(number) for table in (batch.titulaires, batch.modifications, batch.offres)]
    if lacking.any():
        kept = publications.select("lu")
        others = [table.join(kept, on="lu", how="semi") for table in others]
    titulaires, modifications, offres = (table.drop("rang") for table in others)
    ecartes = pl.DataFrame([(label, place, *each) for each in aside], schema=ASIDE, orient="row")
    return Numbered(publications, titulaires, modifications, offres, ecartes)


def clean_batches(batches: list[Numbered], part: Part, latest: dt.date) -> None:
    """Clean some records, from one or several files, and write them."""
    publications = clean_publications(
        pl.concat([each.publications for each in batches], how="diagonal_relaxed"), latest
    )
    publications = publications.with_columns(buckets(publications["acheteur_siren"]))
    keys = publications.select("lu", "place", "seau")
    titulaires = clean_titulaires(pl.concat([each.titulaires for each in batches], how="vertical_relaxed"))
    modifications = clean_modifications(
        pl.concat([each.modifications for each in batches], how="vertical_relaxed"), latest
    )
    part.write("publications", publications)
    part.write("titulaires", titulaires.join(keys, on="lu", validate="m:1"))
    part.write("modifications", modifications.join(keys, on="lu", validate="m:1"))
    offres = clean_offres(pl.concat([each.offres for each in batches]), latest)
    published = publications.select(*keys.columns, "date_publication")
    part.write("offres", offres.join(published, on="lu", validate="m:1"))
    part.write("ecartes", pl.concat([each.ecartes for each in batches]))
