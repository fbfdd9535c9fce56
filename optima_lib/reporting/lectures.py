"""Tables of indicators, and the notes that say how to read them, from the text of the dictionary."""

import pandas as pd

from optima_lib.indicators import find
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Chiffres, Liste, Texte


def chiffres(etude: Etude, labels: dict[str, str]) -> Chiffres:
    """Key figures of some indicators, under short labels."""
    found = [(label, etude.constat(code)) for code, label in labels.items()]
    return Chiffres(tuple((label, constat.texte, _support(constat)) for label, constat in found))


def _support(constat: Constat) -> str:
    if constat.statut not in {"calculé", "indicatif"}:
        return f"{french.agree(constat.effectif, *constat.fait)} exploitable sur {french.whole(constat.eligibles)}"
    return constat.appui


def phrases(etude: Etude, codes: tuple[str, ...]) -> Texte:
    """The sentences of some indicators, over the period."""
    return Texte(tuple(etude.constat(code).phrase() for code in codes))


def tableau_indicateurs(etude: Etude, codes: tuple[str, ...], titre: str) -> Tableau:
    """Some indicators, one column per legal person: the value, its interval, what it rests on."""
    rows = [(find(code).libelle, *(_cell(etude.constat(code, key)) for key in etude.entites)) for code in codes]
    names = list(etude.entites.values()) if len(etude.entites) > 1 else ["Valeur"]
    frame = pd.DataFrame(rows, columns=["Indicateur", *names])
    least, enough = (french.whole(bound(name)) for name in ("effectif_minimal", "effectif_indicatif"))
    note = (
        "Entre crochets, l'intervalle à 95 % ; puis les faits utilisés, rapportés aux faits concernés (marchés, le plus souvent). « Données "
        f"insuffisantes » : moins de {least} marchés exploitables ; ce n'est ni zéro, ni une absence d'anomalie. "
        f"« Indicatif » : moins de {enough} marchés."
    )
    return Tableau(frame, titre, note=note)


def _cell(constat: Constat) -> str:
    """Write a value with its interval and its support."""
    interval = f" [{constat.intervalle}]" if constat.intervalle else ""
    if constat.statut == "sans objet":
        return constat.statut
    used, concerned = french.whole(constat.effectif), french.whole(constat.eligibles)
    support = f"{used} / {concerned}" + (", indicatif" if constat.statut == "indicatif" else "")
    return f"{constat.texte}{interval} ({support})"


def comment_lire(codes: tuple[str, ...]) -> Liste:
    """How to read some indicators: what each measures, and its limits, as the dictionary says."""
    entries = [find(code) for code in codes]
    return Liste(tuple((each.libelle, f"{each.methode} {each.limites}".strip()) for each in entries))
