"""Seaborn figures for the page: a title, a caption, and an alternative text built from the data."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

from optima_lib.evidence.finding import FIGURE, Finding, finding
from optima_lib.reporting.french import percent, whole
from optima_lib.reporting.texts import Shown, mark, refer, write_html

PALETTE = ("#1b5e86", "#d98324", "#4b8b3b", "#8c4a8f", "#7a7a7a")
EMPTY, INK = "#eef1f4", "#1d2733"
EVEN_LUMINANCE = 0.179  # where black and white stand out alike (WCAG 2)
WIDTH = 8.2
STYLE = {
    **sns.axes_style("whitegrid"),
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.edgecolor": "#c9d1d8",
    "grid.color": "#e4e8ec",
    "svg.hashsalt": "optima",
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
Write = Callable[[float | None], str]


@dataclass(frozen=True)
class Figure(Shown):
    """A figure as it stands on the page; JupyterLab shows it the same.

    Attributes
    ----------
    svg : bytes
        The drawing.
    titre : str
        Its title, a sentence.
    alt : str
        What it shows, in words, with its main values.
    note : str
        Source and limits.
    """

    svg: bytes
    titre: str
    alt: str
    note: str = ""

    def findings(self) -> list[Finding]:
        """Return the figure as one finding: its alternative text says what it shows."""
        return [finding(FIGURE, self.titre, alternative=self.alt, note=self.note)]

    def _repr_html_(self) -> str:
        image = base64.b64encode(self.svg).decode()
        note = f'<span class="note">{write_html(self.note)}</span>' if self.note else ""
        title, told = write_html(self.titre), self.findings()[0]
        return (
            f"<figure {mark(told)}><figcaption><strong>{title}</strong>{refer(told)}{note}</figcaption>"
            f'<div class="defile" tabindex="0" role="group" aria-label="{title}">'
            f'<img src="data:image/svg+xml;base64,{image}" alt="{write_html(self.alt)}"></div></figure>'
        )


def draw(paint: Callable[[Axes], None], height: float) -> bytes:
    """Paint on a canvas of the page's width and return it as SVG."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(WIDTH, height), layout="constrained")
        axes = canvas.add_subplot()
        paint(axes)
        sns.despine(ax=axes, left=True)
        stream = io.BytesIO()
        canvas.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def bars_by_year(frame: pd.DataFrame, value: str, groups: str, *, label: str, write: Write = whole) -> bytes:
    """Draw one bar per year and group; a year without data keeps its empty place.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``annee``, the column of groups and that of values; every year of the period.
    """

    def paint(axes: Axes) -> None:
        order = [str(year) for year in sorted(frame["annee"].unique())]
        names = list(frame[groups].drop_duplicates())
        told = frame.assign(annee=frame["annee"].astype(str))
        sns.barplot(
            told, x="annee", y=value, hue=groups, order=order, hue_order=names, errorbar=None, ax=axes,
            palette=list(PALETTE[: len(names)]), legend=len(names) > 1,
        )  # fmt: skip
        for container in axes.containers:
            axes.bar_label(container, fmt=lambda height: write(height) if height else "", fontsize=8, padding=2)  # type: ignore[arg-type]
        axes.set(xlabel="", ylabel=label)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: write(height)))
        axes.margins(y=0.12)
        if axes.get_legend():
            sns.move_legend(axes, "upper left", bbox_to_anchor=(0, 1.14), ncols=len(names), title=None, frameon=False)

    return draw(paint, 3.1)


