"""Chapter « Confrontation »: the authority beside its peers, theme by theme."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from optima_lib.comparison.scales import PROPORTION
from optima_lib.comparison.verdicts import ETABLI, NON_TRANCHE
from optima_lib.indicators.catalogue import THEMES
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import SEVERAL, TITLES, Ecart, compares
from optima_lib.reporting.figures import Figure
from optima_lib.reporting.figures_ecarts import among, in_funnel, overview
from optima_lib.reporting.pairs import Confrontation
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Bloc, Liste, Shown, Texte

SHOWN = 3


def synthese(confrontations: Sequence[Confrontation]) -> Texte:
    """What stands out: the comparisons made, and the gaps established."""
    if not confrontations:
        return Texte(("Aucune des personnes morales étudiées n'a de marché dans la base : il n'y a rien à comparer.",))
    return Texte(tuple(phrase for each in confrontations for phrase in _standing_out(each)))


def _standing_out(each: Confrontation) -> Iterator[str]:
    made = compares(each)
    yield from _duration(each, made)
    if not made:
        yield (
            f"{each.nom} : aucune comparaison n'est possible. {french.agree(len(each.comparaisons), 'indicateur')} "
            f"{'a' if len(each.comparaisons) < 2 else 'ont'} une valeur, et chacun est écarté pour une raison dite plus bas."
        )
        return
    counts = pd.Series([row.verdict for row in made]).value_counts()
    told = [french.agree(int(counts[name]), TITLES[name], SEVERAL[name]) for name in TITLES if name in counts]
    yield (
        f"{each.nom} : {french.agree(len(made), 'comparaison possible', 'comparaisons possibles')} sur "
        f"{french.agree(len(each.comparaisons), 'indicateur')} qui ont une valeur ; {french.enumerate_words(told)}."
    )
    firm = [row for row in made if row.verdict == ETABLI]
    sure = [row for row in firm if row.confirme]
    for row in sure[:SHOWN]:
        yield row.phrase()
    if len(sure) > SHOWN:
        yield f"Sont aussi établis, et résistent à la correction : {_named(sure[SHOWN:])}."
    if doubtful := [row for row in firm if not row.confirme]:
        yield f"Établis pris un à un, mais qui ne résistent pas à la correction pour le nombre de comparaisons : {_named(doubtful)}."
    if not firm:
        yield (
            f"{each.nom} : aucun écart n'est établi. Ce n'est pas dire que la collectivité fait comme ses pairs : les "
            "données publiées sont trop peu nombreuses, ou les pairs trop divers, pour en décider."
        )


def _duration(each: Confrontation, made: Sequence[Ecart]) -> Iterator[str]:
    """Warn where the contracts of an authority do not last as long as those of its peers."""
    if not made:
        return
    lead = max(made, key=lambda row: row.row["pairs"])
    own, usual = each.durees[each.focal], float(np.nanmedian(each.durees[each.pairs(lead.indicator.code)]))
    most = bound("comparaison_duree_rapport")
    if own <= most * usual and own * most >= usual:
        return
    rest = (
        "le reste ne vaut que pour ces mois"
        if own < usual
        else "le reste suppose que les pairs, connus moins longtemps, achètent de même d'une année à l'autre"
    )
    yield (
        f"{each.nom} : ses marchés publiés couvrent {french.agree(round(own), 'mois', 'mois')}, ceux de ses pairs "
        f"{french.whole(usual)} (médiane). Un total n'est comparé qu'à ceux d'une durée voisine, et {rest}."
    )


def _named(rows: Sequence[Ecart]) -> str:
    """Name some gaps and their sides, in a few words."""
    return " ; ".join(f"{row.indicator.libelle} ({row.valeur}, contre {row.attendu} attendus)" for row in rows)


def apercu(confrontations: Sequence[Confrontation]) -> Bloc:
    """All gaps of each legal person at a glance, beside the smallest ones that matter."""
    made = tuple(overview(each, rows) for each in confrontations if (rows := compares(each)))
    return Bloc(made or (Texte(("Aucune comparaison n'est faite : il n'y a rien à dessiner.",)),))


def theme(confrontations: Sequence[Confrontation], letter: str) -> Bloc:
    """One theme: for each legal person the sentences, the funnel, the authority among its peers, and the gaps one by one."""
    blocks: list[Shown] = []
    for each in confrontations:
        made = [_tested(each, row) for row in compares(each, letter)]
        blocks += _theme_of(each, made, letter) if made else [Texte((_nothing(each, letter),))]
    return Bloc(tuple(blocks))


def _theme_of(each: Confrontation, made: Sequence[Ecart], letter: str) -> list[Shown]:
    decided = [row for row in made if row.verdict != NON_TRANCHE]
    left = len(made) - len(decided)
    told: list[Shown] = [Liste(tuple((each.nom, row.phrase()) for row in decided))] if decided else []
    if left:
        told.append(Texte((_undecided(each, left, alone=not decided),)))
    return [*told, *_figures(each, made), _table(each, made, letter)]


def _undecided(each: Confrontation, number: int, *, alone: bool) -> str:
    """Say how many gaps are left undecided, and that the table holds them."""
    verb = "n'est pas tranché" if number == 1 else "ne sont pas tranchés"
    subject = french.agree(number, "écart" if alone else "autre écart")
    return (
        f"{each.nom} : {subject} {verb}. Les données n'y établissent ni différence ni équivalence ; le tableau dit entre "
        "quelles bornes l'écart se tient."
    )


def _tested(each: Confrontation, row: Ecart) -> Ecart:
    """Add what the verdict becomes without each peer, and were peers alike but for chance."""
    alone = each.sans_chaque(row.indicator.code)
    told = [f"sans l'un des pairs : {alone.changes(row.verdict)} verdicts changés sur {len(alone.verdict)}"]
    if not french.is_missing(row.row["z_hasard"]):
        told.append(f"si seul le hasard séparait les pairs : z = {french.decimal(row.row['z_hasard'], 2)}")
    return replace(row, sensibilite=tuple(told))


def _nothing(each: Confrontation, letter: str) -> str:
    """Say why nothing is compared in a theme."""
    rows = each.comparaisons[each.comparaisons["indicateur"].str.startswith(letter)]
    if rows.empty:
        return f"{each.nom} : aucun indicateur de ce thème n'a assez de faits pour avoir une valeur."
    reasons = [
        f"{motif} pour {french.agree(number, 'indicateur')}" for motif, number in rows["motif"].value_counts().items()
    ]
    return f"{each.nom} : pas de comparaison ({french.enumerate_words(reasons)})."


def _figures(each: Confrontation, made: Sequence[Ecart]) -> list[Figure]:
    """Draw the first share of a theme in its funnel, and its first comparison among the peers."""
    shares = [row for row in made if each.mesures[row.indicator.code].scale == PROPORTION and row.row["tau"] > 0]
    return [*([in_funnel(each, shares[0])] if shares else []), among(each, made[0])]


def _table(each: Confrontation, made: Sequence[Ecart], letter: str) -> Tableau:
    frame = pd.DataFrame(
        {
            "Indicateur": [row.indicator.libelle for row in made],
            "Valeur": [row.valeur for row in made],
            "Attendu": [_expected(row) for row in made],
            "Écart": [f"{row.ecart}\n{row.intervalle}" for row in made],
            "Rang possible": [row.rang_court for row in made],
            "Verdict": [row.verdict_court for row in made],
        }
    )
    return Tableau(
        frame,
        f"{each.nom} : {THEMES[letter].lower()}, terme à terme",
        note="Attendu : ce que montrerait une collectivité comparable, ayant les mêmes sortes de marchés là où c'est dit. "
        "Sous l'écart, son intervalle de confiance à 95 %. Rang 1 : valeur la plus élevée.",
        dense=True,
        phrases=tuple(row.phrase() for row in made),
    )


def _expected(row: Ecart) -> str:
    crude = row.row["attendu_brut"]
    if not row.row["composition"] or french.is_missing(crude):
        return row.attendu
    return f"{row.attendu}\nsans tenir compte de ce qui est acheté : {french.by_unit(crude, row.indicator.unite)}"


def questions(confrontations: Sequence[Confrontation]) -> Liste:
    """What to ask the peers who do better."""
    points = [point for each in confrontations for point in _questions(each)]
    return Liste(
        tuple(points)
        or (
            (
                "Rien à demander",
                "Aucun indicateur comparé ne place la collectivité du côté le moins favorable, au-delà du seuil d'intérêt.",
            ),
        )
    )


def _questions(each: Confrontation) -> Iterator[tuple[str, str]]:
    for row in compares(each):
        if row.favorable is not False or not (row.confirme or abs(row.en_seuils[1]) >= 1):
            continue
        values = each.valeurs(row.indicator.code)
        own = values.loc[values["est_focale"], "valeur"].iloc[0]
        better = values[values["valeur"] > own if row.indicator.sens == "haut" else values["valeur"] < own]
        if better.empty:
            continue
        sure = (
            ""
            if row.confirme
            else " L'écart n'est pas établi avec sûreté : la question reste ouverte dans les deux sens."
        )
        names = [str(name) for name in better["nom"].dropna()][:SHOWN] if each.noms_affiches else []
        who = f" À interroger d'abord : {french.enumerate_words(names)}." if names else ""
        yield (
            row.indicator.libelle,
            f"{french.agree(len(better), 'pair')} sur {len(values) - 1} {'montre' if len(better) == 1 else 'montrent'} une "
            f"valeur plus favorable que {each.nom} ({row.valeur}, attendu {row.attendu}). Quelles pratiques, quelle "
            f"organisation, quels outils l'expliquent ?{who}{sure}",
        )
