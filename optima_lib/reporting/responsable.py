"""Chapter « Achat responsable » on open data: what contracts publish, by year and kind, beside the duties by date."""

import pandas as pd

from optima_lib.indicators.facts.thresholds import ENVIRONMENT, SOCIETY
from optima_lib.indicators.measure import measure
from optima_lib.indicators.seuils import duty_date
from optima_lib.references import bound, reference
from optima_lib.reporting import french, lectures
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.figures import PALETTE, Figure, bars_across
from optima_lib.reporting.reperes import tableau_reperes
from optima_lib.reporting.saillances import ce_qui_ressort
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Chiffres, Liste, Texte

KEY_FIGURES = {
    "E01": "Considération sociale",
    "E02": "Considération environnementale",
    "E05": "Marchés réservés",
}
CONSIDERATIONS = ("E01", "E01.montant", "E02", "E02.montant", "E05")
MEANS = ("E03.clause_sociale", "E03.critere_social", "E03.clause_environnementale", "E03.critere_environnemental")
ALIKE = ("E17", "E17.social")
DUTIES = ("E13", "E13.social")
FIELDS = {"E01": "considération sociale", "E02": "considération environnementale"}
SPENDING = "spaser"


def synthese(etude: Etude) -> Texte:
    """What stands out, in three sentences."""
    return ce_qui_ressort(etude, ("E02", "E01", "E05", "E13"))


def chiffres_cles(etude: Etude) -> Chiffres:
    """Key figures of responsible purchasing."""
    return lectures.chiffres(etude, KEY_FIGURES)


def figure_reponses(etude: Etude) -> Figure:
    """What contracts publish: a consideration, none, or nothing at all."""
    told = []
    for code, label in FIELDS.items():
        column = etude.marches[_column(code)]
        told += [
            (f"{label[0].upper()}{label[1:]}", "déclarée", int(column.eq(other=True).sum())),
            (f"Pas de {label}", "déclarée absente", int(column.eq(other=False).sum())),
            (f"{label[0].upper()}{label[1:]} : rubrique vide", "non publiée", int(column.isna().sum())),
        ]
    frame = pd.DataFrame(told, columns=["reponse", "groupe", "marches"])
    words = [f"{name} : {french.agree(number, 'marché')}" for name, _, number in told]
    return Figure(
        bars_across(frame, "reponse", "marches", label="Marchés", palette=(*PALETTE[:2], PALETTE[-1])),
        "Ce que les marchés publient de leurs considérations",
        f"Diagramme en barres horizontales. {' ; '.join(words)}.",
        "Une rubrique vide n'est pas une absence de considération : avant le schéma de 2022, elle n'existait pas.",
    )


def _column(code: str) -> str:
    return "a_consideration_sociale" if code == "E01" else "a_consideration_environnementale"


def tableau_types(etude: Etude) -> Tableau:
    """The considerations by kind of purchase."""
    table = measure(etude.faits, list(FIELDS), by=("type_achat",))
    rows = [(kind, *_shares(table, kind)) for kind in table["type_achat"].dropna().unique()]
    names = ["Type d'achat", "Social", "Marchés (social)", "Environnement", "Marchés (environnement)"]
    formats: dict[str, Format] = {
        "Social": french.percent,
        "Marchés (social)": french.whole,
        "Environnement": french.percent,
        "Marchés (environnement)": french.whole,
    }
    least = french.whole(bound("effectif_minimal"))
    note = f"Part des marchés à la rubrique publiée ; un tiret : moins de {least} marchés la publient."
    return Tableau(pd.DataFrame(rows, columns=names), "Considérations selon le type d'achat", formats, note)


def _shares(table: pd.DataFrame, kind: str) -> list[float]:
    found = table[table["type_achat"] == kind].set_index("indicateur")
    return [float(found.loc[code, name]) for code in FIELDS for name in ("valeur", "effectif")]  # type: ignore[arg-type]


