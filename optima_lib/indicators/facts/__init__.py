"""The tables of facts that indicators sum, made once from the processed tables.

``marches`` has one row per contract, ``titulaires`` one per contract and supplier, ``relations`` one per buyer,
supplier and year, ``familles`` one per buyer, family of purchases and year, ``alternances`` one per buyer and family,
``enregistrements`` one per raw record, ``partenaires`` one per buyer and buyer that resembles it most. They hold all
that an indicator asks, so that each engine only sums. Made with Polars, lazily; the whole market is read, because some facts of a contract are told by the
others (expected rates, ceilings).
"""

from optima_lib.indicators.facts.base import Base, base_of
from optima_lib.indicators.facts.build import FACTS, build_facts, together
from optima_lib.indicators.facts.conventions import Conventions

__all__ = ["FACTS", "Base", "Conventions", "base_of", "build_facts", "together"]
