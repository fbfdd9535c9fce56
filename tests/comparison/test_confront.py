"""One indicator at all authorities: each against its peers, or a reason and no number."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from scipy.stats import t as student

from optima_lib.comparison import scales
from optima_lib.comparison.compared import NUMBERS
from optima_lib.comparison.confront import confront
from optima_lib.comparison.gates import MOTIFS
from optima_lib.comparison.measured import Margin, Measured
from optima_lib.comparison.mix import Mix
from optima_lib.comparison.peers import barred, build_steps
from optima_lib.comparison.sensitivity import without_each
from optima_lib.comparison.verdicts import VERDICTS

POINTS = Margin(0.05, "ecart")


def towns(number, population=80_000):
    """Return communes of one stratum."""
    rows = [("commune", "COM", population, "75")] * number
    return pd.DataFrame(rows, columns=["categorie", "nature_juridique", "population", "region"])


def shares(hits, n, mix=None):
    """Measure a share at some authorities."""
    hits, n = np.array(hits, dtype=float), np.array(n, dtype=float)
    shown = np.ones(len(n), dtype=bool)
    return Measured(scales.PROPORTION, hits / n, scales.variance_of_share(n), n, shown, POINTS, mix=mix)


def run(measured, buyers=None):
    buyers = towns(len(measured.n)) if buyers is None else buyers
    steps = build_steps(buyers)
    return confront(measured, steps, np.arange(len(buyers)), barred(buyers, steps))


def reason(made, place=0):
    return MOTIFS[made.motif[place]]


def refused(made, place=0):
    """Tell that a comparison has no number at all."""
    return made.verdict[place] == -1 and all(np.isnan(made.numbers[name][place]) for name in NUMBERS)


SPREAD = [20, 35, 30, 45, 25, 40, 30, 35, 50, 28, 33]


def test_a_share_is_compared_by_hand():
    n = [100] * 12
    made = run(shares([60, *SPREAD], n))
    y, rate = np.arcsin(np.sqrt(np.array(SPREAD) / 100)), np.sum(SPREAD) / 1_100
    # each peer stands beside the rate of all, its mean arcsine for 100 facts; equal variances weigh alike
    hits = np.arange(101)
    mean = (binom.pmf(hits, 100, rate) * np.arcsin(np.sqrt(hits / 100))).sum()
    expected = np.sin(np.arcsin(np.sqrt(rate)) + y.mean() - mean) ** 2
    assert made.numbers["attendu"][0] == pytest.approx(expected, abs=1e-5)
    assert made.numbers["ecart"][0] == pytest.approx(0.6 - expected, abs=1e-5)
    # 0.0025 of sampling variance at each: under the law of the values, near Student's with 10 degrees
    z = (np.arcsin(np.sqrt(0.6)) - y.mean()) / (y.std(ddof=1) * np.sqrt(1 + 1 / 11))
    assert made.numbers["p"][0] == pytest.approx(2 * student.sf(z, 10), rel=0.1)
    assert made.pairs[0] == 11
    assert VERDICTS[made.verdict[0]] == "établi"
    # seen from another authority, the gap is its own: below the peers
    assert made.numbers["ecart"][1] < 0


def test_an_interval_that_excludes_zero_is_that_of_a_p_below_five_per_cent():
    rng = np.random.default_rng(7)
    made = run(shares(rng.binomial(60, rng.beta(4, 8, 40)), [60] * 40))
    kept = made.motif == 0
    outside = (made.numbers["ecart_bas"] > 0) | (made.numbers["ecart_haut"] < 0)
    assert np.array_equal(outside[kept], made.numbers["p"][kept] < 0.05)


def test_fewer_than_five_peers():
    made = run(shares([30] * 5, [100] * 5))
    assert reason(made) == "trop peu de pairs"
    assert refused(made)


def test_an_indicator_without_variation():
    made = run(shares([30] * 12, [100] * 12))
    assert reason(made) == "sans variation"
    assert refused(made)


def test_events_that_never_happen():
    made = run(shares([0] * 12, [100] * 12))
    assert reason(made) in {"sans variation", "attendu trop faible"}
    assert refused(made)


def test_too_few_events_expected():
    made = run(shares([1, *[each // 10 for each in SPREAD]], [60] * 12))
    assert reason(made) == "attendu trop faible"
    assert refused(made)


def test_one_giant_authority():
    made = run(shares([6_000, *SPREAD], [10_000, *[100] * 11]))
    assert reason(made) == "hors d'échelle"
    assert refused(made)


def test_a_missing_population_and_a_missing_category():
    buyers = towns(12)
    buyers.loc[0, "population"] = np.nan
    buyers.loc[1, "categorie"] = None
    made = run(shares([30, *SPREAD], [100] * 12), buyers)
    assert (reason(made, 0), reason(made, 1)) == ("population inconnue", "catégorie inconnue")
    assert refused(made, 0)
    assert refused(made, 1)


def test_a_value_that_is_not_printed_is_not_compared():
    measured = shares([30, *SPREAD], [100] * 12)
    hidden = replace(measured, shown=np.arange(12) > 0)
    assert reason(run(hidden)) == "trop peu de faits"


def test_answers_that_are_mostly_missing_are_not_compared_nor_compared_with():
    measured = shares([60, *SPREAD], [100] * 12)
    coverage = np.ones(12)
    coverage[0], coverage[1] = 0.79, 0.8
    made = run(replace(measured, coverage=coverage))
    assert reason(made, 0) == "couverture insuffisante"
    assert refused(made, 0)
    assert (reason(made, 1), made.pairs[1]) == ("", 10)


def test_simpson_is_seen_and_the_standardised_gap_is_the_one_told():
    # works (4521): single bids at 50 % everywhere; services (7021): 10 %; the focal authority buys works, and less often
    # from one bidder
    rng = np.random.default_rng(3)
    rows = [(0, 4521, 36, 90), (0, 7021, 1, 10)]
    for unit in range(1, 16):
        rows += [(unit, 4521, int(rng.binomial(20, 0.5)), 20), (unit, 7021, int(rng.binomial(180, 0.1)), 180)]
    unit, kind, hits, n = (np.array(each) for each in zip(*rows, strict=True))
    mix = Mix(unit, kind, hits.astype(float), n.astype(float))
    made = run(shares(np.bincount(unit, hits), np.bincount(unit, n), mix))
    assert made.numbers["ecart_brut"][0] > 0.1
    assert made.numbers["ecart"][0] < -0.05
    assert made.numbers["attendu"][0] == pytest.approx(0.46, abs=0.04)
    peers = unit > 0
    rates = [hits[peers & (kind == each)].sum() / n[peers & (kind == each)].sum() for each in (4521, 7021)]
    expected = 90 * rates[0] + 10 * rates[1]
    assert made.numbers["rapport"][0] == pytest.approx(37 / expected)
    # Garwood, 37 events: 26.05 to 51.00 (tables of the Poisson law)
    assert made.numbers["rapport_bas"][0] * expected == pytest.approx(26.05, abs=0.01)
    assert made.numbers["rapport_haut"][0] * expected == pytest.approx(51.00, abs=0.01)


def test_kinds_that_one_authority_alone_buys_make_none_of_them_different():
    # each buys 30 contracts of a kind of its own and 10 of a common one: peers out of their own reference too
    hits, common = (9, 3, 27, 6, 24, 15, 2, 28), (6, 5, 4, 5, 6, 4, 5, 5)
    rows = [
        row for unit in range(8) for row in ((unit, 1000 + 10 * unit, hits[unit], 30), (unit, 9021, common[unit], 10))
    ]
    unit, kind, some, n = (np.array(each) for each in zip(*rows, strict=True))
    mix = Mix(unit, kind, some.astype(float), n.astype(float))
    made = run(shares(np.bincount(unit, some), np.bincount(unit, n), mix))
    assert (made.motif == 0).all()
    assert not np.isin(made.verdict, [0, 1]).any()


def test_what_is_expected_of_rare_events_is_their_rate_at_peers():
    # one event in twenty, 5 to 30 facts each: the mean arcsine alone would give 3 %
    rng = np.random.default_rng(9)
    found = []
    for _ in range(40):
        n = rng.integers(5, 31, 40)
        n[0] = 120
        made = run(shares(rng.binomial(n, 0.05), n))
        found.append(made.numbers["attendu"][0])
    assert np.nanmean(found) == pytest.approx(0.05, abs=0.005)


def test_amounts_per_head_come_back_in_euros():
    rng = np.random.default_rng(5)
    population = rng.uniform(75_000, 99_000, 14)
    amount = population * np.exp(rng.normal(3, 0.3, 14))
    nothing = np.zeros(14)
    measured = Measured(
        scales.MONTANT, amount, nothing, np.full(14, 50.0), np.ones(14, bool), Margin(1.2, "rapport"), factor=population
    )
    made = run(measured)
    mean = np.log(amount[1:] / population[1:]).mean()
    assert made.numbers["attendu"][0] == pytest.approx(population[0] * np.exp(mean))
    assert made.numbers["rang_bas"][0] == made.numbers["rang_haut"][0]  # observed whole


counts = st.lists(st.integers(1, 99), min_size=12, max_size=20)


@given(counts, st.integers(1, 99))
def test_what_the_focal_authority_shows_never_moves_what_is_expected(hits, other):
    one, another = (run(shares([own, *hits], [100] * (len(hits) + 1))) for own in (50, other))
    for name in ("attendu", "tau"):
        if one.motif[0] == 0 and another.motif[0] == 0:
            assert one.numbers[name][0] == pytest.approx(another.numbers[name][0], rel=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_a_large_pool_leaves_a_part_out_and_hardly_moves(seed):
    rng = np.random.default_rng(seed)
    hits = rng.binomial(80, rng.beta(10, 20, 400))
    large = run(shares(hits, [80] * 400))
    # the same authority against each of the others
    alone = without_each(shares(hits, [80] * 400), 0, np.arange(1, 400))
    assert large.numbers["attendu"][0] == pytest.approx(np.median(alone.expected), abs=0.01)
    assert large.pairs[0] == 399


def test_leaving_each_peer_out_is_the_comparison_without_it():
    hits = [60, *SPREAD]
    whole = shares(hits, [100] * 12)
    told = without_each(whole, 0, np.arange(1, 12))
    for place in range(11):
        kept = [each for rank, each in enumerate(hits) if rank != place + 1]
        made = run(shares(kept, [100] * 11))
        assert told.expected[place] == pytest.approx(made.numbers["attendu"][0])
        assert told.verdict[place] == VERDICTS[made.verdict[0]]


def test_totals_of_unlike_spans_are_refused():
    # twelve peers over three years; the authority over five months, then over two years
    n = np.full(13, 30.0)
    value = np.exp(np.linspace(1, 2, 13))
    for months, barred_for_it in ((5.0, True), (24.0, False), (80.0, True), (np.nan, False)):
        span = np.append(months, np.full(12, 36.0))
        measured = Measured(
            scales.MONTANT, value, np.full(13, 0.05), n, np.ones(13, bool), Margin(1.2, "rapport"), span=span
        )
        made = run(measured)
        assert (reason(made) == "durées différentes") == barred_for_it
        assert np.isnan(made.numbers["p"][0]) == barred_for_it


def test_with_five_peers_no_verdict_stands_without_one_of_them():
    told = without_each(shares([60, *SPREAD[:5]], [100] * 6), 0, np.arange(1, 6))
    assert told.verdict == [""] * 5
    assert np.isfinite(told.expected).all()
    assert without_each(shares([60, *SPREAD[:6]], [100] * 7), 0, np.arange(1, 7)).verdict[0] != ""
