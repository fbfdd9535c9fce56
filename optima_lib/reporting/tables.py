"""Accessible HTML tables: a caption, headers with their scope, French numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest

import pandas as pd

from optima_lib.evidence.finding import PHRASE, TABLEAU, Finding, finding
from optima_lib.reporting.french import NOTHING, is_missing
from optima_lib.reporting.texts import Shown, mark, refer, write_html

Format = Callable[[float | None], str]


@dataclass(frozen=True)
class Tableau(Shown):
    """A table as it stands on the page; JupyterLab shows it the same.

    Attributes
    ----------
    frame : pandas.DataFrame
        What it shows: the first column names the rows, the column names are the headers. The lines of a text after
        its first one are printed small, below it.
    titre : str
        Its caption.
    formats : dict
        How each numeric column is written; the others are text.
    note : str
        What one must know to read it.
    total : str
        The word that tells the rows of totals.
    dense : bool
        Printed small, for tables of many words.
    phrases : tuple of str
        A sentence per row, each a finding of its own; none by default.
    """

    frame: pd.DataFrame
    titre: str
    formats: dict[str, Format] = field(default_factory=dict)
    note: str = ""
    total: str = ""
    dense: bool = False
    phrases: tuple[str, ...] = ()

    def findings(self) -> list[Finding]:
        """Return the table as one finding, its columns and rows as they are printed; then those of its rows."""
        columns = [str(name) for name in self.frame.columns]
        rows = [
            [self._text(name, value) for name, value in zip(self.frame.columns, row, strict=True)]
            for row in self.frame.itertuples(index=False)
        ]
        whole = finding(TABLEAU, self.titre, donnees={"colonnes": columns, "lignes": rows}, note=self.note)
        return [whole, *(finding(PHRASE, each) for each in self.phrases)]

    def _repr_html_(self) -> str:
        told, *of_rows = self.findings()
        head = "".join(f'<th scope="col"{self._class(name)}>{write_html(name)}</th>' for name in self.frame.columns)
        found = zip_longest(self.frame.itertuples(index=False), of_rows)
        rows = "".join(self._row(row, one) for row, one in found)
        note = f'<p class="note">{write_html(self.note)}</p>' if self.note else ""
        title, kind = write_html(self.titre), "tableau dense" if self.dense else "tableau"
        return (
            f'<div class="{kind}" {mark(told)}><div class="defile" tabindex="0" role="group" aria-label="{title}"><table><caption>{title}{refer(told)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}</div>"
        )

    def _row(self, row: tuple[object, ...], told: Finding | None) -> str:
        cells = [
            f"<td{self._class(name)}>{_lines(self._text(name, value))}</td>"
            for name, value in zip(self.frame.columns[1:], row[1:], strict=True)
        ]
        first = self.frame.columns[0]
        kind = ' class="total"' if self.total and self.total in row else ""
        held, link = (f" {mark(told)}", refer(told)) if told else ("", "")
        return f'<tr{kind}{held}><th scope="row">{_lines(self._text(first, row[0]))}{link}</th>{"".join(cells)}</tr>'

    def _class(self, name: str) -> str:
        return ' class="nombre"' if name in self.formats else ""

    def _text(self, name: str, value: object) -> str:
        if is_missing(value) or value is pd.NA:
            return NOTHING
        return self.formats[name](value) if name in self.formats else str(value)  # type: ignore[arg-type]


def _lines(text: str) -> str:
    """Write the text of a cell as HTML; the lines after the first one are details."""
    first, *details = text.split("\n")
    return write_html(first) + "".join(f' <span class="detail">{write_html(each)}</span>' for each in details)
