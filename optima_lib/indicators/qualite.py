"""Data quality (*qualité des données*)."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.shapes import EVERY, Shape, Share


@indicator(
    "Q03",
    libelle="Part des marchés sans nombre d'offres exploitable",
    unite="part",
    sens="bas",
    methode="Contrats dont le nombre d'offres reçues est absent, illisible ou nul (valeur de remplissage), rapportés à "
    "tous les contrats. Intervalle de Wilson à 95 %.",
    exclusions="Aucune.",
    limites="Avant le schéma de 2022, le champ n'existait pas : l'absence n'est alors pas un défaut de l'acheteur.",
    source="Arrêté du 22 décembre 2022 (offresRecues au moins égal à 1).",
    formule="contrats sans nombre d'offres / contrats",
    champs=("offres_recues",),
)
def part_sans_offres() -> Shape:
    """Share of contracts without a usable number of bids."""
    return Share(hit=nw.col("offres_recues").is_null(), known=EVERY)
