"""Responsible purchasing (*achat responsable*)."""

import narwhals as nw
from babel.dates import format_date

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.facts.thresholds import ENVIRONMENT
from optima_lib.indicators.seuils import duty_date
from optima_lib.indicators.shapes import AmountShare, Mean, Shape, Share

SOCIAL, GREEN = nw.col("a_consideration_sociale"), nw.col("a_consideration_environnementale")
AMOUNT, FIRM = nw.col("montant_initial_eur"), nw.col("est_engage")
DUTY = format_date(duty_date(ENVIRONMENT), "d MMMM yyyy", locale="fr_FR")
SILENT = (
    "Un contrat dont la rubrique n'est pas publiée abaisse la couverture ; « Pas de considération » est une réponse, et "
    "compte comme une absence."
)
LIMITS = (
    "Les rubriques n'existent que depuis le schéma de 2022, et certains logiciels y écrivent « Pas de considération » par "
    "défaut : une part basse peut être un défaut de saisie. Une rubrique cochée ne dit rien de la portée de la clause."
)
BY_AMOUNT = " En montant, sur les marchés fermes seulement ; quelques gros marchés font le résultat."
SOURCE = "Code de la commande publique, L2111-1, L2112-2 et R2152-7 ; arrêté du 22 décembre 2022 (rubriques publiées)"
SHARE = (
    "rapportés aux contrats dont la rubrique est publiée. Intervalle de Wilson à 95 % ; bornes : aucun, puis tous les "
    "contrats sans réponse."
)


@indicator(
    "E01",
    libelle="Part des marchés comportant une considération sociale",
    unite="part",
    sens="haut",
    formule="contrats avec clause, critère social ou réservation / contrats à la rubrique publiée",
    methode=f"Contrats qui déclarent une clause sociale, un critère social ou une réservation, {SHARE}",
    exclusions=SILENT,
    limites=LIMITS,
    source=f"{SOURCE} ; Observatoire économique de la commande publique.",
    champs=("a_consideration_sociale",),
)
def part_sociale() -> Shape:
    """Share of contracts with a social consideration."""
    return Share(hit=SOCIAL, known=~SOCIAL.is_null())


@indicator(
    "E01.montant",
    libelle="Part du montant ferme attribué avec une considération sociale",
    unite="part",
    sens="haut",
    formule="Σ montant des contrats avec considération sociale / Σ montant des contrats à la rubrique publiée",
    methode="Montants initiaux des marchés fermes et subséquents qui déclarent une considération sociale, rapportés à "
    "ceux dont la rubrique est publiée. Bornes : aucun, puis tous les montants sans réponse.",
    exclusions=f"Les plafonds d'accords-cadres et les concessions. {SILENT}",
    limites=LIMITS + BY_AMOUNT,
    source=f"{SOURCE} ; Observatoire économique de la commande publique.",
    champs=("a_consideration_sociale", "montant_initial_eur", "est_engage"),
)
def part_sociale_montant() -> Shape:
    """Share of the firm amount with a social consideration."""
    return AmountShare(hit=SOCIAL, known=~SOCIAL.is_null(), amount=AMOUNT, among=FIRM)


@indicator(
    "E02",
    libelle="Part des marchés comportant une considération environnementale",
    unite="part",
    sens="haut",
    formule="contrats avec clause ou critère environnemental / contrats à la rubrique publiée",
    methode=f"Contrats qui déclarent une clause ou un critère environnemental, {SHARE}",
    exclusions=SILENT,
    limites=LIMITS,
    source=f"{SOURCE} ; plan national pour des achats durables 2022-2025.",
    champs=("a_consideration_environnementale",),
)
def part_environnementale() -> Shape:
    """Share of contracts with an environmental consideration."""
    return Share(hit=GREEN, known=~GREEN.is_null())


