"""Values of a distribution and their intervals, from the number of facts of each value."""

import numpy as np
import pandas as pd

LEVEL = 0.95


def wilson(hits: pd.Series, n: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the Wilson interval of shares, missing where there is no fact.

    Source: Wilson (1927), as statsmodels computes it.

    Examples
    --------
    >>> import pandas as pd
    >>> low, high = wilson(pd.Series([5.0, 0.0]), pd.Series([10.0, 0.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.237, nan], [0.763, nan])
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - slow to import

    ends = proportion_confint(hits.to_numpy(), n.where(n > 0, 1.0).to_numpy(), alpha=1 - LEVEL, method="wilson")
    low, high = (pd.Series(each, index=n.index).where(n > 0) for each in ends)
    return low.mask(hits == 0, 0.0).where(n > 0), high.mask(hits == n, 1.0).where(n > 0)  # no rounding at the ends


def medians(counted: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the median of each group, and its interval by order statistics.

    The interval runs from the j-th value to the j-th from the end, where j is the largest rank that leaves at
    most 2.5 % on each side under a binomial law of one half; it is missing below six facts. Source: David and
    Nagaraja, Order Statistics (2003), §7.1.

    Parameters
    ----------
    counted : pandas.DataFrame
        One row per group and value: ``by``, ``cle`` (the value), ``effectif`` (its facts).
    """
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    ordered = counted.sort_values([*by, "cle"]).reset_index(drop=True)
    groups = ordered.groupby(by, dropna=False, sort=False)["effectif"]
    ordered["jusque"] = groups.cumsum()
    n = groups.transform("sum")
    rank = pd.Series(binom.ppf((1 - LEVEL) / 2, n, 0.5), index=n.index)
    found = {
        "milieu_bas": _at(ordered, np.floor((n + 1) / 2), by),
        "milieu_haut": _at(ordered, np.ceil((n + 1) / 2), by),
        "ic_bas": _at(ordered, rank, by),
        "ic_haut": _at(ordered, (n - rank + 1).where(rank > 0, np.inf), by),
    }
    table = ordered[by].drop_duplicates()
    for name, values in found.items():
        table = table.merge(values.rename(columns={"cle": name}), on=by, how="left", validate="1:1")
    table.loc[table["ic_haut"].isna(), "ic_bas"] = np.nan
    middle = (table["milieu_bas"] + table["milieu_haut"]) / 2
    return table.drop(columns=["milieu_bas", "milieu_haut"]).assign(valeur=middle)


def _at(ordered: pd.DataFrame, rank: pd.Series, by: list[str]) -> pd.DataFrame:
    """Return the value of the fact of a rank (from 1) in each group."""
    reached = ordered[ordered["jusque"] >= rank]
    return reached.drop_duplicates(by)[[*by, "cle"]]


def ceiling(counted: pd.DataFrame, quantile: float) -> float:
    """Return the smallest value that at least this share of all the facts do not exceed (Hyndman-Fan type 1)."""
    if counted.empty:
        return np.inf
    values = counted.groupby("cle")["effectif"].sum().sort_index().cumsum()
    return float(values.index[(values >= quantile * values.iloc[-1] - 1e-9).argmax()])


def means(counted: pd.DataFrame, by: list[str], highest: float) -> pd.DataFrame:
    """Return the mean of each group, values brought back to a ceiling, and its Student interval."""
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    value, n = counted["cle"].astype(float).clip(upper=highest), counted["effectif"]
    parts = counted[by].assign(n=n, s=value * n, s2=value**2 * n)
    table = parts.groupby(by, dropna=False, as_index=False).sum()
    mean = table["s"] / table["n"]
    spread = ((table["s2"] - table["n"] * mean**2).clip(lower=0) / (table["n"] - 1).where(table["n"] > 1)) ** 0.5
    half = t.ppf((1 + LEVEL) / 2, table["n"] - 1) * spread / table["n"] ** 0.5
    return table[by].assign(valeur=mean, ic_bas=mean - half, ic_haut=mean + half)


def entropies(counted: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the Shannon entropy of each group, in nats."""
    n = counted.groupby(by, dropna=False)["effectif"].transform("sum")
    share = counted["effectif"] / n
    terms = counted[by].assign(valeur=-share * np.log(share))
    table = terms.groupby(by, dropna=False, as_index=False).sum()
    return table.assign(valeur=table["valeur"].clip(lower=0))
