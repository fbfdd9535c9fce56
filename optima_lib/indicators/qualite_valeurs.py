"""Data quality: amounts, dates and codes that cannot be right (*qualité des données*, the values)."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.shapes import Shape, Share
from optima_lib.references import bound

DELAY = nw.col("delai_publication_jours")
POPULATED = ("commune", "EPCI", "département", "région", "collectivité territoriale unique")
INTERVAL = "Intervalle de Wilson à 95 %."


def _untrue(name: str) -> Shape:
    """Return the share of contracts of which a test holds, among all; one that cannot be made is unknown."""
    return Share(hit=nw.col(name), known=~nw.col(name).is_null())


@indicator(
    "Q04",
    libelle="Part des marchés au montant improbable",
    unite="part",
    sens="bas",
    methode="Contrats dont le montant initial publié est une valeur de remplissage (un euro ou moins, des neufs, plus de "
    f"onze chiffres), illisible, ou d'au moins un milliard d'euros, rapportés aux contrats qui publient un montant. {INTERVAL}",
    exclusions="Un contrat qui ne publie aucun montant abaisse la couverture.",
    limites="Un accord-cadre national peut dépasser un milliard d'euros. Un montant plausible peut être faux.",
    source="L'Éclaireur public n° 497 ; decp-processing ; arrêté du 22 décembre 2022 (montant au moins égal à 1).",
    formule="contrats au montant improbable / contrats au montant publié",
    champs=("est_montant_improbable",),
)
def part_montant_improbable() -> Shape:
    """Share of contracts with an amount that cannot be right."""
    return _untrue("est_montant_improbable")


@indicator(
    "Q04.habitants",
    libelle="Part des marchés dont le montant par habitant est improbable",
    unite="part",
    sens="bas",
    methode="Contrats dont le montant initial dépasse 500 000 € par habitant de la collectivité, rapportés aux contrats des "
    f"communes, intercommunalités, départements et régions au montant et à la population connus. {INTERVAL}",
    exclusions="Les acheteurs sans population propre (hôpitaux, État, syndicats). Un montant ou une population manquants "
    "abaissent la couverture.",
    limites="La borne n'arrête que l'impossible : elle ne dit rien d'un montant cent fois trop grand dans une grande ville.",
    source="L'Éclaireur public n° 497 ; définition propre.",
    formule="contrats de plus de 500 000 € par habitant / contrats",
    champs=("categorie", "montant_par_habitant_eur"),
)
def part_montant_par_habitant_improbable() -> Shape:
    """Share of contracts whose amount per inhabitant cannot be right."""
    return Share(
        hit=nw.col("montant_par_habitant_eur") > bound("montant_habitant_improbable_eur"),
        known=~nw.col("montant_par_habitant_eur").is_null(),
        among=nw.col("categorie").is_in(POPULATED),
    )


@indicator(
    "Q04.centimes",
    libelle="Part des marchés au montant au moins cent fois supérieur à la médiane de leur famille",
    unite="part",
    sens="bas",
    methode="Marchés ordinaires dont le montant initial vaut au moins cent fois la médiane des montants fermes de la même "
    f"famille d'achat (trois premiers chiffres du code CPV) dans toute la base : à vérifier, car un montant saisi en "
    f"centimes est cent fois trop grand. {INTERVAL}",
    exclusions="Les accords-cadres, marchés subséquents et concessions. Un montant, un code CPV ou une classe manquants, "
    "une famille de moins de trente montants dans la base abaissent la couverture.",
    limites="Une grande opération y est aussi : le signal demande de vérifier, il ne prouve pas l'erreur.",
    source="Définition propre, d'après L'Éclaireur public n° 497.",
    formule="contrats à cent fois la médiane ou plus / contrats fermes comparables",
    champs=("est_ferme", "est_de_classe_inconnue", "rapport_famille"),
)
def part_montant_en_centimes() -> Shape:
    """Share of firm contracts a hundred times above the median of their family."""
    return Share(
        hit=nw.col("rapport_famille") >= bound("rapport_centimes"),
        known=~nw.col("rapport_famille").is_null(),
        among=nw.col("est_ferme") | nw.col("est_de_classe_inconnue"),
    )


@indicator(
    "Q05",
    libelle="Part des marchés à la date de notification improbable",
    unite="part",
    sens="bas",
    methode="Contrats dont la date de notification est illisible, postérieure au jour de la lecture, ou antérieure à 2015, "
    f"rapportés aux contrats qui publient une date. {INTERVAL}",
    exclusions="Un contrat sans date de notification abaisse la couverture.",
    limites="Avant 2010 la date est tenue pour manquante ; de 2010 à 2014 elle est gardée. Un contrat ancien modifié peut "
    "être publié de bonne foi.",
    source="Décret 2016-360, art. 107 (publication depuis le 1er octobre 2018) ; decp-processing (dix dates réparées).",
    formule="contrats à la date improbable / contrats à la date publiée",
    champs=("est_notification_improbable",),
)
def part_date_improbable() -> Shape:
    """Share of contracts with a date of notification that cannot be right."""
    return _untrue("est_notification_improbable")


@indicator(
    "Q05.publication",
    libelle="Part des marchés publiés avant leur notification",
    unite="part",
    sens="bas",
    methode="Contrats dont les données sont publiées avant la notification, rapportés aux contrats dont les deux dates sont "
    f"connues. {INTERVAL}",
    exclusions="Une date manquante abaisse la couverture.",
    limites="L'une des deux dates est fausse, sans que l'on sache laquelle.",
    source="Arrêté du 22 décembre 2022 ; Open Contracting Partnership U049.",
    formule="contrats publiés avant d'être notifiés / contrats aux deux dates connues",
    champs=("delai_publication_jours",),
)
def part_publiee_avant() -> Shape:
    """Share of contracts published before they were notified."""
    return Share(hit=DELAY < 0, known=~DELAY.is_null())


@indicator(
    "Q06",
    libelle="Part des marchés au code CPV mal formé",
    unite="part",
    sens="bas",
    methode="Contrats dont le code CPV publié n'a pas huit chiffres (clé de contrôle à part) ou commence par une division "
    f"qui n'existe pas, rapportés aux contrats qui publient un code. {INTERVAL}",
    exclusions="Un contrat sans code CPV abaisse la couverture.",
    limites="La clé de contrôle, absente d'un code sur deux, n'est pas vérifiée.",
    source="Règlement (CE) 213/2008 ; arrêté du 22 décembre 2022.",
    formule="contrats au code mal formé / contrats au code publié",
    champs=("est_cpv_malforme",),
)
def part_cpv_malforme() -> Shape:
    """Share of contracts whose CPV code is malformed."""
    return _untrue("est_cpv_malforme")


@indicator(
    "Q06.nomenclature",
    libelle="Part des marchés dont le code CPV n'existe pas dans la nomenclature",
    unite="part",
    sens="bas",
    methode="Contrats dont le code CPV, bien formé, n'est pas dans la nomenclature de 2008, rapportés aux contrats dont le "
    f"code est bien formé. {INTERVAL}",
    exclusions="Un code absent ou mal formé (Q06) abaisse la couverture. Sans la table `cpv`, rien n'est calculé.",
    limites="Un code qui existe peut ne pas être celui de l'objet.",
    source="Règlement (CE) 213/2008, annexe I.",
    formule="contrats au code inconnu / contrats au code bien formé",
    champs=("est_hors_nomenclature",),
)
def part_cpv_inconnu() -> Shape:
    """Share of contracts whose CPV code does not exist."""
    return _untrue("est_hors_nomenclature")


@indicator(
    "Q06.division",
    libelle="Part des marchés dont le code CPV ne dit que la division",
    unite="part",
    sens="bas",
    methode="Contrats dont le code CPV finit par six zéros (45000000, travaux de construction), rapportés aux contrats dont "
    f"le code est bien formé : un tel code range l'achat et ne le décrit pas. {INTERVAL}",
    exclusions="Un code absent ou mal formé abaisse la couverture.",
    limites="Un marché qui relève vraiment de toute une division peut porter ce code.",
    source="Règlement (CE) 213/2008 : le code décrit l'objet avec le plus de précision possible.",
    formule="contrats au code de division / contrats au code bien formé",
    champs=("est_cpv_de_division",),
)
def part_cpv_de_division() -> Shape:
    """Share of contracts whose CPV code says the division only."""
    return _untrue("est_cpv_de_division")
