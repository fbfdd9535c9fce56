"""Published values elsewhere, and the colours of the European scoreboard: they situate, they are no targets."""

import pandas as pd

from optima_lib.indicators import find
from optima_lib.indicators.reperes import GREEN, RED, YELLOW, traffic_light
from optima_lib.references import reference
from optima_lib.reporting import french
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.lectures import cell
from optima_lib.reporting.tables import Tableau

SURE, SCOREBOARD = "vérifié", "Single Market Scoreboard"
PER_CENT = 100
UNDECIDED = "{} : les données ne tranchent pas"


def tableau_reperes(codes: tuple[str, ...]) -> Tableau:
    """Published values of some indicators: of each source, scope and definition, the latest."""
    rows = [row for row in reference("reperes") if row["indicateur"] in codes and row["confiance"] == SURE]
    latest: dict[tuple[str, ...], dict[str, str]] = {}
    for row in sorted(rows, key=lambda row: (codes.index(row["indicateur"]), row["annee"])):
        latest[row["indicateur"], row["perimetre"], row["unite"], _publisher(row), row["note"]] = row
    told = [
        (
            _measure(row),
            row["perimetre"],
            row["annee"],
            f"{row['valeur'].replace('.', ',')} {row['unite']}",
            row["note"],
            row["source"],
        )
        for row in sorted(
            latest.values(), key=lambda row: (-codes.index(row["indicateur"]), row["annee"]), reverse=True
        )
    ]
    names = ["Mesure", "Périmètre", "Année", "Valeur", "Comparabilité", "Source"]
    return Tableau(
        pd.DataFrame(told, columns=names),
        "Valeurs publiées ailleurs",
        note="De chaque source et de chaque périmètre, la dernière valeur connue ; le dictionnaire des indicateurs les donne "
        "toutes.",
        dense=True,
    )


def _measure(row: dict[str, str]) -> str:
    """Name what was measured there: the scoreboard's own words, where they are not ours."""
    own = next((each["mesure"] for each in reference("feux") if each["indicateur"] == row["indicateur"]), "")
    words = own if own and _publisher(row) == SCOREBOARD else find(row["indicateur"]).libelle
    return f"{words[0].upper()}{words[1:]}"


def _publisher(row: dict[str, str]) -> str:
    return row["source"].split(" – ")[0]


def tableau_feux(etude: Etude, codes: tuple[str, ...]) -> Tableau:
    """The colours that the European scoreboard would give to some values, and how far the data decide of them."""
    scales = {row["indicateur"]: row for row in reference("feux") if row["confiance"] == SURE}
    told = [_light(etude.constat(code), scales[code]) for code in codes]
    names = ["Mesure du tableau de bord", "Vert", "Rouge", "Ici", "Couleur", "Source"]
    return Tableau(
        pd.DataFrame(told, columns=names),
        "L'échelle de couleurs du tableau de bord européen",
        note="Entre vert et rouge, l'échelle dit jaune. Elle a été faite pour comparer des pays, sur les avis publiés au "
        "niveau européen : les valeurs d'ici comptent aussi des marchés plus petits. La couleur tient compte de l'intervalle "
        "et des données manquantes ; elle situe, et ne juge ni ne fixe un but.",
        dense=True,
    )


def _light(constat: Constat, scale: dict[str, str]) -> tuple[str, ...]:
    low = scale["sens"] == "bas"
    measure = f"{scale['mesure'][0].upper()}{scale['mesure'][1:]}"
    sides = (_side(scale, GREEN, below=low), _side(scale, RED, below=not low))
    return measure, *sides, cell(constat), colour(constat), scale["source"]


def _side(scale: dict[str, str], name: str, *, below: bool) -> str:
    """Say on which side of its bound a colour lies."""
    words = {
        (True, True): "jusqu'à",
        (True, False): "moins de",
        (False, True): "à partir de",
        (False, False): "plus de",
    }
    return f"{words[below, scale[f'{name}_compris'] == 'oui']} {scale[name].replace('.', ',')} {scale['unite']}"


def colour(constat: Constat) -> str:
    """Return the colour of a value, or those between which its interval and the missing data leave it."""
    if constat.valeur is None:
        return french.NOTHING
    numbers = (constat.valeur, constat.ic_bas, constat.ic_haut, constat.borne_basse, constat.borne_haute)
    scaled = [
        number * (PER_CENT if constat.indicator.unite == "part" else 1) for number in numbers if number is not None
    ]
    met = {traffic_light(constat.indicator.code, number) for number in (min(scaled), scaled[0], max(scaled))}
    if len(met) == 1:
        return str(met.pop())
    named = [name for name in (GREEN, YELLOW, RED) if name in met]
    return UNDECIDED.format(f"de {named[0]} à {named[-1]}")
