"""Suppliers (*fournisseurs*): how many, how concentrated."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.depense import CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.dominance import Dominance
from optima_lib.indicators.facts.market_suppliers import FAMILIES_APART
from optima_lib.indicators.shapes import Distinct, Ratio, Shape, Spread
from optima_lib.indicators.spreads import first_shares, herfindahl, normalised
from optima_lib.references import bound

PART = nw.col("part")
SUPPLIERS_AT_LEAST = int(bound("fournisseurs_minimum_concentration"))
SHARED, FIRM = nw.col("montant_part_eur"), COMMITTED | UNTOLD
TOLD = COMMITTED & ~nw.col("montant_eur").is_null()
AMOUNTS = ("titulaire_no", "part", "montant_part_eur", "montant_eur", "est_engage", "est_de_classe_inconnue")
WILSON = "Intervalle de Wilson à 95 % ; bornes sous les réponses manquantes."


@indicator(
    "F01",
    libelle="Nombre de fournisseurs différents",
    unite="nombre",
    sens="haut",
    methode="Nombre de titulaires différents, reconnus à leur SIREN (à défaut, à l'identifiant publié). Les "
    "cotitulaires d'un groupement comptent chacun.",
    exclusions="Un contrat sans titulaire publié abaisse la couverture et relève la borne haute.",
    limites="Les filiales d'un groupe comptent séparément ; les sous-traitants n'y sont pas.",
    source="Open Contracting Partnership U004.",
    formule="nombre de titulaires différents",
    champs=("titulaire_no", "part"),
)
def nombre_fournisseurs() -> Shape:
    """Count the different suppliers."""
    return Distinct(key="titulaire_no", weight=PART)


@indicator(
    "F07",
    libelle="Concentration des fournisseurs (indice de Herfindahl-Hirschman)",
    unite="indice",
    sens="bas",
    methode="Somme des carrés des parts, en pourcentage, que chaque fournisseur prend dans les montants fermes à leur "
    "dernier état : 10 000 quand un seul fournisseur a tout, 10 000 / n quand n se partagent tout à égalité. Le "
    "montant d'un groupement est réparti à parts égales entre ses membres.",
    exclusions="Les accords-cadres et concessions. Rien n'est calculé sous cinq fournisseurs.",
    limites="Un gros marché de travaux suffit à élever l'indice d'une année. " + CLASS_LIMIT,
    source="Herfindahl-Hirschman ; Open Contracting Partnership R051 ; au moins cinq fournisseurs, choix du projet.",
    formule="Σ (100 s)², s = part d'un fournisseur dans le montant ferme",
    champs=AMOUNTS,
)
def concentration_fournisseurs() -> Shape:
    """Herfindahl-Hirschman index of firm amounts over suppliers."""
    return Spread(
        key="titulaire_no",
        amount=SHARED,
        weight=PART,
        among=FIRM,
        known=TOLD,
        figure=herfindahl,
        keys_at_least=SUPPLIERS_AT_LEAST,
    )


def _enter_first(code: str, first: int, words: str) -> None:
    """Enter the share of the first suppliers."""

    def part() -> Shape:
        """Share of the firm amount that the first suppliers hold."""
        return Spread(
            key="titulaire_no",
            amount=SHARED,
            weight=PART,
            among=FIRM,
            known=TOLD,
            figure=first_shares(first),
            keys_at_least=first + 1 if first > 1 else 1,
        )

    alone = (
        ""
        if first == 1
        else f" Rien n'est calculé si les fournisseurs ne sont pas plus de {first} : ils auraient tout."
    )
    indicator(
        code,
        libelle=f"Part du montant ferme {words}",
        unite="part",
        sens="bas",
        formule=f"Σ montant des {first} premiers fournisseurs / Σ montant ferme" if first > 1
        else "montant du premier fournisseur / Σ montant ferme",
        methode="Montants fermes à leur dernier état ; celui d'un groupement est réparti à parts égales entre ses membres.",
        exclusions="Les accords-cadres et concessions." + alone,
        limites="Un gros marché de travaux suffit à élever la part d'une année. " + CLASS_LIMIT,
        source="Open Contracting Partnership U025, U034 et R040.",
        champs=AMOUNTS,
    )(part)  # fmt: skip


_enter_first("F06", 1, "détenue par le premier fournisseur")
_enter_first("F06.cinq", 5, "détenue par les cinq premiers fournisseurs")
_enter_first("F06.dix", 10, "détenue par les dix premiers fournisseurs")


@indicator(
    "F07.normalise",
    libelle="Concentration des fournisseurs, corrigée de leur nombre",
    unite="part",
    sens="bas",
    formule="(H − 1/N) / (1 − 1/N), H = Σ s², N = nombre de fournisseurs",
    methode="Indice de Herfindahl-Hirschman ramené de 0 (parts égales) à 1 (un seul fournisseur), quel que soit le nombre "
    "de fournisseurs. Montants fermes à leur dernier état, groupements répartis à parts égales.",
    exclusions="Les accords-cadres et concessions. Rien n'est calculé sous cinq fournisseurs.",
    limites="Un gros marché de travaux suffit à élever l'indice d'une année. " + CLASS_LIMIT,
    source="Herfindahl-Hirschman ; Open Contracting Partnership R051.",
    champs=AMOUNTS,
)
def concentration_normalisee() -> Shape:
    """Herfindahl-Hirschman index, corrected for the number of suppliers."""
    return Spread(
        key="titulaire_no",
        amount=SHARED,
        weight=PART,
        among=FIRM,
        known=TOLD,
        figure=normalised,
        keys_at_least=SUPPLIERS_AT_LEAST,
    )


@indicator(
    "F08",
    libelle="Concentration moyenne des familles d'achat où l'acheteur achète",
    unite="indice",
    sens="bas",
    formule="Σ indice de Herfindahl-Hirschman du marché de chaque contrat / contrats",
    methode="Pour chaque famille (trois premiers chiffres du code CPV), indice de Herfindahl-Hirschman des montants "
    "fermes de tous les acheteurs de la région, toutes années réunies ; puis moyenne sur les contrats de l'acheteur. La "
    "base entière sert de marché à un acheteur dont la région n'est pas connue. Le montant d'un groupement est réparti à parts égales entre ses membres.",
    exclusions="Les contrats d'une famille où moins de "
    f"{SUPPLIERS_AT_LEAST} fournisseurs, moins de {bound('effectif_minimal'):.0f} contrats ou un seul acheteur font le "
    "marché, et ceux sans code CPV : ils abaissent la couverture.",
    limites="Le marché vu est celui des contrats publiés et chargés dans la base : une base de peu d'acheteurs le montre "
    "plus concentré qu'il n'est. Les achats de l'acheteur y sont compris. Pas d'intervalle : les contrats d'une même "
    "famille ont la même valeur.",
    source="Open Contracting Partnership R051 ; Herfindahl-Hirschman.",
    champs=("concentration_famille", "part"),
)
def concentration_familles() -> Shape:
    """Mean concentration of the markets of the families that a buyer buys."""
    index = nw.col("concentration_famille")
    return Ratio(above=index * PART, below=PART, known=~index.is_null(), facts="titulaires", weight=PART)


def _enter_dependency(code: str, what: str, *, by_amount: bool) -> None:
    """Enter the share of dependent families, in number or in amount."""
    least, more = f"{bound('poids_famille_minimal'):.0%}".replace("%", " %"), bound("part_dependance")

    def part() -> Shape:
        """Share of the families that one supplier holds."""
        return Dominance(
            "famille_titulaire",
            FAMILIES_APART,
            amount=SHARED,
            known=TOLD,
            share_above=more,
            weight_at_least=bound("poids_famille_minimal"),
            by_amount=by_amount,
            weight=PART,
            among=FIRM,
        )

    indicator(
        code,
        libelle=f"Part {what} qu'un seul fournisseur tient à plus de moitié",
        unite="part",
        sens="bas",
        formule="familles où un fournisseur a plus de la moitié du montant / familles d'au moins 1 % du montant"
        + (", pesées par leur montant" if by_amount else ""),
        methode="Familles d'achat (trois premiers chiffres du code CPV) où un fournisseur prend plus de "
        f"{more:.0%}".replace("%", " %")
        + " du montant ferme que l'acheteur y consacre, parmi celles qui font au moins "
        f"{least} de son montant ferme. Le montant d'un groupement est réparti à parts égales entre ses membres.",
        exclusions=f"Les accords-cadres et concessions ; les familles de moins de {least} du montant de l'acheteur. Un "
        "montant, un titulaire ou un code CPV manquant abaisse la couverture.",
        limites="Une famille d'un seul contrat a forcément un seul fournisseur : une année de peu de contrats paraît "
        "dépendante. Une famille CPV n'est pas un besoin homogène au sens du code. L'effectif compte des contrats. "
        + CLASS_LIMIT,
        source="Open Contracting Partnership R040.",
        champs=("famille_titulaire", *AMOUNTS[1:]),
    )(part)


_enter_dependency("F09", "des familles d'achat", by_amount=False)
_enter_dependency("F09.montant", "du montant des familles d'achat", by_amount=True)


@indicator(
    "F11",
    libelle="Score de part du titulaire dans les achats de l'année",
    unite="score",
    sens="haut",
    formule="moyenne de 100 (1 − montant du titulaire dans l'année / montant de l'acheteur dans l'année)",
    methode="Pour chaque contrat ferme d'un seul titulaire, 100 fois ce que les autres prennent des montants fermes de "
    "l'acheteur dans l'année ; puis moyenne sur les contrats : 0 quand un titulaire a tout, près de 100 quand chacun a "
    "peu. Le total de l'année compte aussi les groupements et les contrats sans titulaire nommé.",
    exclusions="Les contrats de plusieurs titulaires, les accords-cadres et les concessions. Un montant, une date ou un "
    "titulaire manquant abaisse la couverture.",
    limites="Une année de peu de contrats a un score bas sans rien dire de la concurrence. Pas d'intervalle : les "
    "contrats d'un titulaire ont le même score. " + CLASS_LIMIT,
    source="OpenTender / digiwhist, WinnerCAShare.",
    champs=("score_partage", "nb_titulaires", "est_engage", "est_de_classe_inconnue"),
)
def score_de_partage() -> Shape:
    """Mean score of the winner's share in the buyer's year."""
    score = nw.col("score_partage")
    return Ratio(
        above=score,
        below=nw.lit(1.0),
        known=~score.is_null(),
        among=FIRM & (nw.col("nb_titulaires") < 2),
        facts="titulaires",
    )