@indicator(
    "E02.montant",
    libelle="Part du montant ferme attribué avec une considération environnementale",
    unite="part",
    sens="haut",
    formule="Σ montant des contrats avec considération environnementale / Σ montant des contrats à la rubrique publiée",
    methode="Montants initiaux des marchés fermes et subséquents qui déclarent une considération environnementale, "
    "rapportés à ceux dont la rubrique est publiée. Bornes : aucun, puis tous les montants sans réponse.",
    exclusions=f"Les plafonds d'accords-cadres et les concessions. {SILENT}",
    limites=LIMITS + BY_AMOUNT,
    source=f"{SOURCE} ; plan national pour des achats durables 2022-2025.",
    champs=("a_consideration_environnementale", "montant_initial_eur", "est_engage"),
)
def part_environnementale_montant() -> Shape:
    """Share of the firm amount with an environmental consideration."""
    return AmountShare(hit=GREEN, known=~GREEN.is_null(), amount=AMOUNT, among=FIRM)


def _enter_kind(code: str, column: str, what: str) -> None:
    """Enter one way of taking a consideration into account: by a clause, or by a criterion."""

    def part() -> Shape:
        """Share of contracts that publish it."""
        return Share(hit=nw.col(column), known=~nw.col(column).is_null())

    indicator(
        code,
        libelle=f"Part des marchés comportant {what}",
        unite="part",
        sens="haut",
        formule=f"contrats avec {what} / contrats à la rubrique publiée",
        methode=f"Contrats qui déclarent {what}, {SHARE}",
        exclusions=SILENT,
        limites=LIMITS,
        source=SOURCE + ".",
        champs=(column,),
    )(part)


_enter_kind("E03.clause_sociale", "a_clause_sociale", "une clause sociale")
_enter_kind("E03.critere_social", "a_critere_social", "un critère social")
_enter_kind("E03.clause_environnementale", "a_clause_environnementale", "une clause environnementale")
_enter_kind("E03.critere_environnemental", "a_critere_environnemental", "un critère environnemental")


@indicator(
    "E05",
    libelle="Part des marchés réservés",
    unite="part",
    sens="haut",
    formule="contrats réservés / contrats à la rubrique sociale publiée",
    methode=f"Contrats réservés à l'insertion, au handicap ou à l'économie sociale et solidaire, {SHARE}",
    exclusions=SILENT,
    limites=LIMITS + " Un lot réservé d'un marché plus grand n'apparaît que si le lot est publié pour lui-même.",
    source="Code de la commande publique, L2113-12 à L2113-16 ; arrêté du 22 décembre 2022.",
    champs=("est_reserve",),
)
def part_reservee() -> Shape:
    """Share of reserved contracts."""
    return Share(hit=nw.col("est_reserve"), known=~nw.col("est_reserve").is_null())


@indicator(
    "E13",
    libelle="Part des marchés soumis à l'obligation environnementale qui publient clause et critère",
    unite="part",
    sens="haut",
    formule="contrats avec clause et critère environnementaux / contrats lancés depuis l'obligation",
    methode="Contrats qui publient à la fois une clause et un critère environnementaux, rapportés aux contrats dont la "
    f"consultation a été lancée à partir du jour de l'obligation ({DUTY}, loi du 22 août 2021, art. 35). La date "
    "de lancement n'est pas publiée : un contrat notifié dans les mois qui suivent ce jour peut avoir été lancé avant, et "
    "sa réponse est tenue pour inconnue. Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les contrats notifiés avant l'obligation et les concessions. Une rubrique non publiée, une date de "
    "lancement incertaine abaissent la couverture.",
    limites="Une source donne le lendemain : un jour d'écart ne change que les contrats lancés ce jour-là. La publication "
    "d'une rubrique n'établit ni le respect ni le manquement à l'obligation.",
    source="Loi 2021-1104, art. 35 ; décret 2022-767, art. 2 ; code de la commande publique, L2112-2 et R2152-7.",
    champs=("est_soumis_env", "a_clause_environnementale", "a_critere_environnemental", "est_concession", "date_notification"),
)  # fmt: skip
def preparation_environnementale() -> Shape:
    """Share of the contracts bound by the environmental duty that publish both a clause and a criterion."""
    bound, clause = nw.col("est_soumis_env"), nw.col("a_clause_environnementale")
    return Share(
        hit=clause & nw.col("a_critere_environnemental"),
        known=bound & ~clause.is_null(),
        among=(bound | bound.is_null()) & ~nw.col("date_notification").is_null() & ~nw.col("est_concession"),
    )


