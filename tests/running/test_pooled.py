"""A question asked of all authorities: the notebook runs, and what cannot be answered is said."""

import nbformat
import papermill
import pytest

from optima_lib.errors import ComparisonError, UnknownIndicatorError
from optima_lib.indicators import CATALOGUE
from optima_lib.paths import NOTEBOOKS
from optima_lib.running.pooled import open_ensemble
from tests.running.market import write_towns

SECTIONS = ("reponse", "effectifs", "figure", "paires", "marches", "niveaux", "annees", "trimestres", "methode")
NEEDS_RECORDS = next(code for code, each in CATALOGUE.items() if each.define is None)


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
    assert "Rapport de cotes" in pages
    assert "rétréci" in pages
    assert "à collectivité égale" in pages
    assert "trimestre par trimestre" in pages


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
    assert told.resultat.endswith(
        "un seul groupe, « commune », a plusieurs collectivités qui ont une valeur. Prenez d'autres groupes."
    )
    limited = open_ensemble("", "C01", "categorie", parmi="commune", donnees=towns)
    assert limited.resultat.endswith("Videz le paramètre « parmi » (« commune ») ou prenez d'autres groupes.")
    assert "Aucune paire" in told.paires()._repr_html_()


def test_an_empty_question_is_made_of_the_other_parameters(towns):
    told = open_ensemble("", "C01", "strate", parmi="commune", donnees=towns)
    start = "les communes diffèrent-elles selon la strate\u202f?"
    assert start in told.reponse()._repr_html_()
    assert "par strate, parmi\xa0: commune" in told.effectifs()._repr_html_()
    assert open_ensemble("Laquelle ?", "C01", "strate", donnees=towns).demande == "Laquelle ?"


def test_authorities_of_the_files_out_of_the_base_are_told(towns, tmp_path):
    sirens = list(open_ensemble("", "C01", "strate", donnees=towns).retenues["acheteur_siren"])
    members, term = tmp_path / "membres.csv", tmp_path / "terme.csv"
    lines = [
        f"{siren},{'membre' if rank % 2 else 'autre'}" for rank, siren in enumerate([*sirens, "999999998", "999999999"])
    ]
    members.write_text("\n".join(["acheteur_siren,groupe", *lines]) + "\n", encoding="utf-8")
    term.write_text("acheteur_siren,annee,valeur\n999999997,2023,1\n999999997,2024,2\n", encoding="utf-8")
    note = open_ensemble("", "C01", str(members), terme=str(term), donnees=towns).effectifs().note
    assert "2 SIREN de membres.csv ne sont pas dans la base : 999999998, 999999999." in note
    assert "1 SIREN de terme.csv n'est pas dans la base : 999999997." in note
    members.write_text("acheteur_siren,groupe\n999999999,a\n", encoding="utf-8")
    with pytest.raises(ComparisonError, match=r"Aucun SIREN de membres.csv n'est dans la base. Vérifiez"):
        open_ensemble("", "C01", str(members), donnees=towns)


def test_pairs_and_contracts_are_read_in_the_same_direction(towns, tmp_path):
    sirens = list(open_ensemble("", "C01", "strate", donnees=towns).retenues["acheteur_siren"])
    members = tmp_path / "membres.csv"
    lines = [f"{siren},{'autre' if rank % 3 else 'membre'}" for rank, siren in enumerate(sirens)]
    members.write_text("\n".join(["acheteur_siren,groupe", *lines]) + "\n", encoding="utf-8")
    told = open_ensemble("", "C01", str(members), estimand="moyennes", donnees=towns)
    assert told._marches.reference == "autre"
    (pair,) = told.ecarts
    assert (pair.first, pair.second) == ("membre", "autre")
    means = told.retenues.groupby("groupe")["valeur"].mean()
    assert pair.estimate == pytest.approx(means["membre"] - means["autre"])
    assert "« autre » vient en second" in told.paires().note


def test_what_is_not_known_is_said(towns, tmp_path):
    with pytest.raises(ComparisonError, match="strate"):
        open_ensemble("?", "C01", "strates", donnees=towns)
    with pytest.raises(ComparisonError, match="EPCI"):
        open_ensemble("?", "C01", "strate", parmi="EPCI", donnees=towns)
    with pytest.raises(UnknownIndicatorError):
        open_ensemble("?", "C99", "strate", donnees=towns)
    path = tmp_path / "membres.csv"
    path.write_text("siren,groupe\n100000000,a\n", encoding="utf-8")
    with pytest.raises(ComparisonError, match="colonnes"):
        open_ensemble("?", "C01", str(path), donnees=towns)


