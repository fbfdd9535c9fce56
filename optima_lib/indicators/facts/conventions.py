"""Where two conventions of counting exist, the one that is used: named, defaulted and printed."""

from dataclasses import dataclass
from typing import Literal

import polars as pl


@dataclass(frozen=True)
class Conventions:
    """How suppliers share a contract, and which of its amounts counts.

    Attributes
    ----------
    repartition : str
        ``parts_egales`` (default): the amount and the contract are shared equally among the suppliers of a
        consortium; ``premier_titulaire``: the first one named has all.
    montant_fournisseurs : str
        Amount that suppliers share: ``montant_eur`` (default), the latest state, or ``montant_initial_eur``.

    Source: docs/conventions.md.
    """

    repartition: Literal["parts_egales", "premier_titulaire"] = "parts_egales"
    montant_fournisseurs: Literal["montant_eur", "montant_initial_eur"] = "montant_eur"

    def part_of_supplier(self) -> pl.Expr:
        """Return the part of a supplier in its contract; a contract without supplier is whole."""
        several = pl.col("nb_titulaires") > 0
        if self.repartition == "premier_titulaire":
            return pl.when(several & (pl.col("rang") > 0)).then(0.0).otherwise(1.0)
        return pl.when(several).then(1.0 / pl.col("nb_titulaires")).otherwise(1.0)

    def __str__(self) -> str:
        shared = {"parts_egales": "à parts égales", "premier_titulaire": "au premier titulaire nommé"}
        amount = {"montant_eur": "dernier montant connu", "montant_initial_eur": "montant initial"}
        return (
            f"montant d'un groupement réparti {shared[self.repartition]} ; "
            f"fournisseurs pesés au {amount[self.montant_fournisseurs]}"
        )
