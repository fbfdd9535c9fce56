"""Figures of a comparison, with the words that say them: all gaps at a glance, the funnel, the authority among its peers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from optima_lib.comparison.dispersion import overdispersion
from optima_lib.comparison.funnel import share_limits, volume_effect
from optima_lib.comparison.scales import PROPORTION, SCALES, variance_of_share
from optima_lib.indicators.catalogue import THEMES
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import TITLES, Ecart
from optima_lib.reporting.entonnoirs import among_peers, funnel, in_margins
from optima_lib.reporting.figures import Figure
from optima_lib.reporting.pairs import Confrontation

MOST_PEERS = 60
SURE, FELT = 0.05, 0.3  # a volume effect is said when it is established and not slight (|ρ| of Spearman)


def overview(each: Confrontation, made: Sequence[Ecart]) -> Figure:
    """All gaps of an authority, each in smallest gaps that matter, by theme."""
    order = list(THEMES)
    rows = sorted(made, key=lambda row: order.index(row.indicator.code[0]))
    bounds = np.array([row.en_seuils for row in rows])
    frame = pd.DataFrame(bounds, columns=["bas", "ecart", "haut"]).assign(
        nom=[row.indicator.libelle for row in rows], verdict=[row.verdict for row in rows]
    )
    told = [f"{name} : {', '.join(frame['nom'][frame['verdict'] == verdict])}" for verdict, name in TITLES.items()
            if (frame["verdict"] == verdict).any()]  # fmt: skip
    return Figure(
        in_margins(frame, TITLES),
        f"{each.nom} : tous les écarts, d'un coup d'œil",
        f"Écart de {each.nom} à ce que ses pairs font attendre, en seuils d'intérêt, pour "
        f"{french.agree(len(rows), 'indicateur')}. {' ; '.join(told)}.",
        "Chaque écart est rapporté au plus petit écart qui compte, fixé avant le calcul : la bande grise. Un trait qui ne touche "
        "pas la ligne du milieu est un écart établi ; un trait tenu dans la bande, une équivalence ; un trait qui va de l'une à "
        "l'autre ne tranche pas. Une flèche : l'écart sort du cadre. À droite, une valeur plus élevée que celle des pairs.",
    )


def in_funnel(each: Confrontation, row: Ecart) -> Figure:
    """A share of an authority in the funnel of its peers."""
    values = each.valeurs(row.indicator.code)
    peers, own = values[~values["est_focale"]], values[values["est_focale"]].iloc[0]
    target, tau2 = _spread(peers)
    n = np.geomspace(max(1.0, values["effectif"].min() * 0.8), values["effectif"].max() * 1.2, 80)
    limits = share_limits(target, n, tau2)
    rho, p = volume_effect(peers["valeur"].to_numpy(), peers["effectif"].to_numpy())
    low, high = (np.interp(own["effectif"], n, side[0.95]) for side in (limits.low, limits.high))
    effect = (
        " Chez les pairs, la valeur change avec le nombre de marchés : lire l'entonnoir avec prudence."
        if p < SURE and abs(rho) > FELT
        else ""
    )
    return Figure(
        funnel(values, limits, target, each.nom),
        f"{row.indicator.libelle} : {each.nom} dans l'entonnoir de ses pairs",
        f"Entonnoir : {row.indicator.libelle} selon le nombre de marchés. {each.nom} est à {row.valeur}, "
        f"{'dans' if low <= own['valeur'] <= high else 'hors de'} la zone où se tiennent 95 % des pairs ; leur moyenne est de "
        f"{french.percent(target)} ({french.agree(len(peers), 'pair')}).",
        "Plus une collectivité a de marchés, moins le hasard pèse ; la largeur qui reste à droite est la diversité des "
        f"pairs. Valeurs brutes, sans tenir compte de ce qui est acheté.{effect}",
    )


def _spread(peers: pd.DataFrame) -> tuple[float, float]:
    """Return the mean share of the peers, and their variance beyond chance on the scale of the funnel."""
    told, size = SCALES[PROPORTION], peers["effectif"].to_numpy()
    y, s = told.to(peers["valeur"].to_numpy()), np.sqrt(variance_of_share(size))
    centre = float((y / s**2).sum() / (1 / s**2).sum())
    return float(told.back(np.array(centre))), overdispersion((y - centre) / s, s).tau2


def among(each: Confrontation, row: Ecart) -> Figure:
    """An authority and its peers, from the highest value to the lowest, with their intervals."""
    values = each.valeurs(row.indicator.code)
    unit = row.indicator.unite
    factor = float(values["facteur"][values["est_focale"]].iloc[0])
    for name in ("valeur", "ic_bas", "ic_haut"):
        values[name] *= factor
    shown = _thinned(values)
    lowest, highest = (french.by_unit(each, unit) for each in (values["valeur"].min(), values["valeur"].max()))
    per_head = " Valeurs ramenées à la population de la collectivité." if factor != 1 else ""
    spread = bool((values["ic_haut"] > values["ic_bas"]).any())
    intervals = "Traits : intervalle de confiance à 95 %." if spread else "Valeurs connues en entier, sans intervalle."
    drawn = f" Un pair sur {round(len(values) / len(shown))} est dessiné." if len(shown) < len(values) else ""
    expected = float(row.row["attendu"])
    return Figure(
        among_peers(
            shown, expected, write=lambda value: french.by_unit(value, unit), shown=each.noms_affiches, name=each.nom
        ),
        f"{row.indicator.libelle} : {each.nom} parmi ses pairs",
        f"{row.indicator.libelle}, de la valeur la plus élevée à la plus faible. {each.nom} : {row.valeur} ; attendu "
        f"{row.attendu} ; {row.rang}. {french.agree(len(values) - 1, 'pair')}, de {lowest} à {highest}.",
        f"{intervals}{per_head}{drawn}",
    )


def _thinned(values: pd.DataFrame) -> pd.DataFrame:
    """Keep the authority and some of its peers, evenly, where they are too many to be drawn."""
    if len(values) <= MOST_PEERS:
        return values
    kept = np.unique(np.linspace(0, len(values) - 1, MOST_PEERS).round().astype(int))
    thinned: pd.DataFrame = values[values.index.isin(kept) | values["est_focale"]].reset_index(drop=True)
    return thinned
