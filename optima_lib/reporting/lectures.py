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
        return f"{french.agree(constat.effectif, 'marché')} exploitable sur {french.whole(constat.eligibles)}"
    return constat.appui


def phrases(etude: Etude, codes: tuple[str, ...]) -> Texte:
    """The sentences of some indicators, over the period."""
    return Texte(tuple(etude.constat(code).phrase() for code in codes))


def tableau_indicateurs(etude: Etude, codes: tuple[str, ...], titre: str) -> Tableau:
    """Some indicators with what each rests on, by legal person."""
    rows = [
        (find(code).libelle, label, constat.texte, constat.intervalle or french.NOTHING, _facts(constat))
        for code in codes
        for siren, label in etude.entites.items()
        for constat in [etude.constat(code, siren)]
    ]
    frame = pd.DataFrame(rows, columns=["Indicateur", "Entité", "Valeur", "Intervalle à 95 %", "Utilisés / concernés"])
    if len(etude.entites) == 1:
        frame = frame.drop(columns="Entité")
    least, enough = (french.whole(bound(name)) for name in ("effectif_minimal", "effectif_indicatif"))
    note = (
        f"« Données insuffisantes » : moins de {least} marchés exploitables ; ce n'est ni zéro, ni une absence d'anomalie. "
        f"« Indicatif » : moins de {enough} marchés, à lire avec son intervalle."
    )
    return Tableau(frame, titre, note=note)


def _facts(constat: Constat) -> str:
    facts = f"{french.whole(constat.effectif)} / {french.whole(constat.eligibles)}"
    return f"{facts} (indicatif)" if constat.statut == "indicatif" else facts


def comment_lire(codes: tuple[str, ...]) -> Liste:
    """How to read some indicators: what each measures, and its limits, as the dictionary says."""
    entries = [find(code) for code in codes]
    return Liste(tuple((each.libelle, f"{each.methode} {each.limites}".strip()) for each in entries))
