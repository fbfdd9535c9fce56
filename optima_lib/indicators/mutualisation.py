"""Pooling of purchases (*mutualisation*): who has the same needs, at the same time, with the same suppliers."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.depense import CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.shapes import AmountShare, Extreme, Shape, Share

NEED = (
    "Le besoin annuel d'une famille d'achat (trois premiers chiffres du code CPV) est la part des montants fermes exécutée, "
    "à rythme égal, dans les 48 derniers mois de la base, par an."
)
COMPARED = (
    "Les acheteurs d'un autre département, sans département connu, ou de moins de dix marchés dans la période ne sont pas "
    "comparés ; un acheteur que l'on ne compare à personne n'a pas de valeur."
)
CONCERNED = COMMITTED | UNTOLD


@indicator(
    "G02",
    libelle="Part du montant ferme attribuée à des centrales d'achat",
    unite="part",
    sens="aucun",
    methode="Montants fermes, à leur dernier état, dont le titulaire est une centrale d'achat de "
    "`references/centrales_achat.csv`, rapportés aux montants fermes dont le titulaire a un SIREN. Le montant d'un "
    "groupement est réparti entre ses membres.",
    exclusions="Les accords-cadres et concessions. Un montant ou un titulaire manquants, un identifiant étranger abaissent "
    "la couverture.",
    limites="Un minimum : une commande passée à une centrale se publie rarement comme un marché de l'acheteur, et seules les "
    "centrales dont le numéro est vérifié sont reconnues. La part dans la dépense demande les mandats. " + CLASS_LIMIT,
    source="Code de la commande publique, L2113-2 à L2113-5 ; Opentender (achat centralisé).",
    formule="€ fermes aux centrales d'achat / € fermes au titulaire connu",
    champs=("est_centrale", "part", "montant_part_eur", "est_engage", "est_de_classe_inconnue"),
)
def part_centrales() -> Shape:
    """Share of firm amounts that central purchasing bodies win."""
    body = nw.col("est_centrale")
    return AmountShare(
        hit=body,
        known=COMMITTED & ~body.is_null(),
        amount=nw.col("montant_part_eur"),
        among=CONCERNED,
        weight=nw.col("part"),
        facts="titulaires",
    )


@indicator(
    "G03",
    libelle="Recouvrement des besoins avec l'acheteur du département qui ressemble le plus",
    unite="part",
    sens="aucun",
    methode=f"{NEED} Pour deux acheteurs : somme des plus petits besoins des deux, famille par famille, rapportée à la "
    "somme des plus grands (indice de Jaccard pondéré). La valeur est celle du partenaire le plus proche : 1 quand les "
    "besoins sont les mêmes, 0 quand ils n'ont rien de commun. L'effectif compte les partenaires retenus.",
    exclusions=f"Les accords-cadres et concessions ; les contrats sans montant, date, durée ou code CPV. {COMPARED}",
    limites="Une même famille n'est pas un même besoin ; des travaux tiennent à leur lieu. Un acheteur qui publie peu "
    "ressemble peu. Une proximité n'est pas une économie. " + CLASS_LIMIT,
    source="Indice de Jaccard pondéré (Ruzicka, 1958) ; définition propre.",
    formule="max sur les partenaires de Σ min(a, b) / Σ max(a, b)",
    champs=("recouvrement_besoins",),
)
def recouvrement_besoins() -> Shape:
    """Best overlap of yearly needs with another buyer of the département."""
    return _best("recouvrement_besoins")


@indicator(
    "G03.montant",
    libelle="Plus grand besoin annuel commun avec un acheteur proche du département",
    unite="eur",
    sens="aucun",
    methode=f"{NEED} Pour deux acheteurs : somme des plus petits besoins des deux, famille par famille. La valeur est la "
    "plus grande parmi les dix partenaires au recouvrement (G03) le plus fort.",
    exclusions=f"Les accords-cadres et concessions ; les contrats sans montant, date, durée ou code CPV. {COMPARED}",
    limites="Un montant à examiner ensemble, et non une économie : le gain demande des prix comparables (G07).",
    source="Définition propre, d'après l'indice de Jaccard pondéré.",
    formule="max sur les partenaires retenus de Σ min(a, b), en euros par an",
    champs=("besoin_commun_eur",),
)
def besoin_commun() -> Shape:
    """Largest yearly need in common with a near buyer of the département."""
    return _best("besoin_commun_eur")


@indicator(
    "G04",
    libelle="Part des marchés en cours dont l'échéance est proche de celle d'un autre acheteur",
    unite="part",
    sens="aucun",
    methode="Contrats en cours à la fin de la base qui finissent à six mois au plus d'un contrat en cours de la même famille "
    "d'achat, d'un autre acheteur du département, rapportés aux contrats en cours. L'échéance est la notification plus la "
    "durée. Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les contrats échus. Une date, une durée, un code CPV ou un département manquants abaissent la couverture.",
    limites="Les reconductions ne sont pas toujours comptées dans la durée : l'échéance réelle peut venir plus tard, et "
    "s'aligner. Une échéance proche n'est pas un même besoin.",
    source="Définition propre ; code de la commande publique, L2113-6 (groupements de commandes).",
    formule="contrats en cours à échéance voisine / contrats en cours",
    champs=("est_en_cours", "a_echeance_voisine"),
)
def part_echeances_voisines() -> Shape:
    """Share of running contracts that end next to another buyer's."""
    near, running = nw.col("a_echeance_voisine"), nw.col("est_en_cours")
    return Share(hit=near, known=~near.is_null(), among=running.is_null() | running)


