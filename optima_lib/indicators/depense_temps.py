"""Spend and structure (*dépense et structure*): the year, the running of contracts, their ends to come."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.depense import CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.shapes import Count, ObservedExpected, Shape, Share, Total
from optima_lib.references import bound

MONTH, WHOLE, END = nw.col("mois"), nw.col("est_annee_complete"), nw.col("date_fin")
SOON, HORIZON = nw.col("expire_bientot"), f"{bound('horizon_echeances_mois'):.0f}"
OCTOBER, DECEMBER, MONTHS = 10, 12, 12
LAST_AMOUNT = nw.col("montant_eur")
SEASON_EXCLUSIONS = (
    "Les années dont la base n'a pas tous les mois : celles d'avant la publication obligatoire (1er octobre 2018), et la "
    "dernière tant que le délai légal de publication n'est pas passé depuis sa fin. Un contrat sans date abaisse la "
    "couverture."
)
EXTRACT = "Un fichier qui ne couvre que quelques mois d'une année (extrait, changement de plateforme) donne une fausse saison."
END_LIMITS = (
    "La durée publiée comprend en principe tranches et reconductions : un contrat non reconduit finit plus tôt, et un "
    "contrat publié sans ses reconductions paraît finir trop tôt. Le point de départ est la notification, et non l'ordre "
    "de service."
)
END_EXCLUSIONS = (
    "Un contrat sans date de notification ou sans durée publiée abaisse la couverture et relève la borne haute."
)
BY_YEAR = "La ligne d'une année compte les contrats notifiés cette année-là ; celle de toutes les années est le total."


@indicator(
    "S04",
    libelle="Montant annualisé des marchés en cours",
    unite="eur",
    sens="aucun",
    methode="Le dernier montant connu de chaque marché ordinaire ou subséquent est réparti à parts égales entre les jours "
    "de sa durée, de la notification à l'échéance. La ligne d'une année est la somme des jours de cette année : ce que "
    "les marchés en cours valent pour elle, quelle que soit l'année de leur notification. La dernière année s'arrête au "
    "dernier jour de la base. La ligne de toutes les années en est la somme : le montant couru depuis le premier contrat "
    "publié, et non un rythme annuel. L'effectif compte un marché une fois par année où il court.",
    exclusions="Les plafonds d'accords-cadres et les concessions. Un marché sans date, sans durée ou sans montant abaisse "
    "la couverture, dans l'année de sa notification.",
    limites="Montant attribué, et non payé ; l'exécution n'est pas régulière, surtout en travaux. Les premières années "
    "manquent des contrats notifiés avant la publication obligatoire. " + END_LIMITS + " " + CLASS_LIMIT,
    source="Répartition au prorata du temps (pro rata temporis) ; arrêté du 22 décembre 2022 (dureeMois).",
    formule="Σ montant × jours courus dans l'année / jours de la durée",
    champs=("uid", "montant_annee_eur", "est_engage", "est_de_classe_inconnue"),
)
def montant_annualise() -> Shape:
    """Amount of firm contracts and call-offs, spread evenly over their duration."""
    return Total(amount=nw.col("montant_annee_eur"), belongs=COMMITTED, may_belong=UNTOLD, facts="executions")


@indicator(
    "S15",
    libelle="Part des marchés notifiés au quatrième trimestre",
    unite="part",
    sens="aucun",
    methode="Contrats notifiés d'octobre à décembre, rapportés aux contrats notifiés dans l'année. Une répartition égale "
    "donnerait un quart. Intervalle de Wilson à 95 %.",
    exclusions=SEASON_EXCLUSIONS,
    limites="La date est celle de la notification, et non du besoin : la fin d'exercice budgétaire et le calendrier des "
    "assemblées s'y mêlent. " + EXTRACT,
    source="Open Contracting Partnership U005.",
    formule="contrats d'octobre à décembre / contrats de l'année",
    champs=("mois", "est_annee_complete"),
)
def part_quatrieme_trimestre() -> Shape:
    """Share of contracts notified in the last quarter."""
    return Share(hit=MONTH >= OCTOBER, known=~MONTH.is_null(), among=MONTH.is_null() | WHOLE)


@indicator(
    "S15.decembre",
    libelle="Marchés notifiés en décembre, rapportés à un douzième de l'année",
    unite="ratio",
    sens="aucun",
    methode="Contrats notifiés en décembre, rapportés au douzième des contrats de l'année : 1 quand décembre pèse autant "
    "qu'un mois moyen, 2 quand il pèse le double. Intervalle exact de Poisson (Garwood) à 95 %, prudent pour une part.",
    exclusions=SEASON_EXCLUSIONS,
    limites="La date est celle de la notification, et non du besoin. " + EXTRACT,
    source="Open Contracting Partnership U005 ; Garwood (1936).",
    formule="contrats de décembre / (contrats de l'année / 12)",
    champs=("mois", "est_annee_complete"),
)
def poids_decembre() -> Shape:
    """Contracts notified in December over a twelfth of the year."""
    return ObservedExpected(
        hit=MONTH == DECEMBER,
        expected=nw.lit(1 / MONTHS),
        known=~MONTH.is_null(),
        expected_at_least=0.0,
        among=MONTH.is_null() | WHOLE,
    )


@indicator(
    "S18",
    libelle=f"Nombre de marchés arrivant à échéance dans les {HORIZON} mois",
    unite="nombre",
    sens="aucun",
    methode=f"Contrats, accords-cadres compris, dont l'échéance (notification plus dernière durée connue) tombe dans les "
    f"{HORIZON} mois qui suivent le dernier jour de la base. {BY_YEAR} Borne haute : tous les contrats sans échéance "
    "connue.",
    exclusions=END_EXCLUSIONS,
    limites=END_LIMITS + " Un besoin ponctuel (un bâtiment) échoit sans être renouvelé.",
    source="Arrêté du 22 décembre 2022 (dureeMois) ; decp.info (durée restante).",
    formule=f"nombre de contrats dont l'échéance est dans ]dernier jour, dernier jour + {HORIZON} mois]",
    champs=("uid", "date_fin", "expire_bientot"),
)
def echeances() -> Shape:
    """Count the contracts that end soon."""
    return Count(known=~END.is_null(), hit=SOON)


@indicator(
    "S18.montant",
    libelle=f"Montant ferme des marchés arrivant à échéance dans les {HORIZON} mois",
    unite="eur",
    sens="aucun",
    methode=f"Somme des derniers montants connus des marchés ordinaires et subséquents dont l'échéance tombe dans les "
    f"{HORIZON} mois qui suivent le dernier jour de la base. {BY_YEAR} Borne haute : on y ajoute les montants de classe "
    "ou d'échéance inconnue.",
    exclusions="Les plafonds d'accords-cadres, qui ne disent pas ce qui est acheté, et les concessions. "
    + END_EXCLUSIONS,
    limites=END_LIMITS + " Le montant porte sur toute la durée du contrat, et non sur un an. " + CLASS_LIMIT,
    source="Arrêté du 22 décembre 2022 (dureeMois) ; decp.info (durée restante).",
    formule=f"Σ montant ferme des contrats dont l'échéance est dans ]dernier jour, dernier jour + {HORIZON} mois]",
    champs=("montant_eur", "date_fin", "expire_bientot", "est_engage", "est_de_classe_inconnue"),
)
def montant_echeances() -> Shape:
    """Sum the firm amounts of the contracts that end soon."""
    unsure = END.is_null()
    return Total(
        amount=LAST_AMOUNT, belongs=COMMITTED & SOON, may_belong=(COMMITTED & unsure) | (UNTOLD & (SOON | unsure))
    )
