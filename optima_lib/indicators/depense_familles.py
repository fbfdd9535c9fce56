"""Spend and structure (*dépense et structure*): how the amount spreads over the families of purchase."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.depense import AMOUNT, CLASS_LIMIT, COMMITTED, FIRM, UNTOLD
from optima_lib.indicators.shapes import Mean, Shape, Spread
from optima_lib.indicators.spreads import gini, keys_of
from optima_lib.references import bound

FAMILY_FIELDS = ("famille", "montant_initial_eur", "est_engage", "est_de_classe_inconnue")
EXCLUSIONS = (
    "Les plafonds d'accords-cadres et les concessions. Un marché sans code CPV ou sans montant abaisse la couverture."
)
LIMITS = (
    "Montants attribués, et non payés : un acheteur qui achète surtout par accords-cadres est mal décrit. La famille dit "
    "peu de l'objet quand l'acheteur range presque tout sous un même code. " + CLASS_LIMIT
)
FAMILIES = "familles d'achat (trois premiers chiffres du code CPV)"
KNOWN = COMMITTED & ~AMOUNT.is_null() & ~nw.col("famille").is_null()
AMONG = COMMITTED | UNTOLD


@indicator(
    "S11",
    libelle="Nombre de familles d'achat qui font 80 % du montant",
    unite="nombre",
    sens="aucun",
    methode=f"Plus petit nombre de {FAMILIES} dont les montants initiaux fermes font au moins 80 % du total (classe A de "
    "l'analyse ABC).",
    exclusions=EXCLUSIONS,
    limites=LIMITS,
    source="Pareto ; analyse ABC.",
    formule="plus petit n tel que Σ des n premières familles ≥ 0,8 Σ",
    champs=FAMILY_FIELDS,
)
def familles_principales() -> Shape:
    """Smallest number of families that make 80 % of the firm amount."""
    share = keys_of(bound("pareto_a"))
    return Spread(key="famille", amount=AMOUNT, known=KNOWN, among=AMONG, figure=share, facts="marches")


@indicator(
    "S11.95",
    libelle="Nombre de familles d'achat qui font 95 % du montant",
    unite="nombre",
    sens="aucun",
    methode=f"Plus petit nombre de {FAMILIES} dont les montants initiaux fermes font au moins 95 % du total (classes A "
    "et B de l'analyse ABC).",
    exclusions=EXCLUSIONS,
    limites=LIMITS,
    source="Pareto ; analyse ABC.",
    formule="plus petit n tel que Σ des n premières familles ≥ 0,95 Σ",
    champs=FAMILY_FIELDS,
)
def familles_presque_toutes() -> Shape:
    """Smallest number of families that make 95 % of the firm amount."""
    share = keys_of(bound("pareto_b"))
    return Spread(key="famille", amount=AMOUNT, known=KNOWN, among=AMONG, figure=share, facts="marches")


@indicator(
    "S12",
    libelle="Inégalité des familles d'achat (indice de Gini)",
    unite="ratio",
    sens="aucun",
    methode=f"Indice de Gini des montants initiaux fermes entre les {FAMILIES} achetées : 0 quand toutes pèsent autant, 1 "
    "quand une seule a tout. Corrigé du petit nombre de familles par n / (n − 1).",
    exclusions=EXCLUSIONS + " Rien n'est calculé pour une seule famille. Les familles non achetées ne comptent pas.",
    limites=LIMITS,
    source="Gini (1912) ; correction de petit échantillon n / (n − 1).",
    formule="G = Σ (2i − n − 1) xᵢ / ((n − 1) Σ x), montants en ordre croissant",
    champs=FAMILY_FIELDS,
)
def inegalite_familles() -> Shape:
    """Gini's coefficient of the firm amounts of families."""
    return Spread(key="famille", amount=AMOUNT, known=KNOWN, among=AMONG, figure=gini, keys_at_least=2, facts="marches")


@indicator(
    "S14.moyenne",
    libelle="Montant moyen d'un marché ferme",
    unite="eur",
    sens="aucun",
    methode="Moyenne des montants initiaux, en euros hors taxes, des marchés ordinaires. Intervalle de Student à 95 %.",
    exclusions="Les accords-cadres, marchés subséquents et concessions ; les valeurs de remplissage.",
    limites="Les montants sont très dissymétriques : un seul gros marché tire la moyenne, et l'intervalle est alors "
    "large ou trompeur. À lire après la médiane (S14). " + CLASS_LIMIT,
    source="Open Contracting Partnership.",
    formule="moyenne des montants initiaux de la classe ferme",
    champs=("montant_initial_eur", "est_ferme", "est_de_classe_inconnue"),
)
def montant_moyen() -> Shape:
    """Mean amount of ordinary contracts."""
    return Mean(number=AMOUNT, among=FIRM | UNTOLD, known=FIRM & ~AMOUNT.is_null())
