"""The settings file: all that Cardinal's own accepts, and errors that say what to write."""

import pytest

from optima_lib.errors import SettingsError
from optima_lib.flags.ini import read_settings
from optima_lib.flags.settings import CODES, default_settings
from tests.flags.releases import award, bid, duel, flags, found, release

# every section and key of the file that Cardinal's « init » command writes, with the values of its comments
WHOLE = """
currency = USD
no_price_comparison_procurement_methods = Random Selection
price_comparison_procurement_methods = Reverse Auction

[defaults]
currency = USD
item_classification_scheme = UNSPSC
bid_status = valid
award_status = active
party_roles = true

[redactions]
amount = 0
organization_id = placeholder

[corrections]
award_status_by_contract_status = true

[modifications]
move_auctions = true
prefix_buyer_or_procuring_entity_id = DO-UC-
prefix_tenderer_or_supplier_id = DO-RPE-
split_procurement_method_details = -

[codelists.bid_status]
qualified = valid

[codelists.award_status]
Active = active

[exclusions]
procurement_method_details = Random Selection|Lottery

[R003]
threshold = 15
procurement_methods = open|selective|limited

[R003.procurement_method_details]
emergency = 10
international = 25

[R018]
procurement_methods = open|selective

[R024]
threshold = 0.05

[R025]
percentile = 75 # default
threshold = 0.05

[R028]

[R030]

[R035]
threshold = 1

[R036]

[R038]
threshold = 0.5
minimum_submitted_bids = 2
minimum_contracting_processes = 2

[R048]
digits = 2
threshold = 10
minimum_contracting_processes = 20

[R058]
threshold = 0.5
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "settings.ini"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_file_that_cardinal_writes_is_read_whole(written):
    settings = read_settings(written(WHOLE), "cardinal")
    assert settings.codes == CODES
    assert settings.currency == "USD"
    assert settings.excluded == {"Random Selection", "Lottery"}
    assert settings.days == {"emergency": 10, "international": 25}
    assert settings.number("R025", "percentile") == 75
    assert settings.threshold("R058") == 0.5
    assert settings.methods["R003"] == {"open", "selective", "limited"}


def test_what_is_asked_and_not_done_is_said(written):
    cardinal = " ".join(read_settings(written(WHOLE), "cardinal").notices)
    assert "préparation" in cardinal
    optima = " ".join(read_settings(written(WHOLE), "optima").notices)
    assert "move_auctions" in optima
    assert "no_price_comparison_procurement_methods est sans effet" in optima


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[R24]", "[R24] est inconnue. Vouliez-vous dire « R024 »"),
        ("[R003]\ntreshold = 3", "« treshold » dans [R003] est inconnu. Vouliez-vous dire « threshold »"),
        ("curency = EUR", "avant la première section est inconnu. Vouliez-vous dire « currency »"),
        ("[R003]\nthreshold = quinze", "« quinze » n'est pas une valeur de « threshold »"),
        ("[R035]\nthreshold = -1", "« -1 » n'est pas une valeur"),
        ("[R028]\nthreshold = 1", "Cette section n'a pas de réglage"),
        ("[R003", "ce n'est pas un fichier INI"),
    ],
)
def test_what_is_unknown_is_an_error_that_says_the_cure(written, text, said):
    with pytest.raises(SettingsError) as error:
        read_settings(written(text))
    assert said in str(error.value)
    assert "settings.ini" in str(error.value)


def test_the_minimums_of_the_suite_are_no_settings_of_cardinal(written):
    path = written("[R024]\nminimum_observations = 5\n")
    assert read_settings(path, "optima").number("R024", "minimum_observations") == 5
    with pytest.raises(SettingsError):
        read_settings(path, "cardinal")


def test_a_file_without_a_flag_computes_all_of_them_except_in_the_mode_cardinal(written):
    path = written("currency = EUR\n")
    assert read_settings(path, "optima").codes == CODES
    assert read_settings(path, "cardinal").codes == ()
    assert read_settings(written("[R030]\n"), "optima").codes == ("R030",)


def test_the_former_name_of_a_setting_is_read(written):
    settings = read_settings(written("fixed_price_procurement_methods = Tarif\n[R028]\n"), "cardinal")
    assert settings.without_price == {"Tarif"}


def test_the_defaults_of_cardinal_are_those_of_its_documentation():
    settings = default_settings("cardinal")
    assert settings.number("R003", "threshold") == 15
    assert settings.number("R038", "minimum_contracting_processes") == 2
    assert settings.number("R048", "minimum_contracting_processes") == 20
    assert settings.methods["R018"] == {"open", "selective"}


def test_preparation_is_applied_before_the_rules(written):
    path = written(
        "[defaults]\ncurrency = EUR\nbid_status = valid\naward_status = active\n"
        "[codelists.bid_status]\nrejetee = disqualified\n[redactions]\namount = 99999\norganization_id = ANON\n"
        "[modifications]\nsplit_procurement_method_details = -\n"
        "[exclusions]\nprocurement_method_details = Tirage\n[R028]\n[R035]\n"
    )
    same = release("same", [{"tenderers": [{"id": each}], "value": {"amount": 5}} for each in "AB"])
    hidden = release("hidden", [bid(["ANON"], 5), bid("B", 5)])
    filler = release("filler", [bid("A", 99999), bid("B", 99999)])
    excluded = release("excluded", [bid("A", 5), bid("B", 5)], tender={"procurementMethodDetails": "Tirage - lot 2"})
    lone = release("lone", [bid("W", 5, status=None), bid("L", 6, status="rejetee")], [award("W", status=None)])
    for each in (lone["bids"]["details"][0], lone["awards"][0]):
        del each["status"]
    result = flags([same, hidden, filler, excluded, lone], settings=path)
    assert found(result, "R028") == {"same": 1.0}
    assert found(result, "R035") == {"lone": 1.0}


def test_a_currency_that_is_set_is_the_only_one_that_counts(written):
    path = written("currency = USD\n[R058]\nthreshold = 0.5\n")
    assert found(flags([duel("euros", 1, 3)], settings=path), "R058") == {}
    assert found(flags([duel("euros", 1, 3)], settings=written("[R058]\nthreshold = 0.5\n")), "R058") == {"euros": 2.0}
