"""The dictionary of indicators, one French page each, written from the catalogue and the worked cases."""

import csv
import inspect
import textwrap
from pathlib import Path

from optima_lib.indicators import CATALOGUE, Indicator
from optima_lib.indicators.catalogue import THEMES
from optima_lib.references import bound, reference
from optima_lib.schemas import SCHEMAS

SENS = {"bas": "moins vaut mieux", "haut": "plus vaut mieux", "aucun": "ni plus ni moins ne vaut mieux"}
UNITES = {
    "nombre": "nombre",
    "eur": "euros hors taxes",
    "part": "part, de 0 à 1",
    "jours": "jours",
    "offres": "nombre d'offres",
    "indice": "indice, de 0 à 10 000",
    "nats": "nats",
    "mois": "mois",
    "ratio": "rapport, sans unité",
    "km": "kilomètres",
    "score": "score, de 0 à 100",
    "niveau": "niveau",
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

Les règles communes sont dans [conventions.md](../conventions.md). Un indicateur « à apporter » demande des données que la
collectivité a seule : sa page dit lesquelles, et il reste sans valeur jusque-là.
"""
HEAD = "| code | indicateur | unité | données |\n| --- | --- | --- | --- |"


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
    least, enough = (f"{bound(name):.0f}" for name in ("effectif_minimal", "effectif_indicatif"))
    themes = [_theme(letter, name) for letter, name in THEMES.items()]
    return "\n".join([INTRODUCTION.format(least=least, enough=enough), *themes])


def _theme(letter: str, name: str) -> str:
    """Return the table of the indicators of a theme, in order of their codes."""
    entries = sorted((each for each in CATALOGUE.values() if each.code[0] == letter), key=lambda each: each.code)
    fed = sum(each.define is not None for each in entries)
    rows = [
        f"| [{each.code}]({each.code}.md) | {each.libelle} | {UNITES[each.unite]} "
        f"| {'ouvertes' if each.define else 'à apporter'} |"
        for each in entries
    ]
    told = f"{len(entries)} indicateurs et variantes, dont {fed} que des données ouvertes nourrissent."
    return "\n".join([f"## {letter} – {name}\n\n{told}\n\n{HEAD}", *rows, ""])


def page(indicator: Indicator, cases: Path) -> str:
    """Return the page of an indicator."""
    parts = [
        f"# {indicator.code} – {indicator.libelle}",
        f"Thème : {indicator.theme}. Unité : {UNITES[indicator.unite]}. Lecture : {SENS[indicator.sens]}.",
        f"**Formule.** {indicator.formule}.",
        *_told(indicator),
        f"**Limites.** {indicator.limites}",
        f"**Source.** {indicator.source}",
        *_benchmarks(indicator.code),
    ]
    if indicator.define is not None:
        parts += [_case(indicator.code, cases), _code(indicator)]
    return "\n\n".join(parts) + "\n"


def _told(indicator: Indicator) -> list[str]:
    """Say how it is computed and from what, or what must be brought for it."""
    if indicator.define is None:
        return [
            f"**Ce qu'il demande.** {indicator.besoins}",
            "Les données ouvertes ne le nourrissent pas : son statut reste *données insuffisantes* jusque-là.",
        ]
    fields = ", ".join(f"`{name}`" for name in indicator.champs)
    return [
        f"**Méthode.** {indicator.methode}",
        f"**Exclusions et données manquantes.** {indicator.exclusions}",
        f"**Champs lus.** {fields} (table de faits `{indicator.shape.facts}`).",
    ]


def _benchmarks(code: str) -> list[str]:
    """Return the published values of the indicator, each with what makes it comparable or not."""
    rows = [row for row in reference("reperes") if row["indicateur"] == code.split(".", maxsplit=1)[0]]
    if not rows:
        return []
    head = "| valeur | année | périmètre | source | comparabilité |\n| --- | --- | --- | --- | --- |\n"
    told = [(row, row["valeur"].replace(".", ","), _source(row)) for row in rows]
    lines = [
        f"| {value} {row['unite']} | {row['annee']} | {row['perimetre']} | {source} | {row['note']} |"
        for row, value, source in told
    ]
    return ["## Repères publiés\n\n" + head + "\n".join(lines)]


def _source(row: dict[str, str]) -> str:
    """Write a source, with how sure it is where it was not read there."""
    return row["source"] if row["confiance"] == "vérifié" else f"{row['source']} ({row['confiance']})"


def _code(indicator: Indicator) -> str:
    """Write the code that defines it."""
    source = textwrap.dedent(inspect.getsource(indicator.define)) if indicator.define else ""
    body = source[source.index("def ") :]
    return f"## Code qui le calcule\n\n```python\n{body.rstrip()}\n```"


def _case(code: str, cases: Path) -> str:
    """Write the case worked by hand: the contracts, the rows of other tables, and what they must give."""
    others = {name: cases / f"{code}.{name}.csv" for name in SCHEMAS}
    told = [
        "## Cas calculé à la main",
        "Les marchés (`fois` : nombre de marchés semblables) :",
        _table(cases / f"{code}.csv"),
        *(part for name, path in others.items() if path.is_file() for part in (f"La table `{name}` :", _table(path))),
        "Ce qu'ils doivent donner :",
        _table(cases / f"{code}.expected.csv"),
    ]
    return "\n\n".join(told)


def _table(path: Path) -> str:
    """Write a CSV file as a Markdown table."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
