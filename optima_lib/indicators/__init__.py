"""The catalogue of indicators: shapes, one module per theme, and the one way to measure them all."""

from optima_lib.indicators import concurrence, depense, fournisseurs, procedure, qualite, responsable
from optima_lib.indicators.catalogue import CATALOGUE, Indicator, find

__all__ = [
    "CATALOGUE",
    "Indicator",
    "concurrence",
    "depense",
    "find",
    "fournisseurs",
    "procedure",
    "qualite",
    "responsable",
]
