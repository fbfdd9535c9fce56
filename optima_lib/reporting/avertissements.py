"""What one must know before the figures of a chapter: what the files leave out, said again where it matters."""

import pandas as pd

from optima_lib.reporting import french
from optima_lib.reporting.donnees import files_of_one_kind, months_told, on_disk
from optima_lib.reporting.etude import Etude

FIRST_QUARTER, LAST_QUARTER = 1, 4


def extraits(etude: Etude) -> tuple[str, ...]:
    """Warn of each file that holds one kind of purchase only, where contracts of the study come from it alone.

    What such contracts tell (bids, procedures, suppliers) is told of that kind only, and so of a year that has no
    other.
    """
    return tuple(
        f"Extrait limité aux {kind} : {_contracts(etude, alone)} {_come(alone)} que du fichier {name}, qui ne contient, tous "
        f"acheteurs confondus, que des {kind}. Les chiffres qui en dépendent ne disent rien des autres achats, et ne se "
        "comparent pas d'une année à l'autre."
        for name, kind, alone in _extracts(etude)
    )


def rappels(etude: Etude) -> tuple[str, ...]:
    """Say the same again, in short, before a part of a chapter."""
    return tuple(
        f"Rappel : {_contracts(etude, alone)} {_come(alone)} que d'un fichier limité aux {kind}, et "
        f"{'ne dit' if alone.sum() == 1 else 'ne disent'} rien des autres achats."
        for _, kind, alone in _extracts(etude)
    )


def _extracts(etude: Etude) -> list[tuple[str, str, pd.Series]]:
    """Return the files of one kind that alone describe contracts of the study, and which ones."""
    told = ((name, kind, _only_in(etude, name)) for name, kind in files_of_one_kind(etude))
    return [(name, kind, alone) for name, kind, alone in told if alone.any()]


def _only_in(etude: Etude, name: str) -> pd.Series:
    """Tell the contracts of the study that no other file describes."""
    records = etude.enregistrements[etude.enregistrements["uid"].notna()]
    sole = records.assign(autre=records["fichier"].map(on_disk) != name).groupby("uid")["autre"].any()
    return etude.marches["uid"].isin(sole.index[~sole.astype(bool)])


def _contracts(etude: Etude, alone: pd.Series) -> str:
    """Count some contracts of the study, and name the years that have no other."""
    covered = alone.groupby(etude.marches["annee"]).all()
    years = [f"{year:.0f}" for year in covered.index[covered]]
    when = f", dont tous ceux de {french.enumerate_words(years)}," if years else ""
    return f"{french.whole(alone.sum())} des {french.agree(len(alone), 'contrat étudié')}{when}"


def _come(alone: pd.Series) -> str:
    return "ne vient" if alone.sum() == 1 else "ne viennent"


def annees_partielles(etude: Etude, annees: list[int]) -> tuple[str, ...]:
    """Warn of years of which no contract is published in the first quarter, or in the last one."""
    dates = pd.to_datetime(etude.marches["date_notification"]).dropna()
    quarters = dates.dt.quarter.groupby(dates.dt.year).agg(set)
    partial = [year for year in annees if not {FIRST_QUARTER, LAST_QUARTER} <= quarters.get(year, set())]
    if not partial:
        return ()
    years = "Année publiée" if len(partial) == 1 else "Années publiées"
    return (
        f"{years} en partie, semble-t-il : {' ; '.join(months_told(etude, partial))}. Un fournisseur dont les "
        "contrats manquent paraît parti, ou nouveau : le renouvellement est alors surestimé.",
    )
