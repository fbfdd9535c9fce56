"""The catalogue of indicators: shapes, one module per theme, and the one way to measure them all."""

from optima_lib.indicators import (
    alertes,
    concurrence,
    depense,
    fournisseurs,
    mutualisation,
    procedure,
    qualite,
    qualite_source,
    qualite_valeurs,
    responsable,
)
from optima_lib.indicators.catalogue import CATALOGUE, Indicator, find

__all__ = [
    "CATALOGUE",
    "Indicator",
    "alertes",
    "concurrence",
    "depense",
    "find",
    "fournisseurs",
    "mutualisation",
    "procedure",
    "qualite",
    "qualite_source",
    "qualite_valeurs",
    "responsable",
]
