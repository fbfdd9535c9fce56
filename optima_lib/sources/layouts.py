"""Flat layouts: which published column is which of ours, declared in YAML, not coded.

A new layout is a new file in ``layouts/``: the columns that tell it (``requis``), and the name that each
published column has with us. Names are compared without accents, case, spaces nor punctuation, so that
``acheteur.id``, ``acheteur_id`` and ``Acheteur ID`` are one.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict

from optima_lib.sources.rows import gather

FOLDER = Path(__file__).parent / "layouts"
Kind = Literal["marches", "territoires", "entreprises", "etablissements", "cpv", "naf"]
SIGNED = 0.25  # a list of the NAF with its upper levels is for the most part of upper levels
REGISTERS = ("entreprises", "etablissements")


class Categories(BaseModel):
    """How a published code becomes a category of authority."""

    model_config = ConfigDict(extra="forbid")

    colonne: str
    valeurs: dict[str, str]


class Layout(BaseModel):
    """A flat layout, as its YAML file declares it.

    Attributes
    ----------
    nom, libelle, source : str
        Short name, French label, where the layout is published.
    donnees : {"marches", "territoires", "entreprises", "etablissements", "cpv", "naf"}
        What its rows are about.
    requis : list of str
        Published columns without which a file is not of this layout.
    signe : dict
        For column names that say little, the form that at least a quarter of the values of a
        published column have.
    colonnes : dict
        Published column of each of our columns.
    titulaires : list of dict
        For each place of supplier in a row, the published columns of ``titulaire_id``, ``titulaire_type_id``
        and ``titulaire_nom``.
    modification : dict
        Published columns of the modification that a row may carry.
    constantes : dict
        Columns with one value for the whole file.
    categories : Categories
        For territories, the codes of the kinds of authority.
    priorite : int
        For territories and nomenclatures, which file is right when two disagree (1 first).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    nom: str
    libelle: str
    source: str
    donnees: Kind
    requis: list[str]
    signe: dict[str, str] = {}
    colonnes: dict[str, str]
    titulaires: list[dict[str, str]] = []
    modification: dict[str, str] = {}
    constantes: dict[str, str] = {}
    categories: Categories | None = None
    priorite: int = 5

    def published(self) -> list[str]:
        """List every published column that the layout knows."""
        places = [column for place in self.titulaires for column in place.values()]
        return [*self.colonnes.values(), *places, *self.modification.values()]

    def missing(self, columns: list[str]) -> list[str]:
        """List the required columns that are not there."""
        seen = {fold(column) for column in columns}
        return [name for name in self.requis if fold(name) not in seen]

    def fits(self, frame: pl.DataFrame) -> bool:
        """Tell whether the first rows have the form of this layout, told by its signs."""
        return all(_share(frame, published, motif) >= SIGNED for published, motif in self.signe.items())


def _share(frame: pl.DataFrame, published: str, motif: str) -> float:
    """Return the share of the values of a published column that have a form."""
    formed = pick(frame, {"valeur": published}).select(pl.col("valeur").str.contains(motif).mean())
    return float(formed.item() or 0)


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every flat layout that is declared."""
    files = sorted(FOLDER.glob("*.yml"))
    return tuple(Layout(**yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


@cache
def fold(name: str) -> str:
    """Reduce a column name to what stays the same from one publisher to the next.

    Examples
    --------
    >>> fold("Id du marché ") == fold("id_du_marche")
    True
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def find_layout(columns: list[str]) -> Layout | None:
    """Return the layout whose required columns are all there, the one that knows most columns if several."""
    seen = {fold(column) for column in columns}
    fitting = [layout for layout in layouts() if not layout.missing(columns)]
    return max(fitting, key=lambda each: len(seen & {fold(name) for name in each.published()}), default=None)


def columns_to_read(columns: list[str]) -> list[str]:
    """Return the columns worth reading: all of them, but for a register, whose rows are by the million."""
    layout = find_layout(columns)
    if layout is None or layout.donnees not in REGISTERS:
        return columns
    known = {fold(name) for name in layout.published()}
    return [column for column in columns if fold(column) in known]


def nearest_layout(columns: list[str]) -> Layout:
    """Return the layout that lacks the smallest part of its required columns."""
    return min(layouts(), key=lambda each: len(each.missing(columns)) / len(each.requis))


def pick(frame: pl.DataFrame, wanted: dict[str, str]) -> pl.DataFrame:
    """Select published columns under our names.

    Parameters
    ----------
    frame : polars.DataFrame
        A table with published column names.
    wanted : dict
        Published column of each of our columns; those that are not there are left out.
    """
    ours = {fold(published): name for name, published in wanted.items()}
    return gather(frame, {column: ours[fold(column)] for column in frame.columns if fold(column) in ours})
