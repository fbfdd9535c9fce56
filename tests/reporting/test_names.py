"""Names of natural persons are not printed."""

import pandas as pd
import pytest

from optima_lib.reporting.names import MASKED, WITHHELD, Firm, is_person, printable, read_firms

PERSONS_NAME, SIREN = "UNTEL Jean", "000000018"


@pytest.mark.parametrize(
    "name", ["Monsieur Untel", "Mme UNTEL Anne", "UNTEL Jean", "Untel Jean-Pierre", "UNTEL SOPHIE EI", "Dr Untel"]
)
def test_a_name_of_a_person_is_told(name):
    assert is_person(name)


@pytest.mark.parametrize("name", ["UNTEL SAS", "Untel et Fils", "COLAS", "Jean Untel Paysages", "Untel & Cie"])
def test_a_name_of_a_company_is_told(name):
    assert not is_person(name)


@pytest.mark.parametrize(
    ("firm", "printed"),
    [
        (None, MASKED),
        (Firm("X", est_personne_physique=False, est_diffusible=True), PERSONS_NAME),
        (Firm("X", est_personne_physique=False, est_diffusible=None), PERSONS_NAME),
        (Firm("X", est_personne_physique=False, est_diffusible=False), WITHHELD),
        (Firm("X", est_personne_physique=True, est_diffusible=True), MASKED),
        (Firm("X", est_personne_physique=True, est_diffusible=False), WITHHELD),
        (Firm("X", est_personne_physique=None, est_diffusible=True), MASKED),
        (Firm("X", est_personne_physique=None, est_diffusible=None), MASKED),
    ],
)
def test_the_register_decides_and_the_name_where_the_register_does_not_say(firm, printed):
    assert printable(PERSONS_NAME, SIREN, {SIREN: firm} if firm else {}) == printed


def test_a_company_that_is_a_person_for_the_register_is_not_printed():
    firms = {SIREN: Firm(None, est_personne_physique=True, est_diffusible=True)}
    assert printable("UNTEL SAS", SIREN, firms) == MASKED
    assert printable(None, SIREN, firms) == MASKED


def test_the_register_names_a_company_that_the_award_does_not_name_unless_it_may_not():
    open_firm = Firm("ROUTES", est_personne_physique=False, est_diffusible=True)
    untold = Firm("ROUTES", est_personne_physique=False, est_diffusible=None)
    assert printable(None, SIREN, {SIREN: open_firm}) == "ROUTES"
    assert printable(None, SIREN, {SIREN: untold}) == f"SIREN {SIREN}"


def test_the_register_is_read_with_its_missing_values():
    table = pd.DataFrame(
        {
            "siren": ["1", "2"],
            "nom": ["A", None],
            "est_personne_physique": [False, None],
            "est_diffusible": [None, True],
        }
    )
    assert read_firms(table) == {"1": Firm("A", False, None), "2": Firm(None, None, True)}
