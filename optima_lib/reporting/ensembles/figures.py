"""Figures of a pooled question below the authority: shrunken levels, a series and its limits."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from optima_lib.reporting.figures import INK, PALETTE, Write, draw

RAW, BAND = "#8a96a3", "#eef1f4"
SHORT = 34
STEPS = ((1, 1.5, 2, 3, 4, 5, 6, 8), (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,))  # round numbers of a power of ten
MARKS = 7  # numbers that an axis of factors bears
FAR = 3.0  # times the highest point, beyond which limits are cut
LABELS = 12  # dates written below an axis


def shrunken(frame: pd.DataFrame, centre: float, *, write: Write, named: bool, shift: float | None) -> bytes:
    """Draw the shrunken level of each authority, its interval, and its own mean.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``nom``, ``brut``, ``valeur``, ``ic_bas``, ``ic_haut``, in order.
    centre : float
        The level of all.
    write : callable
        Writes a value.
    named : bool
        Whether authorities are named.
    shift : float or None
        What is added before logarithms are taken; None where none are.
    """
    across = ["brut", "valeur", "ic_bas", "ic_haut"]
    frame = frame.assign(**(frame[across] + (shift or 0.0)))

    def paint(axes: Axes) -> None:
        place = np.arange(len(frame))
        axes.scatter(
            frame["brut"], place, facecolors="none", edgecolors=RAW, s=22, zorder=2, label="moyenne de ses faits"
        )
        axes.hlines(place, frame["ic_bas"], frame["ic_haut"], color=PALETTE[0], linewidth=1.2, zorder=3)
        axes.scatter(frame["valeur"], place, color=PALETTE[0], s=16, zorder=4, label="niveau rétréci")
        axes.axvline(centre + (shift or 0.0), color=INK, linewidth=1, linestyle="--", label=f"toutes : {write(centre)}")
        names = [_short(name) if named else "" for name in frame["nom"]]
        axes.set(yticks=place, yticklabels=names, xlabel="", ylabel="", ylim=(len(frame) - 0.4, -0.6))
        axes.tick_params(axis="y", labelsize=8, length=0)
        if shift is None:
            axes.set_xlim(*_window(frame))
            axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        else:
            _by_factors(axes, frame, shift)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: write(number - (shift or 0.0))))
        axes.grid(visible=False, axis="y")
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=9)

    return draw(paint, (0.17 if named else 0.09) * len(frame) + 1.2)


def _window(frame: pd.DataFrame) -> tuple[float, float]:
    """Return the part of the axis that levels and their intervals fill; own means may lie beyond."""
    low, high = float(frame["ic_bas"].min()), float(frame["ic_haut"].max())
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _by_factors(axes: Axes, frame: pd.DataFrame, shift: float) -> None:
    """Make equal factors equally long, with round numbers below."""
    low, high = float(frame["ic_bas"].min()), float(frame["ic_haut"].max())
    axes.set_xscale("log")
    axes.set_xlim(low / 1.1, high * 1.1)
    axes.xaxis.set_major_locator(FixedLocator([each + shift for each in round_numbers(low - shift, high - shift)]))
    axes.xaxis.set_minor_locator(NullLocator())


def round_numbers(low: float, high: float) -> list[float]:
    """Return a few round numbers between two, 0 among them: as fine as an axis can bear.

    Examples
    --------
    >>> round_numbers(-0.1, 30), round_numbers(18, 110)
    ([0.0, 1.0, 2.0, 5.0, 10.0, 20.0], [20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0])
    """
    told: list[float] = []
    for digits in STEPS:
        every = [0.0, *(digit * 10.0**power for power in range(12) for digit in digits)]
        told = [each for each in every if low <= each <= high]
        if len(told) <= MARKS:
            break
    return told


def _short(name: object) -> str:
    told = name if isinstance(name, str) else ""
    return told if len(told) <= SHORT else f"{told[:SHORT].rstrip()}…"


def series(frame: pd.DataFrame, *, write: Write, moment: int | None = None, label: str = "") -> bytes:
    """Draw a series of periods, with its centre and limits where there are some.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``nom`` of the period, ``valeur``, ``signal``; ``bas``, ``haut``, ``centre`` where there are limits; ``temoin`` where there is a control.
    write : callable
        Writes a value.
    moment : int, optional
        Place of the first period after a date.
    label : str
        What the series is; none by default.
    """

    def paint(axes: Axes) -> None:
        place = np.arange(len(frame))
        if "centre" in frame:
            axes.fill_between(place, frame["bas"], frame["haut"], step="mid", color=BAND, label="limites")
            axes.plot(place, frame["centre"], color=INK, linewidth=1, linestyle="--", label="moyenne")
        axes.plot(place, frame["valeur"], "o-", color=PALETTE[0], markersize=4, linewidth=1.2, label=label or None)
        if "temoin" in frame:
            axes.plot(place, frame["temoin"], "s--", color=RAW, markersize=4, linewidth=1.2, label="témoin")
        told = frame[frame["signal"]]
        if len(told):
            axes.scatter(told.index, told["valeur"], color=PALETTE[1], marker="D", s=46, zorder=5, label="signal")
        if moment is not None:
            axes.axvline(moment - 0.5, color=PALETTE[3], linewidth=1.5, label="date")
        top = float(frame["valeur"].max())
        if "centre" in frame and frame["haut"].max() > FAR * top > 0:  # limits that would flatten the points
            axes.set_ylim(top=FAR / 2 * top)
        step = -(-len(frame) // LABELS)
        axes.set(xticks=place[::step], xticklabels=frame["nom"][::step], xlabel="", ylabel="")
        axes.tick_params(axis="x", labelsize=8)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: write(height)))
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=9)

    return draw(paint, 3.2)
