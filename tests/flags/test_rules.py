"""The mode ``optima``: each weakness of Cardinal's rules that is repaired, on cases worked by hand."""

import pytest

from optima_lib.flags.catalogue import FLAGS
from optima_lib.flags.settings import CODES
from tests.flags.releases import award, bid, duel, flags, found, release, states


def call(ocid, **tender):
    return release(ocid, tender=tender)


def period(start, end, **tender):
    return {"tenderPeriod": {"startDate": start, "endDate": end}} | tender


def test_every_flag_is_described_with_its_difference():
    assert [each.cardinal for each in FLAGS] == sorted(CODES, key=[each.cardinal for each in FLAGS].index)
    assert {each.cardinal for each in FLAGS} == set(CODES)
    for each in FLAGS:
        assert all([each.libelle, each.regle, each.difference, each.limites, each.source])
        assert "fraude" not in f"{each.libelle} {each.regle} {each.difference} {each.limites}".lower()


def test_r003_a_period_that_cannot_be_read_is_not_a_long_one():
    result = flags(
        [
            call("short", **period("2026-01-01T00:00:00Z", "2026-01-15T23:00:00Z")),
            call("long", **period("2026-01-01T00:00:00Z", "2026-01-16T00:00:00Z")),
            call("days", **period("2026-01-01", "2026-01-08")),
            call("reversed", **period("2026-01-08T00:00:00Z", "2026-01-01T00:00:00Z")),
            call("unreadable", **period("bientôt", "2026-01-01T00:00:00Z")),
            call("absent"),
            release("no call"),
        ]
    )
    assert found(result, "R003") == {"short": 1.0, "days": 1.0}
    assert states(result, "R003") == (3, 4, 0)


def test_r018_tenderers_are_counted_where_their_number_is_not_told():
    opened = {"procurementMethod": "open"}
    result = flags(
        [
            call("told", numberOfTenderers=1, **opened),
            release("counted", [bid("A"), bid("A"), bid("B", status="withdrawn")], tender=opened),
            release("group", [bid("AB"), bid("BA")], tender=opened),
            release("unnamed", [bid("")], tender=opened),
            release("two", [bid("A"), bid("B", status="disqualified")], tender=opened),
            release("zero is no number", [bid("A")], tender=opened | {"numberOfTenderers": 0}),
            release("contradiction", [bid("A"), bid("B")], tender=opened | {"numberOfTenderers": 1}),
            release("told more", [bid("A")], tender=opened | {"numberOfTenderers": 4}),
            release("no status", [{"tenderers": [{"id": "A"}]}], tender=opened),
            call("nothing", **opened),
            call("direct", numberOfTenderers=1, procurementMethod="direct"),
            call("no method", numberOfTenderers=1),
        ]
    )
    flagged = {"told", "counted", "group", "unnamed", "zero is no number"}
    assert found(result, "R018") == dict.fromkeys(flagged, 1.0)
    assert states(result, "R018") == (7, 4, 1)


def skewed(number):
    """Processes whose gaps are 2 %, 4 %, 8 %, … : the lower fence of Cardinal is below zero."""
    return [duel(f"p{rank}", 100, 100 + 2 * 2**rank) for rank in range(number)]


def test_r024_fires_on_skewed_gaps_where_cardinal_cannot():
    releases = [*skewed(11), duel("close", 100_000, 100_001)]
    result = flags(releases)
    assert list(found(result, "R024")) == ["close"]
    assert found(result, "R024", "Tenderer") == {"W": 0.0, "L": 0.0}
    assert states(result, "R024") == (12, 0, 0)
    cardinal = flags(releases, "cardinal")
    assert found(cardinal, "R024") == {}
    assert cardinal["Meta"]["R024"]["lower_fence"] < 0


def test_r024_and_r058_flag_nothing_when_all_gaps_are_equal():
    releases = [duel(f"p{rank}", 100, 130) for rank in range(20)]
    result = flags(releases)
    assert found(result, "R024") == found(result, "R058") == {}
    assert len(found(flags(releases, "cardinal"), "R058")) == 20  # all of them


def test_r024_identical_prices_are_below_any_fence_unless_they_are_common():
    rare = flags([*skewed(11), duel("same", 100, 100)])
    assert found(rare, "R024") == {"same": 0.0}
    common = flags([*skewed(11), *(duel(f"same{rank}", 100, 100) for rank in range(4))])
    assert found(common, "R024") == {}
    assert states(common, "R024") == (0, 15, 0)


