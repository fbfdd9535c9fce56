"""A reform that comes at different dates: its effect in each cohort at each time, and all of them put together."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from optima_lib.comparison.columns import NOISE, complete_rows, read_numbers
from optima_lib.comparison.extras import load_extra
from optima_lib.comparison.fits import LEAST, Coefficient, read_coefficients
from optima_lib.errors import ComparisonError

DRAWS = 1_000
Base = Literal["varying", "universal"]
Name = Literal["simple", "dynamique", "equilibree"]


@dataclass(frozen=True)
class Aggregation:
    """Effects of a reform put together: ``by_exposure`` has ``exposition`` (negative before), ``effet``, ``erreur``."""

    name: str
    overall: Coefficient
    by_exposure: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Staggered:
    """Effects of a reform by cohort and time: the fit of diff-diff, the rows it read, and French remarks."""

    fit: Any
    rows: pd.DataFrame
    remarks: tuple[str, ...]

    @property
    def effects(self) -> pd.DataFrame:
        """One row per cohort and time: ``cohorte``, ``temps``, ``exposition`` (time less cohort), ``effet``, ``erreur``."""
        cells = sorted(self.fit.group_time_effects.items())
        told = [(g, t, t - g, cell["effect"], cell["se"]) for (g, t), cell in cells if not cell.get("is_reference")]
        return pd.DataFrame(told, columns=["cohorte", "temps", "exposition", "effet", "erreur"], dtype=float)

    def aggregate(self, name: Name, *, horizon: float | None = None, seed: int | None = None) -> Aggregation:
        """Return one effect out of all.

        Parameters
        ----------
        name : {"simple", "dynamique", "equilibree"}
            ``simple``: the mean over cohorts and times after the reform, by size of cohort: early cohorts count at more
            times. ``dynamique``: the mean of the effects at each time since the reform: late times rest on early cohorts
            alone. ``equilibree``: the same up to a horizon, of the cohorts that reach it. They differ: name the one.
        horizon : float, optional
            Time since the reform up to which ``equilibree`` goes.
        seed : int, optional
            Seed of the multiplier bootstrap (Mammen's weights); without it, errors by formula.

        Raises
        ------
        ComparisonError
            When the name is unknown, when no cohort reaches the horizon, when fewer than five units carry it, or when
            nothing varies between units.

        Notes
        -----
        diff-diff tells one overall effect, ``simple``; the mean over times since the reform is taken here, its variance is
        the mean of their covariances. **Limit.** With a universal base and times not equally apart, the base of a cohort
        counts as an effect of 0 among those of others at the same time before the reform, as in did (R).
        """
        after = self.effects.query("exposition >= 0")
        if name == "equilibree":
            after = after[after["cohorte"].isin(after.loc[after["exposition"] == horizon, "cohorte"])]
        elif name not in {"simple", "dynamique"}:
            raise ComparisonError(f"Agrégation inconnue : « {name} ». Choisissez simple, dynamique ou equilibree.")
        if after.empty:
            raise ComparisonError(
                "Agrégation refusée : aucune cohorte n’est vue à cet horizon après sa réforme. Donnez un horizon observé, "
                "0 ou plus."
            )
        df = self._carriers(after["cohorte"]) - 1
        drawn = {"cluster": "unite", "n_bootstrap": DRAWS, "seed": seed, "bootstrap_weights": "mammen"}
        fit = self.fit if seed is None else _fit(self.rows, self.fit.base_period, **drawn)
        if name == "simple":
            by, overall, variance = self.effects.iloc[:0, 2:], fit.overall_att, fit.overall_se**2
        else:
            balance = horizon if name == "equilibree" else None
            by, covariance = _study(fit, balance)
            by = by if balance is None else by[by["exposition"].between(0, balance)]
            later = by[by["exposition"] >= 0]
            both = covariance.reindex(index=later["exposition"], columns=later["exposition"])
            overall, variance = later["effet"].mean(), both.to_numpy().mean()
        self._require_errors([*by["erreur"], np.sqrt(abs(variance))])
        (told,) = read_coefficients([name], [overall], [[variance]], df)
        return Aggregation(name, told, by.reset_index(drop=True))

    def parallel_trends_p(self) -> float:
        """Return the p value of no change from one time to the next before the reform, in any cohort.

        Raises
        ------
        ComparisonError
            When no cohort is seen twice before its reform, or when nothing varies between units.

        Notes
        -----
        Wald's test, as in did (R), without the factor G/(G - 1). diff-diff has no such test, and tells the joint covariance
        by time since the reform only: it is fitted with the dates of the cohorts moved past the last time, so far apart
        that no two share such a time. A large p does not establish parallel trends, the test may see little (Roth, 2022,
        American Economic Review: Insights 4:305).
        """
        from scipy.linalg import pinvh  # noqa: PLC0415 - slow to import
        from scipy.stats import chi2  # noqa: PLC0415 - slow to import

        places, times = pd.factorize(self.rows["temps"], sort=True)
        ranks, cohorts = pd.factorize(self.rows["debut"].where(self.rows["debut"] > 0), sort=True)
        span = len(times)
        by, covariance = _study(_fit(self.rows.assign(temps=places, debut=(ranks + 1) * span), "varying"))
        before = {p - (rank + 1) * span for rank, g in enumerate(cohorts) for p in range(span) if times[p] < g}
        by = by[by["exposition"].isin(before)]
        if by.empty:
            raise ComparisonError(
                "Aucune cohorte n’est vue deux fois avant sa réforme : les tendances ne se comparent pas."
            )
        self._require_errors(by["erreur"])
        inverse, rank = pinvh(covariance.loc[by["exposition"], by["exposition"]].to_numpy(), return_rank=True)
        return float(chi2.sf(by["effet"].to_numpy() @ inverse @ by["effet"].to_numpy(), rank))

    def _require_errors(self, errors: Iterable[float]) -> None:
        rounding = NOISE * self.rows["valeur"].abs().max()
        if not all(error > rounding for error in errors):
            raise ComparisonError("Effets refusés : leur erreur est nulle, rien ne varie entre collectivités.")

    def _carriers(self, cohorts: pd.Series) -> int:
        first = self.rows.drop_duplicates("unite")["debut"]
        least = int(min(first.isin(cohorts).sum(), (first == 0).sum()))
        if least < LEAST:
            raise ComparisonError(
                f"Agrégation refusée : elle ne tient qu’à {least} collectivité{'s' * (least > 1)} d’un côté, il en faut au "
                f"moins {LEAST}. Comparez chacune à un contrôle synthétique (`reforms.placebos`)."
            )
        return least


def staggered(  # noqa: PLR0913 - the columns of a panel
    panel: pd.DataFrame, outcome: str, unit: str, time: str, first: str, *, base: Base = "varying"
) -> Staggered:
    """Return the effect of each cohort at each time when a reform comes at different dates, by diff-diff.

    Parameters
    ----------
    panel : pandas.DataFrame
        One row per unit and time.
    outcome, unit, time, first : str
        Its columns; ``first`` is the first treated time, 0 for units never treated; after the last time is never.
    base : {"varying", "universal"}
        What a time before the reform is compared with: the time before it, or the last one before the reform, as those
        after it are.

    Raises
    ------
    ComparisonError
        When diff-diff is not installed, when a unit has two rows for one time or two first times, when no unit is never
        treated, when no cohort is seen before its reform, or when one is not seen at some time.

    Notes
    -----
    ATT(g, t) = mean change of cohort g since the base, less that of units never treated; units seen at both times.
    Errors clustered by unit, from influence functions, with the factor G/(G - 1); naming the clusters also makes diff-diff
    weigh a cohort by its size, whoever misses a time. Source: Callaway and Sant'Anna, Journal of Econometrics 225
    (2021) 200, without covariates. An overall effect depends on the aggregation: name it (`Staggered.aggregate`).
    **Limits.** Buyers that did not join a central body may pay less since it exists (spillover): prefer controls that are
    never exposed. A cohort of few units is described, its error is too small.
    """
    rows, remarks = _read(panel, outcome, unit, time, first)
    fit = _fit(rows, base, cluster="unite")
    if any(np.isnan(cell["effect"]) for cell in fit.group_time_effects.values()):
        raise ComparisonError(
            "Réforme refusée : une cohorte, ou les jamais touchées, manquent à une période. Retirez cette période."
        )
    sizes = rows[rows["debut"] > 0].groupby("debut")["unite"].nunique()
    few = tuple(
        f"Cohorte {cohort:g} : {size} collectivité{'s' * (size > 1)} seulement, ses erreurs sont trop petites."
        for cohort, size in sizes[sizes < LEAST].items()
    )
    return Staggered(fit, rows, (*remarks, *few))


def _fit(rows: pd.DataFrame, base: str, **options: Any) -> Any:
    """Return a fit, without the warnings on units that miss a time, and on cohorts without a time after."""
    library = load_extra("diff_diff", "l’effet d’une réforme à plusieurs dates")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return library.CallawaySantAnna(base_period=base, **options).fit(
            rows, outcome="valeur", unit="unite", time="temps", first_treat="debut"
        )


def _study(fit: Any, balance: float | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the effects by time since the reform, and their covariance; errors of 0 are refused later, not warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = fit.aggregate("event_study", balance_e=balance)
    by = pd.DataFrame({"exposition": study.event_time, "effet": study.att, "erreur": study.se}, dtype=float)
    return by[~study.is_reference], pd.DataFrame(study.vcov, study.vcov_index, study.vcov_index)


def _read(panel: pd.DataFrame, outcome: str, unit: str, time: str, first: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of units never treated or seen before their reform, and what must be said of the others."""
    complete, said = complete_rows(panel, (outcome, unit, time, first))
    numbers = {"valeur": outcome, "temps": time, "debut": first}
    rows = pd.DataFrame({own: read_numbers(complete, name) for own, name in numbers.items()})
    rows["unite"] = pd.factorize(complete[unit])[0]
    twice = complete.loc[rows.duplicated(["unite", "temps"]), [unit, time]]
    if len(twice):
        raise ComparisonError(
            f"Réforme refusée : « {twice[unit].iloc[0]} » a plusieurs lignes pour {twice[time].iloc[0]}. "
            "Résumez chaque collectivité en une ligne par période."
        )
    several = complete.groupby(unit, observed=True)[first].nunique()
    if several.max() > 1:
        raise ComparisonError(
            f"Réforme refusée : « {several.idxmax()} » a plusieurs dates de réforme. Donnez la première sur toutes ses lignes."
        )
    seen = (rows["debut"] == 0) | (rows["debut"] > rows["temps"].min())
    out = rows.loc[~seen, "unite"].nunique()
    told = (f"Collectivités touchées dès la première période, laissées de côté : {out}.",) if out else ()
    kept = rows[seen].assign(debut=lambda rows: rows["debut"].where(rows["debut"] <= rows["temps"].max(), 0.0))
    if not (kept["debut"] > 0).any() or not (kept["debut"] == 0).any():
        raise ComparisonError(
            "Réforme refusée : il faut des collectivités jamais touchées, et d’autres vues avant et après leur réforme."
        )
    return kept, (*said, *told)