def test_every_authority_is_kept_or_left_out_with_its_reason(towns):
    told = open_ensemble("?", "C01", "strate", donnees=towns)
    assert len(told.retenues) + (told.table["laisse_de_cote"] != "").sum() == 30


def test_where_nobody_has_a_value_each_section_says_so(towns):
    told = open_ensemble(
        "?", "F02", "strate", date="2024-01-01", donnees=towns
    )  # no company register: no size of firms
    assert "assez de faits" in told.resultat
    assert told.table["laisse_de_cote"].ne("").all()
    for section in SECTIONS:
        page = getattr(told, section)()._repr_html_()
        assert page
        assert "<table" not in page
        assert "<figure" not in page


def test_below_the_authorities_all_their_contracts_are_read(towns):
    told = open_ensemble("?", "C01", "categorie", donnees=towns)
    assert len(told.details.faits) == 1800
    assert told.details.faits["valeur"].isin([0, 1]).all()
    assert sorted(told.details.annees["annee"].unique()) == [2023, 2024]
    assert "de la variation tient à la collectivité" in told.niveaux()._repr_html_()
    assert "vues plusieurs années" in told.annees()._repr_html_()
    assert "il en faut 12 au moins" in told.trimestres()._repr_html_()


def test_members_and_a_term_are_told_by_files(towns, tmp_path):
    sirens = list(open_ensemble("?", "C01", "strate", donnees=towns).retenues["acheteur_siren"])
    members, term = tmp_path / "membres.csv", tmp_path / "terme.csv"
    lines = [f"{siren};{'membre' if rank % 3 else 'autre'}" for rank, siren in enumerate(sirens)]
    members.write_text("\n".join(["acheteur_siren;groupe", *lines]) + "\n", encoding="utf-8")
    moved = [f"{siren};{year};{(rank * year) % 5},5" for rank, siren in enumerate(sirens) for year in (2023, 2024)]
    term.write_text("\n".join(["acheteur_siren;annee;valeur", *moved]) + "\n", encoding="utf-8")
    told = open_ensemble("?", "C01", str(members), terme=str(term), donnees=towns)
    assert "« autre »" in told.marches()._repr_html_().replace("\xa0", " ")
    assert "quand son terme augmente" in told.annees()._repr_html_()
    assert [point[0] for point in told.methode().points][2:6] == ["Marchés", "Niveaux", "Années", "Trimestres"]


def test_a_control_group_has_its_own_quarters(towns, tmp_path):
    sirens = list(open_ensemble("?", "S01", "strate", donnees=towns).retenues["acheteur_siren"])
    members = tmp_path / "membres.csv"
    lines = [f"{siren};{'membre' if rank % 3 else 'autre'}" for rank, siren in enumerate(sirens)]
    members.write_text("\n".join(["acheteur_siren;groupe", *lines]) + "\n", encoding="utf-8")
    told = open_ensemble("?", "S01", str(members), date="2024-01-01", temoin="autre", donnees=towns)
    assert told.details.contre[["valeur", "temoin"]].sum().tolist() == [1200, 600]  # 20 and 10 towns of 60 contracts
    assert "il en faut 8 de chaque côté" in told.trimestres()._repr_html_()
    with pytest.raises(ComparisonError, match="Vouliez-vous dire « autre »"):
        open_ensemble("?", "S01", str(members), date="2024-01-01", temoin="autres", donnees=towns)


def test_wrong_parameters_are_said_before_the_tables_are_read(tmp_path):
    with pytest.raises(ComparisonError, match="AAAA-MM-JJ"):
        open_ensemble("?", "C01", "strate", date="demain", donnees=tmp_path / "absent")
    with pytest.raises(UnknownIndicatorError, match="ne se calcule pas"):
        open_ensemble("?", NEEDS_RECORDS, "strate", donnees=tmp_path / "absent")


@pytest.mark.parametrize(
    ("code", "said"),
    [("F01", "ne se compare pas. Croît avec le nombre de marchés"), ("S01", "c'est un total"), ("C01", "")],
)
def test_what_grows_with_the_size_of_an_authority_is_said(towns, code, said):
    told = open_ensemble("?", code, "strate", donnees=towns)
    assert said in told.reserve
    assert bool(told.reserve) == bool(said)
    assert (told.reserve or "?") in told.reponse().paragraphes


def test_a_path_that_no_system_looks_for_is_no_file(towns):
    with pytest.raises(ComparisonError, match="ni un fichier"):
        open_ensemble("?", "C01", "x" * 5000, donnees=towns)
