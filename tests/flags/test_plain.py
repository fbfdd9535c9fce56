"""The tables say what plain loops say, on processes of every kind (mode ``cardinal``)."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.flags.plain import Plain
from tests.flags.releases import flags, release

STATUSES = ["valid"] * 5 + ["disqualified"] * 2 + ["withdrawn", "invited", "pending", None]
AWARDS = ["active"] * 6 + ["cancelled", "unsuccessful", "pending", None]


class Draw:
    """Draws releases in which each field may be missing."""

    def __init__(self, draw):
        self.draw = draw

    def some(self, share):
        return self.draw.random() < share

    def parties(self, names):
        drawn = [{"id": self.draw.choice(names)} for _ in range(self.draw.choice([1, 1, 1, 1, 2, 0]))]
        return [each if self.some(0.95) else {} for each in drawn]

    def bid(self):
        told = {"status": self.draw.choice(STATUSES), "tenderers": self.parties("ABCDEFGH")}
        if self.some(0.85):
            told["value"] = {"amount": self.draw.choice([50, 100, 100, 110, 120.5, 300])}
            if self.some(0.95):
                told["value"]["currency"] = self.draw.choice(["EUR"] * 9 + ["USD"])
        if self.some(0.7):
            told["date"] = f"2026-01-{self.draw.randint(10, 28)}T00:00:00Z"
        return {name: value for name, value in told.items() if value is not None and (value or self.some(0.5))}

    def award(self):
        codes = self.draw.choices(["45000000", "71000000", "79000000"], k=self.draw.randint(0, 2))
        told = {"status": self.draw.choice(AWARDS), "suppliers": self.parties("ABCD")}
        told["items"] = [{"classification": {"id": code}} for code in codes]
        return {name: value for name, value in told.items() if value is not None}

    def tender(self):
        told = {
            "procuringEntity": {"id": self.draw.choice("PQ")},
            "status": "cancelled" if self.some(0.05) else "complete",
        }
        told["procurementMethod"] = self.draw.choice(["open", "selective", "limited"])
        if self.some(0.7):
            told["numberOfTenderers"] = self.draw.randint(0, 2)
        if self.some(0.8):
            day = self.draw.randint(1, 20)
            told["tenderPeriod"] = {"startDate": f"2026-01-{day:02d}T12:00:00Z", "endDate": "2026-01-20T11:00:00Z"}
        return told

    def release(self, ocid):
        bids = [self.bid() for _ in range(self.draw.randint(0, 4))] if self.some(0.9) else None
        awards = [self.award() for _ in range(self.draw.choice([1, 1, 1, 2, 0]))] if self.some(0.9) else None
        told = release(ocid, bids, awards, buyer={"id": self.draw.choice("XYZ")})
        return told | ({"tender": self.tender()} if self.some(0.9) else {})


@settings(max_examples=15)
@given(st.integers(0, 10**9), st.integers(1, 60))
def test_the_tables_say_what_plain_loops_say(seed, number):
    draw = Draw(random.Random(seed))  # noqa: S311 - an invented file, the same each time
    releases = [draw.release(f"p{rank}") for rank in range(number)]
    result = flags(releases, "cardinal")
    result.pop("Meta")
    expected = Plain(releases).told()
    assert {group: set(found) for group, found in result.items()} == {
        group: set(found) for group, found in expected.items()
    }
    for group, found in expected.items():
        for each, codes in found.items():
            assert result[group][each] == pytest.approx(codes, rel=1e-9), (group, each)


@pytest.mark.parametrize(
    ("seed", "others"),
    [
        (1, {"R024", "R036", "R058"}),
        (3, {"R036", "R038"}),
        (7, set()),
    ],  # in the last the first currency met is the rare one
)
def test_they_do_so_on_a_file_in_which_flags_are_raised(seed, others):
    draw = Draw(random.Random(seed))  # noqa: S311
    releases = [draw.release(f"p{rank}") for rank in range(600)]
    expected, result = Plain(releases).told(), flags(releases, "cardinal")
    raised = {code for found in expected.values() for codes in found.values() for code in codes}
    assert raised == {"R003", "R018", "R028", "R030", "R035", "R048"} | others
    for group, found in expected.items():
        assert set(result[group]) == set(found)
        for each, codes in found.items():
            assert result[group][each] == pytest.approx(codes, rel=1e-9), (group, each)
