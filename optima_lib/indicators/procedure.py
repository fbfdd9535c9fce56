"""Procedure and time (*procédure et délais*)."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.shapes import Quantile, Shape, Share

DELAY = nw.col("delai_publication_jours")
EXCLUSIONS = (
    "Une date absente, ou une publication antérieure à la notification (impossible), abaissent la couverture, jamais "
    "la valeur."
)
LIMITS = "Une republication en masse remet la date de publication à neuf et allonge le délai apparent."


@indicator(
    "P05",
    libelle="Délai médian de publication des données",
    unite="jours",
    sens="bas",
    methode="Médiane des jours entre la notification initiale et la première publication des données du contrat. "
    "Intervalle à 95 % par les statistiques d'ordre.",
    exclusions=EXCLUSIONS,
    limites=LIMITS,
    source="Arrêté du 22 décembre 2022 (deux mois) ; L'Éclaireur ; Open Contracting Partnership U049.",
    formule="médiane de (publication − notification), en jours",
    champs=("delai_publication_jours",),
)
def delai_publication() -> Shape:
    """Median number of days from notification to publication."""
    return Quantile(number="delai_publication_jours", known=DELAY >= 0)


@indicator(
    "P05.retard",
    libelle="Part des marchés publiés plus de deux mois après leur notification",
    unite="part",
    sens="bas",
    methode="Contrats dont les données sont publiées après le même jour du deuxième mois suivant la notification, "
    "rapportés aux contrats dont les deux dates sont connues. Intervalle de Wilson à 95 %.",
    exclusions=EXCLUSIONS,
    limites=LIMITS,
    source="Arrêté du 14 avril 2017, puis arrêté du 22 décembre 2022.",
    formule="contrats publiés plus de deux mois après / contrats aux deux dates connues",
    champs=("delai_publication_jours", "est_publie_en_retard"),
)
def part_publiee_en_retard() -> Shape:
    """Share of contracts published later than the law wants."""
    return Share(hit=nw.col("est_publie_en_retard"), known=DELAY >= 0)
