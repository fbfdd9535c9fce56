"""The mode ``cardinal`` against Cardinal: its own fixtures, and the output of its program on its documented examples.

The fifteen pairs are those of open-contracting/cardinal-rs, tests/fixtures/indicators; the results with Meta and Maps
come from the program built from the same source.
"""

import csv
import json
import re

import pytest

from optima_lib.flags.ini import read_settings
from optima_lib.flags.measure import measure_flags
from optima_lib.flags.tables import tabulate
from optima_lib.running.ocds import read_ocds

COMMON = "no_price_comparison_procurement_methods = NPC\n[exclusions]\nprocurement_method_details = EXC\n"


@pytest.fixture(scope="module")
def cardinal(shared):
    folder = shared / "fixtures" / "peers" / "cardinal"
    if not folder.is_dir():
        pytest.skip(f"les exemples de Cardinal sont absents : {folder}")
    return folder


def run(path, settings, *, maps=False):
    chosen = read_settings(settings, "cardinal")
    return measure_flags(tabulate([each.columns for each in read_ocds(path, prepared=False)]), chosen, maps=maps)


def ini(told):
    """The settings of a pair, as ``fixture_settings.csv`` tells them."""
    section, rest = re.match(r"\[([^\]]+)\](.*)", told).groups()
    return f"{COMMON}[{section}]\n" + "".join(
        f"{key} = {value}\n" for key, value in re.findall(r"(\w+)=(\S+)", rest.partition("(")[0])
    )


def test_the_fifteen_pairs_are_equal(cardinal, tmp_path):
    rows = list(csv.DictReader((cardinal / "fixture_settings.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 15
    for row in rows:
        settings = tmp_path / "settings.ini"
        settings.write_text(ini(row["settings_of_this_fixture"]), encoding="utf-8")
        result = run(cardinal / row["input"], settings)
        del result["Meta"]
        assert result == json.loads((cardinal / row["expected"]).read_text(encoding="utf-8")), row["input"]


def test_the_documented_examples_are_equal_with_their_fences_and_their_maps(cardinal):
    folder = cardinal / "docs-examples"
    examples = sorted(folder.glob("*.jsonl"))
    assert len(examples) == 11
    for path in examples:
        own = path.with_suffix(".ini")
        result = run(path, own if own.exists() else folder / "settings.ini", maps=True)
        expected = json.loads(path.with_suffix(".observed-with-meta.json").read_text(encoding="utf-8"))
        for each in (result, expected):  # the order of a set is arbitrary
            each["Maps"] = {
                name: {ocid: sorted(ids) for ocid, ids in known.items()} for name, known in each["Maps"].items()
            }
        assert result == expected, path.name
