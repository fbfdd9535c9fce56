"""``open_ensemble``: one value per authority, for questions across authorities."""

from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict

from optima_lib.errors import ComparisonError, suggest
from optima_lib.indicators import find
from optima_lib.indicators.measure import BUYER, measure
from optima_lib.indicators.statuses import CALCULE, INDICATIF
from optima_lib.paths import DATA, processed
from optima_lib.references import bound
from optima_lib.reporting.ensembles import GROUP, LEFT_OUT, Ensemble
from optima_lib.running.facts import ready_facts
from optima_lib.running.measure import opened
from optima_lib.schemas import read_table

GROUPINGS = ("categorie", "strate", "nature_juridique", "region", "departement")
FEW, HIDDEN, UNCOVERED, ALONE = (
    "sans groupe", "trop peu de faits", "couverture insuffisante", "seule de son groupe",
)  # fmt: skip


class Question(BaseModel):
    """What a pooled notebook takes.

    Attributes
    ----------
    question : str
        The question, in words.
    indicateur : str
        Code of the catalogue.
    groupes : str
        A column of *acheteurs* (``categorie``, ``strate``, ``nature_juridique``, ``region``, ``departement``), or the path of a
        CSV file of columns ``acheteur_siren`` and ``groupe`` (members and non-members, for instance).
    parmi : str
        A category to which the question is limited; all when empty.
    estimand : str
        ``rangs``, ``moyennes`` or ``moyennes_geometriques``.
    donnees : str
        Data folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    indicateur: str
    groupes: str
    parmi: str
    estimand: str
    donnees: str


def open_ensemble(  # noqa: PLR0913 - one argument per parameter of the notebook
    question: str,
    indicateur: str,
    groupes: str,
    *,
    parmi: str = "",
    estimand: str = "rangs",
    donnees: Path | str = DATA,
) -> Ensemble:
    """Return one value per authority, all years together, and its group.

    Parameters
    ----------
    question, indicateur, groupes, parmi, estimand, donnees
        Those of :class:`Question`.

    Returns
    -------
    Ensemble
        The authorities kept, and those left out with the reason.

    Raises
    ------
    UnknownIndicatorError
        When the catalogue does not hold that code.
    ComparisonError
        When the groups are not known, or no authority is left.
    TableError
        When the processed tables are not there.
    """
    entry = find(indicateur)
    folder = processed(Path(donnees))
    buyers = read_table(folder, "acheteurs").to_pandas()
    with opened(ready_facts(folder), "polars") as facts:
        values = measure(facts, [entry.code], by=(BUYER,))
    table = buyers.merge(values, on=BUYER, how="left", validate="1:1")
    if parmi:
        table = _among(table, parmi)
    table[GROUP] = _groups(table, groupes)
    table[LEFT_OUT] = _reasons(table)
    alone = table[table[LEFT_OUT] == ""].groupby(GROUP)[BUYER].transform("size") < 2
    table.loc[alone[alone].index, LEFT_OUT] = ALONE
    if not (table[LEFT_OUT] == "").any():
        raise ComparisonError(
            f"Aucune collectivité n'a assez de faits pour {indicateur} dans deux d'un même groupe. "
            "Choisissez un autre indicateur, ou ajoutez des fichiers."
        )
    return Ensemble(question, entry, groupes if groupes in GROUPINGS else "groupe déclaré", parmi, estimand, table)


def _among(table: pd.DataFrame, category: str) -> pd.DataFrame:
    known = sorted(table["categorie"].dropna().unique())
    if category not in known:
        raise ComparisonError(f"La catégorie « {category} » n'est pas dans la base. {suggest(category, known)}")
    return table[table["categorie"] == category].reset_index(drop=True)


def _groups(table: pd.DataFrame, groupes: str) -> pd.Series:
    """Return the group of each authority: a column of the buyers, or that of a file."""
    if groupes in GROUPINGS:
        return table[groupes].astype(object)
    path = Path(groupes)
    if not path.is_file():
        raise ComparisonError(
            f"Groupes « {groupes} » inconnus : ni une colonne des acheteurs, ni un fichier. {suggest(groupes, list(GROUPINGS))}"
        )
    told = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not {BUYER, GROUP} <= set(told.columns):
        raise ComparisonError(f"{groupes} doit avoir les colonnes {BUYER} et {GROUP}. Ajoutez-les.")
    if told[BUYER].duplicated().any():
        twice = told.loc[told[BUYER].duplicated(), BUYER].iloc[0]
        raise ComparisonError(f"{groupes} : {twice} y est deux fois. Gardez une ligne par collectivité.")
    return table[BUYER].map(told.set_index(BUYER)[GROUP])


def _reasons(table: pd.DataFrame) -> pd.Series:
    """Return why each authority is left out; empty where it is kept."""
    reasons = pd.Series("", index=table.index)
    reasons[table["couverture"].fillna(0) < bound("couverture_comparaison")] = UNCOVERED
    reasons[~table["statut"].astype(object).isin([CALCULE, INDICATIF])] = HIDDEN
    reasons[table[GROUP].isna() | (table[GROUP] == "")] = FEW
    return reasons
