"""Why a comparison is refused, and how far one that is made may be trusted."""

COMPARE, PRUDENT, REFUSE = "comparé", "comparé avec prudence", "non comparé"
STATUTS = (COMPARE, PRUDENT, REFUSE)
HORS, EFFECTIF, SANS_VALEUR, COUVERTURE, CATEGORIE, POPULATION, PAIRS, ATTENDU, VARIATION, GEANTE, DUREE = (
    "hors comparaison", "trop peu de faits", "sans valeur", "couverture insuffisante", "catégorie inconnue", "population inconnue",
    "trop peu de pairs", "attendu trop faible", "sans variation", "hors d'échelle", "durées différentes",
)  # fmt: skip
MOTIFS = ("", HORS, EFFECTIF, SANS_VALEUR, COUVERTURE, CATEGORIE, POPULATION, PAIRS, ATTENDU, VARIATION, GEANTE, DUREE)
SENTENCES = {
    HORS: "Cet indicateur ne se compare pas d'un acheteur à l'autre.",
    EFFECTIF: "La collectivité a trop peu de faits exploitables pour cet indicateur.",
    SANS_VALEUR: "La valeur de la collectivité ne se porte pas sur l'échelle de comparaison (nulle, ou sans intervalle possible).",
    COUVERTURE: "Trop de réponses manquent dans les données publiées de la collectivité : ce qui est connu ne dit pas le reste.",
    CATEGORIE: "La catégorie de la collectivité n'est pas connue : déclarez-la dans le fichier du partenaire.",
    POPULATION: "La population de la collectivité n'est pas connue : lisez un fichier de territoires avec « optima clean ».",
    PAIRS: "Trop peu de collectivités comparables ont assez de faits dans la base.",
    ATTENDU: "Trop peu de cas sont attendus chez une collectivité comparable pour qu'un écart se voie.",
    VARIATION: "Les collectivités comparables ont toutes la même valeur : rien ne dit ce qui serait inhabituel.",
    GEANTE: "La collectivité pèse à elle seule plus que tous ses pairs réunis : ils ne peuvent pas servir de référence.",
    DUREE: "Les marchés publiés de la collectivité et ceux de ses pairs ne couvrent pas la même durée : leurs totaux ne se comparent pas.",
}
