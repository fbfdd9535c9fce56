"""Suppliers (*fournisseurs*)."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.depense import CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.shapes import Distinct, Shape, Spread
from optima_lib.indicators.spreads import herfindahl

PART = nw.col("part")
SUPPLIERS_AT_LEAST = 5


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
    source="Herfindahl-Hirschman ; Open Contracting Partnership R051 ; indicators.md F07 (au moins cinq).",
    formule="Σ (100 s)², s = part d'un fournisseur dans le montant ferme",
    champs=(
        "titulaire_no",
        "part",
        "montant_part_eur",
        "montant_eur",
        "est_engage",
        "est_de_classe_inconnue",
    ),
)
def concentration_fournisseurs() -> Shape:
    """Herfindahl-Hirschman index of firm amounts over suppliers."""
    return Spread(
        key="titulaire_no",
        amount=nw.col("montant_part_eur"),
        weight=PART,
        among=COMMITTED | UNTOLD,
        known=COMMITTED & ~nw.col("montant_eur").is_null(),
        figure=herfindahl,
        keys_at_least=SUPPLIERS_AT_LEAST,
    )
