"""Integrity red flags that award data can feed (*signaux d'alerte*): questions, never verdicts."""

import narwhals as nw

from optima_lib.indicators.benford import BenfordGap
from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.shapes import Count, Shape, Share

PART = nw.col("part")
QUESTION = "Un signal est une question à poser, jamais un constat d'irrégularité."


@indicator(
    "I12",
    libelle="Écart moyen des premiers chiffres des montants à la loi de Benford",
    unite="part",
    sens="aucun",
    methode="Moyenne, sur les 90 couples de premiers chiffres (10 à 99), de l'écart entre leur part observée et la part "
    "log10(1 + 1/d). Montants initiaux fermes d'au moins 100 000 € : au-dessous, les seuils de publication tronquent la "
    "distribution. Rien n'est calculé sous 300 montants, ni acheteur par acheteur.",
    exclusions="Les accords-cadres, marchés subséquents et concessions, les montants inférieurs à 100 000 €. Un montant ou "
    "une classe manquants abaissent la couverture.",
    limites="À ne lire qu'à l'échelle d'un marché entier (région, année, ensemble) : les montants d'un acheteur sont de "
    "quelques familles et tailles, et ne suivent aucune loi de ce genre. Les seuils légaux au-dessus de 100 000 € "
    "l'éloignent aussi de la loi sans faute de personne. Nigrini juge l'accord bon sous 0,0012 et absent au-delà de "
    f"0,0022 (de mémoire, à confirmer). {QUESTION}",
    source="Nigrini, Benford's Law (2012) ; Open Contracting Partnership R029.",
    formule="(1/90) Σ |part observée de d − log10(1 + 1/d)|",
    champs=("est_ferme", "est_de_classe_inconnue", "montant_initial_eur", "premiers_chiffres"),
)
def ecart_benford() -> Shape:
    """Mean absolute deviation from Benford's law, of a whole market only."""
    digits, amount = nw.col("premiers_chiffres"), nw.col("montant_initial_eur")
    firm, untold = nw.col("est_ferme"), nw.col("est_de_classe_inconnue")
    concerned = (firm & (amount.is_null() | ~digits.is_null())) | untold
    return BenfordGap(digits="premiers_chiffres", known=~digits.is_null(), among=concerned)


@indicator(
    "I13",
    libelle="Part des marchés dont l'acheteur est son propre titulaire",
    unite="part",
    sens="bas",
    methode="Titulaires qui portent le SIREN de l'acheteur, rapportés aux titulaires identifiés. Un contrat compte une "
    "fois, partagé entre ses cotitulaires. Intervalle de Wilson à 95 %.",
    exclusions="Un contrat sans titulaire publié abaisse la couverture.",
    limites="Le plus souvent une erreur de saisie (le SIRET de l'acheteur recopié), parfois une régie ou un budget annexe "
    f"qui répond à sa collectivité. {QUESTION}",
    source="Contrôle « meme siret » des données essentielles (format-commande-publique, test 005).",
    formule="titulaires au SIREN de l'acheteur / titulaires identifiés",
    champs=("est_acheteur", "part"),
)
def part_acheteur_titulaire() -> Shape:
    """Share of suppliers that are the buyer itself."""
    same = nw.col("est_acheteur")
    return Share(hit=same, known=~same.is_null(), weight=PART, facts="titulaires")


@indicator(
    "I14.etranger",
    libelle="Part des titulaires établis hors de France",
    unite="part",
    sens="aucun",
    methode="Titulaires dont l'identifiant est un numéro de TVA d'un autre pays ou un identifiant hors de l'Union, "
    "rapportés aux titulaires dont l'identifiant dit le pays. Un contrat compte une fois, partagé entre ses "
    "cotitulaires. Intervalle de Wilson à 95 %.",
    exclusions="Un contrat sans titulaire publié, un identifiant dont ni le genre ni la forme ne disent le pays abaissent "
    "la couverture.",
    limites="Une filiale française d'un groupe étranger a un SIRET : elle n'y est pas. Acheter à l'étranger est régulier "
    "et ne se reproche pas.",
    source="Arrêté du 22 décembre 2022 (typeIdentifiant) ; Opentender.",
    formule="titulaires à l'identifiant étranger / titulaires au pays connu",
    champs=("est_etranger", "part"),
)
def part_titulaire_etranger() -> Shape:
    """Share of suppliers of another country."""
    foreign = nw.col("est_etranger")
    return Share(hit=foreign, known=~foreign.is_null(), weight=PART, facts="titulaires")


