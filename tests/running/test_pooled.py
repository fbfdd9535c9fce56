"""A question asked of all authorities: the notebook runs, and what cannot be answered is said."""

import nbformat
import papermill
import pytest

from optima_lib.errors import ComparisonError, UnknownIndicatorError
from optima_lib.paths import NOTEBOOKS
from optima_lib.running.pooled import open_ensemble
from tests.running.market import write_towns


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ensemble")
    write_towns(folder, 30)
    return folder


def test_the_notebook_answers_its_question_in_full(towns, tmp_path):
    output = tmp_path / "20.ipynb"
    papermill.execute_notebook(
        NOTEBOOKS / "20_comparaisons_statistiques.ipynb",
        output,
        parameters={"donnees": str(towns), "indicateur": "C01", "question": "Les strates diffèrent-elles ?"},
        kernel_name="python3",
        progress_bar=False,
    )
    cells = [cell for cell in nbformat.read(output, 4).cells if cell.cell_type == "code"]
    pages = "".join(str(each.get("data", {}).get("text/html", "")) for cell in cells for each in cell.outputs)
    assert "Les strates diffèrent-elles" in pages
    assert "<figure" in pages
    assert "Les groupes, deux à deux" in pages


def test_members_and_others_are_told_by_a_file(towns, tmp_path):
    ensemble = open_ensemble("?", "C01", "strate", donnees=towns)
    sirens = list(ensemble.retenues["acheteur_siren"])
    path = tmp_path / "membres.csv"
    lines = [f"{siren},{'membre' if rank % 2 else 'autre'}" for rank, siren in enumerate(sirens)]
    path.write_text("\n".join(["acheteur_siren,groupe", *lines]) + "\n", encoding="utf-8")
    told = open_ensemble("?", "C01", str(path), donnees=towns)
    assert told.retenues["groupe"].value_counts().to_dict() == {"membre": 15, "autre": 15}
    assert told.resultat.n == {"autre": 15, "membre": 15}


def test_one_group_is_a_sentence_and_no_number(towns):
    told = open_ensemble("Une seule catégorie ?", "C01", "categorie", donnees=towns)
    assert "qu’un groupe" in told.resultat
    assert "Aucune paire" in told.paires()._repr_html_()


def test_what_is_not_known_is_said(towns, tmp_path):
    with pytest.raises(ComparisonError, match="strate"):
        open_ensemble("?", "C01", "strates", donnees=towns)
    with pytest.raises(ComparisonError, match="EPCI"):
        open_ensemble("?", "C01", "strate", parmi="EPCI", donnees=towns)
    with pytest.raises(UnknownIndicatorError):
        open_ensemble("?", "C99", "strate", donnees=towns)
    path = tmp_path / "membres.csv"
    path.write_text("siren,groupe\n1,a\n", encoding="utf-8")
    with pytest.raises(ComparisonError, match="colonnes"):
        open_ensemble("?", "C01", str(path), donnees=towns)


def test_every_authority_is_kept_or_left_out_with_its_reason(towns):
    told = open_ensemble("?", "C01", "strate", donnees=towns)
    assert len(told.retenues) + (told.table["laisse_de_cote"] != "").sum() == 30
    with pytest.raises(ComparisonError, match="assez de faits"):
        open_ensemble("?", "F02", "strate", donnees=towns)  # no company register: no size of firms
