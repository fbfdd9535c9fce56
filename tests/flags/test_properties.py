"""What holds whatever the file."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.flags.releases import award, bid, duel, flags, found, release, states

STATUSES = st.sampled_from(["valid", "valid", "valid", "disqualified", "withdrawn", "invited", None])
MONEY = st.sampled_from([None, 0, 1, 2, 2, 3, 100])
bids = st.lists(
    st.builds(
        bid,
        st.sampled_from(["A", "B", "C", "AB", ""]),
        MONEY,
        STATUSES,
        relatedLots=st.sampled_from([[], ["1"], ["2"]]),
    ),
    max_size=4,
)
awards = st.lists(
    st.builds(award, st.sampled_from(["A", "B", "AB"]), st.sampled_from(["active", "active", "pending", "cancelled"])),
    max_size=2,
)
calls = st.fixed_dictionaries(
    {},
    optional={
        "procurementMethod": st.sampled_from(["open", "limited"]),
        "numberOfTenderers": st.integers(0, 2),
        "status": st.sampled_from(["complete", "cancelled"]),
        "tenderPeriod": st.fixed_dictionaries(
            {"startDate": st.just("2026-01-01"), "endDate": st.sampled_from(["2026-01-05", "x"])}
        ),
    },
)
processes = st.lists(st.tuples(st.none() | bids, st.none() | awards, calls), min_size=1, max_size=14).map(
    lambda drawn: [release(f"p{rank}", *told, tender=call) for rank, (*told, call) in enumerate(drawn)]
)


@settings(max_examples=12)
@given(processes, st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing(releases, draw):
    shuffled = draw.sample(releases, len(releases))
    for mode in ("optima", "cardinal"):
        assert flags(shuffled, mode) == flags(releases, mode)


@settings(max_examples=20)
@given(processes)
def test_every_case_is_judged_or_lacks_data_or_is_outside_of_the_rule(releases):
    result = flags(releases)
    told = result["Meta"]["optima"]
    for code in ("R003", "R018"):
        assert sum(states(result, code)) == told["processus_examines"]
    for code in ("R024", "R028", "R030", "R035", "R036", "R058"):
        assert sum(states(result, code)) == told["lots_ou_processus_examines"]
        assert len(found(result, code)) <= states(result, code)[0]
    left_out = told["processus_annules"] + told["processus_exclus"]
    assert told["processus_lus"] == told["processus_examines"] + left_out


@settings(max_examples=10)
@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(10, 15))
def test_gaps_that_are_all_equal_have_no_outlier(winning, gap, number):
    result = flags([duel(f"p{rank}", winning, winning + gap) for rank in range(number)])
    assert found(result, "R024") == found(result, "R058") == {}


@settings(max_examples=8)
@given(st.lists(st.integers(1, 500), min_size=12, max_size=16), st.sampled_from([7, 100]))
def test_the_scale_of_prices_changes_no_flag(gaps, factor):
    def measured(unit):
        return flags([duel(f"p{rank}", 1000 * unit, (1000 + gap) * unit) for rank, gap in enumerate(gaps)])

    assert measured(1) == measured(factor)
