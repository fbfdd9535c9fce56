"""Authorities followed over years: what changes in them when a term changes, each compared with itself."""

from typing import Any

import numpy as np
import pandas as pd

from optima_lib.comparison.carriers import count_carriers, effective_number, remark_carriers, require_carriers
from optima_lib.comparison.columns import complete_rows, differ, read_numbers
from optima_lib.comparison.extras import load_extra
from optima_lib.comparison.fits import Fit, read_coefficients, remark_clusters
from optima_lib.errors import ComparisonError


def fit_panel(table: pd.DataFrame, outcome: str, terms: list[str], authority: str, period: str) -> Fit:
    """Return a regression with fixed effects of authorities and of periods.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per authority and period.
    outcome : str
        Column of the outcome.
    terms : list of str
        Columns of the terms, numbers that change within authorities.
    authority, period : str
        Columns of the authority and of the period.

    Returns
    -------
    Fit
        Coefficients of the terms; ``parameters`` holds ``periodes`` and ``r2_intra``.

    Raises
    ------
    ComparisonError
        When there is one period only, when an authority has two rows for one period, when a term does not change
        within authorities or is the same for all in each period, or when its change, or what the other terms leave of it,
        rests on fewer than five authorities (`carriers.count_carriers`).

    Notes
    -----
    y_it = α_i + γ_t + x_it β + e_it, errors clustered by authority with the factor G/(G - 1)·(n - 1)/(n - k); k counts
    terms and periods, not the effects of authorities, which the clusters hold (Cameron and Miller, 2015, Journal of
    Human Resources 50:317, §III.B). Student's law with one degree of freedom less than the authorities that carry the
    change of each term, and not than all: `carriers` tells why. Authorities that are seen once say nothing of a change:
    they are left out, and told. A reform that begins at different dates is not read here: early adopters serve as
    controls of late ones (Goodman-Bacon, 2021, Journal of Econometrics 225:254); see `reforms.staggered`. As
    `linearmodels.PanelOLS`.

    Examples
    --------
    >>> rows = [(i, t, i + 2 * t + 3 * (i * t % 3) + 0.1 * ((i + t) % 2), i * t % 3) for i in range(9) for t in range(4)]
    >>> table = pd.DataFrame(rows, columns=["siren", "annee", "part", "x"])
    >>> round(fit_panel(table, "part", ["x"], "siren", "annee")["x"].estimate, 1)
    3.0
    """
    models = load_extra("linearmodels.panel", "le modèle à effets fixes")
    rows, left_out = _read_rows(table, [outcome, *terms], authority, period)
    for name in terms:
        _require_change(rows, name, authority, period)
    few = remark_clusters(rows[authority].nunique())
    places = [pd.factorize(rows[name], sort=True)[0] for name in (authority, period)]
    panel = rows[[outcome, *terms]].set_axis(pd.MultiIndex.from_arrays(places, names=["autorite", "periode"]))
    panel = panel.astype(float)
    fitted = _fit(models, panel, outcome, terms)
    carriers = {name: require_carriers(count_carriers(rows, name, authority, period), name) for name in terms}
    if len(terms) > 1:
        carriers = {name: min(told, _own_carriers(models, panel, name, terms)) for name, told in carriers.items()}
    clusters = rows[authority].nunique()
    periods = rows[period].nunique()
    factor = clusters / (clusters - 1) * (len(rows) - 1) / (len(rows) - len(terms) - periods)
    df = [each - 1 for each in carriers.values()]
    told = read_coefficients(terms, np.asarray(fitted.params), factor * np.asarray(fitted.cov), df)
    remarks = (*left_out, *few, *remark_carriers(carriers, clusters))
    parameters = {"periodes": float(periods), "r2_intra": float(fitted.rsquared)}
    return Fit("effets_fixes", told, len(rows), clusters, parameters, remarks=remarks)


def _fit(models: Any, panel: pd.DataFrame, outcome: str, terms: list[str]) -> Any:
    try:
        model = models.PanelOLS(panel[outcome], panel[terms], entity_effects=True, time_effects=True)
        return model.fit(cov_type="clustered", cluster_entity=True, debiased=False, auto_df=False, count_effects=False)
    except (ValueError, models.utility.AbsorbingEffectError) as error:
        raise ComparisonError(
            f"Panel refusé : les termes {', '.join(terms)} ne se distinguent pas les uns des autres, ou des effets des "
            "collectivités et des périodes. Retirez-en un."
        ) from error


def _own_carriers(models: Any, panel: pd.DataFrame, name: str, terms: list[str]) -> float:
    """Return the carriers of what the effects and the other terms leave of a term (Frisch and Waugh), or refuse it."""
    left = _fit(models, panel, name, [each for each in terms if each != name]).resids
    authority = left.index.get_level_values(0).to_series(index=left.index)
    return require_carriers(effective_number(left, authority, float(panel[name].abs().max())), name)


def _read_rows(
    table: pd.DataFrame, numbers: list[str], authority: str, period: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of the authorities that are seen several times, and what must be said of the others."""
    rows, said = complete_rows(table, [*numbers, authority, period])
    for name in numbers:
        read_numbers(rows, name)
    twice = rows.loc[rows.duplicated([authority, period]), [authority, period]]
    if len(twice):
        raise ComparisonError(
            f"Panel refusé : « {twice[authority].iloc[0]} » a plusieurs lignes pour {twice[period].iloc[0]}. "
            "Résumez chaque collectivité en une ligne par période."
        )
    if rows[period].nunique() < 2:
        raise ComparisonError(
            f"Panel refusé : une seule période ({rows[period].iloc[0]}). Un changement se lit sur deux au moins."
        )
    seen = rows.groupby(authority, observed=True)[period].transform("size")
    once = int((seen == 1).sum())
    if once == len(rows):
        raise ComparisonError(
            "Panel refusé : aucune collectivité n’est vue deux fois. Donnez plusieurs années de chacune."
        )
    told = (f"Collectivités vues une seule fois, laissées de côté : {once}.",) if once else ()
    return rows.loc[seen > 1].reset_index(drop=True), (*said, *told)


def _require_change(rows: pd.DataFrame, name: str, authority: str, period: str) -> None:
    for group, said in (
        (authority, "ne change dans aucune collectivité"),
        (period, "est le même pour toutes à chaque date"),
    ):
        parts = rows.groupby(group, observed=True)[name]
        if not any(differ(part) for _, part in parts):
            raise ComparisonError(
                f"Panel refusé : le terme « {name} » {said}, l’effet fixe l’absorbe. Retirez-le ou prenez un autre modèle."
            )
