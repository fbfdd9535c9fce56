"""The catalogue of indicators: shapes, one module per theme, and the one way to measure them all."""

from optima_lib.indicators import (
    concurrence,
    concurrence_acces,
    concurrence_offres,
    depense,
    depense_familles,
    depense_interne,
    depense_temps,
    depense_types,
    fournisseurs,
    fournisseurs_liens,
    fournisseurs_repertoire,
    procedure,
    qualite,
    responsable,
    responsable_variantes,
)
from optima_lib.indicators.catalogue import CATALOGUE, Indicator, find

__all__ = [
    "CATALOGUE",
    "Indicator",
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
    "fournisseurs_liens",
    "fournisseurs_repertoire",
    "procedure",
    "qualite",
    "responsable",
    "responsable_variantes",
]