@indicator(
    "G04.montant",
    libelle="Part du montant annualisé en cours dont l'échéance est proche de celle d'un autre acheteur",
    unite="part",
    sens="aucun",
    methode="Comme G04, chaque contrat ferme pesé à son dernier montant par année de durée (à son montant entier s'il dure "
    "moins d'un an).",
    exclusions="Les contrats échus, les accords-cadres et concessions. Une date, une durée, un montant, un code CPV ou un "
    "département manquants abaissent la couverture.",
    limites="Les reconductions ne sont pas toujours comptées dans la durée. " + CLASS_LIMIT,
    source="Définition propre ; code de la commande publique, L2113-6 (groupements de commandes).",
    formule="€ par an à échéance voisine / € par an en cours",
    champs=("est_en_cours", "a_echeance_voisine", "montant_annualise_eur", "est_engage", "est_de_classe_inconnue"),
)
def part_echeances_voisines_montant() -> Shape:
    """Share of the yearly amount of running contracts that end next to another buyer's."""
    near, running = nw.col("a_echeance_voisine"), nw.col("est_en_cours")
    return AmountShare(
        hit=near,
        known=COMMITTED & ~near.is_null(),
        amount=nw.col("montant_annualise_eur"),
        among=CONCERNED & (running.is_null() | running),
    )


@indicator(
    "G05",
    libelle="Recouvrement des fournisseurs avec l'acheteur du département qui ressemble le plus",
    unite="part",
    sens="aucun",
    methode="Couples (famille d'achat, titulaire) des contrats notifiés dans les 48 derniers mois de la base : nombre de "
    "couples communs à deux acheteurs, rapporté au nombre de couples de l'un ou de l'autre (indice de Jaccard). La valeur "
    "est celle du partenaire le plus proche. L'effectif compte les partenaires retenus.",
    exclusions=f"Les contrats sans titulaire, date ou code CPV. {COMPARED}",
    limites="Deux acheteurs servis par la même entreprise peuvent payer deux prix : c'est la piste la plus simple, et "
    "seuls les prix unitaires la confirment.",
    source="Indice de Jaccard (1901) ; définition propre.",
    formule="max sur les partenaires de |A ∩ B| / |A ∪ B|",
    champs=("recouvrement_fournisseurs",),
)
def recouvrement_fournisseurs() -> Shape:
    """Best overlap of suppliers, family by family, with another buyer of the département."""
    return _best("recouvrement_fournisseurs")


def _best(name: str) -> Shape:
    """Return the highest index among the partners kept."""
    return Extreme(number=name, known=~nw.col(name).is_null(), facts="partenaires")


declare(
    "G06",
    libelle="Rang des pistes de mutualisation",
    unite="niveau",
    sens="aucun",
    formule="acheteurs × € par an × recouvrement × compatibilité × (1 − dispersion des distances), les k premières",
    besoins="Un choix de l'équipe : les poids des cinq facteurs, et un effectif d'acheteurs d'accord pour comparer. La table "
    "de faits `partenaires` et les indicateurs G03 à G05 donnent les facteurs, un par un.",
    limites="Le rang d'une liste n'est pas un nombre par acheteur, et sa stabilité reste à montrer par rééchantillonnage.",
    source="Définition propre.",
)
declare(
    "G07",
    libelle="Gain attendu d'une mutualisation",
    unite="eur",
    sens="haut",
    formule="€ par an × [2 % ; 8 %] − coût de coordination",
    besoins="Les prix unitaires des deux acheteurs, ou un intervalle de gain retenu avec sa source, et le coût de la "
    "procédure (V12).",
    limites="Un intervalle, jamais un nombre seul. Les effets publiés vont de 7 % (incendie et secours, 2013) à 28 % (Consip, "
    "2009), et débordent sur ceux qui n'y participent pas (Lotti et al., 2022).",
    source="Bandiera, Prat et Valletti (2009) ; Cour des comptes (2013) ; Lotti, Muco, Spagnolo et Valletti (2022).",
)
declare(
    "G08",
    libelle="Risque d'éviction des petites et moyennes entreprises par un regroupement",
    unite="part",
    sens="bas",
    formule="part de PME parmi les titulaires actuels × (1 − taille des lots actuels / taille des lots regroupés)",
    besoins="La taille des lots après le regroupement : c'est le choix d'allotissement que le regroupement fera, qu'aucune "
    "donnée publiée ne dit d'avance. La part de PME parmi les titulaires actuels est F02.",
    limites="Un regroupement alloti finement n'évince personne : le risque se mesure sur un projet, et non sur un acheteur.",
    source="Code de la commande publique, L2113-10 (allotissement) ; définition propre.",
)
declare(
    "G09",
    libelle="Capacité de coordination",
    unite="niveau",
    sens="haut",
    formule="maturité de la fonction achat (P17) des candidats, liens déjà noués dans l'intercommunalité",
    besoins="Les réponses des acheteurs au questionnaire de maturité (P17), et la liste des groupements en cours.",
    limites="Le code général des collectivités territoriales (L5211-4-4) permet déjà des groupements menés par l'EPCI.",
    source="Enquête OPTIMA-UGAP-ADCF de 2017 ; CGCT, L5211-4-4.",
)
declare(
    "G10",
    libelle="Stratégie de mutualisation déclarée",
    unite="part",
    sens="aucun",
    formule="oui ou non ; part des acheteurs du panel qui en ont une",
    besoins="La réponse de l'acheteur au questionnaire.",
    limites="Une déclaration n'est pas une pratique.",
    source="Enquête OPTIMA-UGAP-ADCF de 2017.",
)
