"""The command line: ``optima``, and ``python -m optima_lib``."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from optima_lib import __version__
from optima_lib.errors import OptimaError
from optima_lib.paths import DATA

FOLDER = click.Path(file_okay=False, path_type=Path)
data_option = click.option("--data", type=FOLDER, default=DATA, show_default=True, help="Dossier des données.")


class Group(click.Group):
    """Commands whose own errors are one sentence and an exit status of 1."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command and say in one sentence what stopped it."""
        try:
            return super().invoke(context)
        except OptimaError as error:
            click.echo(f"Erreur : {error}", err=True)
            context.exit(1)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="optima")
def main() -> None:
    """Étudier les achats publics d'une collectivité, de ses fichiers à son rapport."""


@main.command()
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@data_option
@click.option("--fresh", is_flag=True, help="Repartir de zéro : oublier ce que les lectures précédentes ont gardé.")
def clean(sources: tuple[Path, ...], data: Path, *, fresh: bool) -> None:
    """Lire des fichiers bruts et écrire les tables contrôlées.

    SOURCE est un fichier ou un dossier (.json .xml .csv .parquet .zip .gz) : marchés ou territoires, reconnus à
    leur contenu. Ce qui a déjà été lu reste dans la base ; un fichier qui a changé remplace son ancien contenu.
    """
    from optima_lib.running.clean import clean as run
    from optima_lib.running.telling import Progress, tell_cleaning

    started = time.perf_counter()
    with Progress() as progress:
        cleaning = run(sources, data, fresh=fresh, reading=progress.reading, merging=progress.merging)
    for line in tell_cleaning(cleaning, data):
        click.echo(line)
    _end(started, failed=bool(cleaning.outcome.failed))


def _end(started: float, *, failed: bool) -> None:
    """Say how long it took, and exit with 1 when something promised was not done."""
    click.echo(f"Terminé en {time.perf_counter() - started:.1f} s".replace(".", ","))
    if failed:
        sys.exit(1)


Command = Callable[..., None]