@indicator(
    "I15",
    libelle="Part des marchés relevés de plus de 10 % dans les 90 jours",
    unite="part",
    sens="bas",
    methode="Contrats dont la première modification publiée vient moins de 90 jours après la notification et porte le "
    "montant à plus de 110 % du montant initial, rapportés aux contrats notifiés 90 jours au moins avant le dernier jour "
    "où les données montrent leur acheteur (notification, publication ou modification). Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les contrats trop récents. Une date impossible, un montant initial manquant ou un montant modifié qui peut "
    "être la hausse seule (Q07) abaissent la couverture.",
    limites="Une modification jamais publiée ne se voit pas : la part est un minimum. Une hausse rapide peut être "
    f"imprévisible et régulière. {QUESTION}",
    source="Open Contracting Partnership R069 et R054 ; code de la commande publique, R2194-2 à R2194-8.",
    formule="contrats relevés de plus de 10 % en moins de 90 jours / contrats suivis 90 jours",
    champs=("est_observe_assez", "est_hausse_precoce"),
)
def part_hausse_precoce() -> Shape:
    """Share of contracts raised soon after their award."""
    rise, observed = nw.col("est_hausse_precoce"), nw.col("est_observe_assez")
    return Share(hit=rise, known=observed & ~rise.is_null(), among=observed.is_null() | observed)


@indicator(
    "I16",
    libelle="Nombre de familles d'achat où les titulaires alternent plus que le hasard ne le voudrait",
    unite="nombre",
    sens="bas",
    methode="Dans chaque famille d'achat (trois premiers chiffres du code CPV), les titulaires successifs forment des "
    "séries ; leur nombre est comparé à celui d'un ordre au hasard (test des séries à plusieurs catégories, unilatéral, "
    "5 %). Une attribution par jour, à un titulaire seul. Borne haute : toutes les familles non testées alternent.",
    exclusions="Les groupements, les jours où plusieurs titulaires gagnent. Une famille de moins de vingt attributions ou "
    "d'un seul titulaire n'est pas testée : elle abaisse la couverture.",
    limites="Une famille sur vingt franchit ce seuil par hasard. Un accord-cadre à plusieurs titulaires servis à tour de "
    f"rôle alterne de plein droit. {QUESTION}",
    source="Wald et Wolfowitz (1940) ; Wallis et Roberts (1956) ; Open Contracting Partnership R057.",
    formule="nombre de familles où z > 1,645, z = (séries − ½ − E) / écart-type",
    champs=("est_alternance",),
)
def familles_alternantes() -> Shape:
    """Count the families whose winners alternate more than chance would have it."""
    turns = nw.col("est_alternance")
    return Count(known=~turns.is_null(), hit=turns, facts="alternances")


declare(
    "I11",
    libelle="Indice de risque de corruption (CRI)",
    unite="part",
    sens="bas",
    formule="moyenne des signaux disponibles, de 0 à 1, s'il y en a au moins quatre",
    besoins="Les avis de marché et d'attribution : délai de remise des offres, délai de décision, poids des critères. Les "
    "attributions publiées ne portent que trois signaux indépendants (offre unique, procédure, part du titulaire chez "
    "l'acheteur), et l'indice en demande quatre.",
    limites=f"Un indice fait d'autres signaux que ceux de la publication d'origine ne se compare pas à elle. {QUESTION}",
    source="Fazekas, Tóth et King (2016) ; Government Transparency Institute.",
)
declare(
    "I14",
    libelle="Part des titulaires établis dans un territoire non coopératif à des fins fiscales",
    unite="part",
    sens="bas",
    formule="titulaires d'un pays de la liste en vigueur / titulaires au pays connu",
    besoins="Le pays d'établissement des titulaires hors de l'Union. L'identifiant publié ne le dit pas sûrement : un numéro "
    "de TVA est d'un pays de l'Union, jamais de la liste de l'Union ; celui d'un titulaire « HORS-UE » commence parfois par "
    "un code de pays, parfois par son nom, et « PA » ouvre autant de raisons sociales que d'adresses au Panama.",
    limites="La liste change deux fois par an (onze territoires confirmés le 18 février 2025, dix le 17 février 2026) : elle "
    f"doit être datée. {QUESTION}",
    source="Conclusions du Conseil de l'Union européenne du 18 février 2025 (C/2025/1473) et du 17 février 2026 ; Opentender.",
)