@indicator(
    "E13.social",
    libelle="Part des marchés soumis à l'obligation sociale qui publient une clause sociale",
    unite="part",
    sens="haut",
    formule="contrats avec clause sociale / contrats formalisés lancés depuis l'obligation",
    methode="Contrats qui publient une clause sociale, rapportés aux contrats d'un montant au moins égal au seuil des "
    "procédures formalisées dont la consultation a été lancée à partir du jour de l'obligation. Date de lancement ou "
    "seuil incertains : réponse inconnue. Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les contrats notifiés avant l'obligation, ceux sous le seuil, les concessions.",
    limites="La loi prévoit des exceptions que les données ne disent pas. La publication d'une rubrique n'établit ni le "
    "respect ni le manquement à l'obligation.",
    source="Loi 2021-1104, art. 35 ; code de la commande publique, L2112-2-1.",
    champs=("est_soumis_social", "a_clause_sociale", "est_concession", "date_notification", "montant_initial_eur"),
)
def preparation_sociale() -> Shape:
    """Share of the contracts bound by the social duty that publish a social clause."""
    bound, clause = nw.col("est_soumis_social"), nw.col("a_clause_sociale")
    told = ~nw.col("date_notification").is_null() & ~nw.col("montant_initial_eur").is_null()
    return Share(
        hit=clause, known=bound & ~clause.is_null(), among=(bound | bound.is_null()) & told & ~nw.col("est_concession")
    )


def _enter_origin(code: str, column: str, what: str) -> None:
    """Enter the mean share of an origin."""

    def part() -> Shape:
        """Mean share of the products of an origin."""
        return Mean(number=nw.col(column), known=~nw.col(column).is_null(), among=~nw.col(column).is_null())

    indicator(
        code,
        libelle=f"Part moyenne des produits d'origine {what}",
        unite="part",
        sens="aucun",
        formule=f"moyenne de la part d'origine {what} que publient les contrats",
        methode=f"Moyenne de la part d'origine {what}, sur les contrats qui la publient. Intervalle de Student à 95 %.",
        exclusions="Les contrats qui ne publient pas l'origine ne sont pas concernés : seules quelques familles "
        "(alimentation, véhicules, produits de santé, habillement) y sont tenues.",
        limites="Rubrique facultative depuis 2024 ; l'origine ne peut pas être un critère d'attribution.",
        source="Arrêté du 22 décembre 2022 (origineUE, origineFrance).",
        champs=(column,),
    )(part)


_enter_origin("E14", "origine_france", "française")
_enter_origin("E14.ue", "origine_ue", "européenne")


