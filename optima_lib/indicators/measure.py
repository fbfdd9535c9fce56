"""Every indicator for every group, one pass per table of facts and grain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from optima_lib.indicators.catalogue import CATALOGUE, find
from optima_lib.indicators.facts import Frame, contract_facts, supplier_facts
from optima_lib.indicators.shapes import Mean, Shape
from optima_lib.indicators.statuses import add_statuses

BUYER, YEAR = "acheteur_siren", "annee"
NUMBERS = ("valeur", "effectif", "eligibles", "couverture", "ic_bas", "ic_haut", "borne_basse", "borne_haute")


def measure(
    marches: Any,
    titulaires: Any,
    codes: Iterable[str] | None = None,
    *,
    highest: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Compute indicators for every buyer and year.

    Parameters
    ----------
    marches, titulaires : tables of one engine
        The processed tables, as pandas, Polars, DuckDB, Dask or PySpark hold them.
    codes : iterable of str, optional
        Codes of the catalogue; all by default.
    highest : mapping, optional
        The ceiling of the numbers averaged, by column; that of the facts given by default (:func:`ceilings`).

    Returns
    -------
    pandas.DataFrame
        The table *indicateurs*: one row per indicator, buyer and year, ``annee`` missing for all years.

    Notes
    -----
    **Method.** Sums per buyer, year and grain in the engine; the value, its interval and its bounds in pandas.
    All years are the same sums merged, not another pass. **Exclusions.** Buyers without a SIREN; contracts
    without a notification date count in all years only.
    """
    shapes = {code: find(code).define() for code in (CATALOGUE if codes is None else codes)}
    contracts = contract_facts(marches)
    facts = {"marches": contracts, "titulaires": supplier_facts(contracts, titulaires)}
    passes = defaultdict(list)
    for code, shape in shapes.items():
        passes[shape.facts, shape.grain].append(code)
    tables = [
        _values(code, _with_ceiling(shapes[code], sums, highest or {}), sums)
        for (source, grain), those in passes.items()
        for code, sums in _sums(facts[source], grain, {code: shapes[code] for code in those}).items()
    ]
    return _tidy(pd.concat(tables, ignore_index=True), list(shapes))


def _with_ceiling(shape: Shape, sums: pd.DataFrame, highest: Mapping[str, float]) -> Shape:
    """Give a mean its ceiling, the same for years and for all years."""
    if not isinstance(shape, Mean):
        return shape
    return replace(shape, highest=highest.get(shape.number, shape.ceiling(sums)))


def ceilings(marches: Any) -> dict[str, float]:
    """Return the ceilings of the numbers averaged, by column, that all the facts of a table give.

    A study of some buyers measured with those of the whole market has the values of the whole market's table.
    """
    contracts, found = contract_facts(marches), {}
    for code, indicator in CATALOGUE.items():
        shape = indicator.define()
        if isinstance(shape, Mean):
            sums = _sums(contracts, shape.grain, {code: shape})[code]
            found[shape.number] = shape.ceiling(sums)
    return found


def _sums(facts: Frame, grain: str | None, shapes: dict[str, Shape]) -> dict[str, pd.DataFrame]:
    """Sum what some shapes ask, in one pass; one table per code, its grain named ``cle``."""
    parts = {f"{code} {name}": test for code, shape in shapes.items() for name, test in shape.parts().items()}
    keys = [BUYER, YEAR, *([grain] if grain else [])]
    counted = facts.select(*keys, **parts)
    grouped = counted.group_by(*keys, drop_null_keys=False).agg(*[nw.col(name).sum() for name in parts])
    sums = (grouped.collect() if isinstance(grouped, nw.LazyFrame) else grouped).to_pandas()
    sums = sums.rename(columns={grain: "cle"} if grain else {}).astype({YEAR: "Int64"})
    index = [BUYER, YEAR, *(["cle"] if grain else [])]
    return {
        code: sums[index].assign(**{name: sums[f"{code} {name}"].astype(float) for name in shape.parts()})
        for code, shape in shapes.items()
    }


def _values(code: str, shape: Shape, sums: pd.DataFrame) -> pd.DataFrame:
    """Turn sums into values, year by year and for all years."""
    yearly = shape.value(sums[sums[YEAR].notna()], [BUYER, YEAR])
    merged = shape.value(sums.drop(columns=YEAR), [BUYER])
    return pd.concat(
        [add_statuses(each, gated=shape.gated).assign(indicateur=code) for each in (yearly, merged)], ignore_index=True
    )


def _tidy(values: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Give the table its columns, in order of catalogue, buyer and year."""
    order = pd.Categorical(values["indicateur"], categories=codes)
    ordered = values.assign(rang=order.codes).sort_values(["rang", BUYER, YEAR], ignore_index=True)
    typed = ordered.astype({BUYER: "str", YEAR: "Int32"})
    return typed.reindex(columns=["indicateur", BUYER, YEAR, *NUMBERS, "statut"])