def test_too_few_gaps_have_no_fence_and_lack_data():
    result = flags([*skewed(8), duel("close", 100_000, 100_001)])
    assert found(result, "R024") == {}
    assert states(result, "R024") == (0, 9, 0)
    assert result["Meta"]["R024"]["minimum_observations"] == 10
    assert result["Meta"]["R024"]["lower_fence"] is None


def test_r058_flags_the_gap_far_above_the_others():
    releases = [duel(f"p{rank}", 100, 110 + rank) for rank in range(11)]
    result = flags([*releases, duel("far", 100, 1100)])
    assert found(result, "R058") == {"far": 10.0}
    assert found(result, "R058", "Tenderer") == {"W": 0.0}


def test_a_gap_needs_every_price_of_the_same_call():
    usual = {"value": {"amount": 130, "currency": "EUR"}}
    result = flags(
        [
            release("no price", [bid("W", 100), bid("L", 120), bid("M")], [award("W")]),
            release("zero", [bid("W", 0), bid("L", 120)], [award("W")]),
            release(
                "two currencies", [bid("W", 100), bid("L") | {"value": {"amount": 9, "currency": "USD"}}], [award("W")]
            ),
            release("pending", [bid("W", 100), bid("L", 120)], [award("W", "pending")]),
            release("other winner", [bid("A", 100), bid("L", 120)], [award("W")]),
            release("no bids", awards=[award("W")]),
            release("alone", [bid("W", 100)], [award("W")]),
            release("not lowest", [bid("W", 100), bid("L", 90)], [award("W")]),
            release("two awards", [bid("W", 100), bid("L", 120)], [award("W"), award("L")]),
            release("group", [bid("VW", 100), bid("L", 120), bid("M") | usual], [award("WV")]),
        ]
    )
    assert states(result, "R024") == (0, 7, 3)  # the group is judged, and has no fence


def test_lots_are_compared_apart():
    def on(lot):
        return {"relatedLots": [lot]}

    bids = [bid("A", 100, **on("1")), bid("B", 100, **on("2")), bid("C", 200, **on("2"))]
    awards = [award("A", **on("1")), award("B", **on("2"))]
    result = flags([release("lots", bids, awards)])
    assert found(result, "R028") == {}
    assert states(result, "R028") == (1, 0, 1)
    assert result["Meta"]["optima"]["lots_ou_processus_examines"] == 2
    assert found(flags([release("lots", bids, awards)], "cardinal"), "R028") == {"lots": 1.0}
    mixed = release("mixed", [*bids, bid("D", 100)], awards)
    assert found(flags([mixed]), "R028") == {"mixed": 1.0}


def test_r028_the_tenderers_of_the_same_price_are_flagged():
    result = flags([release("same", [bid("AB", 5), bid("C", 5), bid("D", 6), bid("E", 5, "withdrawn")])])
    assert found(result, "R028", "Tenderer") == {"A": 1.0, "B": 1.0, "C": 1.0}
    assert states(flags([release("none"), release("one", [bid("A", 5)])]), "R028") == (0, 1, 1)
    assert found(flags([release("fillers", [bid("A", 0), bid("B", 0)])]), "R028") == {}


def late(ocid, *dates, end="2026-03-01T12:00:00Z", **more):
    bids = [bid("W", date=date) if date else bid("W") for date in dates]
    return release(ocid, bids, [award("W", **more)], tender={"tenderPeriod": {"endDate": end}})


def test_r030_moments_are_compared_and_not_their_spelling():
    releases = [
        late("late", "2026-03-01T12:00:01Z"),
        late("in time, written with another zone", "2026-03-01T12:30:00+01:00"),
        late("late, written with another zone", "2026-03-01T11:30:00-01:00"),
        late("another bid in time", "2026-03-01T12:00:01Z", "2026-03-01T11:00:00Z"),
        late("unknown", None),
        late("late and unknown", "2026-03-01T12:00:01Z", None),
        late("no deadline", "2026-03-01T12:00:01Z", end=None),
        late("no award", "2026-03-01T12:00:01Z", status="cancelled"),
    ]
    result = flags(releases)
    assert set(found(result, "R030")) == {"late", "late, written with another zone"}
    assert states(result, "R030") == (4, 3, 1)
    wrong = {"in time, written with another zone", "another bid in time", "late and unknown", "late"}
    assert set(found(flags(releases, "cardinal"), "R030")) == wrong


