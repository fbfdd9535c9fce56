"""The command line: ``optima``, and ``python -m optima_lib``."""

import errno
import re
import sys
import time
from pathlib import Path
from typing import Any

import click

from optima_lib import __version__
from optima_lib.errors import OptimaError
from optima_lib.paths import DATA, REPORTS, ROOT

REFUSALS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "il n'y a plus de place sur le disque",
}
PATH_QUOTED = re.compile(r"'([^']+)'")
FOLDER = click.Path(file_okay=False, path_type=Path)
data_option = click.option("--data", type=FOLDER, default=DATA, show_default=True, help="Dossier des données.")
reports_option = click.option(
    "--reports", type=FOLDER, default=REPORTS, show_default=True, help="Dossier des rapports."
)


class Group(click.Group):
    """Commands whose own errors are one sentence and an exit status of 1."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command and say in one sentence what stopped it."""
        try:
            return super().invoke(context)
        except OptimaError as error:
            click.echo(f"Erreur : {error}", err=True)
            context.exit(1)
        except BrokenPipeError:
            raise
        except OSError as error:
            click.echo(f"Erreur : {_tell_refusal(error)}", err=True)
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

    SOURCE est un fichier ou un dossier (.json .xml .csv .parquet .zip .gz) : marchés, territoires, répertoire
    SIRENE, CPV, NAF, avis de publicité (TED, BOAMP), reconnus à leur contenu. Ce qui a déjà été lu reste
    dans la base ; un fichier qui a changé remplace son ancien contenu.
    """
    from optima_lib.running.clean import clean as run
    from optima_lib.running.telling import Progress, tell_cleaning

    started = time.perf_counter()
    with Progress() as progress:
        cleaning = run(sources, data, fresh=fresh, reading=progress.reading, merging=progress.merging)
    for line in tell_cleaning(cleaning, data):
        click.echo(line)
    outcome = cleaning.outcome
    _end(started, failed=bool(outcome.failed) or outcome.barren or cleaning.fichiers.is_empty())


@main.command()
@data_option
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "polars", "pandas", "dask"]),
    default="duckdb",
    show_default=True,
    help="Moteur de calcul : les valeurs sont les mêmes.",
)
@click.option(
    "--repartition",
    type=click.Choice(["parts_egales", "premier_titulaire"]),
    default="parts_egales",
    show_default=True,
    help="Partage d'un contrat entre les membres d'un groupement.",
)
@click.option(
    "--montant-fournisseurs",
    "montant",
    type=click.Choice(["montant_eur", "montant_initial_eur"]),
    default="montant_eur",
    show_default=True,
    help="Montant qui pèse les fournisseurs : le dernier connu, ou l'initial.",
)
def measure(data: Path, engine: str, repartition: str, montant: str) -> None:
    """Mesurer les indicateurs du catalogue, pour chaque acheteur et chaque année."""
    from optima_lib.indicators.facts import Conventions
    from optima_lib.running.measure import measure as run
    from optima_lib.running.telling import tell_measures

    started = time.perf_counter()
    conventions = Conventions(repartition=repartition, montant_fournisseurs=montant)  # type: ignore[arg-type]
    for line in tell_measures(run(data, engine, conventions), conventions):
        click.echo(line)
    _end(started)


@main.command()
@data_option
def compare(data: Path) -> None:
    """Placer chaque acheteur parmi ses pairs, indicateur par indicateur."""
    from optima_lib.running.compare import compare as run
    from optima_lib.running.telling_compare import tell_comparisons

    started = time.perf_counter()
    for line in tell_comparisons(run(data)):
        click.echo(line)
    _end(started)


@main.command()
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option(
    "--mode",
    type=click.Choice(["cardinal", "optima"]),
    default="optima",
    show_default=True,
    help="Règles de Cardinal à l'identique, ou réparées.",
)
@click.option("--settings", metavar="INI", type=click.Path(path_type=Path), help="Réglages, au format de Cardinal.")
@click.option("--out", metavar="JSON", type=click.Path(path_type=Path), help="Fichier du résultat (sinon, la sortie).")
@click.option("--map", "maps", is_flag=True, help="Dire aussi les organisations de chaque processus (Maps).")
def flags(file: Path, mode: str, settings: Path | None, out: Path | None, *, maps: bool) -> None:
    """Lever les signaux d'alerte d'un fichier OCDS : des questions à poser, jamais des verdicts.

    FICHIER contient des releases ou des records OCDS 1.1, un par ligne ou dans un paquet, comprimé ou non (.gz).
    Le résultat a la forme de celui de Cardinal : OCID, Buyer, ProcuringEntity, Tenderer, Meta.
    """
    from optima_lib.running.flags import flag, write_result
    from optima_lib.running.telling_flags import tell_flags

    started = time.perf_counter()
    flagging = flag(file, mode=mode, settings=settings, maps=maps)
    if out:
        write_result(flagging.result, out)
    else:
        import msgspec

        click.echo(msgspec.json.encode(flagging.result))  # bytes: UTF-8 whatever the terminal
    for line in tell_flags(flagging, file, time.perf_counter() - started):
        click.echo(line, err=True)
    _end(started, err=True)


@main.command()
@click.argument("partner", metavar="PARTENAIRE")
@click.option("--campaign", metavar="NOM", help="Nom de la campagne (par défaut, l'année et le mois).")
@data_option
@reports_option
def study(partner: str, campaign: str | None, data: Path, reports: Path) -> None:
    """Écrire tous les chapitres d'un partenaire dans reports/PARTENAIRE/CAMPAGNE/."""
    from optima_lib.running.leash import follow_parent
    from optima_lib.running.study import study as run

    follow_parent()
    started = time.perf_counter()
    index = run(partner, data, reports, campaign, telling=_tell_chapter)
    _end(started, f"Rapport : {index}")


