"""Figures of a comparison: the funnel, and the authority among its peers."""

from collections.abc import Callable, Mapping
from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from optima_lib.comparison.funnel import Limits
from optima_lib.comparison.verdicts import EQUIVALENT, ETABLI, NEGLIGEABLE, NON_TRANCHE
from optima_lib.reporting.figures import EMPTY, INK, PALETTE, draw
from optima_lib.reporting.french import percent, whole

Write = Callable[[float | None], str]
PEERS, BAND = "#8a96a3", "#d3dce4"
SHORT, LONG = 34, 46
MANY = 25  # peers without a name, beyond which their lines are drawn closer
WIDEST = 6.0  # smallest gaps that matter, at which the overview is cut
MARKS = {
    ETABLI: ("D", PALETTE[1]),
    NEGLIGEABLE: ("s", PALETTE[3]),
    EQUIVALENT: ("o", PALETTE[0]),
    NON_TRANCHE: ("o", PEERS),
}


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
        axes.fill_between(limits.n, limits.low[narrow], limits.high[narrow], color=BAND, label="95 % des pairs")
        axes.axhline(target, color=INK, linewidth=1, label="moyenne des pairs")
        peers, own = values[~values["est_focale"]], values[values["est_focale"]]
        axes.scatter(peers["effectif"], peers["valeur"], color=PEERS, s=26, label="pairs", zorder=3, clip_on=False)
        axes.scatter(
            own["effectif"], own["valeur"], color=PALETTE[1], s=80, marker="D", label=name, zorder=4, clip_on=False
        )
        axes.set(xlabel="Marchés sur lesquels repose la valeur", ylabel="", ylim=_window(values, limits, wide))
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator(_round_numbers(float(limits.n[0]), float(limits.n[-1]))))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: whole(number)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(share)))
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=9)

    return draw(paint, 3.8)


def _window(values: pd.DataFrame, limits: Limits, level: float) -> tuple[float, float]:
    """Return the part of the scale of shares that values and limits fill, a little wider, within 0 and 1."""
    low = min(float(values["valeur"].min()), float(limits.low[level].min()))
    high = max(float(values["valeur"].max()), float(limits.high[level].max()))
    margin = max((high - low) * 0.06, 0.01)
    return max(low - margin, -0.02), min(high + margin, 1.02)


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
        axes.annotate(
            f"attendu : {write(expected)}", (expected, 1.0), xycoords=("data", "axes fraction"), ha="center", va="bottom",
            fontsize=9, annotation_clip=False,
        )  # fmt: skip
        labels = [_named(row, shown=shown, name=name) for row in values.itertuples()]
        axes.set(yticks=place, yticklabels=labels, xlabel="", ylabel="")
        axes.tick_params(axis="y", labelsize=8, length=0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: write(number)))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.set_ylim(len(values) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")

    return draw(paint, (0.17 if shown or len(values) < MANY else 0.09) * len(values) + 1.0)


def in_margins(frame: pd.DataFrame, names: Mapping[str, str]) -> bytes:
    """Draw gaps and their intervals, in smallest gaps that matter; an arrow tells a gap beyond the frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``nom``, ``ecart``, ``bas``, ``haut``, ``verdict``, in order.
    names : mapping of str to str
        The words of each verdict.
    """

    def paint(axes: Axes) -> None:
        axes.axvspan(-1, 1, color=EMPTY, zorder=0)
        axes.axvline(0, color=INK, linewidth=1, zorder=1)
        place = np.arange(len(frame))
        for verdict, (marker, colour) in MARKS.items():
            rows = frame["verdict"].to_numpy() == verdict
            told = frame[rows]
            if told.empty:
                continue
            decided, ends = verdict != NON_TRANCHE, told[["bas", "haut"]].clip(-WIDEST, WIDEST)
            axes.hlines(place[rows], ends["bas"], ends["haut"], color=colour, linewidth=2 if decided else 1, zorder=2)
            inside, size = told["ecart"].abs() <= WIDEST, 34 if decided else 14
            axes.scatter(
                told["ecart"].where(inside), place[rows], marker=marker, color=colour, s=size, zorder=3,
                label=names[verdict], clip_on=False,
            )  # fmt: skip
            for sign, arrow in ((1, ">"), (-1, "<")):
                beyond = ~inside & (np.sign(told["ecart"]) == sign)
                edge = np.full(int(beyond.sum()), sign * WIDEST)
                axes.scatter(edge, place[rows][beyond], marker=arrow, color=colour, s=size, zorder=3, clip_on=False)
        axes.set(yticks=place, yticklabels=[_in_two_lines(name) for name in frame["nom"]], xlabel="", ylabel="")
        axes.set(xlim=(-WIDEST, WIDEST), ylim=(len(frame) - 0.4, -0.6))
        axes.tick_params(axis="y", labelsize=7.5, length=0)
        axes.set_xlabel("écart aux pairs, en seuils d'intérêt", fontsize=9)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{'+' if number > 0 else ''}{whole(number)}"))
        axes.grid(visible=False, axis="y")
        axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=4, fontsize=9)

    tall = any("\n" in _in_two_lines(name) for name in frame["nom"])
    return draw(paint, (0.265 if tall else 0.19) * len(frame) + 1.3)


def _in_two_lines(name: str) -> str:
    """Break a long name near its middle; what is still too long is cut.

    Examples
    --------
    >>> _in_two_lines("Part du montant ferme dont le titulaire est établi dans la commune de l'acheteur").splitlines()
    ['Part du montant ferme dont le titulaire est', "établi dans la commune de l'acheteur"]
    """
    if len(name) <= LONG:
        return name
    first, *rest = wrap(name, max(len(name) // 2 + 4, LONG - 8))
    return "\n".join([first, _short(" ".join(rest), LONG + 8)])


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[:most].rstrip()}…"


def _named(row: object, *, shown: bool, name: str) -> str:
    if row.est_focale:  # type: ignore[attr-defined]
        return name
    told = str(row.nom) if shown and isinstance(row.nom, str) else ""  # type: ignore[attr-defined]
    return _short(told, SHORT)
