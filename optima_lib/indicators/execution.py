"""Execution and savings (*exécution et économies*): what contracts become after their award."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.shapes import Quantile, Ratio, Shape, Share
from optima_lib.references import bound

FOLLOWED, CHANGED = nw.col("est_suivi_un_an"), nw.col("est_modifie")
DRIFT, LONGER = nw.col("derive_montant"), nw.col("derive_duree")
OLD = FOLLOWED.is_null() | FOLLOWED
WILSON = "Intervalle de Wilson à 95 % ; bornes sous les réponses manquantes."
YOUNG = (
    "Les contrats trop récents pour avoir été modifiés (moins d'un an avant le dernier jour où les données montrent "
    "l'acheteur) ne sont pas concernés. Une date, un montant ou une durée manquants abaissent la couverture."
)
FEW = "Beaucoup de modifications ne sont pas publiées : c'est un minimum."
DELTA = (
    " Un dernier montant bien inférieur au premier est souvent la modification elle-même, publiée à la place du total : il "
    "est tenu pour inconnu."
)
SOURCE = "Code de la commande publique, R2194-1 à R2194-10 ; Open Contracting Partnership"


@indicator(
    "V06",
    libelle="Part des marchés modifiés",
    unite="part",
    sens="aucun",
    formule="contrats ayant une modification ou plus / contrats d'au moins un an",
    methode=f"Contrats dont une modification au moins est publiée, rapportés aux contrats suivis au moins un an. {WILSON}",
    exclusions=YOUNG,
    limites=FEW,
    source=f"{SOURCE} U048, U056 et R064.",
    champs=("est_suivi_un_an", "est_modifie"),
)
def part_modifiee() -> Shape:
    """Share of contracts with a modification."""
    return Share(hit=CHANGED, known=~FOLLOWED.is_null(), among=OLD)


@indicator(
    "V07",
    libelle="Dérive médiane du montant des marchés modifiés",
    unite="part",
    sens="bas",
    formule="médiane de (dernier montant − montant initial) / montant initial",
    methode="Sur les contrats modifiés et suivis au moins un an. Intervalle à 95 % par les statistiques d'ordre."
    + DELTA,
    exclusions=YOUNG,
    limites=f"Une modification peut n'ajouter ni montant ni durée. {FEW}",
    source=f"{SOURCE} R059 et R069.",
    champs=("est_suivi_un_an", "est_modifie", "derive_montant"),
)
def derive_mediane() -> Shape:
    """Median drift of amount of the contracts modified."""
    return Quantile(number="derive_montant", known=~DRIFT.is_null() & FOLLOWED, among=OLD & CHANGED)


@indicator(
    "V07.cumul",
    libelle="Dérive d'ensemble des montants",
    unite="part",
    sens="bas",
    formule="Σ (dernier montant − montant initial) / Σ montant initial",
    methode="Sur tous les contrats suivis au moins un an, modifiés ou non, plafonds d'accords-cadres exclus." + DELTA,
    exclusions=YOUNG,
    limites=f"Quelques gros marchés font la valeur. {FEW}",
    source=f"{SOURCE} R059 et R069.",
    champs=("est_suivi_un_an", "derive_montant", "montant_initial_eur", "est_engage"),
)
def derive_ensemble() -> Shape:
    """Drift of the sum of amounts."""
    initial = nw.col("montant_initial_eur")
    known = ~DRIFT.is_null() & FOLLOWED
    return Ratio(above=DRIFT * initial, below=initial, known=known, among=OLD & nw.col("est_engage"))


def _enter_beyond(code: str, name: str, words: str) -> None:
    """Enter the share of contracts whose amount grew beyond a bound."""
    limit = bound(name)

    def part() -> Shape:
        """Share of contracts whose amount grew beyond the bound."""
        return Share(hit=limit < DRIFT, known=~DRIFT.is_null() & FOLLOWED, among=OLD)

    indicator(
        code,
        libelle=f"Part des marchés relevés de plus de {100 * limit:.0f} %",
        unite="part",
        sens="bas",
        formule=f"contrats dont le montant a crû de plus de {100 * limit:.0f} % / contrats d'au moins un an",
        methode=f"{words} {WILSON}{DELTA}",
        exclusions=YOUNG,
        limites=f"Chaque modification a sa base légale ; la somme de plusieurs peut dépasser la borne sans qu'aucune ne le "
        f"fasse. {FEW}",
        source=f"{SOURCE} R064 à R069 ; references/bornes.csv.",
        champs=("est_suivi_un_an", "derive_montant"),
    )(part)


_enter_beyond(
    "V08",
    "modification_faible_fournitures_services",
    "Borne des modifications de faible montant, fournitures et services.",
)
_enter_beyond("V08.15", "modification_faible_travaux", "Borne des modifications de faible montant, travaux.")
_enter_beyond("V08.50", "modification_plafond", "Plafond légal d'une modification rendue nécessaire.")


@indicator(
    "V09",
    libelle="Dérive médiane de la durée des marchés modifiés",
    unite="part",
    sens="bas",
    formule="médiane de (dernière durée − durée initiale) / durée initiale",
    methode="Sur les contrats modifiés et suivis au moins un an. Intervalle à 95 % par les statistiques d'ordre.",
    exclusions=YOUNG,
    limites=f"Reconductions et tranches sont en principe déjà dans la durée initiale. {FEW}",
    source=f"{SOURCE} U070.",
    champs=("est_suivi_un_an", "est_modifie", "derive_duree"),
)
def derive_duree() -> Shape:
    """Median drift of duration of the contracts modified."""
    return Quantile(number="derive_duree", known=~LONGER.is_null() & FOLLOWED, among=OLD & CHANGED)


def _declare(  # noqa: PLR0913 - one argument per paragraph of the dictionary page
    code: str, libelle: str, unite: str, sens: str, formule: str, *, besoins: str, limites: str, source: str
) -> None:
    declare(
        code, libelle=libelle, unite=unite, sens=sens, formule=formule, besoins=besoins, limites=limites, source=source
    )


DAE = "Direction des achats de l'État, méthode de mesure des gains d'achat (décembre 2024)"
_declare(
    "V01", "Gain d'achat sur un renouvellement", "eur", "haut",
    "Σ (prix de référence × indice − prix obtenu) × quantité, sur un panier représentatif",
    besoins="Les bordereaux de prix de l'ancien et du nouveau marché, et les quantités.",
    limites="Le panier décide du résultat ; ne pas additionner les années.", source=DAE,
)  # fmt: skip
_declare(
    "V02", "Gain d'achat sur un premier achat", "eur", "haut", "(référence − prix obtenu) × quantité",
    besoins="La référence retenue : prix d'un autre acheteur, estimation, moyenne des offres ou budget.",
    limites="La moyenne des offres surestime le gain : nommer la référence.", source=DAE,
)  # fmt: skip
_declare(
    "V04", "Gain d'un achat mutualisé", "eur", "haut", "part du gain qui revient à la collectivité",
    besoins="La clé de répartition du groupement, et le gain mesuré.",
    limites="Ne pas compter deux fois entre coordonnateur et membres.", source=DAE,
)  # fmt: skip
_declare(
    "V05", "Dispersion des prix unitaires", "part", "bas", "(prix − médiane des pairs) / médiane des pairs",
    besoins="Les bordereaux de prix de plusieurs acheteurs pour un même produit.",
    limites="Produit, unité, volume et date doivent être comparables.",
    source="Open Contracting Partnership U065, R016 et R017.",
)  # fmt: skip
_declare(
    "V10", "Délai global de paiement", "jours", "bas", "jours entre la réception de la facture et le paiement",
    besoins="L'export des mandats, ou les délais que publie la Direction générale des finances publiques.",
    limites="Une moyenne cache les retards ; les suspensions sont à déduire.",
    source="Code de la commande publique, R2192-10.",
)  # fmt: skip
_declare(
    "V11", "Intérêts moratoires versés", "eur", "bas", "Σ intérêts moratoires",
    besoins="Les mandats d'intérêts moratoires.",
    limites="Peu d'entreprises les réclament, bien qu'ils soient dus sans demande.",
    source="Code de la commande publique, R2192-31 à R2192-36.",
)  # fmt: skip
_declare(
    "V12", "Coût d'une procédure", "eur", "bas", "jours d'agents × coût journalier / procédures",
    besoins="Le temps passé, par questionnaire.",
    limites="Temps déclaré, donc approché.", source="Commission européenne (2011), cité par le Sénat (r15-082).",
)  # fmt: skip
_declare(
    "V13", "Satisfaction des services utilisateurs", "niveau", "haut", "moyenne des notes de 1 à 5",
    besoins="Le questionnaire aux services.", limites="Les mécontents répondent davantage.", source="OCDE.",
)  # fmt: skip
_declare(
    "V14", "Consommation des plafonds d'accords-cadres", "part", "aucun", "Σ commandes / plafond, au regard du temps écoulé",
    besoins="Les commandes ou les mandats, rattachés à leur accord-cadre.",
    limites="Un plafond dépassé met fin à l'accord-cadre ; un plafond très peu consommé était surestimé.",
    source="Cour de justice de l'Union européenne, C-23/20 (2021).",
)  # fmt: skip
_declare(
    "V15", "Part des contrats achevés à temps", "part", "haut", "contrats achevés à temps / contrats achevés",
    besoins="Les procès-verbaux de réception, ou le suivi d'exécution.",
    limites="Une prolongation accordée change le terme.", source="Open Contracting Partnership U070 et U071.",
)  # fmt: skip
