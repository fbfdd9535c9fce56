"""Thresholds and splitting (*seuils et fractionnement*): what the amounts show, never a verdict."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.facts.windows import ABOVE, BELOW
from optima_lib.indicators.shapes import EVERY, Count, Ratio, Shape, Share

AMOUNT = nw.col("montant_initial_eur")
WILSON = "Intervalle de Wilson à 95 % ; bornes sous les réponses manquantes."
NEED = (
    "La loi compare au seuil la valeur estimée du besoin, et non le montant d'un contrat, et le seuil vaut à la date de "
    "lancement, non publiée : c'est une question à poser, jamais un constat d'irrégularité."
)
SOURCE = "Code de la commande publique, R2121-1 à R2121-9 ; Open Contracting Partnership"
THRESHOLDS = {"dispense": "le seuil de dispense de publicité", "formalise": "le seuil des procédures formalisées"}
UNSURE = (
    "Les marchés subséquents et les concessions. Montant, date ou type d'achat manquants, date de lancement qui laisse deux "
    "seuils possibles : réponse inconnue, qui abaisse la couverture."
)


def _enter_window(code: str, name: str) -> None:
    """Enter the share of amounts just below a threshold, among those near it."""
    words = THRESHOLDS[name]
    column = f"tranche_{name}"

    def part() -> Shape:
        """Share of the amounts near a threshold that stand just below it."""
        band = nw.col(column)
        return Share(hit=band == BELOW, known=~band.is_null(), among=band.is_null() | (band > 0))

    indicator(
        code,
        libelle=f"Part des montants juste sous {words}",
        unite="part",
        sens="aucun",
        formule="contrats de 95 % du seuil au seuil / contrats de 80 % à 120 % du seuil",
        methode=f"Parmi les contrats dont le montant initial est voisin du seuil en vigueur ({words}), part de ceux qui sont "
        f"juste au-dessous. Une répartition régulière en mettrait environ un sur huit. {WILSON}",
        exclusions=f"Les montants éloignés du seuil ; les fenêtres que le seuil de publication tronque. {UNSURE}",
        limites=f"Les montants ronds s'accumulent d'eux-mêmes. {NEED}",
        source=f"{SOURCE} R002 et R049.",
        champs=(column,),
    )(part)


def _enter_bunching(code: str, column: str, words: str, among: str) -> None:
    """Enter the ratio of the amounts just below a level to those just above."""

    def ratio() -> Shape:
        """Ratio of the amounts just below to those just above."""
        band = nw.col(column)
        below, above = (nw.when(band == number).then(nw.lit(1.0)).otherwise(nw.lit(0.0)) for number in (BELOW, ABOVE))
        near = (band == BELOW) | (band == ABOVE)
        return Ratio(above=below, below=above, known=~band.is_null(), among=band.is_null() | near, counts=True)

    indicator(
        code,
        libelle=f"Rapport des montants juste sous {words} à ceux juste au-dessus",
        unite="ratio",
        sens="aucun",
        formule="contrats de 95 % au niveau / contrats du niveau à 105 %",
        methode="Rapport des deux nombres de contrats. Intervalle à 95 % de la cote d'une proportion (Wilson) : sans "
        "regroupement, il contient un rapport proche de 1.",
        exclusions=f"Les autres montants. {UNSURE}",
        limites=f"{among} {NEED}",
        source=f"{SOURCE} R002 ; Tas (2019, 2023).",
        champs=(column,),
    )(ratio)


_enter_window("T01", "dispense")
_enter_window("T01.formalise", "formalise")
_enter_bunching("T02", "tranche_dispense", THRESHOLDS["dispense"], "À lire avec le témoin (T02.temoin).")
_enter_bunching(
    "T02.formalise", "tranche_formalise", THRESHOLDS["formalise"], "À lire avec le témoin (T02.formalise_temoin)."
)
_enter_bunching(
    "T02.temoin", "tranche_dispense_temoin", "un montant rond qui n'est pas un seuil (dispense)",
    "Témoin : ce rapport dit ce que les montants ronds font sans seuil.",
)  # fmt: skip
_enter_bunching(
    "T02.formalise_temoin", "tranche_formalise_temoin", "un montant qui n'est pas un seuil (procédures formalisées)",
    "Témoin : ce rapport dit ce que les montants font sans seuil.",
)  # fmt: skip


def _enter_cumulation(code: str, column: str, words: str, who: str) -> None:
    """Enter the number of contracts that reach a threshold together and stand below it alone."""

    def number() -> Shape:
        """Count the contracts of a run that reaches the threshold."""
        flag = nw.col(column)
        return Count(hit=flag == 1, known=~flag.is_null(), among=flag.is_null() | (flag >= 0))

    indicator(
        code,
        libelle=f"Contrats sous {words} dont le cumul sur douze mois l'atteint{who}",
        unite="nombre",
        sens="bas",
        formule="contrats d'une suite de douze mois, même acheteur et même famille, chacun sous le seuil, dont la somme l'atteint",
        methode=f"Contrats passés sans publicité ou en procédure non formalisée, d'une même famille (trois premiers chiffres du "
        f"code CPV){who}, chacun sous {words}, qui appartiennent à une suite de douze mois d'au moins deux contrats dont la "
        "somme atteint le seuil. Bornes : les réponses inconnues toutes non, puis toutes oui.",
        exclusions=f"Les autres procédures, les montants qui atteignent seuls le seuil. {UNSURE}",
        limites=f"Une famille du vocabulaire commun n'est pas un besoin homogène au sens de la loi. {NEED}",
        source=f"{SOURCE} R011 et R055.",
        champs=(column,),
    )(number)


_enter_cumulation("T03", "cumul_dispense", THRESHOLDS["dispense"], "")
_enter_cumulation("T03.formalise", "cumul_formalise", THRESHOLDS["formalise"], "")
_enter_cumulation("T04", "cumul_dispense_titulaire", THRESHOLDS["dispense"], ", chez un même titulaire")
_enter_cumulation("T04.formalise", "cumul_formalise_titulaire", THRESHOLDS["formalise"], ", chez un même titulaire")


@indicator(
    "T05",
    libelle="Marchés attribués sous le seuil des procédures formalisées, que leurs modifications y portent",
    unite="nombre",
    sens="bas",
    formule="contrats non formalisés dont le montant initial est sous le seuil et le dernier l'atteint",
    methode="Contrats en procédure non formalisée dont le montant initial est sous le seuil des procédures formalisées et "
    "le dernier montant connu l'atteint.",
    exclusions=UNSURE,
    limites=f"Beaucoup de modifications ne sont pas publiées : c'est un minimum. {NEED}",
    source=f"{SOURCE} R054 ; code de la commande publique, R2194-1 à R2194-9.",
    champs=(
        "est_hors_seuils", "est_non_formalise", "montant_initial_eur", "montant_eur", "seuil_formalise_bas",
        "seuil_formalise_haut",
    ),
)  # fmt: skip
def seuil_franchi_apres() -> Shape:
    """Count the contracts that cross the formal threshold after their award."""
    low, high, last = nw.col("seuil_formalise_bas"), nw.col("seuil_formalise_haut"), nw.col("montant_eur")
    among = ~nw.col("est_hors_seuils") & nw.col("est_non_formalise") & (high > AMOUNT)
    known = (low > AMOUNT) & ~last.is_null() & ((last >= high) | (last < low))
    return Count(hit=last >= high, known=known, among=among)


@indicator(
    "T06",
    libelle="Part des marchés au-dessus du seuil européen passés hors procédure formalisée",
    unite="part",
    sens="bas",
    formule="contrats non formalisés / contrats de procédure connue, au-dessus du seuil",
    methode=f"Contrats en procédure adaptée ou sans publicité, rapportés aux contrats de procédure connue dont le montant "
    f"initial atteint le seuil des procédures formalisées. {WILSON}",
    exclusions="Les services sociaux et autres services spécifiques, qui relèvent de la procédure adaptée quel que soit leur "
    f"montant ; les accords-cadres, dont le montant est un maximum. {UNSURE}",
    limites="Un petit lot d'une grande opération, une entité adjudicatrice (eau, transports, énergie), un cas d'urgence peuvent "
    f"relever d'une autre règle. {NEED}",
    source="Code de la commande publique, L2124-1, R2123-1 et R2124-1 ; references/seuils.csv.",
    champs=(
        "est_hors_seuils", "est_plafond", "est_service_specifique", "est_non_formalise", "montant_initial_eur",
        "seuil_formalise_bas", "seuil_formalise_haut",
    ),
)  # fmt: skip
def part_hors_formalise() -> Shape:
    """Share of the contracts above the formal threshold bought without a formal procedure."""
    informal, specific = nw.col("est_non_formalise"), nw.col("est_service_specifique")
    concerned = ~nw.col("est_hors_seuils") & ~nw.col("est_plafond") & (specific.is_null() | ~specific)
    known = (nw.col("seuil_formalise_haut") <= AMOUNT) & ~informal.is_null() & ~specific.is_null()
    return Share(hit=informal, known=known, among=concerned & (nw.col("seuil_formalise_bas") <= AMOUNT))


@indicator(
    "T06.incertains",
    libelle="Marchés dont la réponse aux seuils dépend de la date de lancement",
    unite="nombre",
    sens="bas",
    formule="contrats dont le montant est entre deux seuils possibles",
    methode="Contrats dont le montant initial se situe entre deux seuils qui ont pu s'appliquer dans les mois précédant la "
    "notification.",
    exclusions="Aucune.",
    limites="La date de lancement n'est pas dans les données essentielles ; un avis joint au contrat la donne.",
    source="Décret 2025-1386, art. 4 ; references/seuils.csv.",
    champs=("depend_du_lancement",),
)
def marches_incertains() -> Shape:
    """Count the contracts whose answer hangs on the launch date."""
    return Count(hit=nw.col("depend_du_lancement"), known=EVERY)


declare(
    "T07",
    libelle="Dépense sans contrat au-dessus du seuil de dispense",
    unite="nombre",
    sens="bas",
    formule="couples fournisseur et famille, sans contrat, dont les factures de l'année atteignent le seuil",
    besoins="Les mandats de la collectivité, par fournisseur et famille.",
    limites="Meilleure source pour les petits achats, que rien ne publie.",
    source="Code de la commande publique, R2122-8.",
)
