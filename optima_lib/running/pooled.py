"""``open_ensemble``: one value per authority, and what lies below it, for questions across authorities."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from optima_lib.errors import ComparisonError, suggest
from optima_lib.indicators import Indicator, find
from optima_lib.indicators.measure import BUYER, YEAR, measure
from optima_lib.indicators.shapes import Count
from optima_lib.indicators.statuses import CALCULE, INDICATIF
from optima_lib.paths import DATA, processed
from optima_lib.references import bound
from optima_lib.reporting.ensembles.demande import GROUPINGS
from optima_lib.reporting.ensembles.details import Details
from optima_lib.reporting.ensembles.ensemble import Ensemble
from optima_lib.reporting.ensembles.groupes import GROUP, LEFT_OUT
from optima_lib.running.estimates import is_total, why_not
from optima_lib.running.facts import ready_facts
from optima_lib.running.measure import opened
from optima_lib.running.pooled_facts import QUARTER, read_facts, read_parts, read_quarters
from optima_lib.running.pooled_files import read_groups, read_term, tell_absent
from optima_lib.running.question import SHOWN, Question, read_question
from optima_lib.schemas import read_table

FEW, HIDDEN, UNCOVERED, ALONE = (
    "sans groupe", "trop peu de faits", "couverture insuffisante", "seule de son groupe",
)  # fmt: skip

__all__ = ["Question", "open_ensemble"]


def open_ensemble(
    question: str, indicateur: str, groupes: str, *, donnees: Path | str = DATA, **choix: str
) -> Ensemble:
    """Return one value per authority, all years together, its group, and what lies below: facts, years, quarters.

    Parameters
    ----------
    question, indicateur, groupes, donnees
        Those of :class:`Question`; an empty question is made of the others.
    **choix
        The others: ``parmi``, ``estimand``, ``terme``, ``date``, ``temoin``, ``noms``.

    Returns
    -------
    Ensemble
        The authorities kept, and those left out with the reason.

    Raises
    ------
    UnknownIndicatorError
        When the catalogue does not hold that code, or open data cannot feed it.
    ComparisonError
        When a parameter is not what it must be, or the groups are not known.
    TableError
        When the processed tables are not there.
    """
    asked = read_question(question=question, indicateur=indicateur, groupes=groupes, donnees=str(donnees), **choix)
    entry = find(asked.indicateur)
    _ = entry.shape  # refuses what open data cannot feed
    groups = None if asked.groupes in GROUPINGS else read_groups(Path(asked.groupes))
    term = read_term(Path(asked.terme)) if asked.terme else None
    folder = processed(Path(asked.donnees))
    every = read_table(folder, "acheteurs").to_pandas()
    buyers = _among(every, asked.parmi)
    absent = _absent(asked, groups, term, every)
    buyers[GROUP] = buyers[asked.groupes].astype(object) if groups is None else buyers[BUYER].map(groups)
    with opened(ready_facts(folder), "polars") as facts:
        values = measure(facts, [entry.code])
        together = values[values[YEAR].isna()].drop(columns=YEAR)
        table = _judged(buyers.merge(together, on=BUYER, how="left", validate="1:1"))
        details = _details(facts, entry, table, values[values[YEAR].notna()])
        if asked.temoin:
            details = _beside(facts, entry, details, asked.temoin)
    named = asked.groupes if groups is None else "groupe déclaré"
    details = details.avec(terme=term, jour=asked.jour, noms_affiches=asked.noms == SHOWN)
    return Ensemble(asked.question, entry, named, asked.parmi, asked.estimand, table, absent, _reserve(entry), details)


def _reserve(entry: Indicator) -> str:
    """Say why values of an indicator do not compare from one authority to another; empty where they do."""
    if why := why_not(entry.code):
        return f"Réserve : d'une collectivité à l'autre, {entry.libelle[0].lower()}{entry.libelle[1:]} ne se compare pas. {why}."
    if is_total(entry.code):
        return (
            "Réserve : c'est un total, qui croît avec la taille de la collectivité et avec la durée que couvrent ses marchés. "
            "Comparez des groupes de même taille."
        )
    return ""


def _absent(
    asked: Question, groups: pd.Series | None, term: pd.DataFrame | None, buyers: pd.DataFrame
) -> tuple[str, ...]:
    """Say which authorities of the files are not compared; refuse a file of groups of which none is in the base."""
    if groups is not None and not buyers[BUYER].isin(groups.index).any():
        raise ComparisonError(
            f"Aucun SIREN de {Path(asked.groupes).name} n'est dans la base. Vérifiez que ce fichier "
            "et la base sont ceux des mêmes collectivités."
        )
    files = (
        (asked.groupes, None if groups is None else groups.index),
        (asked.terme, None if term is None else term[BUYER]),
    )
    return tuple(
        said
        for path, sirens in files
        if sirens is not None
        for said in tell_absent(Path(path).name, sirens, buyers, asked.parmi)
    )


def _details(facts: Mapping[str, Any], entry: Indicator, table: pd.DataFrame, years: pd.DataFrame) -> Details:
    """Read the facts, the years and the quarters of the authorities that have a group and are covered, few facts or not."""
    known = (
        table[GROUP].notna() & (table[GROUP] != "") & (table["couverture"].fillna(0) >= bound("couverture_comparaison"))
    )
    of_whom = table.loc[known, [BUYER, "nom", GROUP]]
    told = years[_is_told(years)].merge(of_whom, on=BUYER, validate="m:1")[[BUYER, "nom", GROUP, YEAR, "valeur"]]
    rows = told.drop(columns=YEAR) if isinstance(entry.shape, Count) else read_facts(facts, entry)
    if rows is not None and GROUP not in rows:
        rows = rows.merge(of_whom, on=BUYER, validate="m:1")
    sirens = list(of_whom[BUYER])
    parts = read_parts(facts, entry, sirens)
    return Details(
        rows,
        told.reset_index(drop=True),
        read_quarters(facts, entry, sirens),
        of_whom.set_index(BUYER)[GROUP].astype(str),
        parts=None if parts is None else parts.merge(of_whom[[BUYER, "nom"]], on=BUYER, validate="m:1"),
    )


def _beside(facts: Mapping[str, Any], entry: Indicator, details: Details, control: str) -> Details:
    """Add the quarters of the control group, and those of the others."""
    groups = details.groupes
    if control not in set(groups):
        raise ComparisonError(f"Le témoin « {control} » n'est pas un groupe. {suggest(control, sorted(set(groups)))}")
    concerned, beside = (
        read_quarters(facts, entry, list(groups.index[some])) for some in (groups != control, groups == control)
    )
    if concerned is None or beside is None:
        return details
    both = concerned.merge(beside[[QUARTER, "valeur"]].rename(columns={"valeur": "temoin"}), on=QUARTER, validate="1:1")
    return details.avec(temoin=control, contre=both)


def _among(buyers: pd.DataFrame, category: str) -> pd.DataFrame:
    known = sorted(buyers["categorie"].dropna().unique())
    if category and category not in known:
        raise ComparisonError(f"La catégorie « {category} » n'est pas dans la base. {suggest(category, known)}")
    return buyers[buyers["categorie"] == category].reset_index(drop=True) if category else buyers


def _is_told(values: pd.DataFrame) -> pd.Series:
    """Tell the values that rest on enough facts, and on enough of the facts concerned."""
    return values["statut"].astype(object).isin([CALCULE, INDICATIF]) & (
        values["couverture"].fillna(0) >= bound("couverture_comparaison")
    )


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """Say why each authority is left out; nothing where it is kept."""
    reasons = pd.Series("", index=table.index)
    reasons[table["couverture"].fillna(0) < bound("couverture_comparaison")] = UNCOVERED
    reasons[~table["statut"].astype(object).isin([CALCULE, INDICATIF])] = HIDDEN
    reasons[table[GROUP].isna() | (table[GROUP] == "")] = FEW
    alone = table[reasons == ""].groupby(GROUP)[BUYER].transform("size") < 2
    reasons[alone[alone].index] = ALONE
    return table.assign(**{LEFT_OUT: reasons})
