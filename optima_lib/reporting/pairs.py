"""One authority beside its peers: its comparisons, and what they rest on."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from optima_lib.comparison.families import Declaration
from optima_lib.comparison.measured import Floats, Measured, Numbers
from optima_lib.comparison.neighbours import balance
from optima_lib.comparison.peers import NONE, Step
from optima_lib.comparison.scales import SCALES
from optima_lib.comparison.sensitivity import WithoutOne, without_each
from optima_lib.references import bound

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Confrontation:
    """One authority beside its peers.

    Attributes
    ----------
    siren, nom : str
        Who it is.
    acheteurs : pandas.DataFrame
        The authority and the buyers among which its peers are looked for, in order of their SIREN.
    comparaisons : pandas.DataFrame
        Its rows of the table *comparaisons*, over the period of its study.
    steps : list of Step
        The rule that found its peers.
    declaration : Declaration
        What was fixed before.
    mesures : dict
        What each indicator shows at all authorities, by code.
    focal : int
        Its place among the buyers.
    covariables : pandas.DataFrame
        What is declared to tell authorities alike, on logarithms, one row per buyer.
    durees : array
        The months from the first contract of each buyer to its last, over the period of the study.
    noms_affiches : bool
        Whether the report names the peers.
    """

    siren: str
    nom: str
    acheteurs: pd.DataFrame
    comparaisons: pd.DataFrame
    steps: list[Step]
    declaration: Declaration
    mesures: dict[str, Measured] = field(repr=False)
    focal: int
    covariables: pd.DataFrame = field(repr=False)
    durees: Floats = field(repr=False)
    noms_affiches: bool = False

    def pairs(self, code: str) -> Numbers:
        """Return the places of the usable peers of an indicator."""
        row = self.ligne(code)
        step = next((each for each in self.steps if each.number == row["etape"]), None)
        if step is None:
            return np.empty(0, dtype=np.int64)
        pool = step.pools[step.pool_of[self.focal]]
        usable = self.mesures[code].usable()
        return np.asarray(pool[usable[pool] & (pool != self.focal)])

    def a_une_valeur(self, code: str) -> bool:
        """Tell whether an indicator has a row: a value that is printed."""
        return bool((self.comparaisons["indicateur"] == code).any())

    def ligne(self, code: str) -> pd.Series:
        """Return the row of an indicator that has one."""
        return self.comparaisons[self.comparaisons["indicateur"] == code].iloc[0]

    def valeurs(self, code: str) -> pd.DataFrame:
        """Return the authority and its peers on one indicator, from the highest to the lowest.

        Returns
        -------
        pandas.DataFrame
            ``acheteur_siren``, ``nom``, ``valeur``, ``effectif``, ``ic_bas``, ``ic_haut`` (95 %, on the scale of comparison),
            ``facteur`` (by which a value is brought to the unit of the indicator), ``est_focale``.
        """
        places = np.append(self.pairs(code), self.focal)
        ready, told = self.mesures[code], SCALES[self.mesures[code].scale]
        y, half = ready.on_scale()[places], Z95 * np.sqrt(ready.variance[places])
        factor = 1.0 if ready.factor is None else ready.factor[places]
        table = pd.DataFrame(
            {
                "acheteur_siren": self.acheteurs["acheteur_siren"].iloc[places].to_numpy(),
                "nom": self.acheteurs["nom"].iloc[places].to_numpy(),
                "valeur": told.back(y),
                "effectif": ready.n[places],
                "ic_bas": told.back(y - half),
                "ic_haut": told.back(y + half),
                "facteur": factor,
                "est_focale": places == self.focal,
            }
        )
        return table.sort_values(["valeur", "nom"], ascending=[False, True], ignore_index=True)

    def sans_chaque(self, code: str) -> WithoutOne:
        """Return the comparison of an indicator made again without each peer."""
        return without_each(self.mesures[code], self.focal, self.pairs(code))

    @cached_property
    def etapes(self) -> pd.DataFrame:
        """The rule, step by step: what the peers have in common, and how many there are with enough contracts."""
        rows = []
        for each in self.steps:
            if each.pool_of[self.focal] == NONE:
                continue
            pool = each.pools[each.pool_of[self.focal]]
            others = pool[pool != self.focal]
            enough = self.acheteurs["nb_marches"].iloc[others] >= bound("comparaison_effectif_minimum")
            rows.append((each.number, each.labels[each.pool_of[self.focal]], len(others), int(enough.sum())))
        return pd.DataFrame(rows, columns=["etape", "groupe", "acheteurs", "assez_de_marches"])

    def equilibre(self, code: str) -> pd.DataFrame:
        """Return how far the authority stands from the peers of an indicator on what is known of them."""
        known = self.covariables.assign(mois_couverts=np.log(self.durees))
        return balance(known, self.focal, self.pairs(code))
