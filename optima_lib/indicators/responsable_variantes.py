"""Responsible purchasing (*achat responsable*): beside the other buyers, and under other readings."""

import narwhals as nw
from babel.dates import format_date

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.facts.thresholds import ENVIRONMENT
from optima_lib.indicators.responsable import DUTY, LIMITS, SHARE, SILENT, SOURCE
from optima_lib.indicators.seuils import other_duty_date
from optima_lib.indicators.shapes import ObservedExpected, Shape, Share
from optima_lib.references import bound

OTHER_DAY = format_date(other_duty_date(ENVIRONMENT), "d MMMM yyyy", locale="fr_FR")
LEAST, EXPECTED = f"{bound('reference_marche_minimum'):.0f}", f"{bound('attendus_minimum'):.0f}"


def _enter_both(code: str, clause: str, criterion: str, what: str) -> None:
    """Enter the share of contracts that publish both a clause and a criterion."""

    def part() -> Shape:
        """Share of contracts that publish both."""
        both = nw.col(clause) & nw.col(criterion)
        return Share(hit=both, known=~nw.col(clause).is_null())

    indicator(
        code,
        libelle=f"Part des marchés comportant à la fois une clause et un critère {what}",
        unite="part",
        sens="haut",
        formule=f"contrats avec clause et critère {what} / contrats à la rubrique publiée",
        methode=f"Contrats qui déclarent à la fois une clause et un critère {what}, {SHARE}",
        exclusions=SILENT,
        limites=LIMITS,
        source=SOURCE + ".",
        champs=(clause, criterion),
    )(part)


_enter_both("E03.clause_et_critere_sociaux", "a_clause_sociale", "a_critere_social", "sociaux")
_enter_both(
    "E03.clause_et_critere_environnementaux", "a_clause_environnementale", "a_critere_environnemental", "environnementaux"
)  # fmt: skip


@indicator(
    "E13.lendemain",
    libelle="Part des marchés soumis à l'obligation environnementale, au jour d'une autre source, qui publient clause et "
    "critère",
    unite="part",
    sens="haut",
    formule="contrats avec clause et critère environnementaux / contrats lancés depuis l'obligation",
    methode=f"L'indicateur E13, l'obligation étant comptée du {OTHER_DAY} et non du {DUTY} : l'écart des deux valeurs dit ce "
    "que l'incertitude sur ce jour change. Intervalle de Wilson à 95 %, bornes sous les réponses manquantes.",
    exclusions="Les contrats notifiés avant ce jour et les concessions. Une rubrique non publiée, une date de lancement "
    "incertaine abaissent la couverture.",
    limites="Sert à juger E13, ne le remplace pas. La publication d'une rubrique n'établit ni le respect ni le manquement à "
    "l'obligation.",
    source="Loi 2021-1104, art. 35 ; references/seuils.csv (ligne qui n'est pas retenue par défaut).",
    champs=(
        "est_soumis_env_lendemain",
        "a_clause_environnementale",
        "a_critere_environnemental",
        "est_concession",
        "date_notification",
    ),
)
def preparation_environnementale_lendemain() -> Shape:
    """E13 with the day that another source gives."""
    bound_, clause = nw.col("est_soumis_env_lendemain"), nw.col("a_clause_environnementale")
    return Share(
        hit=clause & nw.col("a_critere_environnemental"),
        known=bound_ & ~clause.is_null(),
        among=(bound_ | bound_.is_null()) & ~nw.col("date_notification").is_null() & ~nw.col("est_concession"),
    )


def _enter_gap(code: str, column: str, expected: str, what: str, based: str) -> None:
    """Enter the considerations observed over those expected."""

    def rapport() -> Shape:
        """Considerations observed over those that the same kinds of contracts have elsewhere."""
        answer = nw.col(column)
        return ObservedExpected(
            hit=answer,
            expected=nw.col(expected),
            known=~answer.is_null(),
            expected_at_least=bound("attendus_minimum"),
        )

    indicator(
        code,
        libelle=f"Rapport des considérations {what}s observées aux considérations attendues",
        unite="ratio",
        sens="haut",
        formule="observées / Σ fréquence attendue de chaque contrat",
        methode=f"Nombre de contrats avec considération {what} ({based}), rapporté au nombre attendu si chaque contrat "
        "avait la fréquence des contrats semblables des autres acheteurs (standardisation indirecte). Semblables : même "
        "division CPV et même classe de montant initial (references/classes_taille.csv). 1 : autant que chez les autres "
        "pour les mêmes achats. Intervalle exact de Poisson (Garwood) à 95 %.",
        exclusions=f"{SILENT} Un contrat sans code CPV ou sans montant, ou dont la catégorie compte moins de {LEAST} contrats "
        f"renseignés d'autres acheteurs, l'abaisse aussi. Rien n'est donné sous {EXPECTED} considérations attendues.",
        limites="Toutes les années sont réunies dans les fréquences attendues, alors que les considérations progressent : une "
        "année ancienne paraît en retard, une année récente en avance ; à lire toutes années réunies. Deux acheteurs "
        f"se comparent mal par leurs rapports quand leurs achats diffèrent beaucoup. {LIMITS}",
        source=f"Standardisation indirecte ; Garwood (1936) pour l'intervalle ; {SOURCE}.",
        champs=(column, expected),
    )(rapport)


_enter_gap(
    "E17", "a_consideration_environnementale", "taux_environnemental_attendu", "environnementale", "clause ou critère"
)  # fmt: skip
_enter_gap("E17.social", "a_consideration_sociale", "taux_social_attendu", "sociale", "clause, critère ou réservation")
