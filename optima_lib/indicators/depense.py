"""Spend and structure (*dépense et structure*)."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.seuils import publication_rule
from optima_lib.indicators.shapes import Count, Quantile, Shape, Spread, Total
from optima_lib.indicators.spreads import entropy

FIRM, COMMITTED, CEILING = (nw.col(name) for name in ("est_ferme", "est_engage", "est_plafond"))
# Neither nature nor techniques published: the amount may be of any class. A concession's is of none.
UNTOLD = nw.col("est_de_classe_inconnue")
AMOUNT = nw.col("montant_initial_eur")
CLASS_LIMIT = (
    "Quand ni la nature ni les techniques d'achat ne sont publiées, un montant ferme ne se distingue pas d'un plafond : "
    "le marché n'entre pas dans le calcul et abaisse la couverture."
)


@indicator(
    "S01",
    libelle="Nombre de marchés notifiés",
    unite="nombre",
    sens="aucun",
    methode="Nombre de contrats (marché ou lot) dont la date de notification initiale est connue. "
    "Doublons et modifications ne comptent pas.",
    exclusions="Aucune ; un contrat sans date de notification abaisse la couverture.",
    limites=f"Seuls les contrats publiés comptent, à partir de {publication_rule()}.",
    source="Open Contracting Partnership U001 et U005 ; code de la commande publique, R2196-1.",
    formule="nombre de uid notifiés",
    champs=("date_notification",),
)
def nombre_marches() -> Shape:
    """Count the contracts notified."""
    return Count(known=~nw.col("date_notification").is_null())


@indicator(
    "S02",
    libelle="Montant ferme attribué",
    unite="eur",
    sens="aucun",
    methode="Somme des montants initiaux, en euros hors taxes, des marchés ordinaires et des marchés subséquents. "
    "Un montant compte une fois par contrat, quel que soit le nombre de cotitulaires et de modifications. "
    "La borne haute y ajoute les montants dont la classe n'est pas publiée.",
    exclusions="Les plafonds d'accords-cadres (S03), les concessions, les valeurs de remplissage.",
    limites="Montant attribué, et non payé. " + CLASS_LIMIT,
    source="Open Contracting Partnership U006 ; arrêté du 22 décembre 2022.",
    formule="Σ montant initial des classes ferme et subséquent",
    champs=("montant_initial_eur", "est_engage", "est_de_classe_inconnue"),
)
def montant_ferme() -> Shape:
    """Sum the amounts of contracts and call-offs."""
    return Total(amount=AMOUNT, belongs=COMMITTED, may_belong=UNTOLD)


@indicator(
    "S03",
    libelle="Plafonds d'accords-cadres attribués",
    unite="eur",
    sens="aucun",
    methode="Somme des montants initiaux, en euros hors taxes, des accords-cadres : maximum ou estimation, sur "
    "toute leur durée. La borne haute y ajoute les montants dont la classe n'est pas publiée.",
    exclusions="Les marchés ordinaires et subséquents (S02), les concessions, les valeurs de remplissage.",
    limites="Un plafond n'est pas une dépense : ne jamais l'ajouter à S02. " + CLASS_LIMIT,
    source="Arrêté du 22 décembre 2022 (classes de montant).",
    formule="Σ montant initial de la classe plafond",
    champs=("montant_initial_eur", "est_plafond", "est_de_classe_inconnue"),
)
def plafonds() -> Shape:
    """Sum the ceilings of frameworks."""
    return Total(amount=AMOUNT, belongs=CEILING, may_belong=UNTOLD)


@indicator(
    "S10",
    libelle="Diversité des familles d'achat",
    unite="nats",
    sens="aucun",
    methode="Entropie de Shannon, en nats, de la répartition des contrats entre les divisions du vocabulaire commun "
    "des marchés publics (deux premiers chiffres du code CPV) : 0 quand tout relève d'une seule division.",
    exclusions="Un contrat sans code CPV abaisse la couverture.",
    limites="La division dit peu de l'objet réel : certains acheteurs rangent presque tout sous un même code.",
    source="Open Contracting Partnership U008 ; Shannon (1948).",
    formule="H = −Σ p ln p, p = part des contrats de la division",
    champs=("division",),
)
def diversite_familles() -> Shape:
    """Entropy of the contracts over the CPV divisions."""
    known = ~nw.col("division").is_null()
    return Spread(key="division", amount=nw.lit(1.0), known=known, figure=entropy, facts="marches")


@indicator(
    "S14",
    libelle="Montant médian d'un marché ferme",
    unite="eur",
    sens="aucun",
    methode="Médiane des montants initiaux, en euros hors taxes, des marchés ordinaires. Intervalle à 95 % par les "
    "statistiques d'ordre.",
    exclusions="Les accords-cadres, marchés subséquents et concessions ; les valeurs de remplissage.",
    limites="Les contrats sous le seuil de publication manquent : la médiane de tous les achats est plus basse. "
    + CLASS_LIMIT,
    source="Open Contracting Partnership ; David et Nagaraja (2003).",
    formule="médiane des montants initiaux de la classe ferme (type 7 de Hyndman et Fan)",
    champs=("montant_initial_eur", "est_ferme", "est_de_classe_inconnue"),
)
def montant_median() -> Shape:
    """Median amount of ordinary contracts."""
    return Quantile(number="montant_initial_eur", among=FIRM | UNTOLD, known=FIRM & ~AMOUNT.is_null())