@main.command()
@click.argument("partners", metavar="[PARTENAIRE…]", nargs=-1)
@click.option("--campaign", metavar="NOM", help="Nom de la campagne (par défaut, l'année et le mois).")
@click.option("--jobs", type=click.IntRange(1, 256), default=2, show_default=True, help="Études menées à la fois.")
@click.option("--force", is_flag=True, help="Refaire ce qui est à jour.")
@click.option("--dry-run", is_flag=True, help="Dire ce qui serait fait, sans rien faire.")
@data_option
@reports_option
def batch(  # noqa: PLR0913 - one per option
    partners: tuple[str, ...], campaign: str | None, jobs: int, data: Path, reports: Path, *, force: bool, dry_run: bool
) -> None:
    """Écrire les rapports de plusieurs partenaires, tous ceux de partners/ si aucun n'est nommé.

    Ce qui est à jour n'est pas refait ; un partenaire en échec n'arrête pas les autres.
    """
    from optima_lib.running.batch import plan, run_plan
    from optima_lib.running.journal import FAILED
    from optima_lib.running.study import named_campaign
    from optima_lib.running.telling_batch import tell_plan, tell_summary, tell_task

    started = time.perf_counter()
    planned = plan(partners, data, reports, named_campaign(campaign), force=force)
    spoken = sys.stdout.isatty()
    for line in tell_plan(planned, spoken=spoken):
        click.echo(line)
    ended = []
    for each in () if dry_run else run_plan(planned, data, reports, jobs):
        ended.append(each)
        click.echo(tell_task(each, len(ended), len(planned.to_do), spoken=spoken))
    for line in tell_summary(planned, ended, dry_run=dry_run):
        click.echo(line, err=not spoken)
    _end(started, failed=any(each.statut == FAILED for each in ended), err=not spoken)


@main.command()
@click.argument("identifier", metavar="ID")
@click.option("--all", "every", is_flag=True, help="Montrer tous les contrats.")
@data_option
@reports_option
def show(identifier: str, data: Path, reports: Path, *, every: bool) -> None:
    """Dire tout ce qui est derrière un chiffre d'un rapport, jusqu'aux contrats.

    ID est l'identifiant d'un constat (annexe du rapport, ou lien ¶ d'une page), son début, ou ses huit derniers signes.
    """
    from optima_lib.running.show import show as run

    started = time.perf_counter()
    for line in run(identifier, reports, data, every=every):
        click.echo(line)
    _end(started)


@main.command()
@click.argument("partner", metavar="PARTENAIRE")
@data_option
def check(partner: str, data: Path) -> None:
    """Dire tout ce qui ne va pas dans les fichiers d'un partenaire."""
    from optima_lib.running.etude import names_near, open_study

    etude = open_study(partner, data)
    told = f"Fichier du partenaire : {etude.partner.nom}, {', '.join(etude.partner.sirens)}"
    if not etude.absents:
        click.echo(f"{told} : rien à corriger.")
        return
    click.echo(f"{told}.")
    for each in etude.absents:
        click.echo(
            f"Aucun contrat dans les tables pour {each.nom} ({each.siren}). Acheteurs aux noms les plus proches : "
            f"{names_near(each.nom, data)}. Corrigez son SIREN, ou ajoutez ses fichiers avec « optima clean »."
        )
    sys.exit(1)


@main.command()
@data_option
@reports_option
def demo(data: Path, reports: Path) -> None:
    """Dérouler toute la chaîne sur la collectivité inventée de la suite."""
    from optima_lib.running.demo import run_demo

    started = time.perf_counter()
    index = run_demo(data, reports, telling=click.echo)
    _end(started, f"Rapport : {index}")


@main.command()
@click.option("--out", type=FOLDER, default=ROOT / "docs" / "indicateurs", help="Dossier des pages.")
def dictionary(out: Path) -> None:
    """Écrire les pages du dictionnaire des indicateurs."""
    from optima_lib.reporting.dictionary import write_dictionary

    click.echo(f"{len(write_dictionary(out, ROOT / 'tests' / 'cases'))} pages écrites dans {out}")


def _tell_refusal(error: OSError) -> str:
    """Say in French what the system refused, and where."""
    reason = REFUSALS.get(error.errno or 0, error.strerror or str(error))
    found = PATH_QUOTED.search(str(error))  # some libraries tell the file in their message alone
    place = error.filename or (found.group(1) if found else "le disque")
    return f"{place} : {reason}. Vérifiez les droits du dossier et la place qui reste."


def _tell_chapter(title: str) -> None:
    click.echo(f"Chapitre écrit : {title}")


def _end(started: float, last: str = "", *, failed: bool = False, err: bool = False) -> None:
    """Say how long it took, then the last word; exit with 1 when something promised was not done."""
    click.echo(f"Terminé en {time.perf_counter() - started:.1f} s".replace(".", ","), err=err)
    if last:
        click.echo(last)
    if failed:
        sys.exit(1)
