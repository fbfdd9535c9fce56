"""Figures of a comparison: the funnel, and the authority among its peers."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from optima_lib.comparison.funnel import Limits
from optima_lib.reporting.figures import EMPTY, INK, PALETTE, draw
from optima_lib.reporting.french import percent, whole

Write = Callable[[float | None], str]
PEERS = "#8a96a3"
SHORT = 34


def funnel(values: pd.DataFrame, limits: Limits, target: float, name: str) -> bytes:
    """Draw shares against numbers of facts, with the limits within which peers usually stand.

    Parameters
    ----------
    values : pandas.DataFrame
        ``valeur``, ``effectif``, ``est_focale``.
    limits : Limits
        The limits along the number of facts.
    target : float
        The mean of the peers.
    name : str
        The authority's name.
    """

    def paint(axes: Axes) -> None:
        wide, narrow = 0.998, 0.95
        axes.fill_between(limits.n, limits.low[wide], limits.high[wide], color=EMPTY, label="99,8 % des pairs")
        axes.fill_between(limits.n, limits.low[narrow], limits.high[narrow], color="#d3dce4", label="95 % des pairs")
        axes.axhline(target, color=INK, linewidth=1, label="moyenne des pairs")
        peers, own = values[~values["est_focale"]], values[values["est_focale"]]
        axes.scatter(peers["effectif"], peers["valeur"], color=PEERS, s=26, label="pairs", zorder=3)
        axes.scatter(own["effectif"], own["valeur"], color=PALETTE[1], s=80, marker="D", label=name, zorder=4)
        axes.set(xlabel="Marchés sur lesquels repose la valeur", ylabel="", ylim=(-0.02, 1.02))
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator(_round_numbers(float(limits.n[0]), float(limits.n[-1]))))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: whole(number)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(share)))
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=9)

    return draw(paint, 3.8)


def _round_numbers(low: float, high: float) -> list[float]:
    """Return the round numbers (1, 2, 5, 10, 20 and so on) between two numbers.

    Examples
    --------
    >>> _round_numbers(4, 120)
    [5.0, 10.0, 20.0, 50.0, 100.0]
    """
    told = [float(digit * 10**power) for power in range(9) for digit in (1, 2, 5)]
    return [each for each in told if low <= each <= high]


def among_peers(values: pd.DataFrame, expected: float, *, write: Write, shown: bool, name: str) -> bytes:
    """Draw the authority and its peers, from the highest value to the lowest, with their intervals.

    Parameters
    ----------
    values : pandas.DataFrame
        ``nom``, ``valeur``, ``ic_bas``, ``ic_haut``, ``est_focale``, in order.
    expected : float
        What the peers make expect of the authority.
    write : callable
        Writes a value.
    shown : bool
        Whether peers are named.
    name : str
        The authority's name.
    """

    def paint(axes: Axes) -> None:
        place = np.arange(len(values))
        for focal, colour in ((False, PEERS), (True, PALETTE[1])):
            rows = values["est_focale"].to_numpy() == focal
            told = values[rows]
            below, above = (
                (told["valeur"] - told["ic_bas"]).clip(lower=0),
                (told["ic_haut"] - told["valeur"]).clip(lower=0),
            )
            axes.errorbar(
                told["valeur"], place[rows], xerr=[below, above], fmt="D" if focal else "o", color=colour,
                capsize=2, markersize=7 if focal else 4, linewidth=2 if focal else 1, zorder=4 if focal else 3,
            )  # fmt: skip
        axes.axvline(expected, color=INK, linewidth=1, linestyle="--")
        axes.annotate("attendu", (expected, -0.9), ha="center", va="bottom", fontsize=9, annotation_clip=False)
        labels = [_named(row, shown=shown, name=name) for row in values.itertuples()]
        axes.set(yticks=place, yticklabels=labels, xlabel="", ylabel="")
        axes.tick_params(axis="y", labelsize=8, length=0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: write(number)))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.set_ylim(len(values) - 0.4, -1.2)
        axes.grid(visible=False, axis="y")

    return draw(paint, 0.17 * len(values) + 1.0)


def _named(row: object, *, shown: bool, name: str) -> str:
    if row.est_focale:  # type: ignore[attr-defined]
        return name
    told = str(row.nom) if shown and isinstance(row.nom, str) else ""  # type: ignore[attr-defined]
    return told if len(told) <= SHORT else f"{told[:SHORT]}…"
