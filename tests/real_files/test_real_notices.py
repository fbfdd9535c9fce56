"""Real notices of TED (2018-2022) and of the BOAMP (2016-2017): facts read by hand in the XML, file by file."""

import datetime as dt
import gzip
import re

import polars as pl
import pytest

from optima_lib.running.clean import clean
from optima_lib.schemas import read_table

CAPL, NIORT, TROYES, EFS = "TED:404080-2018", "TED:315003-2019", "TED:295428-2021", "TED:155727-2021"
TOULON, FECAMP, GAP, PARIS = "BOAMP:17-2599", "BOAMP:16-185754", "BOAMP:17-5219", "BOAMP:16-186394"
SUMS = ("lus", "contrats", "retenus", "doublons", "ecartes", "hors_base")


@pytest.fixture(scope="module")
def base(shared, tmp_path_factory):
    data = tmp_path_factory.mktemp("avis")
    folder = shared / "data" / "notices"
    cleaning = clean([folder / "boamp-xml", folder / "ted-xml-fr"], data, latest=dt.date(2026, 11, 23))
    assert not cleaning.outcome.failed
    assert not cleaning.outcome.skipped
    names = ("avis", "avis_lots", "avis_marches", "fichiers", "marches")
    return {name: read_table(data / "processed", name) for name in names}


def notice(base, avis_id):
    return base["avis"].filter(avis_id=avis_id).row(0, named=True)


def lots(base, avis_id, *names):
    return base["avis_lots"].filter(avis_id=avis_id).select(names).rows()


def test_every_file_is_one_notice_that_is_kept(base):
    assert base["fichiers"].select(SUMS).rows() == [(1, 0, 1, 0, 0, 0)] * 29
    assert sorted(base["fichiers"]["format"].value_counts().rows()) == [("avis-boamp", 19), ("avis-ted-r209", 10)]
    assert len(base["avis"]) == 29
    assert not len(base["marches"])
    assert not len(base["avis_marches"])  # no contract to be matched with


def test_a_lot_stands_for_each_award_of_the_ted_files(base, shared):
    """As many awarded or failed lots as ``<AWARD_CONTRACT`` in the files, each of its own lot."""
    texts = [gzip.decompress(path.read_bytes()) for path in (shared / "data" / "notices" / "ted-xml-fr").iterdir()]
    awards = sum(len(re.findall(rb"<AWARD_CONTRACT\b", text)) for text in texts)
    told = base["avis_lots"].filter(pl.col("avis_id").str.starts_with("TED:"), pl.col("issue").is_not_null())
    assert awards == len(told) == 15


def test_the_tramway_of_cannes_has_three_lots_awarded_and_two_without_a_bid(base):
    told = notice(base, CAPL)
    assert (told["forme"], told["nature"], told["procedure"]) == ("F06", "attribution", "Procédure avec négociation")
    assert (told["date_publication"], told["date_envoi"]) == (dt.date(2018, 9, 15), dt.date(2018, 9, 13))
    assert (told["acheteur_nom"], told["acheteur_siren"], told["nb_lots"]) == ("CAPL", None, 5)
    assert (told["montant_eur"], told["avis_initial"]) == (5_530_658.98, "TED:92667-2018")
    assert (told["cpv"], told["type_achat"], told["est_groupement"]) == ("45234116", "Travaux", False)
    facts = ("lot", "issue", "offres_recues", "offres_pme", "montant_eur", "estimation_eur", "date_attribution")
    assert lots(base, CAPL, *facts) == [
        ("1", "attribué", 5, 1, 4_625_137.40, 4_400_000, dt.date(2018, 8, 23)),
        ("2", "attribué", 3, 0, 535_873.21, 530_000, dt.date(2018, 8, 24)),
        ("3", "attribué", 5, 4, 369_648.37, 460_000, dt.date(2018, 8, 23)),
        ("4", "infructueux", None, None, None, None, None),
        ("5", "infructueux", None, None, None, None, None),
    ]
    assert lots(base, CAPL, "titulaires", "titulaires_siren")[0] == (
        "Eiffage route mediterranée (mandataire) | Gagneraud Construction (cotraitant)",
        "398762211 | 402682991",
    )
    assert set(lots(base, CAPL, "critere_prix_seul", "poids_prix")) == {(False, 0.45)}