def bars_across(
    frame: pd.DataFrame,
    name: str,
    value: str,
    *,
    label: str,
    palette: tuple[str, ...] = PALETTE,
) -> bytes:
    """Draw one horizontal bar per row, in order, its value at its end.

    A column ``groupe`` gives the bars their colours, those of the palette in order.
    """

    def paint(axes: Axes) -> None:
        colours = {"hue": "groupe", "dodge": False} if "groupe" in frame else {"color": PALETTE[0]}
        count = frame["groupe"].nunique() if "groupe" in frame else 0
        shades = list(palette[:count]) if count else None
        sns.barplot(frame, x=value, y=name, errorbar=None, ax=axes, palette=shades, **colours)
        for container in axes.containers:
            axes.bar_label(container, fmt=lambda width: whole(width) if width else "", fontsize=9, padding=3)  # type: ignore[arg-type]
        axes.set(xlabel=label, ylabel="")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda width, _: whole(width)))
        axes.margins(x=0.1)
        axes.grid(visible=False, axis="y")
        if axes.get_legend():
            sns.move_legend(axes, "lower left", bbox_to_anchor=(0, 1), ncols=count, title=None, frameon=False)

    return draw(paint, 0.34 * len(frame) + 0.9)


def heatmap(frame: pd.DataFrame, *, write: Write, highest: float, label: str) -> bytes:
    """Draw a table of numbers as coloured cells; a missing number is an empty cell."""

    def paint(axes: Axes) -> None:
        text = frame.map(lambda value: "" if pd.isna(value) else write(value))
        sns.heatmap(
            frame.astype(float), annot=text, fmt="", cmap=sns.light_palette(PALETTE[0], as_cmap=True), vmin=0,
            vmax=highest, linewidths=1.5, linecolor="white", cbar=False, ax=axes, annot_kws={"fontsize": 8},
        )  # fmt: skip
        _contrast(axes, frame.shape[1])
        axes.set_facecolor(EMPTY)
        axes.grid(visible=False)
        axes.set(xlabel=label, ylabel="")
        axes.tick_params(axis="y", rotation=0, length=0)
        axes.tick_params(axis="x", rotation=0, length=0)

    return draw(paint, 0.34 * len(frame) + 0.8)


def _contrast(axes: Axes, columns: int) -> None:
    """Write each number in black or in white, which is read best on its cell."""
    cells = axes.collections[0].get_facecolor()
    for text in axes.texts:
        across, down = text.get_position()
        light = sns.utils.relative_luminance(cells[int(down) * columns + int(across)]) > EVEN_LUMINANCE
        text.set_color("black" if light else "white")


def intervals_by_year(frame: pd.DataFrame, *, label: str, write: Write) -> bytes:
    """Draw a value and its interval per year and entity; no line is drawn across a year without a value.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``annee``, ``entite``, ``valeur``, ``ic_bas``, ``ic_haut``.
    """

    def paint(axes: Axes) -> None:
        years = range(int(frame["annee"].min()), int(frame["annee"].max()) + 1)
        for rank, (name, some) in enumerate(frame.groupby("entite", sort=False)):
            rows = some.astype({"annee": int}).set_index("annee").reindex(years)
            place = rows.index.to_numpy(float) + 0.08 * rank
            below = (rows["valeur"] - rows["ic_bas"]).fillna(0)
            above = (rows["ic_haut"] - rows["valeur"]).fillna(0)
            axes.errorbar(
                place, rows["valeur"], yerr=[below, above], fmt="o-", capsize=3, color=PALETTE[rank], label=name,
                clip_on=False,
            )  # fmt: skip
        axes.set(xlabel="", ylabel=label, xticks=list(years), xlim=(years[0] - 0.4, years[-1] + 0.6))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: write(height)))
        axes.set_ylim(bottom=0)
        if (count := frame["entite"].nunique()) > 1:
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=count)

    return draw(paint, 3.1)


def rising(frame: pd.DataFrame, x: str, y: str, *, across: str, up: str) -> bytes:
    """Draw a share (0 to 1) that rises with a rank."""

    def paint(axes: Axes) -> None:
        axes.fill_between(frame[x], frame[y], color=PALETTE[0], alpha=0.15, step=None)
        sns.lineplot(frame, x=x, y=y, color=PALETTE[0], ax=axes)
        axes.set(xlabel=across, ylabel=up, ylim=(0, 1.02))
        axes.set_xlim(left=min(1, len(frame)))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: percent(height)))

    return draw(paint, 3.1)
