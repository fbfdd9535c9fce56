"""Spend and structure (*dépense et structure*): what the authority's accounts or answers alone can feed."""

from optima_lib.indicators.catalogue import declare

ACCOUNTS = "Les mandats ou la balance de l'exercice (M57 : comptes 60, 61, 62, 20, 21 et 23), avec le tiers payé."
SPENDING = "Nomenclature M57 ; revue de dépenses des achats des collectivités (2016)."

declare(
    "S05",
    libelle="Dépense d'achat",
    unite="eur",
    sens="aucun",
    formule="Σ mandats des comptes d'achat − dépenses exclues (fluides en régie, subventions…)",
    besoins=ACCOUNTS,
    limites="La liste des comptes fait la valeur : elle s'imprime avec le résultat. Les mandats sont toutes taxes "
    "comprises quand la TVA n'est pas récupérée.",
    source=SPENDING,
)

declare(
    "S06",
    libelle="Part des achats dans les dépenses réelles",
    unite="part",
    sens="aucun",
    formule="dépense d'achat (S05) / dépenses réelles de fonctionnement et d'investissement",
    besoins=ACCOUNTS + " Les dépenses réelles du compte administratif ou du compte financier unique.",
    limites="Une délégation de service public ou une régie déplace la dépense hors des achats.",
    source=SPENDING,
)

declare(
    "S07",
    libelle="Part de la dépense d'achat couverte par un marché",
    unite="part",
    sens="haut",
    formule="payé à des fournisseurs ayant un marché en cours / dépense d'achat (S05)",
    besoins=ACCOUNTS + " Le numéro de marché du mandat, ou le SIRET du tiers pour le rapprocher des marchés publiés.",
    limites="Sous le seuil de publication, un achat sans marché publié est régulier : la part se donne au-dessus et en "
    "dessous du seuil. Un fournisseur peut être payé hors de son marché.",
    source="Usage des directions d'achat (taux de couverture).",
)

declare(
    "S08",
    libelle="Part des achats hors marché dans les familles au-dessus du seuil",
    unite="part",
    sens="bas",
    formule="1 − part couverte (S07), dans les familles dont la somme de l'année atteint le seuil de dispense",
    besoins=ACCOUNTS + " La nomenclature des familles homogènes d'achat de la collectivité, par ligne de mandat.",
    limites="Dépend de la nomenclature : des familles trop fines effacent le dépassement. Un achat hors marché n'est pas "
    "une irrégularité sans examen du dossier.",
    source="Usage des directions d'achat ; code de la commande publique, R2121-6.",
)

declare(
    "S13",
    libelle="Position de la famille dans la matrice de Kraljic",
    unite="niveau",
    sens="aucun",
    formule="risque d'approvisionnement (concentration, offres uniques, délais) et impact (part de la dépense, "
    "criticité), en écarts robustes à la médiane",
    besoins="La criticité de chaque famille d'achat selon les services (questionnaire), et la dépense payée par famille.",
    limites="Les poids sont un choix : la position se donne avec sa sensibilité. Au moins 60 % des poids doivent être "
    "renseignés.",
    source="Kraljic (1983).",
)

declare(
    "S16",
    libelle="Dépense d'achat par habitant",
    unite="eur",
    sens="aucun",
    formule="dépense d'achat (S05) / population municipale",
    besoins=ACCOUNTS,
    limites="Ne se compare qu'entre collectivités de même strate et de mêmes compétences.",
    source="Observatoire des finances et de la gestion publique locales ; L'Éclaireur.",
)

declare(
    "S17",
    libelle="Nombre de marchés par agent de la fonction achat",
    unite="ratio",
    sens="aucun",
    formule="marchés notifiés (S01) / équivalents temps plein de la fonction achat",
    besoins="Les équivalents temps plein de la fonction achat (questionnaire), avec leur périmètre : acheteurs, juristes, "
    "approvisionneurs.",
    limites="Le périmètre des agents fait la valeur : un juriste des marchés n'est pas un acheteur.",
    source="Enquête de la chaire OPTIMA auprès des intercommunalités (2017).",
)