declare(
    "E06",
    libelle="Heures d'insertion réalisées, rapportées aux heures prévues",
    unite="part",
    sens="haut",
    formule="Σ heures réalisées / Σ heures prévues",
    besoins="Le suivi du facilitateur des clauses sociales : heures prévues et réalisées, par lot.",
    limites="Les heures d'un lot ne doivent pas compter deux fois quand plusieurs lots les partagent.",
    source="Code de la commande publique, L2112-2 ; Alliance Villes Emploi.",
)
declare(
    "E07",
    libelle="Schéma de promotion des achats socialement et écologiquement responsables",
    unite="niveau",
    sens="haut",
    formule="devoir (achats annuels au-dessus du seuil), puis adopté, publié, suivi chaque année",
    besoins="Le montant annuel des achats (comptes de la collectivité) et la délibération qui adopte le schéma.",
    limites="Le devoir se mesure à la dépense d'une année civile, que les données d'attribution ne disent pas.",
    source="Code de la commande publique, L2111-3 et D2111-3 ; references/seuils.csv (spaser).",
)
declare(
    "E08",
    libelle="Atteinte des objectifs du schéma d'achats responsables",
    unite="part",
    sens="haut",
    formule="valeur / objectif, objectif par objectif",
    besoins="Le schéma adopté, avec ses indicateurs et ses objectifs.",
    limites="Des objectifs de natures différentes ne se moyennent pas.",
    source="Code de la commande publique, L2111-3.",
)
declare(
    "E09",
    libelle="Part des achats issus du réemploi ou du recyclage, par catégorie de produits",
    unite="part",
    sens="haut",
    formule="€ réemploi, réutilisation ou recyclé / € de la catégorie",
    besoins="Les factures ou la déclaration annuelle, par catégorie de l'annexe du décret.",
    limites="La correspondance entre codes CPV et catégories est une convention.",
    source="Loi 2020-105 (AGEC), art. 58 ; décret 2024-134.",
)
declare(
    "E10",
    libelle="Part des produits durables et de qualité dans les achats alimentaires",
    unite="part",
    sens="haut",
    formule="€ de produits durables et de qualité / € d'achats alimentaires ; dont biologiques",
    besoins="La déclaration « ma cantine » ou les factures d'alimentation.",
    limites="Les données d'attribution disent le marché, et non les produits livrés.",
    source="Loi 2018-938 (EGalim), art. 24 ; code rural et de la pêche maritime, L230-5-1.",
)
declare(
    "E11",
    libelle="Part des véhicules à faibles émissions dans les véhicules acquis",
    unite="part",
    sens="haut",
    formule="véhicules à faibles émissions / véhicules acquis ou loués",
    besoins="L'état du parc et ses entrées de l'année.",
    limites="Les obligations diffèrent selon la catégorie de véhicules et la taille du parc.",
    source="Code de l'environnement, L224-7 ; directive (UE) 2019/1161.",
)
declare(
    "E12",
    libelle="Empreinte carbone des achats, par ratios monétaires",
    unite="niveau",
    sens="bas",
    formule="Σ € de la famille × facteur d'émission",
    besoins="La dépense par famille et une table datée de facteurs d'émission (Base Empreinte).",
    limites="Un ordre de grandeur, incertain de moitié au moins ; un prix plus élevé y paraît une émission. Jamais un "
    "classement.",
    source="ADEME, Base Empreinte.",
)
declare(
    "E15",
    libelle="Part des consultations jugées sur le coût du cycle de vie",
    unite="part",
    sens="haut",
    formule="consultations avec coût du cycle de vie / consultations",
    besoins="Les règlements de consultation, ou le questionnaire.",
    limites="Le coût du cycle de vie peut être un sous-critère, que les avis ne publient pas.",
    source="Code de la commande publique, R2152-9 ; PNUE, objectif 12.7.",
)
declare(
    "E16",
    libelle="Indice de politique d'achats publics durables",
    unite="part",
    sens="haut",
    formule="moyenne des sous-indicateurs A à F",
    besoins="Le questionnaire de la chaire, adapté de l'instrument national.",
    limites="L'instrument est fait pour un pays : ses questions sont à adapter à une collectivité.",
    source="PNUE, objectif de développement durable 12.7.1.",
)
declare(
    "E18",
    libelle="Charte fournisseurs responsables et label Relations fournisseurs et achats responsables",
    unite="niveau",
    sens="haut",
    formule="signée ou non, label obtenu ou non, part des fournisseurs signataires du code de conduite",
    besoins="Les documents adoptés par la collectivité.",
    limites="Une signature n'est pas une pratique.",
    source="Médiateur des entreprises ; ISO 20400:2017.",
)
