"""Competition (*concurrence*): the bids received, beside those that the market draws."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.concurrence import CALL_FIELDS, CALLED, OFFERS, OFFERS_EXCLUSIONS, TOLD
from optima_lib.indicators.depense import AMOUNT, CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.shapes import AmountShare, ObservedExpected, Quantile, Shape, Share
from optima_lib.references import bound

GAP, EXPECTED = nw.col("ecart_offres"), nw.col("taux_offre_unique_attendu")
ENOUGH, AT_LEAST = int(bound("concurrence_suffisante_offres")), f"{bound('reference_marche_minimum'):.0f}"


@indicator(
    "C02",
    libelle="Part du montant des marchés à offre unique",
    unite="part",
    sens="bas",
    methode="Montant initial des marchés ordinaires et subséquents n'ayant reçu qu'une offre, rapporté à celui des "
    "mêmes marchés mis en concurrence dont le nombre d'offres est connu. Pas d'intervalle : quelques gros marchés font "
    "le total. Bornes : aucun montant sans réponse à offre unique, puis tous.",
    exclusions=OFFERS_EXCLUSIONS + " Les plafonds d'accords-cadres n'entrent pas dans le montant.",
    limites="Un seul gros marché peut faire la valeur d'une année : à lire avec C01. " + CLASS_LIMIT,
    source="Open Contracting Partnership U016.",
    formule="Σ montant des marchés à une offre / Σ montant des marchés au nombre d'offres connu",
    champs=(*CALL_FIELDS, "montant_initial_eur", "est_engage", "est_de_classe_inconnue"),
)
def montant_offre_unique() -> Shape:
    """Share of the firm amount that drew a single bid."""
    return AmountShare(hit=OFFERS == 1, known=TOLD & COMMITTED, amount=AMOUNT, among=CALLED & (COMMITTED | UNTOLD))


@indicator(
    "C04",
    libelle="Écart médian du nombre d'offres à celui de la famille d'achat",
    unite="offres",
    sens="haut",
    methode="Pour chaque contrat mis en concurrence, nombre d'offres reçues moins la médiane de tous les contrats de "
    "la base de la même division CPV (deux premiers chiffres), toutes années réunies ; puis médiane de ces écarts. "
    "Pour une seule famille, c'est la médiane de l'acheteur moins celle du marché. Intervalle à 95 % par les "
    "statistiques d'ordre.",
    exclusions=OFFERS_EXCLUSIONS + f" Un contrat sans code CPV, ou d'une division où moins de {AT_LEAST} contrats "
    "d'autres acheteurs ont un nombre d'offres connu, abaisse la couverture.",
    limites="L'acheteur lui-même est dans la médiane du marché : pour un acheteur qui pèse une grande part d'une "
    "division, l'écart est atténué. Toutes les années sont réunies, alors que le nombre d'offres change "
    "d'une année à l'autre. Des acheteurs répètent sur chaque lot le nombre d'offres de toute la consultation.",
    source="Open Contracting Partnership U019 et R019 ; David et Nagaraja (2003).",
    formule="médiane de (offres reçues − médiane des offres de la division CPV)",
    champs=(*CALL_FIELDS, "ecart_offres"),
)
def ecart_offres_famille() -> Shape:
    """Median difference between the bids received and the median of the CPV division."""
    return Quantile(number="ecart_offres", among=CALLED, known=TOLD & ~GAP.is_null())


@indicator(
    "C05",
    libelle="Part des marchés ayant reçu au moins trois offres",
    unite="part",
    sens="haut",
    methode=f"Contrats ayant reçu au moins {ENOUGH} offres, rapportés aux contrats mis en concurrence dont le nombre "
    "d'offres est connu. Intervalle de Wilson à 95 % ; bornes : aucun contrat sans réponse, puis tous.",
    exclusions=OFFERS_EXCLUSIONS,
    limites="Offres reçues, et non recevables : la définition d'origine compte les offres recevables.",
    source="Open Contracting Partnership U023.",
    formule="contrats à trois offres ou plus / contrats au nombre d'offres connu",
    champs=CALL_FIELDS,
)
def part_trois_offres() -> Shape:
    """Share of competitive contracts that drew at least three bids."""
    return Share(hit=OFFERS >= ENOUGH, known=TOLD, among=CALLED)


@indicator(
    "C08",
    libelle="Rapport des offres uniques observées aux offres uniques attendues",
    unite="ratio",
    sens="bas",
    methode="Nombre de contrats à offre unique, rapporté au nombre attendu si chaque contrat avait la fréquence d'offre "
    "unique des contrats semblables des autres acheteurs (standardisation indirecte). Semblables : même division CPV, "
    "même type d'achat, même classe de montant initial (references/classes_taille.csv). 1 : autant d'offres uniques que "
    "chez les autres pour les mêmes achats. Intervalle exact de Poisson (Garwood) à 95 %.",
    exclusions=OFFERS_EXCLUSIONS + " Un contrat sans code CPV ou sans montant, ou dont la catégorie compte moins de "
    f"{AT_LEAST} contrats d'autres acheteurs, abaisse la couverture. Rien n'est donné sous "
    f"{bound('attendus_minimum'):.0f} offres uniques attendues.",
    limites="Deux acheteurs se comparent mal par leurs rapports quand leurs achats diffèrent beaucoup : chacun est "
    "pondéré par ses propres achats. Toutes les années sont réunies dans les fréquences attendues. La classe de montant "
    "mêle montants fermes et plafonds.",
    source="Standardisation indirecte ; Garwood (1936) pour l'intervalle ; Single Market Scoreboard, indicateur 1, qui "
    "avertit ne pas tenir compte de ce qui est acheté.",
    formule="observés / Σ fréquence attendue de chaque contrat",
    champs=(*CALL_FIELDS, "taux_offre_unique_attendu"),
)
def offre_unique_ajustee() -> Shape:
    """Single bids observed over those expected from the same kinds of contracts of the other buyers."""
    return ObservedExpected(
        hit=OFFERS == 1, expected=EXPECTED, known=TOLD, expected_at_least=bound("attendus_minimum"), among=CALLED
    )


declare(
    "C10",
    libelle="Retraits de dossier par offre reçue",
    unite="ratio",
    sens="bas",
    formule="retraits du dossier de consultation / offres reçues",
    besoins="Le registre des retraits du profil d'acheteur, par consultation (export de la plateforme).",
    limites="Des robots téléchargent les dossiers : ne compter que les retraits identifiés.",
    source="Usage des directions d'achat ; Lettre du cadre n° 441 (2012) pour les offres par consultation.",
)

declare(
    "C15",
    libelle="Distance médiane des titulaires",
    unite="km",
    sens="aucun",
    formule="médiane de la distance entre l'acheteur et l'établissement titulaire",
    besoins="Les coordonnées des établissements titulaires et acheteurs (répertoire SIRENE géolocalisé).",
    limites="Le siège n'est pas toujours l'agence qui exécute. La distance se décrit ; en faire un but serait une "
    "préférence géographique, que le droit interdit.",
    source="decp-processing (titulaire_distance).",
)
