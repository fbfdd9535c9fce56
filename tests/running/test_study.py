"""``optima study`` on the invented authority: complete pages, or the last good report untouched."""

from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from lxml import html

from optima_lib import open_study
from optima_lib.cli import main
from optima_lib.evidence.ledger import REQUIRED, read_ledger
from optima_lib.indicators import CATALOGUE
from optima_lib.partners import CHAPTERS
from optima_lib.running import chapters
from optima_lib.running.clean import clean
from optima_lib.running.exemple_base import make_base
from optima_lib.running.show_peers import told_peers

CHAPTER = "02_profil_des_achats"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The demonstration, run once: its data and its reports."""
    folder = tmp_path_factory.mktemp("demonstration")
    data, reports = folder / "data", folder / "reports"
    result = CliRunner().invoke(main, ["demo", "--data", str(data), "--reports", str(reports)])
    assert result.exit_code == 0, result.output
    index = Path(result.output.splitlines()[-1].removeprefix("Rapport : "))
    return data, reports, index


@pytest.fixture(scope="module", params=["01_donnees_et_limites", CHAPTER, "index"])
def page(request, folders):
    return html.fromstring((folders[2].parent / f"{request.param}.html").read_bytes())


def test_the_demonstration_ends_with_the_path_of_its_report(folders):
    assert folders[2].is_file()
    chapters = {f"{name}.html" for name in CHAPTERS}
    assert {path.name for path in folders[2].parent.iterdir()} == chapters | {
        "constats.jsonl",
        "index.html",
        "annexe_constats.html",
    }


@pytest.fixture(scope="module")
def findings(folders):
    return list(read_ledger(folders[2].parent))


def test_every_finding_leads_to_its_facts_and_sources(findings):
    assert len({each["id"] for each in findings}) == len(findings)
    for each in findings:
        assert set(REQUIRED) <= set(each)
        assert each["methode"]
        assert each["texte"]
        assert each["statut"] in {"exploratoire", "confirmatoire"}
        assert all(len(source["sha256"]) == 64 for source in each["entrees"])
        assert each["code"]["empreinte"]


def test_every_indicator_of_every_legal_person_is_a_finding(findings):
    measured = [each for each in findings if "lieu" not in each]
    assert len(measured) == 3 * len(CATALOGUE)
    for each in measured:
        assert each["effectif"] <= each["eligibles"]
        assert (each["valeur"] is None) == (each["verdict"] in {"données insuffisantes", "sans objet"})


def bare_digits(page):
    """Return the texts of a page with a digit that no finding stands behind."""
    found = []
    for element in page.find(".//main").iter():
        held = any(each.get("data-constat") for each in (element, *element.iterancestors()))
        texts = [element.text or "", *(child.tail or "" for child in element)]
        if not held:
            found += [text for text in texts if any(sign.isdigit() for sign in text)]
    return found


def test_a_bare_digit_is_seen():
    page = html.fromstring('<html><main><p>Il y a 3 contrats.</p><p data-constat="ab">4</p></main></html>')
    assert bare_digits(page) == ["Il y a 3 contrats."]


def test_no_number_is_printed_without_a_finding_behind_it(page, findings):
    assert not bare_digits(page)
    known = {each["cle"] for each in findings}
    assert {each.get("data-constat") for each in page.iter() if each.get("data-constat")} <= known


def test_the_text_of_each_finding_is_on_its_page(findings, folders):
    for each in findings:
        if each.get("lieu") and each["genre"] == "phrase":
            text = (folders[2].parent / f"{each['lieu']['chapitre']}.html").read_text(encoding="utf-8")
            assert f'data-constat="{each["cle"]}"' in text


def test_the_annex_tells_each_thing_printed(findings, folders):
    text = (folders[2].parent / "annexe_constats.html").read_text(encoding="utf-8")
    annex = html.fromstring(text)
    rows = {each.get("id") for each in annex.iter("tr") if each.get("id")}
    assert rows == {each["cle"] for each in findings if each.get("lieu")}
    assert annex.get("lang") == "fr"


def test_a_page_is_french_and_has_one_title_and_one_main_part(page):
    assert page.get("lang") == "fr"
    assert page.findtext(".//title")
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//main")) == 1


def test_the_levels_of_headings_leave_no_gap(page):
    levels = [int(each.tag[1]) for each in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_link_inside_a_page_leads_somewhere(page, folders):
    annex = html.fromstring((folders[2].parent / "annexe_constats.html").read_text(encoding="utf-8"))
    anchors = {"": page, "annexe_constats.html": annex}
    known = {name: {each.get("id") for each in told.iter() if each.get("id")} for name, told in anchors.items()}
    for link in page.iter("a"):
        file, _, anchor = link.get("href").partition("#")
        assert not file or (folders[2].parent / file).is_file(), file
        assert not anchor or anchor in known[file], anchor


def test_every_figure_has_words_made_of_its_data(page):
    for image in page.iter("img"):
        words = image.get("alt")
        assert len(words) > 60
        assert any(sign.isdigit() for sign in words)
        assert "No description" not in words


def test_every_table_has_a_caption_and_headers_with_their_scope(page):
    for table in page.iter("table"):
        assert table.findtext("caption")
        for header in table.iter("th"):
            assert header.get("scope") in {"col", "row"}
            assert header.text_content().strip()


def test_no_code_and_no_unformatted_number_is_on_the_page(page):
    text = page.find(".//main").text_content()
    assert "etude." not in text
    for sign in ("nan", "NaN", "None", "<NA>", "Traceback"):
        assert sign not in text.split()


def test_the_page_says_that_the_data_are_invented(page):
    assert "Données inventées" in page.text_content()


def test_a_notebook_opened_by_hand_works_on_the_invented_authority(tmp_path):
    etude = open_study("exemple", tmp_path / "nulle part")
    assert len(etude.marches) > 500
    assert set(etude.entites) == {"210000014", "240000018", "ensemble"}
    assert etude.figure("S01").alt


def test_the_whole_is_the_sum_of_the_legal_persons(folders):
    etude = open_study("exemple", folders[0])
    for code in ("S01", "S02", "S03"):
        values = etude.indicateur(code)
        values = values[values["annee"].isna()].set_index("acheteur_siren")["valeur"]
        assert values["ensemble"] == pytest.approx(values["210000014"] + values["240000018"])


def broken(tmp_path, monkeypatch, change):
    """Put a changed copy of the notebooks in the place of ours."""
    for source in chapters.NOTEBOOKS.glob("*.ipynb"):
        notebook = nbformat.read(source, as_version=4)
        if source.stem == CHAPTER:
            change(notebook)
        nbformat.write(notebook, tmp_path / source.name)
    monkeypatch.setattr(chapters, "NOTEBOOKS", tmp_path)


def fail(notebook):
    notebook.cells[4].source = "1 / 0"


def show_nothing(notebook):
    notebook.cells[4].source += ";"


def rename_a_parameter(notebook):
    notebook.cells[1].source = notebook.cells[1].source.replace("donnees:", "donnes:")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (fail, "a échoué à la cellule de code n° 4 (section « Profil des achats », « 1 / 0 ») : ZeroDivisionError"),
        (show_nothing, "n'a pas produit ce que promet la cellule de code n° 4"),
        (rename_a_parameter, "doit avoir une cellule étiquetée « parameters »"),
    ],
)
def test_a_failed_chapter_leaves_the_last_good_report_untouched(folders, tmp_path, monkeypatch, change, words):
    data, reports, index = folders
    before = {path.name: path.read_bytes() for path in index.parent.iterdir()}
    broken(tmp_path, monkeypatch, change)
    result = CliRunner().invoke(main, ["study", "exemple", "--data", str(data), "--reports", str(reports)])
    assert result.exit_code == 1
    assert words in result.output
    assert CHAPTER in result.output
    assert "Traceback" not in result.output
    assert {path.name: path.read_bytes() for path in index.parent.iterdir()} == before
    assert [path.name for path in index.parent.parent.iterdir()] == [index.parent.name]


def test_an_unknown_siren_is_said_with_the_nearest_names(folders):
    result = CliRunner().invoke(main, ["study", "pau", "--data", str(folders[0]), "--reports", str(folders[1])])
    assert result.exit_code == 1
    assert "216404459" in result.output
    assert "noms les plus proches : Ville" in result.output


def test_data_that_are_not_there_are_said_with_the_cure(tmp_path):
    result = CliRunner().invoke(main, ["measure", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "optima clean" in result.output


def test_a_campaign_has_a_name_that_a_folder_may_have(folders):
    arguments = ["study", "exemple", "--campaign", "../ailleurs", "--data", str(folders[0])]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "Campagne" in result.output


def test_the_invented_authority_leaves_the_base_when_real_files_come_in(folders, tmp_path):
    data = tmp_path / "data"
    make_base(data)
    mine = tmp_path / "marches.json"
    mine.write_bytes((folders[0] / "exemple" / "raw" / "exemple_decp-2022_2024.json").read_bytes())
    cleaning = clean([mine], data)
    assert list(cleaning.fichiers["fichier"]) == ["marches.json"]


def test_show_tells_all_that_is_behind_a_number_down_to_the_contracts(folders, findings):
    data, reports, _ = folders
    one = next(each for each in findings if each["indicateur"] == "C01" and each.get("entite") == "210000014")
    result = CliRunner().invoke(main, ["show", one["id"], "--data", str(data), "--reports", str(reports), "--all"])
    assert result.exit_code == 0, result.output
    for words in (one["texte"], "docs/indicateurs/C01.md", "empreinte", "fichiers lus", "contrats concernés"):
        assert words in result.output
    etude = open_study("exemple", data)
    behind = etude.contrats("C01", "210000014")
    assert all(uid in result.output for uid in behind["uid"])


def test_show_tells_the_peers_behind_a_comparison(folders, findings):
    data, reports, _ = folders
    one = next(each for each in findings if (each.get("comparaison") or {}).get("pairs") and each.get("entite"))
    result = CliRunner().invoke(main, ["show", one["id"], "--data", str(data), "--reports", str(reports), "--all"])
    lines = result.output.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("  pairs : "))
    number = int(one["comparaison"]["pairs"])
    assert lines[start].startswith(f"  pairs : {number}, de la valeur la plus élevée")
    peers = [line.split(" | ") for line in lines[start + 1 : start + 1 + number]]
    assert all(len(each) == 4 and each[0].strip().isdigit() and each[0].strip() != one["entite"] for each in peers)
    assert len({each[0] for each in peers}) == number
    assert "ont changé" not in result.output


def test_show_says_that_a_comparison_is_no_longer_made(folders, findings):
    one = next(each for each in findings if (each.get("comparaison") or {}).get("pairs") and each.get("entite"))
    for gone in ("P07", "C99"):  # one that is not compared, one that has no value at all
        told = list(told_peers(one | {"indicateur": gone}, folders[0], first=None))
        assert len(told) == 1
        assert "n'y est plus comparé" in told[0]


def test_show_says_what_it_does_not_know(folders):
    result = CliRunner().invoke(main, ["show", "rien-de-tel", "--data", str(folders[0]), "--reports", str(folders[1])])
    assert result.exit_code == 1
    assert "rien-de-tel" in result.output
