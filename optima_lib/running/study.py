"""``optima study``: all the chapters of a partner, put in place only when all are complete."""

import datetime as dt
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbformat import NotebookNode

from optima_lib import __version__
from optima_lib.errors import PartnerError
from optima_lib.indicators import CATALOGUE
from optima_lib.partners import Partner, load_partner
from optima_lib.reporting import french
from optima_lib.reporting.annexe import ANNEX, render_annex
from optima_lib.reporting.french import day
from optima_lib.reporting.pages import Chapter, Page, describe, render_chapter, render_index
from optima_lib.running.chapters import Parameters, run_chapter
from optima_lib.running.nursery import Nursery

CAMPAIGN = re.compile(r"^[\w][\w.-]*$")
INVENTED = "Données inventées : cette collectivité, ses fournisseurs et ses contrats n'existent pas."


def study(
    name: str,
    data: Path,
    reports: Path,
    campaign: str | None = None,
    *,
    telling: Callable[[str], None] = lambda _: None,
) -> Path:
    """Run the chapters of a partner and put its report in place.

    Parameters
    ----------
    name : str
        Name of the partner's file, without ``.yml``.
    data, reports : Path
        Folders of the data and of the reports.
    campaign : str, optional
        Name of the campaign; the year and month by default.
    telling : callable
        Told of each chapter that is done.

    Returns
    -------
    Path
        The index of the report, ``reports/PARTNER/CAMPAIGN/index.html``.

    Raises
    ------
    OptimaError
        When the partner, its data or a chapter is wrong; the last good report is then untouched.
    """
    load_partner(name)  # a wrong file is said before anything starts
    campaign = named_campaign(campaign)
    with Nursery() as nursery:  # it imports while this process does
        return _study(name, data, reports / name / campaign, nursery, telling)


def named_campaign(campaign: str | None) -> str:
    """Return the name of a campaign, the year and month by default; refuse one that is no folder's name."""
    named = campaign or f"{_today():%Y-%m}"
    if not CAMPAIGN.match(named):
        raise PartnerError(f"Campagne « {named} » : attendu, des lettres, chiffres, points et tirets sans espace.")
    return named


def _study(name: str, data: Path, final: Path, nursery: Nursery, telling: Callable[[str], None]) -> Path:
    """Open the study, write its pages and findings beside the last ones, and put them in their place."""
    from optima_lib.running.etude import open_study  # noqa: PLC0415 - slow to import
    from optima_lib.running.findings import keep_findings  # noqa: PLC0415 - slow to import

    etude = open_study(name, data)
    partner = etude.partner
    if etude.marches.empty:
        known = french.years([int(year) for year in etude.hors_periode["annee"].dropna().unique()]) or "aucune"
        raise PartnerError(
            f"Aucun contrat de {partner.nom} n'est notifié de {partner.periode.debut} à {partner.periode.fin}. "
            f"Années connues : {known}. Corrigez la période dans partners/{name}.yml, ou ajoutez des fichiers."
        )
    page = _page(partner, final.name)
    final.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    try:
        with ThreadPoolExecutor(max_workers=1) as beside:
            measured = beside.submit(etude.prepare, CATALOGUE)
            run = _run(partner, Parameters(partenaire=name, donnees=str(data.resolve())), nursery)
            chapters, notebooks = _write(run, page, fresh, telling)
            measured.result()
        printed = keep_findings(etude, name, final.name, notebooks, fresh)
        annex = render_annex(printed, {each.fichier.removesuffix(".html"): each.titre for each in chapters}, page)
        (fresh / ANNEX.fichier).write_text(annex, encoding="utf-8")
        (fresh / "index.html").write_text(render_index([*chapters, ANNEX], page), encoding="utf-8")
        _put_in_place(fresh, final)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return final / "index.html"


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def _page(partner: Partner, campaign: str) -> Page:
    names = [each.nom for each in partner.entites]
    return Page(
        partenaire=partner.nom,
        entites=" et ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names),
        campagne=campaign,
        periode=f"{partner.periode.debut}–{partner.periode.fin}",
        pied=f"Chaire OPTIMA, Université de Pau et des Pays de l'Adour. Rapport établi le {day(_today())} avec "
        f"optima-lib {__version__}. Source : données essentielles de la commande publique.",
        avertissement=INVENTED if partner.donnees == "inventées" else "",
    )


def _run(partner: Partner, parameters: Parameters, nursery: Nursery) -> Iterator[tuple[str, NotebookNode]]:
    """Run the chapters, as many at once as there are processors, and give them in order."""
    with (
        tempfile.TemporaryDirectory(prefix="optima-") as work,
        ThreadPoolExecutor(max_workers=min(len(partner.chapitres), os.cpu_count() or 1)) as pool,
    ):
        jobs = {name: pool.submit(run_chapter, name, parameters, Path(work), nursery) for name in partner.chapitres}
        for name, job in jobs.items():
            yield name, job.result()


def _write(
    run: Iterable[tuple[str, NotebookNode]], page: Page, folder: Path, telling: Callable[[str], None]
) -> tuple[list[Chapter], dict[str, NotebookNode]]:
    """Write the pages of the chapters as they come; return them, and their notebooks."""
    chapters: list[Chapter] = []
    notebooks: dict[str, NotebookNode] = {}
    for name, notebook in run:
        chapter = describe(notebook, name)
        (folder / chapter.fichier).write_text(render_chapter(notebook, chapter, page), encoding="utf-8")
        chapters.append(chapter)
        notebooks[name] = notebook
        telling(chapter.titre)
    return chapters, notebooks


def _put_in_place(fresh: Path, final: Path) -> None:
    """Replace the former report by the new one, which is complete."""
    fresh.chmod(0o755)
    former = final.with_name(f".{final.name}-ancien")
    shutil.rmtree(former, ignore_errors=True)
    if final.exists():
        final.rename(former)
    try:
        fresh.rename(final)
    except OSError:
        if former.exists():
            former.rename(final)
        raise
    shutil.rmtree(former, ignore_errors=True)
