"""What lies below the authorities of a pooled question, made by hand."""

import pandas as pd

from optima_lib.indicators import find
from optima_lib.reporting.ensembles.details import Details

NO_YEARS = pd.DataFrame(columns=["acheteur_siren", "nom", "groupe", "annee", "valeur"])
NOTHING = Details(None, NO_YEARS, None, pd.Series(dtype=str))


def facts(groups):
    """Return facts from the values of each authority of each group."""
    rows = [
        (f"{name}{rank}", f"Ville {name}{rank}", name, float(value))
        for name, authorities in groups.items()
        for rank, values in enumerate(authorities)
        for value in values
    ]
    return pd.DataFrame(rows, columns=["acheteur_siren", "nom", "groupe", "valeur"])


def years(authorities):
    """Return years from the values of each authority, by year."""
    rows = [
        (siren, f"Ville {siren}", "a", year, float(value))
        for siren, told in authorities.items()
        for year, value in told.items()
    ]
    return pd.DataFrame(rows, columns=list(NO_YEARS))


def quarters(first, values, n=100):
    """Return consecutive quarters from a first one."""
    return pd.DataFrame({"trimestre": range(first, first + len(values)), "valeur": values, "effectif": n})


def of(section, code, **told):
    """Return a section of an indicator on some of these."""
    return section(find(code), NOTHING.avec(**told))
