"""``optima compare`` and one authority beside its peers: the same numbers, and a reason where there is none."""

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from optima_lib.cli import main
from optima_lib.comparison.families import Declaration
from optima_lib.comparison.gates import MOTIFS, SENTENCES, STATUTS
from optima_lib.errors import ComparisonError, UnknownBuyerError
from optima_lib.indicators import CATALOGUE
from optima_lib.partners import Comparaison, Entite, Pairs, Voisins
from optima_lib.reporting.confrontation import synthese
from optima_lib.running.compare import compare
from optima_lib.running.confrontation import confront_one
from optima_lib.running.declared import declare
from optima_lib.running.estimates import Buyers, comparable, margin_of, rules, why_not
from optima_lib.running.exemple_base import make_base
from optima_lib.running.spans import read_spans
from optima_lib.schemas import read_table
from tests.running.market import write_towns

CITY = "210000014"


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Forty towns of two strata, whose contracts are drawn: the data folder."""
    folder = tmp_path_factory.mktemp("villes")
    write_towns(folder, 40)
    return folder


@pytest.fixture(scope="module")
def table(towns):
    return pl.read_parquet(compare(towns)).with_columns(pl.selectors.categorical().cast(pl.String))


def test_there_is_one_row_per_indicator_buyer_and_year(table):
    assert table.height == table.select("indicateur", "acheteur_siren", "annee").n_unique()
    assert set(table["statut"].unique()) <= set(STATUTS)


def test_a_refused_comparison_has_a_reason_and_no_number(table):
    refused = table.filter(pl.col("statut") == "non comparé")
    assert set(refused["motif"].unique()) <= set(MOTIFS)
    assert refused["verdict"].null_count() == refused.height
    for name in ("attendu", "ecart", "ecart_bas", "ecart_haut", "z", "p", "p_ajuste", "rang_bas", "retreci"):
        assert refused[name].null_count() == refused.height, name


def test_a_comparison_that_is_made_is_whole(table):
    made = table.filter(pl.col("statut") != "non comparé")
    assert made.height > 100
    for name in ("attendu", "ecart", "ecart_bas", "ecart_haut", "z", "p", "p_ajuste", "rang_bas", "verdict", "groupe"):
        assert not made[name].null_count(), name
    assert (made["ecart"] - (made["valeur"] - made["attendu"])).abs().max() < 1e-6 * made["valeur"].abs().max()
    assert (made["rang_bas"] <= made["rang_haut"]).all()
    assert (made["rang_haut"] <= made["pairs"] + 1).all()
    assert (made["p_ajuste"] >= made["p"] - 1e-9).all()


def test_a_town_that_is_made_special_stands_out_and_is_the_only_one(table):
    offers = table.filter(pl.col("indicateur") == "C01", pl.col("annee").is_null())
    first = offers.filter(pl.col("acheteur_siren") == offers["acheteur_siren"].min())
    assert first["verdict"].item() == "établi"
    assert first["ecart"].item() > 0.2
    assert offers.filter(pl.col("verdict") == "établi").height <= 5  # one, and what chance makes of 39 at 5 %


def test_a_value_hidden_by_the_rule_of_few_facts_has_no_row(table):
    assert (table.filter(pl.col("indicateur") == "C01")["effectif"] >= 10).all()


def test_one_authority_alone_has_the_numbers_of_the_table(table, towns):
    siren = table["acheteur_siren"].unique().sort()[7]
    alone = pl.from_pandas(confront_one(siren, towns).comparaisons).sort("indicateur")
    same = table.filter(pl.col("acheteur_siren") == siren, pl.col("annee").is_null()).sort("indicateur")
    names = ["indicateur", "valeur", "pairs", "attendu", "ecart", "ecart_bas", "z", "p", "p_ajuste", "verdict", "motif"]
    assert_frame_equal(alone.select(names), same.select(names), rel_tol=1e-6, abs_tol=1e-9)


def test_what_is_declared_is_written_before_with_its_fingerprint(table, towns):
    assert table.height
    told = json.loads((towns / "processed" / "comparaisons.declaration.json").read_text(encoding="utf-8"))
    declared = declare()
    assert told["empreinte"] == declared.empreinte
    assert set(told["principale"]) | set(told["exploratoire"]) == set(comparable())
    assert declare(seuils={"C01": 0.1}).empreinte != declared.empreinte


def test_a_family_that_is_not_what_was_run_is_an_error():
    declared = Declaration(("C01", "F02"), ("E01",), {}, ())
    declared.check_run(["C01", "F02", "E01"])
    with pytest.raises(ComparisonError, match="F02 déclaré mais pas comparé"):
        declared.check_run(["C01", "E01"])
    with pytest.raises(ComparisonError, match="V06 comparé mais pas déclaré"):
        declared.check_run(["C01", "F02", "E01", "V06"])


@pytest.mark.parametrize("code", ["C08", "X99", "C12"])
def test_a_family_with_what_is_never_compared_is_refused_before_the_run(code, towns):
    with pytest.raises(ComparisonError, match=code):
        confront_one(CITY, towns, comparaison=Comparaison(famille_principale=["C01", code]))


def test_an_unknown_buyer_is_said(towns):
    with pytest.raises(UnknownBuyerError, match="999999999"):
        confront_one("999999999", towns)


def test_a_list_of_peers_takes_the_place_of_the_rule(table, towns):
    sirens = [each for each in table["acheteur_siren"].unique().sort() if each != CITY][:8]
    chosen = Entite(siren=CITY, nom="Ville", pairs=Pairs(sirens=sirens, motif="bassin de vie commun"))
    told = confront_one(CITY, towns, entite=chosen)
    made = told.comparaisons[told.comparaisons["motif"].isna()]
    assert len(made)
    assert (made["pairs"] <= 8).all()
    assert made["groupe"].str.contains("bassin de vie commun").all()
    more = Entite(siren=CITY, nom="Ville", pairs=Pairs(sirens=[*sirens, "216404459"], motif="bassin de vie commun"))
    labels = confront_one(CITY, towns, entite=more).steps[0].labels
    assert labels == ["liste de la collectivité (bassin de vie commun ; 1 sur 9 absents de la base)"]


def test_the_nearest_authorities_take_the_place_of_strata(towns):
    told = confront_one(CITY, towns, comparaison=Comparaison(voisins=Voisins(nombre=12)))
    made = told.comparaisons[told.comparaisons["motif"].isna()]
    assert len(made)
    assert (made["pairs"] <= 12).all()


def test_a_file_tells_who_is_alike(table, towns):
    # eight towns of the budget of the city, all others far richer
    alike = sorted(each for each in table["acheteur_siren"].unique() if each != CITY)[:8]
    rows = [f"{each},{100 if each in {*alike, CITY} else 900_000}" for each in table["acheteur_siren"].unique()]
    (towns / "finances.csv").write_text("acheteur_siren,budget_annuel\n" + "\n".join(rows), encoding="utf-8")
    near = Voisins(nombre=8, covariables=["budget_annuel"], fichier="finances.csv")
    told = confront_one(CITY, towns, comparaison=Comparaison(voisins=near))
    pool = told.steps[0].pools[0]
    assert sorted(told.acheteurs["acheteur_siren"].iloc[pool[pool != told.focal]]) == alike
    assert told.steps[0].labels == ["liste de la collectivité (les plus proches : budget annuel)"]
    assert list(told.covariables.columns) == ["budget_annuel"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "n'existe pas"),
        ("siren,budget\n100000009,2", "doit avoir les colonnes acheteur_siren"),
        ("acheteur_siren,budget\n100000009,2\n100000009,3", "100000009 est deux fois"),
        ("acheteur_siren,budget\n100000009,zéro", "budget de 100000009 vaut « zéro »"),
        ("acheteur_siren,budget\n100000009,-4", "au-dessus de zéro"),
        ("acheteur_siren,revenu\n100000009,2", "la covariable « budget » n'est ni"),
        ("acheteur_siren;budget\n100000009;2\n\n200000008;3;note", "ligne 4 : 3 cases, quand l'en-tête en a 2"),
        ("acheteur_siren,budget\n1000009,2", "« 1000009 » n'est pas un SIREN"),
        ('acheteur_siren,budget\n100000009,"2', "un guillemet n'est pas fermé"),
        ("", "doit avoir les colonnes acheteur_siren"),
    ],
)
def test_a_file_that_does_not_tell_who_is_alike_is_refused(towns, text, said):
    name = "absent.csv" if text is None else "voisins.csv"
    if text is not None:
        (towns / name).write_text(text, encoding="utf-8")
    near = Voisins(covariables=["budget"], fichier=name)
    with pytest.raises(ComparisonError, match=said):
        confront_one(CITY, towns, comparaison=Comparaison(voisins=near))


def test_a_peer_left_out_changes_the_expected_value_a_little(towns):
    told = confront_one(CITY, towns)
    alone = told.sans_chaque("C01")
    row = told.ligne("C01")
    assert len(alone.expected) == row["pairs"]
    assert np.abs(alone.expected - row["attendu"]).max() < 0.1
    assert alone.changes("nothing") == row["pairs"]


def test_each_indicator_is_compared_or_its_reason_is_written():
    for code, each in CATALOGUE.items():
        if each.define is None:
            continue
        if code in comparable():
            assert margin_of(code).seuil > 0
        else:
            assert len(why_not(code)) > 20
    assert set(rules()) <= set(CATALOGUE)


def test_every_reason_has_its_sentence():
    assert set(SENTENCES) == set(MOTIFS) - {""}


def test_the_command_says_what_it_compared_and_refused(towns):
    result = CliRunner().invoke(main, ["compare", "--data", str(towns)])
    assert result.exit_code == 0, result.output
    assert "Comparaisons toutes années" in result.output
    assert "Holm" in result.output


def test_without_tables_one_sentence_says_what_to_do(tmp_path):
    result = CliRunner().invoke(main, ["compare", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "optima clean" in result.output


def test_the_invented_base_is_compared_or_refused_without_a_word_too_much(tmp_path):
    make_base(tmp_path)
    path = compare(tmp_path)
    assert pl.scan_parquet(path).select(pl.len()).collect().item() > 0
    assert read_table(tmp_path / "processed", "comparaisons").height


@pytest.mark.parametrize(
    ("seuils", "said"),
    [
        ({"C01": float("inf")}, "un écart entre 0 et 1"),
        ({"C01": float("nan")}, "un écart entre 0 et 1"),
        ({"C01": -0.1}, "un écart entre 0 et 1"),
        ({"C01": 5.0}, "un écart entre 0 et 1"),
        ({"S14": 0.5}, "un rapport au-dessus de 1"),
        ({"S14": 1.0}, "un rapport au-dessus de 1"),
        ({"ZZ": 0.1}, "« ZZ » : cet indicateur ne se compare pas"),
        ({"F01": 0.1}, "Croît avec le nombre de marchés"),
    ],
)
def test_a_smallest_gap_that_is_none_is_refused(seuils, said):
    with pytest.raises(ComparisonError, match=said):
        declare(seuils=seuils)


def test_the_span_of_contracts_is_counted_in_months_both_ends_included():
    sirens = ["100000009", "200000008", "300000007"]
    buyers = Buyers(pd.Index(sirens), np.ones(3))
    dates = [
        ("100000009", "2018-12-17"),
        ("100000009", "2019-02-01"),
        ("200000008", "2019-05-05"),
        ("400000006", "2019-05-05"),
    ]
    contracts = pl.DataFrame(
        {
            "acheteur_siren": [siren for siren, _ in dates],
            "date_notification": [dt.date.fromisoformat(day) for _, day in dates],
            "annee": [int(day[:4]) for _, day in dates],
        }
    )
    told = read_spans(contracts.lazy(), buyers, ("acheteur_siren", "annee"))
    assert told[None][:2].tolist() == [3.0, 1.0]
    assert np.isnan(told[None][2])
    assert told[2018][0] == 1.0
    assert told[2019][0] == 1.0
    assert np.isnan(told[2018][1])


def test_what_is_compared_by_year_only_has_no_row_for_all_years_together(table):
    rows = table.filter(pl.col("indicateur") == "S04")
    assert set(rows.filter(pl.col("annee").is_null())["motif"]) == {"hors comparaison"}
    assert rows.filter(pl.col("annee").is_not_null(), pl.col("motif").is_null()).height


def test_contracts_that_last_less_than_those_of_peers_are_told_first(towns):
    told = confront_one(CITY, towns)
    months = np.full(len(told.acheteurs), 36.0)
    alike = synthese([replace(told, durees=months)]).paragraphes
    assert not any("ne vaut que pour ces mois" in each for each in alike)
    months[told.focal] = 3.0
    said = synthese([replace(told, durees=months)]).paragraphes[0]
    assert "ses marchés publiés couvrent 3\xa0mois, ceux de ses pairs 36 (médiane)" in said
    assert said.endswith("le reste ne vaut que pour ces mois.")
    months[told.focal] = 80.0
    said = synthese([replace(told, durees=months)]).paragraphes[0]
    assert "couvrent 80\xa0mois" in said
    assert "connus moins longtemps" in said
