"""Names of natural persons are not printed."""

import pytest

from optima_lib.reporting.names import is_person


@pytest.mark.parametrize(
    "name", ["Monsieur Untel", "Mme UNTEL Anne", "UNTEL Jean", "Untel Jean-Pierre", "UNTEL SOPHIE EI", "Dr Untel"]
)
def test_a_name_of_a_person_is_told(name):
    assert is_person(name)


@pytest.mark.parametrize("name", ["UNTEL SAS", "Untel et Fils", "COLAS", "Jean Untel Paysages", "Untel & Cie"])
def test_a_name_of_a_company_is_told(name):
    assert not is_person(name)
