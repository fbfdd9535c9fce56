"""Chapter « Confrontation »: the authority beside its peers, theme by theme."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from optima_lib.comparison import gates
from optima_lib.comparison.funnel import share_limits, volume_effect
from optima_lib.comparison.scales import PROPORTION, SCALES
from optima_lib.comparison.verdicts import EQUIVALENT, ETABLI, NEGLIGEABLE, NON_TRANCHE
from optima_lib.indicators import CATALOGUE
from optima_lib.indicators.catalogue import THEMES
from optima_lib.partners import Partner
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import Ecart
from optima_lib.reporting.entonnoirs import among_peers, funnel
from optima_lib.reporting.figures import Figure
from optima_lib.reporting.pairs import Confrontation
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Bloc, Liste, Shown, Texte

ORDER = ("C", "P", "F", "E", "V", "S", "T", "G", "I", "Q")
TITLES = {
    ETABLI: "écart établi",
    NEGLIGEABLE: "écart négligeable",
    EQUIVALENT: "équivalence établie",
    NON_TRANCHE: "écart non tranché",
}
SEVERAL = {
    ETABLI: "écarts établis",
    NEGLIGEABLE: "écarts négligeables",
    EQUIVALENT: "équivalences établies",
    NON_TRANCHE: "écarts non tranchés",
}
MOST_PEERS = 60
SHOWN = 3
KNOWN = {"population": "Population", "marches": "Nombre de marchés"}


def compares(each: Confrontation, theme: str = "") -> list[Ecart]:
    """Return the comparisons made, those of the confirmatory family first, then the surest gaps."""
    rows = [Ecart.of(row, each.declaration) for _, row in each.comparaisons.iterrows()]
    made = [row for row in rows if row.compare and row.indicator.code.startswith(theme)]
    return sorted(made, key=lambda row: (row.row["famille"] != "principale", row.row["p"]))


def synthese(confrontations: Sequence[Confrontation]) -> Texte:
    """What stands out: the comparisons made, and the gaps established."""
    if not confrontations:
        return Texte(("Aucune des personnes morales étudiées n'a de marché dans la base : il n'y a rien à comparer.",))
    return Texte(tuple(phrase for each in confrontations for phrase in _standing_out(each)))


def _standing_out(each: Confrontation) -> Iterator[str]:
    made = compares(each)
    if not made:
        yield (
            f"{each.nom} : aucune comparaison n'est possible. {french.agree(len(each.comparaisons), 'indicateur')} "
            f"{'a' if len(each.comparaisons) < 2 else 'ont'} une valeur, et chacun est écarté pour une raison dite plus bas."
        )
        return
    counts = pd.Series([str(row.row["verdict"]) for row in made]).value_counts()
    told = [french.agree(int(counts[name]), TITLES[name], SEVERAL[name]) for name in TITLES if name in counts]
    yield (
        f"{each.nom} : {french.agree(len(made), 'comparaison possible', 'comparaisons possibles')} sur "
        f"{french.agree(len(each.comparaisons), 'indicateur')} qui ont une valeur ; {french.enumerate_words(told)}."
    )
    firm = [row for row in made if str(row.row["verdict"]) == ETABLI]
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


def _named(rows: Sequence[Ecart]) -> str:
    """Name some gaps and their sides, in a few words."""
    return " ; ".join(f"{row.indicator.libelle} ({row.valeur}, contre {row.attendu} attendus)" for row in rows)


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
            "dont dix marchés au moins": steps["au_moins_dix_marches"],
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
            "Ce qui est comparé": [KNOWN[name] for name in told.index],
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
            f"{each.nom} : les pairs ne sont pas nommés. Leur liste peut être montrée à la demande du comité (« noms_des_pairs » "
            "du fichier du partenaire) ; les données dont elle est tirée sont publiques."
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


def theme(confrontations: Sequence[Confrontation], letter: str) -> Bloc:
    """One theme: for each legal person the sentences, the funnel, the authority among its peers, and the figures."""
    blocks: list[Shown] = []
    for each in confrontations:
        made = compares(each, letter)
        if not made:
            blocks.append(Texte((_nothing(each, letter),)))
            continue
        blocks.append(Liste(tuple((each.nom, _tested(each, row).phrase()) for row in made)))
        blocks += _figures(each, made)
        blocks.append(_table(each, made, letter))
    return Bloc(tuple(blocks))


def _tested(each: Confrontation, row: Ecart) -> Ecart:
    """Add what the verdict becomes without each peer, and were peers alike but for chance."""
    alone = each.sans_chaque(row.indicator.code)
    told = [f"sans l'un des pairs : {alone.changes(str(row.row['verdict']))} verdicts changés sur {len(alone.verdict)}"]
    if not french.is_missing(row.row["z_hasard"]):
        told.append(f"si seul le hasard séparait les pairs : z = {french.decimal(row.row['z_hasard'], 2)}")
    return replace(row, sensibilite=tuple(told))


def _nothing(each: Confrontation, letter: str) -> str:
    """Say why nothing is compared in a theme."""
    rows = each.comparaisons[each.comparaisons["indicateur"].str.startswith(letter)]
    if rows.empty:
        return f"{each.nom} : aucun indicateur de ce thème n'a assez de faits pour avoir une valeur."
    reasons = [f"{french.whole(number)} {motif}" for motif, number in rows["motif"].value_counts().items()]
    return f"{each.nom} : pas de comparaison ({french.enumerate_words(reasons)})."


def _figures(each: Confrontation, made: Sequence[Ecart]) -> list[Figure]:
    """Draw the first comparison of a theme among its peers, and the first share in its funnel."""
    shares = [row for row in made if each.mesures[row.indicator.code].scale == PROPORTION and row.row["tau"] > 0]
    found = [_funnel(each, shares[0])] if shares else []
    return [*found, _among(each, made[0])]


def _funnel(each: Confrontation, row: Ecart) -> Figure:
    code = row.indicator.code
    values = each.valeurs(code)
    peers = values[~values["est_focale"]]
    scale = SCALES[PROPORTION]
    target = float(scale.back(np.array(scale.to(peers["valeur"].to_numpy()).mean())))
    n = np.geomspace(max(1.0, values["effectif"].min() * 0.8), values["effectif"].max() * 1.2, 80)
    limits = share_limits(target, n, float(row.row["tau"]) ** 2)
    rho, p = volume_effect(peers["valeur"].to_numpy(), peers["effectif"].to_numpy())
    inside = (
        float(np.interp(values["effectif"][values["est_focale"]].iloc[0], n, limits.low[0.95])) <= row.row["valeur"]
    )
    inside &= row.row["valeur"] <= float(
        np.interp(values["effectif"][values["est_focale"]].iloc[0], n, limits.high[0.95])
    )
    effect = (
        " Chez les pairs, la valeur change avec le nombre de marchés : lire l'entonnoir avec prudence."
        if p < 0.05 and abs(rho) > 0.3
        else ""
    )
    return Figure(
        funnel(values, limits, target, each.nom),
        f"{row.indicator.libelle} : {each.nom} dans l'entonnoir de ses pairs",
        f"Entonnoir : {row.indicator.libelle} selon le nombre de marchés. {each.nom} est à {row.valeur}, "
        f"{'dans' if inside else 'hors de'} la zone où se tiennent 95 % des pairs ; leur moyenne est de {french.percent(target)} "
        f"({french.agree(len(peers), 'pair')}).",
        "Plus une collectivité a de marchés, moins le hasard pèse ; la largeur qui reste à droite est la diversité des "
        f"pairs. Valeurs brutes, sans tenir compte de ce qui est acheté.{effect}",
    )


def _among(each: Confrontation, row: Ecart) -> Figure:
    values = each.valeurs(row.indicator.code)
    unit = row.indicator.unite
    factor = float(values["facteur"][values["est_focale"]].iloc[0])
    for name in ("valeur", "ic_bas", "ic_haut"):
        values[name] *= factor
    shown = _thinned(values)
    told = [row.valeur, f"attendu {row.attendu}", row.rang]
    per_head = " Valeurs ramenées à la population de la collectivité." if factor != 1 else ""
    return Figure(
        among_peers(
            shown,
            float(row.row["attendu"]),
            write=lambda value: french.by_unit(value, unit),
            shown=each.noms_affiches,
            name=each.nom,
        ),
        f"{row.indicator.libelle} : {each.nom} parmi ses pairs",
        f"{row.indicator.libelle}, de la valeur la plus élevée à la plus faible. {each.nom} : {' ; '.join(told)}. "
        f"{french.agree(len(values) - 1, 'pair')}, de {french.by_unit(values['valeur'].min(), unit)} à {french.by_unit(values['valeur'].max(), unit)}.",
        f"Traits : intervalle de confiance à 95 %. Rang 1 : valeur la plus élevée.{per_head}"
        + (
            f" Un pair sur {french.whole(round(len(values) / len(shown)))} est dessiné."
            if len(shown) < len(values)
            else ""
        ),
    )


def _thinned(values: pd.DataFrame) -> pd.DataFrame:
    """Keep the authority and some of its peers, evenly, where they are too many to be drawn."""
    if len(values) <= MOST_PEERS:
        return values
    kept = np.unique(np.linspace(0, len(values) - 1, MOST_PEERS).round().astype(int))
    thinned: pd.DataFrame = values[values.index.isin(kept) | values["est_focale"]].reset_index(drop=True)
    return thinned


def _table(each: Confrontation, made: Sequence[Ecart], letter: str) -> Tableau:
    frame = pd.DataFrame(
        {
            "Indicateur": [row.indicator.libelle for row in made],
            "Valeur": [row.valeur for row in made],
            "Attendu": [_expected(row) for row in made],
            "Écart": [f"{row.ecart}\n{row.intervalle}" for row in made],
            "Rang": [row.rang_court for row in made],
            "Verdict": [f"{TITLES[str(row.row['verdict'])]}\n{row.detail()}" for row in made],
        }
    )
    return Tableau(
        frame,
        f"{each.nom} : {THEMES[letter].lower()}, terme à terme",
        note="Attendu : ce que montrerait une collectivité comparable, ayant les mêmes sortes de marchés là où c'est dit. "
        "Sous l'écart, son intervalle de confiance à 95 % ; sous le verdict, ce qui le fonde. Sous "
        f"{french.agree(int(bound('pairs_sans_loi')), 'pair')}, la conclusion suppose une loi normale des écarts entre collectivités.",
        dense=True,
    )


def _expected(row: Ecart) -> str:
    crude = row.row["attendu_brut"]
    if not row.row["composition"] or french.is_missing(crude):
        return row.attendu
    return f"{row.attendu}\nsans tenir compte de ce qui est acheté : {french.by_unit(crude, row.indicator.unite)}"


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


def questions(confrontations: Sequence[Confrontation]) -> Liste:
    """What to ask the peers who do better."""
    points = [point for each in confrontations for point in _questions(each)]
    return Liste(
        tuple(points)
        or (("Rien à demander", "Aucun indicateur comparé ne place la collectivité du côté le moins favorable."),)
    )


def _questions(each: Confrontation) -> Iterator[tuple[str, str]]:
    for row in compares(each):
        if row.favorable is not False:
            continue
        values = each.valeurs(row.indicator.code)
        own = values[values["est_focale"]].iloc[0]
        better = values[
            (values["valeur"] > own["valeur"]) if row.indicator.sens == "haut" else (values["valeur"] < own["valeur"])
        ]
        if better.empty:
            continue
        sure = "" if row.confirme else " L'écart n'est pas confirmé : la question reste ouverte dans les deux sens."
        names = [str(name) for name in better["nom"].dropna()][:3] if each.noms_affiches else []
        who = f" À interroger d'abord : {french.enumerate_words(names)}." if names else ""
        yield (
            row.indicator.libelle,
            f"{french.agree(len(better), 'pair')} sur {len(values) - 1} {'montre' if len(better) == 1 else 'montrent'} une valeur plus favorable que {each.nom} "
            f"({row.valeur}, attendu {row.attendu}). Quelles pratiques, quelle organisation, quels outils l'expliquent ?{who}{sure}",
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
                "Les rangs que les données laissent possibles. Un intervalle large dit qu'un classement n'aurait pas de sens.",
            ),
            (
                "Deux lectures",
                "L'intervalle porte sur la façon d'acheter qui a produit les marchés publiés, et non sur ces marchés eux-mêmes, qui sont connus.",
            ),
        )
    )