def test_the_six_lots_of_troyes_are_awarded_on_price_alone_for_35_360_euros(base):
    told = notice(base, TROYES)
    assert (told["nature"], told["nb_lots"], told["montant_eur"]) == ("ex ante", 6, 35_360)
    assert told["procedure"] == "Marché passé sans publicité ni mise en concurrence préalable"
    facts = lots(base, TROYES, "lot", "montant_eur", "titulaires", "critere_prix_seul", "poids_prix")
    amounts = (10_900, 5_510, 1_920, 4_030, 11_700, 1_300)
    firms = ["Discobus — AZ-Production"] * 4 + ["Concept Audio"] * 2
    expected = zip("123456", amounts, firms, strict=True)
    assert facts == [(lot, amount, firm, True, 1) for lot, amount, firm in expected]
    assert sum(amounts) == told["montant_eur"]


def test_the_concession_of_niort_was_worth_more_than_estimated_and_had_one_bid(base):
    told = notice(base, NIORT)
    assert (told["forme"], told["nature"], told["procedure"]) == ("F25", "concession", None)
    assert (told["estimation_eur"], told["montant_eur"]) == (6_500_000, 6_883_000)
    assert (told["reference_acheteur"], told["avis_initial"]) == ("DAC 2018-41", "TED:511495-2018")
    facts = ("lot", "issue", "offres_recues", "offres_pme", "montant_eur", "titulaires", "date_attribution")
    assert lots(base, NIORT, *facts) == [("1", "attribué", 1, 1, 6_883_000, "SO Space", dt.date(2019, 5, 30))]


def test_the_weights_of_the_blood_service_add_up_to_100_with_60_for_price(base):
    assert notice(base, EFS)["acheteur_siret"] == "42882285201811"
    assert lots(base, EFS, "montant_eur", "estimation_eur", "poids_prix") == [(179_488, 182_000, 0.6)]


def test_toulon_has_21_lots_of_which_three_failed(base):
    told = notice(base, TOULON)
    assert (told["acheteur_siret"], told["acheteur_siren"]) == ("26830066200015", "268300662")
    assert (told["nb_lots"], told["est_centrale"], told["avis_initial"]) == (21, False, "BOAMP:16-107438")
    told = base["avis_lots"].filter(avis_id=TOULON)
    assert told.filter(issue="infructueux")["lot"].to_list() == ["9", "13", "19"]
    # 130+60+15+45+65+40+10+30+150+13+65+40+4,5+3+20+6,5+90+4,5 thousand euros
    assert told["montant_eur"].sum() == 791_500
    assert told.filter(titulaires="Brake France Service")["lot"].to_list() == ["1", "2", "3", "6", "10"]
    assert told.filter(lot="7").select("offres_recues", "montant_eur", "cpv").row(0) == (6, 10_000, "15200000")
    assert told["poids_prix"].unique().to_list() == [0.4]


def test_the_group_of_fecamp_holds_one_contract_of_348_852_euros(base):
    told = notice(base, FECAMP)
    assert (told["procedure"], told["avis_initial"]) == ("Dialogue compétitif", "BOAMP:15-14160")
    facts = ("lot", "issue", "offres_recues", "montant_eur", "date_attribution", "poids_prix")
    # the notice writes the number of the contract as that of its only lot
    assert lots(base, FECAMP, *facts) == [("2016-52", "attribué", 3, 348_852, dt.date(2016, 12, 26), 0.4)]
    [(names,)] = lots(base, FECAMP, "titulaires")
    assert len(names.split(" | ")) == 3


def test_an_amount_repeated_for_two_suppliers_is_counted_once(base):
    assert lots(base, GAP, "montant_eur", "offres_recues", "titulaires") == [
        (150_000, 2, "ROIRET Energies | SCARA & Cie")
    ]


def test_sub_criteria_counted_with_their_criterion_leave_no_weight(base):
    """Paris Sud: 70, of which 45 and 25, and 30 for price: 170 in all."""
    assert lots(base, "BOAMP:16-178891", "critere_prix_seul", "poids_prix") == [(False, None)]


def test_a_lot_given_up_is_so_though_its_decision_is_said_to_be_an_award(base):
    assert lots(base, "BOAMP:16-183123", "lot", "issue") == [(lot, "sans suite") for lot in "123"]


def test_paris_judges_one_lot_on_price_alone_and_says_nothing_of_the_other(base):
    told = notice(base, PARIS)
    assert (told["nature"], told["date_publication"], told["date_limite"]) == (
        "appel",
        dt.date(2017, 1, 1),
        dt.date(2017, 2, 7),
    )
    assert lots(base, PARIS, "lot", "issue", "critere_prix_seul") == [("1", None, None), ("2", None, True)]


def test_a_contest_chooses_its_candidates_without_a_procedure_of_the_schema(base):
    contests = base["avis"].filter(nature="concours")
    assert sorted(contests["avis_id"]) == ["BOAMP:16-186063", "TED:176972-2020", "TED:354626-2021"]
    assert contests["procedure"].null_count() == 3