def tableau_considerations(etude: Etude) -> Tableau:
    """The rates, by number and by amount."""
    return lectures.tableau_indicateurs(etude, CONSIDERATIONS, "Considérations sociales et environnementales")


def tableau_moyens(etude: Etude) -> Tableau:
    """Clauses and criteria."""
    return lectures.tableau_indicateurs(etude, MEANS, "Par une clause ou par un critère")


def obligations(etude: Etude) -> Liste:
    """The duties by date, and how many contracts of the period they may bind."""
    facts = etude.faits["marches"]
    green, social = (french.day(duty_date(name)) for name in (ENVIRONMENT, SOCIETY))
    return Liste(
        (
            (
                f"Depuis le {green}, l'environnement",
                "Toute consultation lancée à partir de ce jour comporte une condition d'exécution et au moins un critère "
                f"environnementaux. {_bound(facts['est_soumis_env'])}",
            ),
            (
                f"Depuis le {social}, le social",
                "Toute consultation au-dessus du seuil européen lancée à partir de ce jour comporte une condition "
                f"d'exécution sociale, sauf exceptions. {_bound(facts['est_soumis_social'])}",
            ),
            ("Schéma d'achats responsables", _spending()),
        )
    )


def _bound(state: pd.Series) -> str:
    """Say how many contracts a duty binds, and how many it may."""
    sure, unsure = int(state.eq(other=True).sum()), int(state.isna().sum())
    if not sure and not unsure:
        return "Aucun marché de la période n'y est soumis."
    may = (
        f"{french.agree(unsure, 'marché')} ne {'permet' if unsure < 2 else 'permettent'} pas de le dire, faute de date"
    )
    return f"Marchés de la période qui y sont soumis : {french.whole(sure)}. {may} de lancement, de montant ou de type."


def _spending() -> str:
    """Say from what yearly spend a plan is due."""
    rows = [row for row in reference("seuils") if row["seuil"] == SPENDING and not row["au"]]
    amount = french.euros(float(rows[-1]["montant_eur_ht"]))
    return (
        f"Au-dessus de {amount} d'achats par an, un schéma est adopté, publié et suivi d'indicateurs. La dépense annuelle "
        "se lit dans les comptes de la collectivité, et non dans les marchés publiés."
    )


def tableau_obligations(etude: Etude) -> Tableau:
    """What the contracts that the duties bind publish."""
    return lectures.tableau_indicateurs(etude, DUTIES, "Ce que publient les marchés soumis aux obligations")


def tableau_semblables(etude: Etude) -> Tableau:
    """What is observed, beside what the same kinds of contracts publish elsewhere."""
    return lectures.tableau_indicateurs(etude, ALIKE, "Au regard d'achats semblables d'autres acheteurs")


def valeurs_ailleurs() -> Tableau:
    """Published values elsewhere."""
    return tableau_reperes(tuple(KEY_FIGURES))


def limites(etude: Etude) -> Liste:
    """What open data do not say of responsible purchasing."""
    share = etude.constat("E01")
    return Liste(
        (
            (
                "Rubriques vides",
                f"La rubrique sociale est publiée pour {french.whole(share.effectif)} des "
                f"{french.agree(share.eligibles, 'marché')} de la période.",
            ),
            (
                "Portée des clauses",
                "Une case cochée ne dit ni les heures d'insertion prévues ou réalisées, ni le poids d'un critère, ni les "
                "produits achetés : il y faut le suivi de la collectivité.",
            ),
            (
                "Conformité",
                "La date de lancement n'est pas publiée, et la loi prévoit des exceptions : aucun chiffre n'établit un "
                "manquement.",
            ),
        )
    )


def comment_lire(etude: Etude) -> Liste:  # noqa: ARG001 - the notes are the same for all
    """How to read the figures of this chapter."""
    return lectures.comment_lire((*CONSIDERATIONS, *ALIKE, *DUTIES))
