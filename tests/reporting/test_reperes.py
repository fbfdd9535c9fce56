"""Published values and the colours of the European scoreboard: sourced, dated, and no verdict where data are short."""

import pytest

from optima_lib.indicators import find
from optima_lib.reporting import concurrence, fournisseurs, responsable
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.reperes import colour, tableau_feux
from tests.reporting.studies import TOWN, study_of

CALLED = {"annee": 2024, "procedure": "Procédure adaptée"}


def finding(valeur, **told):
    base = dict.fromkeys(("ic_bas", "ic_haut", "borne_basse", "borne_haute"))
    return Constat.read(find("C01"), base | {"valeur": valeur, "effectif": 50.0, "eligibles": 50.0, "statut": "calculé"} | told)  # fmt: skip


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (finding(0.08), "vert"),  # scoreboard, edition of 2015: green up to 10 %, red beyond 20 %
        (finding(0.15, ic_bas=0.12, ic_haut=0.18), "jaune"),
        (finding(0.08, ic_bas=0.04, ic_haut=0.14), "de vert à jaune : les données ne tranchent pas"),
        (finding(0.30, ic_bas=0.25, ic_haut=0.35, borne_basse=0.05, borne_haute=0.4), "de vert à rouge : les données ne tranchent pas"),
        (finding(None, statut="données insuffisantes"), "–"),
    ],
)  # fmt: skip
def test_a_colour_is_said_only_as_far_as_the_data_decide_of_it(told, words):
    assert colour(told) == words


def test_the_scale_is_said_in_words_with_its_year_and_what_it_was_made_for():
    """Thirty contracts with three bids each: no single bid, Wilson up to 11.4 %."""
    etude = study_of([CALLED | {"offres_recues": 3}] * 30, sirens=(TOWN,))
    tableau = tableau_feux(etude, ("C01",))
    row = tableau.frame.iloc[0]
    assert row["Vert"] == "jusqu'à 10 %"
    assert row["Rouge"] == "plus de 20 %"
    assert row["Couleur"] == "de vert à jaune : les données ne tranchent pas"
    assert "édition 2015" in row["Source"]
    assert "ne juge ni ne fixe un but" in tableau.note


@pytest.mark.parametrize("chapter", [concurrence, fournisseurs, responsable])
def test_a_published_value_has_its_year_its_source_and_its_comparability(chapter):
    frame = chapter.valeurs_ailleurs().frame
    assert len(frame) >= 5
    for name in ("Année", "Périmètre", "Comparabilité", "Source"):
        assert frame[name].str.len().gt(2).all(), name


def test_the_latest_value_of_a_source_and_scope_is_shown_in_its_own_words():
    frame = concurrence.valeurs_ailleurs().frame
    median = frame[frame["Périmètre"] == "Pays médian de l'Union"]
    assert set(median["Année"]) == {"2024"}
    assert median["Valeur"].iloc[0] == "28 %"  # Single Market Scoreboard, node 587, of 2024
    assert median["Mesure"].iloc[0] == "Part des procédures à offre unique"


def test_considerations_are_set_beside_those_of_like_purchases():
    """Ten of ten contracts declare one, where half of thirty like ones of another buyer do: ten for five, 2."""
    like = {"annee": 2024, "cpv": "45210000", "montant_initial_eur": 50_000.0}
    others = [like | {"acheteur_siren": "240000018", "a_consideration_environnementale": n < 15} for n in range(30)]
    mine = [like | {"a_consideration_environnementale": True}] * 10
    cell = responsable.tableau_semblables(study_of([*mine, *others], sirens=(TOWN,))).frame.loc[0, "Valeur"]
    assert cell.split("\n")[0] == "2,00"
