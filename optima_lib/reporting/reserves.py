"""Chapter « Confrontation », what its verdicts rest on: their figures, one peer less, what does not compare, what was fixed before."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from optima_lib.comparison import gates
from optima_lib.indicators import CATALOGUE
from optima_lib.partners import Partner
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import TITLES, Ecart, compares, probability
from optima_lib.reporting.pairs import Confrontation
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Bloc, Liste, Texte


def chiffres(confrontations: Sequence[Confrontation]) -> Bloc:
    """The figures behind each verdict, for those who check them."""
    return Bloc(tuple(_figures(each) for each in confrontations))


def _figures(each: Confrontation) -> Tableau | Texte:
    made = compares(each)
    if not made:
        return Texte((f"{each.nom} : aucune comparaison, donc aucun chiffre à montrer.",))
    rows = pd.DataFrame([row.row for row in made])
    frame = pd.DataFrame(
        {
            "Indicateur": [f"{row.indicator.libelle} ({row.indicator.code})" for row in made],
            "n": rows["effectif"].to_numpy(),
            "Pairs": rows["pairs"].to_numpy(),
            "z": rows["z"].to_numpy(),
            "p": rows["p"].to_numpy(),
            "p corrigé": rows["p_ajuste"].to_numpy(),
            "p, un seul τ": rows["p_simple"].to_numpy(),
            "p de rang": rows["p_rang"].to_numpy(),
            "τ": rows["tau"].to_numpy(),
            "Observé sur attendu": [_ratio(row) for row in made],
            "Estimation rétrécie": [_shrunken(row) for row in made],
        }
    )
    formats: dict[str, Format] = {
        **dict.fromkeys(("n", "Pairs"), french.whole),
        **dict.fromkeys(("z", "τ"), _hundredths),
        **dict.fromkeys(("p", "p corrigé", "p, un seul τ", "p de rang"), probability),
    }
    return Tableau(
        frame,
        f"{each.nom} : les chiffres derrière les verdicts",
        formats,
        "z : écart rapporté à son erreur, diversité des pairs comprise ; p : sa probabilité, seule puis corrigée pour la "
        "famille, puis si leur diversité (τ) était connue ; p de rang : celle d'être aussi loin de la médiane si toutes les collectivités étaient interchangeables ; "
        "τ : écart-type estimé entre pairs ; observé sur attendu : attendu si chaque sorte de marché allait comme chez les pairs réunis, "
        "où chaque marché compte autant (l'attendu des tableaux est la moyenne de collectivités qui comptent chacune), avec un intervalle "
        "du hasard seul ; estimation rétrécie vers la moyenne des pairs, avec sa fiabilité : pour prévoir, non "
        f"pour repérer. Sous {french.agree(int(bound('pairs_sans_loi')), 'pair')}, z suppose une loi normale des écarts entre collectivités.",
        dense=True,
    )


def _hundredths(number: float | None) -> str:
    return french.decimal(number, 2)


def _ratio(row: Ecart) -> str:
    if french.is_missing(row.row["rapport"]):
        return french.NOTHING
    low, high = (french.decimal(row.row[f"rapport_{name}"], 2) for name in ("bas", "haut"))
    return f"{french.decimal(row.row['rapport'], 2)}\n{low} à {high}"


def _shrunken(row: Ecart) -> str:
    if french.is_missing(row.row["retreci"]):
        return french.NOTHING
    told = french.by_unit(row.row["retreci"], row.indicator.unite)
    return f"{told}\nfiabilité {french.percent(row.row['fiabilite'])}"


def sensibilite(confrontations: Sequence[Confrontation]) -> Bloc:
    """What each verdict owes to one peer."""
    return Bloc(tuple(_sensitivity(each) for each in confrontations))


def _sensitivity(each: Confrontation) -> Texte | Tableau:
    made = compares(each)
    if not made:
        return Texte((f"{each.nom} : aucune comparaison, donc rien à vérifier.",))
    told = {row.indicator.code: each.sans_chaque(row.indicator.code) for row in made}
    moved = [row for row in made if told[row.indicator.code].changes(str(row.row["verdict"]))]
    if not moved:
        return Texte(
            (f"{each.nom} : retirer l'un ou l'autre des pairs ne change aucun des {french.whole(len(made))} verdicts.",)
        )
    frame = pd.DataFrame(
        {
            "Indicateur": [row.indicator.libelle for row in moved],
            "Verdict": [TITLES[str(row.row["verdict"])] for row in moved],
            "Pairs dont le retrait le change": [
                f"{told[row.indicator.code].changes(str(row.row['verdict']))} sur {french.whole(row.row['pairs'])}"
                for row in moved
            ],
            "Attendu, selon le pair retiré": [
                french.span(
                    float(np.nanmin(told[row.indicator.code].expected)),
                    float(np.nanmax(told[row.indicator.code].expected)),
                    row.indicator.unite,
                )
                for row in moved
            ],
        }
    )
    return Tableau(
        frame,
        f"{each.nom} : verdicts qui tiennent à un pair",
        note="Les autres verdicts ne changent pas, quel que soit le pair retiré.",
    )


def incomparables(confrontations: Sequence[Confrontation]) -> Bloc:
    """What cannot be compared, and why."""
    return Bloc(tuple(_refused(each) for each in confrontations))


def _refused(each: Confrontation) -> Tableau | Texte:
    rows = each.comparaisons[each.comparaisons["statut"] == gates.REFUSE]
    if rows.empty:
        return Texte((f"{each.nom} : tous les indicateurs qui ont une valeur sont comparés.",))
    order = rows["motif"].value_counts().index
    frame = pd.DataFrame(
        {
            "Motif": [motif.capitalize() for motif in order],
            "Ce que cela veut dire": [gates.SENTENCES[motif] for motif in order],
            "Indicateurs": [
                ", ".join(CATALOGUE[code].libelle for code in rows["indicateur"][rows["motif"] == motif])
                for motif in order
            ],
        }
    )
    return Tableau(frame, f"{each.nom} : les indicateurs qui ne sont pas comparés", dense=True)


def declaration(confrontations: Sequence[Confrontation], partner: Partner) -> Liste:
    """What was fixed before the calculation."""
    if not confrontations:
        return Liste((("Déclaration", "Aucune comparaison n'a été faite."),))
    told = confrontations[0].declaration
    names = [CATALOGUE[code].libelle for code in told.principale]
    chosen = (
        "du partenaire"
        if partner.comparaison.famille_principale
        else "de la suite, à confirmer par le comité de pilotage"
    )
    return Liste(
        (
            ("Famille principale", f"Choix {chosen} : {', '.join(names)}. Correction de Holm."),
            (
                "Famille exploratoire",
                f"Les {french.whole(len(told.exploratoire))} autres indicateurs. Correction de Benjamini et Hochberg : ce qui y est établi est une piste, à confirmer.",
            ),
            (
                "Empreinte",
                f"La déclaration (familles, seuils d'intérêt, règle des pairs) a été arrêtée avant le calcul ; son empreinte est {told.empreinte[:16]}.",
            ),
        )
    )


def comment_lire() -> Liste:
    """How to read a comparison."""
    return Liste(
        (
            (
                "Attendu",
                "Ce que montrerait une collectivité comparable, au vu de ses pairs et, là où c'est dit, si elle achetait les mêmes sortes de choses pour les mêmes montants et par les mêmes procédures.",
            ),
            (
                "Écart établi",
                "L'intervalle de confiance de l'écart ne contient pas zéro. Il tient compte du hasard, et de ce que les pairs diffèrent entre eux.",
            ),
            ("Négligeable", "L'écart existe, mais reste sous le seuil d'intérêt fixé avant le calcul."),
            ("Équivalent", "L'écart, s'il existe, est à coup presque sûr plus petit que le seuil d'intérêt."),
            (
                "Non tranché",
                "Les données ne permettent ni d'établir un écart, ni d'établir une équivalence. Ce n'est pas une absence d'écart.",
            ),
            (
                "Rang",
                "Les rangs que les données laissent possibles. Un intervalle large dit qu'un classement n'aurait pas de sens. Un rang "
                "seul, pour un montant, dit que la valeur est connue sans hasard d'échantillon, non qu'elle resterait la même.",
            ),
            (
                "Deux lectures",
                "L'intervalle porte sur la façon d'acheter qui a produit les marchés publiés, et non sur ces marchés eux-mêmes, qui sont connus.",
            ),
        )
    )
