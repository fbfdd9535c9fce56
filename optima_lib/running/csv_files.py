"""Small CSV files that a partner or a researcher brings, about authorities: read whole, or refused with the line to mend."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from optima_lib.errors import ComparisonError
from optima_lib.indicators.measure import BUYER

LINE = "ligne"


def read_about_authorities(path: Path, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Return a CSV file about authorities as text, one row per line, whatever separates its columns.

    Parameters
    ----------
    path : Path
        UTF-8, commas or semicolons, a heading.
    columns : sequence of str
        The columns it must have, beside ``acheteur_siren``.

    Returns
    -------
    pandas.DataFrame
        Its columns, without spaces around the cells; ``ligne``, the number of the line in the file.

    Raises
    ------
    ComparisonError
        When the file cannot be read, lacks a column, has a line of another number of cells, or a SIREN is none.
    """
    rows = _rows(path)
    head = [name.strip() for name in rows[0][1]] if rows else []
    if lacking := [name for name in (BUYER, *columns) if name not in head]:
        raise ComparisonError(
            f"{path} doit avoir les colonnes {', '.join((BUYER, *columns))} (il manque {', '.join(lacking)}). Ajoutez-les."
        )
    for line, cells in rows[1:]:
        if len(cells) != len(head):
            raise ComparisonError(
                f"{path}, ligne {line} : {len(cells)} cases, quand l'en-tête en a {len(head)}. Donnez-en autant à chaque ligne."
            )
    table = pd.DataFrame([[cell.strip() for cell in cells] for _, cells in rows[1:]], columns=head, dtype=str)
    table[LINE] = [line for line, _ in rows[1:]]
    table[BUYER] = table[BUYER].str.replace(r"\s", "", regex=True)
    wrong = table[~table[BUYER].str.fullmatch("[0-9]{9}")]
    if len(wrong):
        raise ComparisonError(
            f"{path}, ligne {wrong[LINE].iloc[0]} : « {wrong[BUYER].iloc[0]} » n'est pas un SIREN, qui a neuf chiffres. "
            f"Enregistrez la colonne {BUYER} en texte, pour qu'un zéro du début n'y soit pas perdu."
        )
    return table


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the lines that hold something, with their numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ComparisonError(f"{path} n'est pas en UTF-8. Enregistrez-le en « CSV UTF-8 ».") from None
    head = re.split(r"\r?\n", text, maxsplit=1)[0]
    try:
        reader = csv.reader(text.splitlines(), delimiter=";" if ";" in head else ",", strict=True)
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise ComparisonError(
            f"{path} n'est pas un fichier CSV lisible : un guillemet n'est pas fermé. Corrigez-le."
        ) from None
