"""The catalogue of indicators: shapes, one module per theme, and the one way to measure them all."""

from optima_lib.indicators import (
    avis,
    concurrence,
    concurrence_acces,
    concurrence_offres,
    depense,
    depense_familles,
    depense_interne,
    depense_temps,
    depense_types,
    fournisseurs,
    procedure,
    qualite,
    responsable,
)
from optima_lib.indicators.catalogue import CATALOGUE, Indicator, find

__all__ = [
    "CATALOGUE",
    "Indicator",
    "avis",
    "concurrence",
    "concurrence_acces",
    "concurrence_offres",
    "depense",
    "depense_familles",
    "depense_interne",
    "depense_temps",
    "depense_types",
    "find",
    "fournisseurs",
    "procedure",
    "qualite",
    "responsable",
]
