"""The files that a pooled question brings: the group of each authority, what changes in it from year to year."""

from collections.abc import Iterable, Sized
from pathlib import Path

import numpy as np
import pandas as pd

from optima_lib.errors import ComparisonError
from optima_lib.indicators.measure import BUYER, YEAR
from optima_lib.reporting import french
from optima_lib.reporting.ensembles.groupes import GROUP
from optima_lib.running.csv_files import LINE, read_about_authorities

VALUE = "valeur"
YEARS = (1900, 2100)
FIRST = 3  # SIREN that a sentence names


def read_groups(path: Path) -> pd.Series:
    """Return the group of each authority, by SIREN.

    Raises
    ------
    ComparisonError
        When the file cannot be read, lacks a column, holds something else than SIREN, or tells an authority twice.
    """
    told = read_about_authorities(path, [GROUP])
    _require_once(told, [BUYER], path, "Gardez une ligne par collectivité.")
    return told.set_index(BUYER)[GROUP]


def read_term(path: Path) -> pd.DataFrame:
    """Return what changes in the authorities: ``acheteur_siren``, ``annee``, ``valeur``.

    Raises
    ------
    ComparisonError
        When the file cannot be read, lacks a column, holds something else than SIREN and numbers, or tells a year of an
        authority twice.
    """
    told = read_about_authorities(path, [YEAR, VALUE])
    _require_once(told, [BUYER, YEAR], path, "Gardez une ligne par collectivité et par année.")
    for name in (YEAR, VALUE):
        numbers = pd.to_numeric(told[name].str.replace(",", "."), errors="coerce")
        wrong = ~np.isfinite(numbers) | ((name == YEAR) & ((numbers % 1 != 0) | ~numbers.between(*YEARS)))
        if wrong.any():
            first = told[wrong].iloc[0]
            raise ComparisonError(
                f"{path}, ligne {first[LINE]} : « {first[name]} » n'est pas {'une année' if name == YEAR else 'un nombre'}. "
                f"Corrigez la colonne {name}."
            )
        told[name] = numbers
    return told[[BUYER, YEAR, VALUE]].astype({YEAR: "int64"})


def tell_absent(name: str, sirens: Iterable[str], buyers: pd.DataFrame, category: str) -> tuple[str, ...]:
    """Say which authorities of a file are not in the base, and how many are there but of another category.

    Parameters
    ----------
    name : str
        The name of the file.
    sirens : iterable of str
        Those of the file.
    buyers : pandas.DataFrame
        ``acheteur_siren``, ``categorie`` of all the authorities of the base.
    category : str
        The category to which the question is limited; all when empty.

    Examples
    --------
    >>> buyers = pd.DataFrame({"acheteur_siren": ["100000000", "200000000"], "categorie": ["commune", "EPCI"]})
    >>> for said in tell_absent("a.csv", ["100000000", "200000000", "300000000"], buyers, "commune"):
    ...     print(said)
    1 SIREN de a.csv n'est pas dans la base : 300000000.
    1 SIREN de a.csv n'est pas de la catégorie « commune ».
    """
    every = sorted(set(sirens))
    away = [each for each in every if each not in set(buyers[BUYER])]
    others = list(buyers.loc[buyers[BUYER].isin(every) & (buyers["categorie"] != category) & bool(category), BUYER])
    first = f"{', '.join(away[:FIRST])}{'…' if len(away) > FIRST else ''}"
    said = (
        f"{_number(away, name)} dans la base : {first}{'' if first.endswith('…') else '.'}" if away else "",
        f"{_number(others, name)} de la catégorie « {category} »." if others else "",
    )
    return tuple(each for each in said if each)


def _number(sirens: Sized, name: str) -> str:
    verb = "ne sont" if len(sirens) > 1 else "n'est"
    return f"{french.whole(len(sirens))} SIREN de {name} {verb} pas"


def _require_once(told: pd.DataFrame, keys: list[str], path: Path, cure: str) -> None:
    twice = told[told.duplicated(keys)]
    if len(twice):
        raise ComparisonError(f"{path} : {', '.join(twice.iloc[0][keys])} y est deux fois. {cure}")
