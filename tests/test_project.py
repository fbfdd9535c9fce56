"""The project's files agree with one another."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from optima_lib import __version__
from optima_lib.indicators import CATALOGUE
from optima_lib.partners import load_partner
from optima_lib.paths import REFERENCES
from optima_lib.reporting.dictionary import index, page
from optima_lib.schemas import SCHEMAS, columns

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {"matplotlib-base": "matplotlib", "python-duckdb": "duckdb"}


def requirements(texts):
    parsed = [Requirement(text) for text in texts]
    return {canonicalize_name(each.name): str(each.specifier) for each in parsed}


def locked(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]+\])?==([^\s;\\]+)", text, flags=re.MULTILINE):
        found.setdefault(canonicalize_name(package), []).append(version)
    return found


def test_conda_users_get_the_dependencies_of_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    texts = [each for each in environment["dependencies"] if isinstance(each, str)]
    conda = {CONDA_NAMES.get(name, name): told for name, told in requirements(texts).items()}
    assert conda.pop("pip") == ""
    assert Requirement(f"python{conda.pop('python')}").specifier == Requirement(f"python{PROJECT['requires-python']}").specifier  # fmt: skip
    assert conda == requirements(PROJECT["dependencies"])


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_holds_every_dependency_in_a_version_that_is_allowed(lock):
    versions = locked(lock)
    wanted = [Requirement(text) for text in PROJECT["dependencies"]]
    if lock == "requirements-test.lock":
        wanted += [Requirement(text) for text in PROJECT["optional-dependencies"]["test"] if "optima-lib" not in text]
    for each in wanted:
        found = versions[canonicalize_name(each.name)]
        assert all(each.specifier.contains(version) for version in found), (each, found)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    packages = len(re.findall(r"^[A-Za-z0-9._-]+(?:\[[^\]]+\])?==", text, flags=re.MULTILINE))
    assert packages == len(
        re.findall(r"^[A-Za-z0-9._-]+(?:\[[^\]]+\])?==[^\n]*\\\n    --hash", text, flags=re.MULTILINE)
    )


def test_both_locks_hold_the_same_versions():
    run, test = locked("requirements.lock"), locked("requirements-test.lock")
    assert {name: test.get(name) for name in run} == run


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {PROJECT["version"], citation["version"]} == {__version__}


@pytest.mark.parametrize("path", sorted((ROOT / "partners").glob("*.yml")), ids=lambda path: path.stem)
def test_every_partner_file_is_valid(path):
    assert load_partner(path.stem).entites


def test_every_column_is_in_the_glossary():
    glossary = (ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8")
    missing = {name for table in SCHEMAS for name in columns(table) if f"`{name}`" not in glossary}
    assert not missing


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_dictionary_is_that_of_the_catalogue(code):
    written = (ROOT / "docs" / "indicateurs" / f"{code}.md").read_text(encoding="utf-8")
    assert written == page(CATALOGUE[code], ROOT / "tests" / "cases"), "run: make docs"


def test_the_dictionary_has_its_index_and_no_page_too_many():
    folder = ROOT / "docs" / "indicateurs"
    assert (folder / "README.md").read_text(encoding="utf-8") == index(), "run: make docs"
    assert {path.stem for path in folder.glob("*.md")} == {*CATALOGUE, "README"}


def test_every_reference_table_is_described():
    described = (REFERENCES / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in described for path in REFERENCES.glob("*.csv"))


def test_no_file_names_a_machine_or_a_registry():
    told = re.compile(r"/(home|root|tmp|Users|work)/[a-z]|index-url|pypi\.org|files\.pythonhosted", re.IGNORECASE)
    for folder in ("optima_lib", "notebooks", "docs", "partners", "references", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".yml", ".csv", ".ipynb", ".j2"}:
                assert not told.search(path.read_text(encoding="utf-8")), path
