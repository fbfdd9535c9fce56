"""Indicators that notices feed: what precedes the contract, and what did not end in one."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.shapes import Mean, Quantile, Ratio, Shape, Share
from optima_lib.references import bound

CALL, AWARD = nw.col("est_appel"), nw.col("est_attribution")
LOTS = "lots"
NOTICES = (
    "Seuls les avis lus, d'un acheteur reconnu, comptent : les achats sans avis au BOAMP ou au TED n'y sont pas, et un avis "
    "sans SIREN n'est rattaché que si un seul acheteur de la base porte ce nom."
)
WILSON = "Intervalle de Wilson à 95 % ; bornes sous les réponses manquantes."
ORDER = "Intervalle à 95 % par les statistiques d'ordre."


@indicator(
    "C09",
    libelle="Part des lots sans titulaire",
    unite="part",
    sens="bas",
    formule="lots infructueux ou sans suite / lots à l'issue publiée",
    methode=f"Lots d'avis d'attribution déclarés infructueux ou sans suite, rapportés aux lots dont l'issue est publiée. {WILSON}",
    exclusions="Les avis d'appel. Une issue non publiée abaisse la couverture.",
    limites=f"Une consultation abandonnée n'a pas toujours d'avis. {NOTICES}",
    source="Open Contracting Partnership U063 et U064.",
    champs=("est_attribution", "est_sans_titulaire"),
)
def part_sans_titulaire() -> Shape:
    """Share of lots without a winner."""
    lost = nw.col("est_sans_titulaire")
    return Share(hit=lost, known=~lost.is_null(), among=AWARD, facts=LOTS)


@indicator(
    "C13",
    libelle="Part des lots jugés sur le seul prix",
    unite="part",
    sens="bas",
    formule="lots au seul critère du prix / lots aux critères publiés",
    methode=f"Lots d'avis d'appel dont le prix est le seul critère publié, rapportés aux lots dont les critères sont publiés. "
    f"{WILSON}",
    exclusions="Les avis d'attribution ; les critères renvoyés au cahier des charges abaissent la couverture.",
    limites=f"Le seul prix n'est plus permis pour les consultations lancées depuis l'obligation d'un critère "
    f"environnemental. {NOTICES}",
    source="Single Market Scoreboard, indicateur 5 ; code de la commande publique, R2152-7.",
    champs=("est_appel", "critere_prix_seul"),
)
def part_prix_seul() -> Shape:
    """Share of lots judged on price alone."""
    alone = nw.col("critere_prix_seul")
    return Share(hit=alone, known=~alone.is_null(), among=CALL, facts=LOTS)


@indicator(
    "P01",
    libelle="Délai médian laissé pour répondre",
    unite="jours",
    sens="haut",
    formule="médiane de (date limite − publication de l'avis), en jours",
    methode=f"Jours entre la publication de l'avis d'appel et la date limite de réception des offres. {ORDER}",
    exclusions="Une date absente, ou une limite antérieure à la publication, abaissent la couverture.",
    limites=f"Les minimums légaux diffèrent selon la procédure et l'urgence. {NOTICES}",
    source="Cardinal R003 ; Open Contracting Partnership U059 ; OpenTender.",
    champs=("est_appel", "delai_publicite_jours"),
)
def delai_publicite() -> Shape:
    """Median advertisement period."""
    return Quantile(number="delai_publicite_jours", known=nw.col("delai_publicite_jours") >= 0, among=CALL, facts=LOTS)


@indicator(
    "P02",
    libelle="Part des lots au délai de réponse court",
    unite="part",
    sens="bas",
    formule="lots au délai inférieur à la borne / lots au délai connu",
    methode=f"Lots d'avis d'appel qui laissent moins de {bound('delai_publicite_court_jours'):.0f} jours pour répondre, "
    f"rapportés aux lots dont le délai est connu. {WILSON}",
    exclusions="Une date absente, ou une limite antérieure à la publication, abaissent la couverture.",
    limites=f"L'urgence permet des délais réduits, que l'avis ne dit pas toujours. {NOTICES}",
    source="Cardinal R003.",
    champs=("est_appel", "delai_publicite_jours"),
)
def part_delai_court() -> Shape:
    """Share of lots with a short advertisement period."""
    days = nw.col("delai_publicite_jours")
    return Share(hit=days < bound("delai_publicite_court_jours"), known=days >= 0, among=CALL, facts=LOTS)


@indicator(
    "P03",
    libelle="Délai médian de décision",
    unite="jours",
    sens="bas",
    formule="médiane de (attribution − date limite de l'appel), en jours",
    methode=f"Jours entre la date limite de l'avis d'appel cité et l'attribution du lot. {ORDER}",
    exclusions="Un avis d'appel absent de la base, une date absente, une attribution antérieure à la limite abaissent la "
    "couverture.",
    limites=f"L'attribution précède la notification de quelques semaines. {NOTICES}",
    source="Single Market Scoreboard, indicateur 6 ; Open Contracting Partnership U060.",
    champs=("est_attribution", "delai_decision_jours"),
)
def delai_decision() -> Shape:
    """Median decision period."""
    return Quantile(number="delai_decision_jours", known=nw.col("delai_decision_jours") >= 0, among=AWARD, facts=LOTS)


@indicator(
    "P08",
    libelle="Part des champs qui diffèrent entre l'avis et le contrat",
    unite="part",
    sens="bas",
    formule="champs différents / champs publiés des deux côtés",
    methode="Pour chaque lot d'avis joint à un contrat : montant, division CPV et procédure publiés des deux côtés ; part de "
    "ceux qui diffèrent. Le montant diffère au-delà d'un écart d'arrondi.",
    exclusions="Un lot attribué que rien ne joint à un contrat abaisse la couverture.",
    limites="Montant et CPV servent aussi à joindre l'avis et le contrat : les paires trouvées se ressemblent par "
    f"construction, et la part est un minimum. {NOTICES}",
    source="OpenTender (NoticeAndAwardDiscrepancies).",
    champs=("est_attribution", "champs_compares", "champs_differents"),
)
def part_champs_differents() -> Shape:
    """Share of the fields that differ between notice and contract."""
    compared = nw.col("champs_compares")
    return Ratio(above=nw.col("champs_differents"), below=compared, known=compared > 0, among=AWARD, facts=LOTS)


@indicator(
    "E04",
    libelle="Poids moyen des critères environnementaux",
    unite="part",
    sens="haut",
    formule="moyenne du poids des critères environnementaux des lots",
    methode="Moyenne, sur les lots d'avis d'appel aux critères pondérés, du poids des critères dont l'intitulé est "
    "environnemental ; zéro où aucun ne l'est. Intervalle de Student à 95 %.",
    exclusions="Les lots sans pondération publiée abaissent la couverture.",
    limites=f"Une considération noyée dans la valeur technique n'est pas vue : c'est un minimum. {NOTICES}",
    source="Loi 2021-1104, art. 35 ; code de la commande publique, R2152-7.",
    champs=("est_appel", "poids_environnement"),
)
def poids_environnement() -> Shape:
    """Mean weight of environmental criteria."""
    weight = nw.col("poids_environnement")
    return Mean(number=weight, known=~weight.is_null(), among=CALL, facts=LOTS)


@indicator(
    "F04",
    libelle="Part des offres déposées par des PME",
    unite="part",
    sens="haut",
    formule="Σ offres de PME / Σ offres reçues",
    methode="Offres de petites et moyennes entreprises, rapportées aux offres reçues, sur les lots d'avis d'attribution qui "
    "publient les deux nombres.",
    exclusions="Un lot qui ne publie pas les deux nombres abaisse la couverture.",
    limites=f"La taille est celle que l'acheteur déclare dans l'avis. {NOTICES}",
    source="Single Market Scoreboard, indicateur 8 ; eForms BT-759 et BT-760.",
    champs=("est_attribution", "offres_pme", "offres_recues"),
)
def part_offres_pme() -> Shape:
    """Share of bids from SMEs."""
    small, every = nw.col("offres_pme"), nw.col("offres_recues")
    known = ~small.is_null() & ~every.is_null()
    return Ratio(above=small, below=every, known=known, among=AWARD, facts=LOTS)


@indicator(
    "V03",
    libelle="Écart médian entre le montant attribué et l'estimation",
    unite="part",
    sens="aucun",
    formule="médiane de (montant − estimation) / estimation",
    methode=f"Sur les lots d'avis d'attribution qui publient leur montant et leur estimation. {ORDER}",
    exclusions="Un lot qui ne publie pas les deux abaisse la couverture.",
    limites=f"L'estimation publiée est souvent un maximum. {NOTICES}",
    source="Open Contracting Partnership U068, U069 et R031.",
    champs=("est_attribution", "ecart_estimation"),
)
def ecart_estimation() -> Shape:
    """Median gap between amount and estimate."""
    gap = nw.col("ecart_estimation")
    return Quantile(number="ecart_estimation", known=~gap.is_null(), among=AWARD, facts=LOTS)


@indicator(
    "G01",
    libelle="Part des avis d'achat groupé",
    unite="part",
    sens="haut",
    formule="avis d'achat groupé / avis qui le disent",
    methode=f"Avis d'attribution qui déclarent un achat groupé entre acheteurs, rapportés à ceux dont le formulaire pose la "
    f"question. Un avis compte une fois, quel que soit le nombre de ses lots. {WILSON}",
    exclusions="Les avis d'appel. Un formulaire qui ne pose pas la question (BOAMP) abaisse la couverture.",
    limites=f"Seul l'avis du coordonnateur existe : les membres d'un groupement n'y paraissent pas acheteurs. {NOTICES}",
    source="Single Market Scoreboard, indicateur 4 ; code de la commande publique, L2113-6.",
    champs=("est_attribution", "est_groupement", "part_avis"),
)
def part_achats_groupes() -> Shape:
    """Share of notices of joint procurement."""
    joint = nw.col("est_groupement")
    return Share(hit=joint, known=~joint.is_null(), among=AWARD, facts=LOTS, weight=nw.col("part_avis"))
