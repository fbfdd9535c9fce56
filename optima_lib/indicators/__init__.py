"""The catalogue of indicators: shapes, one module per theme, and the one way to measure them all."""

from optima_lib.indicators import (
    alertes,
    concurrence,
    concurrence_acces,
    concurrence_offres,
    depense,
    depense_familles,
    depense_interne,
    depense_temps,
    depense_types,
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
    "concurrence_acces",
    "concurrence_offres",
    "depense",
    "depense_familles",
    "depense_interne",
    "depense_temps",
    "depense_types",
    "find",
    "fournisseurs",
    "mutualisation",
    "procedure",
    "qualite",
    "qualite_source",
    "qualite_valeurs",
    "responsable",
]
