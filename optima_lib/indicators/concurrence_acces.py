"""Competition (*concurrence*): open procedures, new suppliers, lots."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.concurrence import PROCEDURE
from optima_lib.indicators.depense import CLASS_LIMIT
from optima_lib.indicators.shapes import AmountShare, Shape, Share
from optima_lib.references import bound

OPEN = "Appel d'offres ouvert"
ORDINARY = nw.col("est_ordinaire")
WINNER, NEW, LOOKED_BACK = (nw.col(name) for name in ("est_titulaire", "est_nouveau", "a_recul"))
MEMORY, RECALL, DAYS = (
    f"{bound(name):.0f}" for name in ("memoire_fournisseurs_ans", "recul_minimum_ans", "ecart_lots_jours")
)
NEW_METHOD = (
    f"Est nouveau un titulaire qui n'a eu aucun contrat de l'acheteur dans les {MEMORY} années civiles précédentes ; "
    "l'année civile tient lieu des douze derniers mois."
)
NEW_EXCLUSIONS = (
    f"Les années où l'acheteur n'a publié de titulaires que dans moins de {RECALL} des {MEMORY} années précédentes : "
    "faute de recul, tout y paraît nouveau. Leurs titulaires abaissent la couverture. Un contrat sans date ou sans "
    "titulaire n'est pas vu."
)
NEW_LIMITS = (
    "Un titulaire qui n'avait que des contrats sous le seuil de publication paraît nouveau ; une filiale aussi. Un "
    f"changement de plateforme ressemble à un renouvellement. Avec {RECALL} ans de recul, la mémoire est plus courte "
    f"qu'avec {MEMORY}."
)
NEW_SOURCE = "Open Contracting Partnership U027 à U031 ; Banque mondiale (new_winner)."


@indicator(
    "C07",
    libelle="Part des appels d'offres ouverts au-dessus du seuil des procédures formalisées",
    unite="part",
    sens="haut",
    methode="Appels d'offres ouverts, rapportés aux contrats de procédure connue dont le montant initial atteint le "
    "seuil des procédures formalisées de leur type d'achat. Le seuil vaut à la date de lancement, qui n'est pas "
    "publiée : le contrat est comparé à tous les seuils en vigueur dans les mois précédant sa notification. Entre deux "
    "seuils, la réponse est inconnue. Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les contrats sous le seuil, les marchés subséquents et les concessions. Une procédure non publiée, un "
    "montant, une date ou un type d'achat manquants abaissent la couverture.",
    limites="La loi compare au seuil la valeur de tout le besoin : un lot sous le seuil peut relever d'une procédure "
    "formalisée, et n'est pas vu. Des procédures autres qu'ouvertes sont régulières au-dessus du seuil (négociation, "
    "dialogue, services sociaux, petits lots). Le seuil est celui des collectivités, et non des entités adjudicatrices.",
    source="Open Contracting Partnership U010 à U012 ; code de la commande publique, R2124-1 ; references/seuils.csv.",
    formule="appels d'offres ouverts / contrats de procédure connue, au-dessus du seuil formalisé",
    champs=("procedure", "est_ordinaire", "montant_initial_eur", "seuil_formalise_bas", "seuil_formalise_haut"),
)
def part_appels_ouverts() -> Shape:
    """Share of open procedures among the contracts that surely reach the threshold of formal procedures."""
    lowest, highest = nw.col("seuil_formalise_bas"), nw.col("seuil_formalise_haut")
    amount = nw.col("montant_initial_eur")
    unsure = amount.is_null() | lowest.is_null()
    return Share(
        hit=PROCEDURE.is_in([OPEN]),
        known=(amount >= highest) & ~PROCEDURE.is_null(),
        among=ORDINARY & (unsure | (amount >= lowest)),
    )


@indicator(
    "C11",
    libelle="Part des nouveaux fournisseurs",
    unite="part",
    sens="haut",
    methode="Titulaires nouveaux de l'année, rapportés aux titulaires de l'année. " + NEW_METHOD + " Toutes années "
    "réunies : somme des années, un titulaire comptant une fois par année. Intervalle de Wilson à 95 % ; bornes.",
    exclusions=NEW_EXCLUSIONS,
    limites=NEW_LIMITS,
    source=NEW_SOURCE,
    formule="titulaires nouveaux / titulaires, par année",
    champs=("est_titulaire", "est_nouveau", "a_recul"),
)
def part_nouveaux_fournisseurs() -> Shape:
    """Share of the suppliers of a year that the buyer had not retained for years."""
    return Share(hit=NEW, known=LOOKED_BACK, among=WINNER, facts="relations")


@indicator(
    "C11.montant",
    libelle="Part du montant des nouveaux fournisseurs",
    unite="part",
    sens="haut",
    methode="Montant des marchés ordinaires et subséquents des titulaires nouveaux de l'année, rapporté à celui de tous "
    "les titulaires de l'année. " + NEW_METHOD + " Le montant d'un groupement est réparti à parts égales entre ses "
    "membres. L'effectif compte des titulaires.",
    exclusions=NEW_EXCLUSIONS + " Les plafonds d'accords-cadres et les concessions n'entrent pas dans le montant.",
    limites=NEW_LIMITS + " " + CLASS_LIMIT,
    source=NEW_SOURCE,
    formule="Σ montant ferme des titulaires nouveaux / Σ montant ferme des titulaires, par année",
    champs=("est_titulaire", "est_nouveau", "a_recul", "a_engage", "a_classe_inconnue", "montant_engage_eur"),
)
def montant_nouveaux_fournisseurs() -> Shape:
    """Share of the firm amount of a year that went to suppliers not retained for years."""
    firm = nw.col("a_engage")
    return AmountShare(
        hit=NEW,
        known=LOOKED_BACK & firm,
        amount=nw.col("montant_engage_eur"),
        among=WINNER & (firm | nw.col("a_classe_inconnue")),
        facts="relations",
    )


@indicator(
    "C14",
    libelle="Part des consultations alloties",
    unite="part",
    sens="haut",
    methode="Consultations d'au moins deux lots, rapportées aux consultations. Les données publiées ne nomment pas la "
    f"consultation : sont réunis les contrats d'un acheteur, notifiés à {DAYS} jours d'écart au plus, dont "
    "l'identifiant ou l'objet est le même une fois ôtée la mention du lot. Un contrat seul dont l'identifiant ou "
    "l'objet porte un numéro de lot compte pour un lot d'une consultation allotie. Chaque consultation compte une "
    "fois, partagée entre ses contrats. Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les marchés subséquents et les concessions. Un contrat sans objet publié ou sans date de notification "
    "abaisse la couverture.",
    limites="Des lots aux objets tout différents, sans numéro de lot, comptent pour autant de consultations : la part "
    "est alors sous-estimée. Relecture à la main, sur fichiers réels : 36 groupes justes sur 40 ; sur 40 contrats "
    "tenus pour seuls, une dizaine étaient des lots. Les cotitulaires d'un accord-cadre publiés en contrats séparés "
    "passent pour des lots. Les lots sans suite ne sont pas publiés.",
    source="Code de la commande publique, L2113-10 ; Single Market Scoreboard, indicateur 9.",
    formule="consultations d'au moins deux lots / consultations",
    champs=("objet", "date_notification", "est_ordinaire", "est_alloti", "part_consultation"),
)
def part_consultations_alloties() -> Shape:
    """Share of consultations divided into lots."""
    known = ~nw.col("objet").is_null() & ~nw.col("date_notification").is_null()
    return Share(hit=nw.col("est_alloti"), known=known, among=ORDINARY, weight=nw.col("part_consultation"))


declare(
    "C12",
    libelle="Part des renouvellements remportés par le titulaire sortant",
    unite="part",
    sens="aucun",
    formule="renouvellements remportés par le titulaire sortant / renouvellements appariés",
    besoins="Le marché que chaque consultation renouvelle, du logiciel de marchés de la collectivité. Les données ouvertes ne "
    "relient pas un marché à celui qu'il remplace ; un appariement par famille, texte et date n'a pas encore de précision "
    "mesurée.",
    limites="Un titulaire sortant connaît le besoin et gagne souvent sans faute de personne ; un taux élevé invite à regarder "
    "l'information donnée aux autres candidats.",
    source="Open Contracting Partnership U028 (part des attributions à de nouveaux fournisseurs), dont c'est l'envers.",
)
