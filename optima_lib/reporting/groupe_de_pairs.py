"""Chapter « Confrontation », who the peers are: the rule step by step, their names, how far the authority is from them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import compares
from optima_lib.reporting.pairs import Confrontation
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Bloc, Shown, Texte

KNOWN = {
    "population": "Population",
    "nb_marches": "Nombre de marchés",
    "mois_couverts": "Mois que couvrent les marchés publiés",
}


def known_as(covariate: str) -> str:
    """Return how a covariate is written.

    Examples
    --------
    >>> known_as("nb_marches"), known_as("potentiel_financier")
    ('Nombre de marchés', 'Potentiel financier')
    """
    return KNOWN.get(covariate, covariate.replace("_", " ").capitalize())


def regle(confrontations: Sequence[Confrontation]) -> Bloc:
    """The rule that finds peers, step by step."""
    return Bloc(tuple(_steps(each) for each in confrontations))


def _steps(each: Confrontation) -> Tableau | Texte:
    steps = each.etapes
    if steps.empty:
        reason = "sa catégorie ou sa population n'est pas connue"
        return Texte(
            (
                f"{each.nom} n'a pas de groupe de pairs : {reason}. Déclarez sa catégorie dans le fichier du partenaire, ou lisez un fichier de territoires.",
            )
        )
    used = each.comparaisons[each.comparaisons["motif"].isna()]["etape"].value_counts()
    frame = pd.DataFrame(
        {
            "Étape": steps["etape"].map(french.whole),
            "Ce que les pairs ont en commun": steps["groupe"],
            "Acheteurs de la base": steps["acheteurs"],
            f"dont {french.whole(bound('comparaison_effectif_minimum'))} marchés au moins": steps["assez_de_marches"],
            "Indicateurs comparés à cette étape": [int(used.get(number, 0)) for number in steps["etape"]],
        }
    )
    numbers: dict[str, Format] = {}
    numbers.update(dict.fromkeys(frame.columns[2:], french.whole))
    least = french.whole(bound("pairs_recherches"))
    return Tableau(
        frame,
        f"{each.nom} : les pairs, étape par étape",
        numbers,
        f"Pour chaque indicateur, la première étape où {least} pairs ont assez de marchés est retenue ; à défaut, celle qui "
        "en compte le plus. La collectivité n'entre jamais dans sa propre référence.",
    )


def equilibre(confrontations: Sequence[Confrontation]) -> Bloc:
    """How far the authority stands from its peers on what is known of them."""
    made = tuple(_balance(each) for each in confrontations if compares(each))
    return Bloc(made or (Texte(("Aucune comparaison n'est faite : la ressemblance aux pairs n'est pas à dire.",)),))


def _balance(each: Confrontation) -> Shown:
    lead = max(compares(each), key=lambda row: row.row["pairs"])
    told = each.equilibre(lead.indicator.code)
    frame = pd.DataFrame(
        {
            "Ce qui est comparé": [known_as(str(name)) for name in told.index],
            each.nom: np.exp(told["valeur"]).to_numpy(),
            "Pairs (moyenne géométrique)": np.exp(told["moyenne"]).to_numpy(),
            "Écart, en écarts-types des pairs": told["ecart"].to_numpy(),
        }
    )
    formats: dict[str, Format] = {
        each.nom: french.whole,
        "Pairs (moyenne géométrique)": french.whole,
        "Écart, en écarts-types des pairs": french.decimal,
    }
    return Tableau(
        frame,
        f"{each.nom} ressemble-t-elle à ses pairs ?",
        formats,
        f"Pairs de l'indicateur le mieux pourvu ({lead.indicator.libelle}). Au-delà d'un écart-type, la collectivité est au "
        "bord de son groupe : lire les comparaisons avec d'autant plus de prudence.",
    )


def noms_des_pairs(confrontations: Sequence[Confrontation]) -> Texte:
    """Who the peers are, where the partner chose to show them."""
    return Texte(tuple(_names(each) for each in confrontations))


def _names(each: Confrontation) -> str:
    if not each.noms_affiches:
        return (
            f"{each.nom} : les pairs ne sont pas nommés. Leur liste peut être montrée à la demande du comité ; "
            "les données dont elle est tirée sont publiques."
        )
    places = sorted({int(place) for row in compares(each) for place in each.pairs(row.indicator.code)})
    names = sorted(
        {
            str(each.acheteurs["nom"].iloc[place])
            for place in places
            if isinstance(each.acheteurs["nom"].iloc[place], str)
        }
    )
    return f"Pairs de {each.nom} pour un indicateur au moins : {', '.join(names) or 'aucun'}."
