"""The model of the facts behind a pooled question: groups beside a reference, errors clustered by authority."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optima_lib.comparison.fits import LEAST, Fit, remark_clusters
from optima_lib.comparison.multiplicity import adjust_family
from optima_lib.errors import ComparisonError
from optima_lib.indicators import Indicator
from optima_lib.reporting import french
from optima_lib.reporting.ensembles.details import Details, count_facts, refuse_facts
from optima_lib.reporting.ensembles.groupes import GROUP, UNIT, in_order
from optima_lib.reporting.ensembles.lois import Loi, law_of
from optima_lib.reporting.ensembles.porteurs import Effet, carried_by, left_out_error, remark_few

NOTHING = 1e-9  # an error that rounding leaves where there is none


@dataclass(frozen=True)
class ModeleMarches:
    """The groups of authorities in a model of their contracts.

    Attributes
    ----------
    indicator : Indicator
        What is compared.
    details : Details
        The facts.
    """

    indicator: Indicator
    details: Details

    @cached_property
    def loi(self) -> Loi:
        """The model that the facts call for."""
        return law_of(self.indicator, self._facts["valeur"].to_numpy(dtype=float))

    @property
    def _facts(self) -> pd.DataFrame:
        if self.details.faits is None or self.details.faits.empty:
            raise ComparisonError(f"Aucun modèle des marchés. {refuse_facts(self.indicator, self.details)}")
        return self.details.faits

    @cached_property
    def lignes(self) -> pd.DataFrame:
        """The facts that the model can read."""
        kept = self.loi.echelle.admet(self._facts["valeur"].to_numpy(dtype=float))
        return self._facts[kept]

    @cached_property
    def effectifs(self) -> pd.DataFrame:
        """Of each group, in order: authorities, facts, level, and whether the model holds it."""
        groups = self.lignes.groupby(GROUP)
        told = pd.DataFrame(
            {
                "collectivites": groups[UNIT].nunique(),
                "faits": groups.size(),
                "niveau": groups["valeur"].agg(lambda values: self.loi.centre(values.to_numpy(dtype=float))),
            }
        )
        told["retenu"] = told["collectivites"] >= LEAST
        if self.loi.lien is not None:
            told["erreur"] = pd.Series({name: left_out_error(rows, self.loi.lien) for name, rows in groups})
            told["retenu"] &= np.isfinite(told["erreur"])
        return told.loc[in_order(told.index)]

    @cached_property
    def reference(self) -> str:
        """The group of the most authorities, with which the others are compared."""
        kept = self.effectifs[self.effectifs["retenu"]]
        if len(kept) < 2:
            other = "d'autres groupes (et videz « parmi » s'il est rempli)"
            cure = f"Prenez {'des groupes plus larges' if len(self.effectifs) > 1 else other}"
            raise ComparisonError(
                f"Aucun modèle des marchés : il faut deux groupes de {LEAST} collectivités au moins, dont les marchés diffèrent entre "
                f"eux, et {'il n’y en a qu’un' if len(kept) else 'il n’y en a pas'}. {cure}, ou ajoutez des fichiers."
            )
        return str(kept["collectivites"].idxmax())

    @cached_property
    def modele(self) -> Fit | str:
        """The fitted model, or the sentence of its refusal."""
        try:
            return self._fit()
        except ComparisonError as error:
            return str(error)

    @property
    def _autres(self) -> list[str]:
        kept = self.effectifs.index[self.effectifs["retenu"]]
        return [str(name) for name in kept if name != self.reference]

    def _fit(self) -> Fit:
        others = [self.reference, *self._autres][1:]
        rows = self.lignes[self.lignes[GROUP].isin([self.reference, *others])]
        values = self.loi.echelle.vers(rows["valeur"].to_numpy(dtype=float))
        terms = {f"g{rank}": (rows[GROUP] == name).astype(float) for rank, name in enumerate(others)}
        table = rows[[UNIT]].assign(valeur=values, **terms)
        try:
            told = self.loi.ajuster(table, f"valeur ~ {' + '.join(terms)}", UNIT)
        except ComparisonError as error:
            raise ComparisonError(
                f"{error} Ici, chaque groupe est un terme : prenez des groupes plus larges."
            ) from error
        flat = [name for rank, name in enumerate(others) if not self._error(told, rank) > NOTHING]
        if flat:
            raise ComparisonError(
                f"Aucun modèle des marchés : dans « {flat[0]} » et « {self.reference} », toutes les collectivités ont la même moyenne, "
                "rien ne dit la précision de l'écart. Prenez d'autres groupes."
            )
        return told

    @cached_property
    def effets(self) -> dict[str, Effet]:
        """The effect of each group beside the reference, its p value corrected for all of them (Holm)."""
        told = self.modele
        if isinstance(told, str):
            return {}
        counts = self.effectifs["collectivites"]
        carriers = [int(min(counts[name], counts[self.reference])) for name in self._autres]
        found = [carried_by(told[f"g{rank}"], self._error(told, rank), each) for rank, each in enumerate(carriers)]
        corrected = adjust_family(np.array([each.p for each in found]), len(found))
        every = zip(self._autres, found, corrected, carriers, strict=True)
        return {name: Effet(each, float(p), number) for name, each, p, number in every}

    def _error(self, told: Fit, rank: int) -> float:
        """Return the error of an effect: that of the model, or of the two groups when each authority is left out."""
        if self.loi.lien is None:
            return told[f"g{rank}"].error
        return float(np.hypot(*self.effectifs.loc[[self._autres[rank], self.reference], "erreur"]))

    @cached_property
    def remarques(self) -> tuple[str, ...]:
        """What a reader must know: the rows that the model leaves out, the effects that few authorities carry."""
        told = self.modele
        if isinstance(told, str):
            return ()
        said = [each for each in told.remarks if each not in remark_clusters(told.clusters)]
        left = self.effectifs[~self.effectifs["retenu"]]
        if len(left):
            groups = (
                "d'un groupe qui n'est pas jugé" if len(left) == 1 else f"de {len(left)} groupes qui ne sont pas jugés"
            )
            said.append(
                f"Hors de ce compte : {count_facts(self.indicator, int(left['faits'].sum()))} de "
                f"{french.agree(int(left['collectivites'].sum()), 'collectivité')}, {groups} (sans écart au tableau) ; ce qui "
                "tient à chaque collectivité, plus bas, les compte."
            )
        return (*said, *remark_few({name: each.porteurs for name, each in self.effets.items()}))
