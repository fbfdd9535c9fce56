"""The study of one partner: its tables, its indicators, its findings and figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from optima_lib.indicators import CATALOGUE, find
from optima_lib.indicators.behind import facts_behind
from optima_lib.indicators.facts import Conventions, together
from optima_lib.indicators.measure import measure
from optima_lib.indicators.statuses import CALCULE, INDICATIF
from optima_lib.partners import Entite, Partner
from optima_lib.reporting import french
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.figures import Figure, intervals_by_year
from optima_lib.reporting.texts import Texte

ENSEMBLE = "ensemble"


@dataclass
class Etude:
    """What one holds of a partner in JupyterLab; every table is a pandas DataFrame.

    Attributes
    ----------
    partner : Partner
        Who it is.
    marches, titulaires, modifications, acheteurs : pandas.DataFrame
        The processed tables, of the partner and its period only (grains: ``optima_lib.schemas``); ``marches``
        has one column more, ``entite``. A contract without a notification date is in.
    hors_periode : pandas.DataFrame
        The partner's contracts notified outside its period.
    enregistrements : pandas.DataFrame
        What became of each raw record about the partner, all years.
    fichiers : pandas.DataFrame
        The files that hold those records, each with the span and content of all its contracts.
    ecartes : pandas.DataFrame
        The records set aside in those files: no buyer is told, they may be the partner's.
    entreprises, etablissements : pandas.DataFrame
        What the company register says of its suppliers; empty without a register.
    faits : dict of pandas.DataFrame
        The tables of facts that its indicators sum, of the partner and its period only.
    conventions : Conventions
        How suppliers share a contract, in those facts.
    mesures : dict of pandas.DataFrame
        The indicators measured so far, by code.
    """

    partner: Partner
    marches: pd.DataFrame
    titulaires: pd.DataFrame
    modifications: pd.DataFrame
    acheteurs: pd.DataFrame
    hors_periode: pd.DataFrame
    enregistrements: pd.DataFrame
    fichiers: pd.DataFrame
    ecartes: pd.DataFrame
    entreprises: pd.DataFrame
    etablissements: pd.DataFrame
    faits: dict[str, pd.DataFrame]
    conventions: Conventions = field(default_factory=Conventions)
    mesures: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def annees(self) -> list[int]:
        """The years of the period."""
        return list(range(self.partner.periode.debut, self.partner.periode.fin + 1))

    @property
    def annees_publiees(self) -> list[int]:
        """The years of the period in which a contract is notified."""
        return [int(year) for year in sorted(self.marches["annee"].dropna().unique())]

    @property
    def entites(self) -> dict[str, str]:
        """The name of each legal person, by SIREN; with several, their whole under ``ensemble``."""
        names = {each.siren: each.nom for each in self.partner.entites}
        return names | {ENSEMBLE: "Ensemble"} if len(names) > 1 else names

    @property
    def absents(self) -> list[Entite]:
        """The legal persons of the partner that buy nothing in the tables."""
        known = set(self.acheteurs["acheteur_siren"])
        return [each for each in self.partner.entites if each.siren not in known]

    @property
    def principale(self) -> str:
        """The key of the whole partner in ``indicateurs``."""
        return list(self.entites)[-1]

    @cached_property
    def indicateurs(self) -> pd.DataFrame:
        """The table *indicateurs* of the partner over its period: one row per indicator, entity and year.

        With several legal persons, the rows of ``acheteur_siren`` = ``ensemble`` are those of all of them.
        """
        return self._measure(list(CATALOGUE))

    def _measure(self, codes: list[str]) -> pd.DataFrame:
        alone = measure(self.faits, codes)
        if self._ensemble is None:
            return alone
        return pd.concat([alone, measure(self._ensemble, codes)], ignore_index=True)

    def prepare(self, codes: Iterable[str]) -> None:
        """Measure together the indicators that are not yet: those of one table of facts make one pass."""
        lacking = [code for code in dict.fromkeys(codes) if code not in self.mesures]
        if not lacking:
            return
        table = self.indicateurs if len(lacking) == len(CATALOGUE) else self._measure(lacking)
        found = {str(code): rows for code, rows in table.groupby("indicateur", sort=False)}
        self.mesures |= {code: found.get(code, table[:0]) for code in lacking}

    def _rows(self, code: str) -> pd.DataFrame:
        """Return the rows of one indicator; a chapter measures those that it shows, and no other."""
        self.prepare([code])
        return self.mesures[code]

    @property
    def faits_ensemble(self) -> dict[str, pd.DataFrame]:
        """The facts of the whole partner, under the key ``principale``."""
        return self.faits if self._ensemble is None else self._ensemble

    @cached_property
    def _ensemble(self) -> dict[str, pd.DataFrame] | None:
        """The facts of several legal persons as those of one buyer."""
        return together(self.faits, ENSEMBLE) if len(self.partner.entites) > 1 else None

    def indicateur(self, code: str) -> pd.DataFrame:
        """Return the rows of an indicator, the entity's name in ``entite``."""
        rows = self._rows(find(code).code)
        return rows.assign(entite=rows["acheteur_siren"].map(self.entites)).reset_index(drop=True)

    def constat(self, code: str, entite: str | None = None, annee: int | None = None) -> Constat:
        """Return the finding of an indicator, for the whole partner and period unless told otherwise.

        Parameters
        ----------
        code : str
            Code of the catalogue.
        entite : str, optional
            SIREN of one legal person.
        annee : int, optional
            One year.
        """
        rows = self._rows(find(code).code)
        year = rows["annee"].isna() if annee is None else rows["annee"] == annee
        found = rows[(rows["acheteur_siren"] == (entite or self.principale)) & year.fillna(value=False)]
        return Constat.read(find(code), found.iloc[0].to_dict() if len(found) else None)

    def contrats(self, code: str, entite: str | None = None, annee: int | None = None) -> pd.DataFrame:
        """Return the contracts behind a finding, as ``optima_lib.contracts_behind`` does for any buyer."""
        key = entite or self.principale
        facts = self._ensemble if key == ENSEMBLE and self._ensemble is not None else self.faits
        rows = facts_behind(facts, code, key, annee)
        return rows.merge(self.marches[["uid", "objet"]], on="uid", how="left") if "uid" in rows else rows

    def figure(self, code: str) -> Figure | Texte:
        """Draw an indicator year by year, with its intervals; years without a value are left out.

        Where no year has a value, a sentence says so.
        """
        indicator = find(code)
        rows = self.indicateur(code)
        drawn = rows[rows["annee"].notna() & rows["statut"].isin([CALCULE, INDICATIF])]
        if drawn.empty:
            return Texte((f"{indicator.libelle} : aucune année ne compte assez de marchés exploitables.",))
        values = zip(drawn["entite"], drawn["annee"], drawn["valeur"], strict=True)
        told = [f"{name}, {year} : {french.by_unit(value, indicator.unite)}" for name, year, value in values]
        svg = intervals_by_year(drawn, label="", write=lambda value: french.by_unit(value, indicator.unite))
        alt = f"{indicator.libelle}. {' ; '.join(told)}."
        return Figure(svg, indicator.libelle, alt, "Traits : intervalle de confiance à 95 %.")