def test_r035_a_group_that_wins_alone_and_the_bids_that_are_not_told():
    releases = [
        release("group", [bid("VW"), bid("A", status="disqualified"), bid("BC", status="disqualified")], [award("WV")]),
        release("no status", [bid("W"), bid("A", status="disqualified"), {"tenderers": [{"id": "B"}]}], [award("W")]),
        release("pending", [bid("W"), bid("A", status="disqualified")], [award("W", "pending")]),
        release("none set aside", [bid("W"), bid("A")], [award("W")]),
        release("own bid set aside", [bid("W"), bid("W", status="disqualified")], [award("W")]),
    ]
    result = flags(releases)
    assert found(result, "R035") == {"group": 3.0}
    assert found(result, "R035", "Tenderer") == {"V": 0.0, "W": 0.0}
    assert states(result, "R035") == (2, 2, 1)


def test_r036_the_lowest_is_strictly_so():
    def case(ocid, out, kept):
        return release(ocid, [bid("A", out, "disqualified"), bid("B", kept)], [award("B")])

    releases = [case("lower", 9, 10), case("equal", 10, 10), case("no price", None, 10), case("higher", 11, 10)]
    result = flags(releases)
    assert found(result, "R036") == {"lower": 1.0}
    assert states(result, "R036") == (3, 1, 0)
    assert found(flags(releases, "cardinal"), "R036") == {"lower": 1.0, "equal": 1.0}


def buyer(name, processes, out):
    """Processes of a buyer, two bids each, of which some are set aside."""
    for rank in range(processes):
        status = "disqualified" if rank < out else "valid"
        yield release(f"{name}{rank}", [bid(f"X{name}"), bid(f"Y{name}", status=status)], buyer={"id": name})


def test_r038_processes_are_counted_and_the_same_ratio_for_all_is_no_outlier():
    releases = [each for name in "ABCDEFGHIJ" for each in buyer(name, 10, 2)]
    result = flags(releases)
    assert found(result, "R038", "Buyer") == {}
    assert len(found(flags(releases, "cardinal"), "R038", "Buyer")) == 10
    result = flags([*releases, *buyer("K", 10, 10), *buyer("small", 9, 9)])
    assert found(result, "R038", "Buyer") == {"K": 0.5}
    assert states(result, "R038", "Buyer_")[:2] == (11, 1)


def test_r025_the_ratio_of_a_single_bid_does_not_hide_the_regular_loser():
    regular = [
        release(
            f"{name}{rank}",
            [bid(name), bid(["loser"]), bid([f"once {name}{rank}"])],
            [award(name) if rank % 2 else award([f"once {name}{rank}"])],
        )
        for name in "ABCDEFGHIJKL"
        for rank in range(20)
    ]
    result = flags(regular)
    assert found(result, "R025", "Tenderer") == {"loser": 0.0}
    assert states(result, "R025") == (13, 240, 0)
    assert found(flags(regular, "cardinal"), "R025", "Tenderer") == {}


def supplier(name, divisions, processes=20):
    for rank in range(processes):
        items = [{"classification": {"scheme": "CPV", "id": f"{10 + rank % divisions}000000"}}]
        yield release(f"{name}{rank}", awards=[award([name], items=items)])


def test_r048_one_division_for_all_is_no_outlier():
    same = [each for rank in range(10) for each in supplier(f"s{rank}", 1)]
    assert found(flags(same), "R048", "Tenderer") == {}
    assert len(found(flags(same, "cardinal"), "R048", "Tenderer")) == 10
    result = flags([*same, *supplier("varied", 7), *supplier("few", 9, 19)])
    assert found(result, "R048", "Tenderer") == {"varied": 7.0}
    assert states(result, "R048") == (11, 1, 0)


def test_cancelled_calls_are_left_out_and_counted():
    result = flags([duel("kept", 1, 2), duel("cancelled", 1, 1, tender={"status": "cancelled"})])
    assert found(result, "R028") == {}
    assert result["Meta"]["optima"]["processus_annules"] == 1
    assert result["Meta"]["optima"]["processus_examines"] == 1


def test_several_releases_of_a_process_make_one():
    first = release("p", [bid("A", 5), bid("B", 5)], date="2026-01-01T00:00:00Z", tender={"numberOfTenderers": 1})
    second = release("p", awards=[award("A")], date="2026-02-01T00:00:00Z", tender={"procurementMethod": "open"})
    later_bids = release("p", [bid("A", 5), bid("B", 6)], date="2026-03-01T00:00:00Z")
    for order in ([first, second], [second, first]):
        result = flags(order)
        assert found(result, "R028") == {"p": 1.0}
        assert result["Meta"]["optima"]["processus_lus"] == 1
    assert found(flags([later_bids, second, first]), "R028") == {}


@pytest.mark.parametrize("mode", ["cardinal", "optima"])
def test_no_process_of_any_use_flags_nothing(mode):
    result = flags([release("bare")], mode)
    assert set(result) == {"Meta"}
    assert not found(result, "R003")
