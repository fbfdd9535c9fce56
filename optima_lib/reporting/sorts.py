"""What became of the records about a partner: their sum, each named once, and what may still be counted twice."""

from collections import Counter

import pandas as pd

from optima_lib.reporting import french
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Texte

# What became of a record, and why: as a row of the table names it, and as the sum of records does.
FATES = {
    ("contrat", ""): ("Décrit un contrat", "qui décrivent un contrat"),
    ("contrat", "montant d'un autre lot"): (
        "Décrit un contrat, mais porte le montant d'un autre lot, qui ne compte pas",
        "dont le montant est celui d'un autre lot, et ne compte pas",
    ),
    ("doublon", ""): ("Répète un autre enregistrement", "qui en répètent un autre"),
}


def count_sorts(etude: Etude) -> dict[tuple[str, str], int]:
    """Return the number of the partner's records by what became of them, the most frequent first.

    The keys are the row that names them, and the words of the sum.
    """
    records = etude.enregistrements
    told = (_fate(*each) for each in zip(records["sort"], records["motif"].fillna(""), strict=True))
    return dict(Counter(told).most_common())


def _fate(fate: str, why: str) -> tuple[str, str]:
    """Name what became of a record."""
    if (fate, why) in FATES:
        return FATES[fate, why]
    row, words = FATES[fate, ""]
    return f"{row} ({why})", f"{words} ({why})"


def lecture(etude: Etude) -> Texte:
    """The sum of the records, each named once; the contracts that may be one under two numbers."""
    counted = count_sorts(etude)
    parts = [f"{french.whole(number)} {words}" for (_, words), number in counted.items()]
    total = french.agree(sum(counted.values()), "enregistrement lu")
    return Texte((f"{total} = {' + '.join(parts)}.", _possible_doubles(etude)))


def _possible_doubles(etude: Etude) -> str:
    alike = int(etude.marches["double_possible"].eq(other=True).sum())
    signs = "même acheteur, même jour de notification, même montant initial et mêmes titulaires"
    if not alike:
        return f"Aucun contrat ne ressemble à un autre publié sous un autre numéro ({signs})."
    resemble, are = (
        ("ressemble", "il n'est pas fusionné") if alike == 1 else ("ressemblent", "ils ne sont pas fusionnés")
    )
    return (
        f"{french.whole(alike)} des {french.agree(len(etude.marches), 'contrat')} {resemble} à un autre publié sous un autre "
        f"numéro ({signs}). Ce peut être le même contrat ou deux contrats voisins : {are}, et les totaux peuvent compter "
        "deux fois le même."
    )


def tableau(etude: Etude) -> Tableau:
    """What became of the records: used, merged, set aside, each with its reason."""
    told = [(row, number) for (row, _), number in count_sorts(etude).items()]
    aside = etude.ecartes.groupby("motif").size()
    told += [(f"Écarté des mêmes fichiers, acheteur inconnu ({why})", int(number)) for why, number in aside.items()]
    return Tableau(
        pd.DataFrame(told, columns=["Sort de l'enregistrement", "Nombre"]),
        "Ce que sont devenus les enregistrements",
        {"Nombre": french.whole},
        "Rien ne disparaît : chaque enregistrement lu décrit un contrat, répète un enregistrement nommé, ou figure "
        "dans la table « ecartes » avec son texte. Un contrat peut avoir plusieurs enregistrements : modifications, "
        "cotitulaires.",
    )
