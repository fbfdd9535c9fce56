"""Competition (*concurrence*)."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.shapes import Mean, Quantile, Shape, Share

OFFERS, PROCEDURE = nw.col("offres_recues"), nw.col("procedure")
CALLED = PROCEDURE.is_null() | ~nw.col("est_sans_appel")
TOLD = ~OFFERS.is_null() & ~PROCEDURE.is_null()
CALL_FIELDS = ("offres_recues", "procedure", "est_sans_appel")
OFFERS_EXCLUSIONS = (
    "Les contrats passés sans publicité ni mise en concurrence ne sont pas concernés. Un nombre d'offres absent ou "
    "nul (valeur de remplissage), une procédure non publiée abaissent la couverture, jamais la valeur."
)


@indicator(
    "C01",
    libelle="Part des marchés à offre unique",
    unite="part",
    sens="bas",
    methode="Contrats ayant reçu une seule offre, rapportés aux contrats mis en concurrence dont le nombre d'offres est "
    "connu. Intervalle de Wilson à 95 % ; bornes : aucun, puis tous les contrats sans réponse à offre unique.",
    exclusions=OFFERS_EXCLUSIONS,
    limites="Une offre unique peut être régulière et bonne ; à lire par famille d'achat. Le nombre d'offres n'est "
    "publié que depuis le schéma de 2022.",
    source="Single Market Scoreboard, indicateur 1 ; Cardinal R018 ; Open Contracting Partnership U015.",
    formule="contrats à une offre / contrats au nombre d'offres connu",
    champs=CALL_FIELDS,
)
def part_offre_unique() -> Shape:
    """Share of competitive contracts that drew a single bid (*offre unique*)."""
    return Share(hit=OFFERS == 1, known=TOLD, among=CALLED)


@indicator(
    "C03",
    libelle="Nombre moyen d'offres reçues",
    unite="offres",
    sens="haut",
    methode="Moyenne du nombre d'offres des contrats mis en concurrence. Les nombres au-delà du 99e centile de tous les "
    "contrats de la base y sont ramenés. Intervalle de Student à 95 %.",
    exclusions=OFFERS_EXCLUSIONS,
    limites="Offres reçues, et non recevables ; une moyenne reste tirée par les consultations très courues.",
    source="Open Contracting Partnership U017.",
    formule="moyenne des offres reçues, ramenées au 99e centile",
    champs=(*CALL_FIELDS, "offres_plafonnees"),
)
def nombre_moyen_offres() -> Shape:
    """Mean number of bids of competitive contracts."""
    return Mean(number=nw.col("offres_plafonnees"), among=CALLED, known=TOLD)


@indicator(
    "C03.mediane",
    libelle="Nombre médian d'offres reçues",
    unite="offres",
    sens="haut",
    methode="Médiane du nombre d'offres des contrats mis en concurrence. Intervalle à 95 % par les statistiques "
    "d'ordre.",
    exclusions=OFFERS_EXCLUSIONS,
    limites="Offres reçues, et non recevables.",
    source="Open Contracting Partnership U018 ; David et Nagaraja (2003).",
    formule="médiane des offres reçues (type 7 de Hyndman et Fan)",
    champs=CALL_FIELDS,
)
def nombre_median_offres() -> Shape:
    """Median number of bids of competitive contracts."""
    return Quantile(number="offres_recues", among=CALLED, known=TOLD)


@indicator(
    "C06",
    libelle="Part des marchés sans publicité ni mise en concurrence au-dessus du seuil de dispense",
    unite="part",
    sens="bas",
    methode="Contrats passés sans publicité ni mise en concurrence, rapportés aux contrats de procédure connue dont le "
    "montant initial atteint le seuil de dispense de leur type d'achat. Le seuil vaut à la date de lancement, qui "
    "n'est pas publiée : le contrat est comparé à tous les seuils en vigueur dans les mois précédant sa notification. "
    "Entre deux seuils, la réponse est inconnue. Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les contrats sous le seuil, les marchés subséquents et les concessions. Une procédure non publiée, un "
    "montant, une date ou un type d'achat manquants abaissent la couverture.",
    limites="La loi compare au seuil la valeur estimée du besoin, et non le montant d'un contrat ; d'autres cas de "
    "dispense sont réguliers. Jamais un constat d'irrégularité.",
    source="Code de la commande publique, R2122-8 ; references/seuils.csv ; Single Market Scoreboard, indicateur 2.",
    formule="contrats sans appel / contrats de procédure connue, au-dessus du seuil de dispense",
    champs=(
        "procedure",
        "est_sans_appel",
        "est_concession",
        "est_ferme",
        "est_engage",
        "montant_initial_eur",
        "seuil_dispense_bas",
        "seuil_dispense_haut",
    ),
)
def part_sans_appel() -> Shape:
    """Share of contracts awarded without a call among those that surely reach the exemption threshold."""
    amount = nw.col("montant_initial_eur")
    lowest, highest = nw.col("seuil_dispense_bas"), nw.col("seuil_dispense_haut")
    concerned = ~nw.col("est_concession") & (nw.col("est_ferme") | ~nw.col("est_engage"))
    unsure = amount.is_null() | lowest.is_null()
    return Share(
        hit=nw.col("est_sans_appel"),
        known=(amount >= highest) & ~PROCEDURE.is_null(),
        among=concerned & (unsure | (amount >= lowest)),
    )
