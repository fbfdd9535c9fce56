"""Figures and tables on a narrow screen, and what a drawing must not suggest."""

import re

import pandas as pd
import pytest
import seaborn as sns
from matplotlib.figure import Figure as Canvas

from optima_lib.reporting import concurrence, figures
from optima_lib.reporting.pages import TEMPLATE
from optima_lib.reporting.profil import tableau_montants
from tests.reporting.studies import TOWN, study_of


def painted(monkeypatch, draw):
    """Return the axes that a figure painted."""
    axes = Canvas().add_subplot()
    monkeypatch.setattr(figures, "draw", lambda paint, _: paint(axes))
    draw()
    return axes


def test_no_line_is_drawn_across_a_year_without_a_value(monkeypatch):
    numbers = {"valeur": [0.2, 0.3], "ic_bas": [0.1, 0.2], "ic_haut": [0.3, 0.4]}
    frame = pd.DataFrame({"annee": [2019, 2024], "entite": "Ville"} | numbers)
    axes = painted(monkeypatch, lambda: figures.intervals_by_year(frame, label="", write=str))
    line = axes.lines[0]
    assert list(line.get_xdata()) == [2019, 2020, 2021, 2022, 2023, 2024]
    assert pd.isna(line.get_ydata()).tolist() == [False, True, True, True, True, False]


@pytest.mark.parametrize("number", [1.0, 8.0, 12.0, 16.0, 21.0])
def test_a_number_is_readable_on_its_cell(monkeypatch, number):
    """WCAG 2, criterion 1.4.3: a contrast of 4.5 at least."""
    frame = pd.DataFrame([[number, 21.0]], index=["Procédure"], columns=["2018", "2019"])
    axes = painted(monkeypatch, lambda: figures.heatmap(frame, write=str, highest=21.0, label=""))
    cell = axes.collections[0].get_facecolor()[0]
    ink, ground = (sns.utils.relative_luminance(each) for each in (axes.texts[0].get_color(), cell))
    assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5


def test_a_wide_table_scrolls_by_itself_and_can_be_reached_by_the_keyboard():
    etude = study_of([{"annee": 2024, "montant_initial_eur": 10.0}], sirens=(TOWN,))
    shown = tableau_montants(etude)._repr_html_()
    assert re.search(r'<div class="defile" tabindex="0" role="group" aria-label="[^"]+"><table>', shown)
    style = (TEMPLATE / "style.css").read_text(encoding="utf-8")
    assert re.search(r"\.defile \{[^}]*overflow-x: auto", style)


def test_a_threshold_that_does_not_change_stands_on_one_row():
    """Works: 40 000, 70 000, then 100 000 euros from 9 December 2020 on (decree 2020-893, law 2020-1525 and after)."""
    frame = concurrence.tableau_seuils(study_of([{"annee": 2024}], sirens=(TOWN,))).frame
    works = frame[(frame["Seuil"] == "Dispense de publicité") & (frame["Achats"] == "travaux")]
    assert works["Montant hors taxes"].tolist() == [40_000, 70_000, 100_000]
    assert works["Consultations lancées"].tolist()[-1] == "depuis le 9\N{SPACE}décembre 2020"
