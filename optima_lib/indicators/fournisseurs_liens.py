"""Suppliers (*fournisseurs*): variety, consortia, comings and goings, and what open data do not tell."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.fournisseurs import PART, WILSON
from optima_lib.indicators.shapes import Shape, Share
from optima_lib.references import bound

HELD = nw.col("nb_titulaires")
LARGE, OCCASIONS, MEMBERS = (
    f"{bound(name):.0f}" for name in ("marches_minimum_heterogene", "contrats_communs_paire", "paire_membres_maximum")
)


@indicator(
    "F12",
    libelle="Part des marchés confiés à des fournisseurs aux activités très diverses",
    unite="part",
    sens="aucun",
    formule="contrats d'un fournisseur aux divisions CPV nombreuses / contrats au titulaire nommé",
    methode=f"Parmi les fournisseurs d'au moins {LARGE} contrats dans toute la base, est divers celui dont le nombre de "
    "divisions CPV différentes atteint Q3 + 1,5 (Q3 − Q1), et dépasse Q3 (quartiles de type 8 de Hyndman et Fan). Les "
    "contrats de ces fournisseurs sont rapportés à ceux dont le titulaire est nommé, un groupement étant partagé entre "
    f"ses membres. {WILSON}",
    exclusions="Les contrats de plusieurs titulaires ne comptent pas dans le nombre de divisions d'un fournisseur. Un "
    f"contrat sans titulaire abaisse la couverture ; une base de moins de {bound('effectif_minimal'):.0f} fournisseurs de "
    "cette taille ne donne rien.",
    limites="Une centrale d'achat, un grossiste, une entreprise générale sont divers par métier. Un code CPV mal choisi "
    "ajoute une division. La clôture dépend des contrats chargés dans la base.",
    source="Cardinal R048 ; Open Contracting Partnership R048 ; Tukey (1977).",
    champs=("est_heterogene", "part"),
)
def part_fournisseurs_divers() -> Shape:
    """Share of the contracts held by suppliers of very different things."""
    varied = nw.col("est_heterogene")
    return Share(hit=varied, known=~varied.is_null(), facts="titulaires", weight=PART)


@indicator(
    "F15",
    libelle="Part des marchés attribués à plusieurs titulaires",
    unite="part",
    sens="aucun",
    formule="contrats d'au moins deux titulaires / contrats dont un titulaire est publié",
    methode=f"Contrats qui ont deux titulaires ou plus, rapportés à ceux qui en publient au moins un. {WILSON}",
    exclusions="Un contrat sans titulaire publié abaisse la couverture.",
    limites="Un accord-cadre à plusieurs titulaires et un groupement d'entreprises ne se distinguent pas toujours.",
    source="Open Contracting Partnership R026 ; arrêté du 22 décembre 2022.",
    champs=("nb_titulaires",),
)
def part_cotraitance() -> Shape:
    """Share of contracts of several suppliers."""
    number = nw.col("nb_titulaires")
    return Share(hit=number >= 2, known=number >= 1)


@indicator(
    "F15.declare",
    libelle="Part des marchés passés avec un groupement déclaré",
    unite="part",
    sens="aucun",
    formule="contrats d'un groupement conjoint ou solidaire / contrats à la rubrique publiée",
    methode="Contrats qui déclarent un groupement d'opérateurs, conjoint ou solidaire, rapportés à ceux dont la rubrique "
    f"est publiée. {WILSON}",
    exclusions="Une rubrique non publiée abaisse la couverture ; « Pas de groupement » est une réponse.",
    limites="La rubrique n'existe que depuis le schéma de 2022. Un groupement peut être imposé par l'acheteur.",
    source="Arrêté du 22 décembre 2022 (typeGroupementOperateurs) ; code de la commande publique, R2142-19 à R2142-27.",
    champs=("est_groupement",),
)
def part_groupements() -> Shape:
    """Share of contracts that publish a consortium."""
    consortium = nw.col("est_groupement")
    return Share(hit=consortium, known=~consortium.is_null())


@indicator(
    "F17",
    libelle="Renouvellement des fournisseurs d'une année sur l'autre",
    unite="part",
    sens="aucun",
    formule="1 − fournisseurs communs aux deux années / fournisseurs de l'une ou l'autre",
    methode="Part des fournisseurs d'une année ou de la précédente qui ne sont titulaires que l'une des deux (indice de "
    f"Jaccard). Toutes années réunies : paires d'années mises bout à bout. {WILSON}",
    exclusions="Les années dont la précédente n'est pas publiée ; les contrats sans date ou sans titulaire.",
    limites="Un accord-cadre de plusieurs années garde ses fournisseurs sans nouvelle attribution. Un changement de plateforme "
    "de publication paraît un renouvellement.",
    source="Open Contracting Partnership U032 ; Jaccard (1912).",
    champs=("est_titulaire", "etait_titulaire", "est_suivi"),
)
def renouvellement() -> Shape:
    """Churn of suppliers."""
    both = nw.col("est_titulaire") & nw.col("etait_titulaire")
    return Share(hit=~both, known=nw.col("est_suivi"), among=nw.col("est_suivi"), facts="relations")


@indicator(
    "F20",
    libelle="Part des marchés à plusieurs titulaires où deux d'entre eux gagnent souvent ensemble",
    unite="part",
    sens="aucun",
    formule="contrats d'une paire récurrente / contrats de plusieurs titulaires",
    methode="Une paire de titulaires est récurrente si, dans toute la base, elle a gagné ensemble au moins "
    f"{OCCASIONS} fois, et plus souvent que si les membres de groupements se rencontraient au hasard (lift supérieur à "
    "1). Les contrats d'un acheteur notifiés le même jour comptent pour une fois. Les contrats d'une telle paire sont "
    f"rapportés à ceux de plusieurs titulaires. {WILSON}",
    exclusions="Les contrats d'un seul titulaire et les plafonds d'accords-cadres ne sont pas concernés. Au-delà de "
    f"{MEMBERS} titulaires publiés, ce sont sans doute les attributaires d'un accord-cadre : réponse inconnue.",
    limites="Gagner souvent ensemble est régulier et courant : un architecte et ses bureaux d'études. Les offres perdues ne "
    "sont pas publiées : on ne voit que les groupements qui gagnent. Jamais un indice d'entente à lui seul.",
    source="Open Contracting Partnership R053 ; lift des règles d'association (Brin et autres, 1997).",
    champs=("nb_titulaires", "est_plafond", "a_paire_recurrente", "part"),
)
def part_paires_recurrentes() -> Shape:
    """Share of the contracts of several suppliers in which a recurrent pair stands."""
    pair = nw.col("a_paire_recurrente")
    return Share(
        hit=pair, known=~pair.is_null(), among=(HELD > 1) & ~nw.col("est_plafond"), facts="titulaires", weight=PART
    )


declare(
    "F10",
    libelle="Dépendance des fournisseurs envers l'acheteur",
    unite="part",
    sens="bas",
    formule="€ payés au fournisseur / chiffre d'affaires du fournisseur",
    besoins="Les mandats de la collectivité, par fournisseur, et les comptes déposés des entreprises.",
    limites="Le chiffre d'affaires des petites entreprises est rarement public.",
    source="Médiateur des entreprises (seuil d'usage de 25 à 30 %).",
)
declare(
    "F18",
    libelle="Qualité d'exécution des fournisseurs",
    unite="niveau",
    sens="haut",
    formule="moyenne des notes de délai, qualité, sécurité, facturation et responsabilité, contrat par contrat",
    besoins="Les évaluations des services, par deux personnes au moins.",
    limites="L'effet de halo rapproche toutes les notes d'un même fournisseur.",
    source="Open Contracting Partnership R067 ; « qualimétrie » de Saint-Ouen.",
)
declare(
    "F19",
    libelle="Pénalités appliquées, rapportées aux montants exécutés",
    unite="part",
    sens="aucun",
    formule="Σ pénalités / Σ montants exécutés ; contrats avec pénalité / contrats",
    besoins="Les mandats et titres de la collectivité.",
    limites="Une pénalité à laquelle on renonce ne laisse pas de trace.",
    source="Cahiers des clauses administratives générales de 2021.",
)
