"""What a pooled question asks, in words: the names of its groupings, and the question where none is written."""

from optima_lib.indicators import Indicator

GROUPINGS = {
    "categorie": "la catégorie",
    "strate": "la strate",
    "nature_juridique": "la nature juridique",
    "region": "la région",
    "departement": "le département",
}
KINDS = {
    "commune": ("les communes", "elles"),
    "région": ("les régions", "elles"),
    "département": ("les départements", "ils"),
    "syndicat": ("les syndicats", "ils"),
    "EPCI": ("les EPCI", "ils"),
    "CCAS": ("les CCAS", "ils"),
    "CIAS": ("les CIAS", "ils"),
    "SDIS": ("les SDIS", "ils"),
}


def name_grouping(column: str) -> str:
    """Return the French name of what makes the groups, with its article.

    Examples
    --------
    >>> name_grouping("departement"), name_grouping("groupe déclaré")
    ('le département', 'le groupe déclaré')
    """
    return GROUPINGS.get(column, f"le {column}")


def bare_grouping(column: str) -> str:
    """Return the same without its article.

    Examples
    --------
    >>> bare_grouping("region")
    'région'
    """
    return name_grouping(column).split(" ", maxsplit=1)[1]


def ask(indicator: Indicator, column: str, category: str) -> str:
    """Return the question that the parameters ask.

    Examples
    --------
    >>> import optima_lib.indicators as i
    >>> ask(i.find("P05"), "strate", "commune")
    'Délai médian de publication des données : les communes diffèrent-elles selon la strate ?'
    >>> ask(i.find("C01"), "region", "établissement de santé").rpartition(" : ")[2]
    'les collectivités de la catégorie « établissement de santé » diffèrent-elles selon la région ?'
    """
    of = f" de la catégorie « {category} »" if category else ""
    who, they = KINDS.get(category, (f"les collectivités{of}", "elles"))
    return f"{indicator.libelle} : {who} diffèrent-{they} selon {name_grouping(column)} ?"
