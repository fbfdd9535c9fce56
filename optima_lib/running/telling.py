"""What the commands say, in French."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl
from tqdm import tqdm

from optima_lib.running.clean import Cleaning
from optima_lib.running.numbers import count, plural
from optima_lib.running.reading import Outcome
from optima_lib.sources.layouts import REGISTERS

KINDS = {
    "territoires": "de territoires",
    "entreprises": "d'unités légales",
    "etablissements": "d'établissements",
    "cpv": "de CPV",
    "naf": "de NAF",
    "avis": "d'avis",
}


class Progress:
    """A progress bar on a terminal; nothing when the output is piped."""

    def __init__(self) -> None:
        self.bar = tqdm(disable=not sys.stderr.isatty(), unit=" enr.", leave=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.close()

    def reading(self, label: str, count: int) -> None:
        """Show how many records of a file were read."""
        self.bar.set_description(f"lecture de {label[-50:]}", refresh=False)
        self.bar.n = count
        self.bar.update(0)

    def merging(self, done: int, total: int) -> None:
        """Show how many groups of buyers are in the tables."""
        self.bar.set_description("écriture des tables", refresh=False)
        self.bar.unit, self.bar.total, self.bar.n = " groupes", total, done
        self.bar.update(0)


def tell_cleaning(cleaning: Cleaning, data: Path) -> Iterator[str]:
    """Say what ``optima clean`` did: the sum of each file, what was skipped, what failed."""
    outcome, fichiers = cleaning.outcome, cleaning.fichiers
    for error in outcome.skipped:
        yield f"Non reconnu, laissé de côté : {error}"
    yield from _changes(outcome)
    for failure in outcome.failed:
        yield f"Échec : {failure}"
    if not len(fichiers):
        yield "Rien n'a été écrit : aucun fichier lisible."
        return
    yield from _sums(cleaning)
    if outcome.barren:
        yield "Aucun fichier lisible dans ce que vous avez donné. Vérifiez le chemin, ou les formats dits ci-dessus."
    if cleaning.changed:
        yield f"Tables écrites dans {data / 'processed'}."
    else:
        yield f"Rien de nouveau : les tables de {data / 'processed'} sont inchangées."


def _changes(outcome: Outcome) -> Iterator[str]:
    """Say what was read again, and why, or could not be."""
    for label in outcome.replaced:
        yield f"{label} a changé : son ancien contenu quitte la base."
    for label in outcome.outdated:
        yield f"{label} n'est plus là : il reste tel que l'ont lu des règles antérieures."
    for label in outcome.repaired:
        yield f"{label} a été relu : ce que la base en gardait était abîmé."
    for label, number in outcome.searched:
        yield f"{label} a été relu : {count(number)} numéro{plural(number)} d'entreprise à y chercher depuis sa lecture."
    for label, number in outcome.unsearched:
        told = (
            f"{label} n'est plus là, ou a changé : {count(number)} numéro{plural(number)} d'entreprise, que des marchés"
        )
        yield f"{told} nomment depuis sa lecture, n'y ont pas été cherchés. Redonnez ce fichier à « optima clean »."


def _sums(cleaning: Cleaning) -> Iterator[str]:
    read = set(cleaning.outcome.read)
    awards = [row for row in cleaning.fichiers.iter_rows(named=True) if row["donnees"] == "marches"]
    kept = [row for row in awards if row["fichier"] not in read]
    for row in cleaning.fichiers.iter_rows(named=True):
        if row["donnees"] != "marches" and row["fichier"] in read:
            yield f"{row['fichier']} [{row['format']}] : {_sum_of_rows(row)}"
    for row in awards:
        if row["fichier"] in read:
            yield f"{row['fichier']} [{row['format']}] : {_sum(row)}"
    if kept:
        yield f"{_files(kept)} déjà lus, inchangés : {_sum(_total(kept))}"
    yield f"Total de {_files(awards)} de marchés : {_sum(_total(awards))}"


def _files(rows: list[dict[str, int]]) -> str:
    return f"{count(len(rows))} fichier{'s' if len(rows) > 1 else ''}"


def _total(rows: list[dict[str, int]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("lus", "contrats", "doublons", "ecartes")}


def _sum(row: dict[str, int]) -> str:
    read, twice, aside = row["lus"], row["doublons"], row["ecartes"]
    return (
        f"{count(read)} enregistrement{plural(read)} lu{plural(read)} = {count(row['contrats'])} de contrats "
        f"+ {count(twice)} doublon{plural(twice)} + {count(aside)} écarté{plural(aside)}"
    )


def _sum_of_rows(row: dict[str, Any]) -> str:
    """Say what became of the rows of a file that is not of awards; those of unnamed firms only for a register."""
    kept, twice, aside = row["retenus"], row["doublons"], row["ecartes"]
    told = f"{count(kept)} retenue{plural(kept)} + {count(twice)} doublon{plural(twice)} + {count(aside)} écartée{plural(aside)}"
    if row["donnees"] in REGISTERS:
        told += f" + {count(row['hors_base'])} hors de la base (nul marché ne nomme l'entreprise)"
    return f"{count(row['lus'])} ligne{plural(row['lus'])} {KINDS[row['donnees']]} = {told}"


def tell_measures(path: Path, conventions: object) -> Iterator[str]:
    """Say how many values ``optima measure`` made, by indicator, and how many it could not."""
    table = pl.scan_parquet(path)
    told = table.group_by("indicateur").agg(pl.col("valeur").count().alias("valeurs"), pl.len().alias("lignes"))
    for code, values, rows in told.sort("indicateur").collect().iter_rows():
        yield f"{code:<18}{count(values):>10} valeurs sur {count(rows)} lignes"
    codes, buyers = table.select(pl.col("indicateur", "acheteur_siren").n_unique()).collect().row(0)
    yield f"Conventions : {conventions}."
    yield f"{count(codes)} indicateurs, {count(buyers)} acheteurs : {path}"
