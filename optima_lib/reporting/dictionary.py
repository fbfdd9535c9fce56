"""The dictionary of indicators, one French page each, written from the catalogue and the worked cases."""

import csv
from pathlib import Path

from optima_lib.indicators import CATALOGUE, Indicator
from optima_lib.references import bound

SENS = {"bas": "moins vaut mieux", "haut": "plus vaut mieux", "aucun": "ni plus ni moins ne vaut mieux"}
UNITES = {
    "nombre": "nombre",
    "eur": "euros hors taxes",
    "part": "part, de 0 à 1",
    "jours": "jours",
    "offres": "nombre d'offres",
    "indice": "indice, de 0 à 10 000",
    "nats": "nats",
}
INTRODUCTION = """# Dictionnaire des indicateurs

Chaque indicateur se calcule pour tout acheteur et toute année, et dit toujours sur combien de marchés il repose.

- **effectif** : marchés utilisés ; **éligibles** : marchés concernés ; **couverture** : leur rapport.
- **intervalle** : à 95 %, là où la valeur est une estimation ; **bornes** : ce que vaudrait l'indicateur si toutes les
  données manquantes allaient dans un sens, puis dans l'autre.
- **statut** : *calculé* ; *indicatif* (moins de {enough} marchés utilisés) ; *données insuffisantes* (moins de {least}, ou
  aucune donnée exploitable : la valeur manque, elle n'est pas zéro) ; *sans objet* (aucun marché n'est concerné). Un nombre
  ou une somme n'est pas une estimation : il est donné quel que soit l'effectif.
- Une ligne d'`annee` vide réunit toutes les années.

| code | indicateur | thème | unité |
| --- | --- | --- | --- |
"""


def write_dictionary(folder: Path, cases: Path) -> list[Path]:
    """Write the page of each indicator and their index.

    Parameters
    ----------
    folder : Path
        Where the pages go.
    cases : Path
        Folder of the cases worked by hand.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = {f"{each.code}.md": page(each, cases) for each in CATALOGUE.values()} | {"README.md": index()}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def index() -> str:
    """Return the index of the dictionary."""
    rows = [
        f"| [{each.code}]({each.code}.md) | {each.libelle} | {each.theme} | {UNITES[each.unite]} |"
        for each in CATALOGUE.values()
    ]
    least, enough = (f"{bound(name):.0f}" for name in ("effectif_minimal", "effectif_indicatif"))
    return INTRODUCTION.format(least=least, enough=enough) + "\n".join(rows) + "\n"


def page(indicator: Indicator, cases: Path) -> str:
    """Return the page of an indicator."""
    parts = [
        f"# {indicator.code} – {indicator.libelle}",
        f"Thème : {indicator.theme}. Unité : {UNITES[indicator.unite]}. Lecture : {SENS[indicator.sens]}.",
        f"**Méthode.** {indicator.methode}",
        f"**Exclusions et données manquantes.** {indicator.exclusions}",
        f"**Limites.** {indicator.limites}",
        f"**Source.** {indicator.source}",
        f"## Cas calculé à la main\n\nLes marchés (`fois` : nombre de marchés semblables) :\n\n"
        f"{_table(cases / f'{indicator.code}.csv')}\n\nCe qu'ils doivent donner :\n\n"
        f"{_table(cases / f'{indicator.code}.expected.csv')}",
    ]
    return "\n\n".join(parts) + "\n"


def _table(path: Path) -> str:
    """Write a CSV file as a Markdown table."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
