"""What buyers declare of their procedures: fields filled, techniques, prices, advances, innovation."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.facts.declared import COMMON_NUMBER, NUMBER_2022
from optima_lib.indicators.shapes import EVERY, Quantile, Ratio, Shape, Share

WILSON = "Intervalle de Wilson à 95 % ; bornes sous les réponses manquantes."
SCHEMA = "Arrêté du 22 décembre 2022"
SILENT = "Une rubrique non publiée abaisse la couverture, jamais la valeur."


@indicator(
    "P07",
    libelle="Part des champs obligatoires renseignés",
    unite="part",
    sens="haut",
    formule="Σ champs obligatoires renseignés / Σ champs obligatoires dus",
    methode="Champs obligatoires renseignés, rapportés aux champs dus : ceux que les deux schémas imposent pour tout contrat, "
    "et ceux que le schéma de 2022 ajoute pour les contrats notifiés depuis qu'il s'impose. Un champ compte par son "
    "contenu, et non par la présence de sa colonne ; une valeur de remplissage est une absence.",
    exclusions="Aucune.",
    limites="Un champ renseigné n'est pas un champ juste. Certains fichiers relus ont perdu des champs en route.",
    source=f"{SCHEMA} ; arrêté du 22 mars 2019 ; L'Éclaireur public.",
    champs=("champs_communs_remplis", "champs_2022_remplis", "est_regi_2022"),
)
def champs_remplis() -> Shape:
    """Share of the compulsory fields that are filled."""
    recent = nw.col("est_regi_2022")
    filled = nw.col("champs_communs_remplis") + nw.when(recent).then(nw.col("champs_2022_remplis")).otherwise(nw.lit(0))
    due = nw.when(recent).then(nw.lit(COMMON_NUMBER + NUMBER_2022)).otherwise(nw.lit(COMMON_NUMBER))
    return Ratio(above=filled, below=due, known=EVERY)


def _enter_answer(  # noqa: PLR0913 - one argument per paragraph of the dictionary page
    code: str, column: str, libelle: str, *, what: str, sens: str, limites: str, source: str
) -> None:
    """Enter the share of the contracts that declare something."""

    def part() -> Shape:
        """Share of the contracts that declare it."""
        return Share(hit=nw.col(column), known=~nw.col(column).is_null())

    indicator(
        code,
        libelle=libelle,
        unite="part",
        sens=sens,
        formule=f"contrats {what} / contrats à la rubrique publiée",
        methode=f"Contrats {what}, rapportés à ceux qui publient la rubrique. {WILSON}",
        exclusions=SILENT,
        limites=limites,
        source=source,
        champs=(column,),
    )(part)


_enter_answer(
    "P09",
    "est_electronique",
    "Part des marchés passés par enchère, catalogue ou système d'acquisition dynamique",
    what="passés par enchère électronique, catalogue électronique ou système d'acquisition dynamique",
    sens="aucun",
    limites="Techniques rares : quelques contrats font la valeur.",
    source=f"{SCHEMA} (techniques d'achat) ; code de la commande publique, R2162-37 à R2162-66.",
)
_enter_answer(
    "P11",
    "est_revisable",
    "Part des marchés à prix révisable",
    what="dont le prix est révisable",
    sens="aucun",
    limites="Jusqu'en 2023, la forme du prix tenait lieu de type de prix ; les deux sont ramenés au même libellé.",
    source="Code de la commande publique, R2112-13 et R2112-14.",
)
_enter_answer(
    "P12",
    "attribution_avance",
    "Part des marchés avec avance",
    what="qui accordent une avance",
    sens="haut",
    limites="L'avance est due au-dessus d'un montant et d'une durée : à lire par taille de marché. Le titulaire peut y "
    "renoncer.",
    source="Code de la commande publique, R2191-3 à R2191-19.",
)
_enter_answer(
    "P13",
    "marche_innovant",
    "Part des marchés innovants",
    what="déclarés innovants",
    sens="haut",
    limites="Déclaration de l'acheteur ; un logiciel peut écrire « non » par défaut.",
    source="Code de la commande publique, R2122-9-1.",
)
_enter_answer(
    "P14",
    "sous_traitance_declaree",
    "Part des marchés avec sous-traitance déclarée",
    what="dont une sous-traitance est déclarée à la notification",
    sens="aucun",
    limites="La sous-traitance peut être déclarée pendant l'exécution : c'est un minimum.",
    source=f"{SCHEMA} ; loi 75-1334 du 31 décembre 1975.",
)


@indicator(
    "P10",
    libelle="Part des accords-cadres",
    unite="part",
    sens="aucun",
    formule="accords-cadres / contrats dont la classe de montant est connue",
    methode=f"Contrats dont le montant est un plafond d'accord-cadre, rapportés aux marchés fermes, subséquents et "
    f"accords-cadres. {WILSON}",
    exclusions="Les concessions. Un contrat qui ne publie ni nature ni technique d'achat abaisse la couverture.",
    limites="Beaucoup d'accords-cadres et peu de marchés subséquents publiés : une part de l'achat réel reste invisible.",
    source=f"{SCHEMA} (techniques d'achat) ; code de la commande publique, L2125-1.",
    champs=("est_plafond", "est_engage", "est_de_classe_inconnue"),
)
def part_accords_cadres() -> Shape:
    """Share of frameworks."""
    known = nw.col("est_plafond") | nw.col("est_engage")
    return Share(hit=nw.col("est_plafond"), known=known, among=known | nw.col("est_de_classe_inconnue"))


@indicator(
    "P12.taux",
    libelle="Taux médian d'avance",
    unite="part",
    sens="haut",
    formule="médiane du taux d'avance des contrats qui en accordent une",
    methode="Médiane des taux d'avance publiés. Intervalle à 95 % par les statistiques d'ordre.",
    exclusions="Les contrats sans avance. Un taux nul avec une avance accordée veut dire que le taux n'est pas connu.",
    limites="Le taux publié est celui du contrat, et non ce qui a été versé.",
    source=f"{SCHEMA} (tauxAvance).",
    champs=("attribution_avance", "taux_avance"),
)
def taux_avance() -> Shape:
    """Median rate of advance."""
    return Quantile(number="taux_avance", known=nw.col("taux_avance") > 0, among=nw.col("attribution_avance"))


declare(
    "P04",
    libelle="Délai complet, de l'expression du besoin à la notification",
    unite="jours",
    sens="bas",
    formule="notification − expression du besoin",
    besoins="Le registre des marchés de la collectivité, avec la date d'expression du besoin.",
    limites="L'événement de départ est à définir avec la collectivité.",
    source="OCDE, Mesurer la performance de la commande publique.",
)
declare(
    "P06",
    libelle="Complétude de la publication",
    unite="part",
    sens="haut",
    formule="contrats publiés / contrats existants au-dessus du seuil de publication",
    besoins="Le registre des marchés ou les mandats de la collectivité.",
    limites="Seule mesure honnête de la complétude : les données publiées ne disent pas ce qui leur manque.",
    source="Code de la commande publique, R2196-1.",
)
declare(
    "P15",
    libelle="Part des procédures contestées en référé",
    unite="part",
    sens="bas",
    formule="référés / procédures",
    besoins="Le suivi du contentieux de la collectivité.",
    limites="Effectifs très petits.",
    source="Code de justice administrative, L551-1 et L551-13 ; MAPS.",
)
declare(
    "P16",
    libelle="Programmation des achats",
    unite="part",
    sens="haut",
    formule="procédures inscrites à la programmation / procédures ; programmation publiée ou non",
    besoins="La programmation de la collectivité, ou le questionnaire.",
    limites="Une programmation n'est pas un engagement.",
    source="Open Contracting Partnership U045 et R001.",
)
declare(
    "P17",
    libelle="Maturité de la fonction achat",
    unite="niveau",
    sens="haut",
    formule="niveau médian de chaque axe : stratégie, organisation, processus, outils, performance, ressources humaines",
    besoins="Le questionnaire de la chaire.",
    limites="Échelle ordinale : une moyenne d'axes n'a pas de sens sans leur profil.",
    source="Enquête OPTIMA, UGAP et ADCF auprès des intercommunalités (2017).",
)
declare(
    "P18",
    libelle="Organisation dédiée et réseau de référents",
    unite="niveau",
    sens="haut",
    formule="organisation dédiée ou non, réseau de référents ou non",
    besoins="Le questionnaire de la chaire.",
    limites="Les chiffres de presse diffèrent : ceux du rapport font foi.",
    source="Enquête OPTIMA, UGAP et ADCF auprès des intercommunalités (2017).",
)
