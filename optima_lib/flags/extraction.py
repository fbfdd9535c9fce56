"""From releases to columns of numbers: what the flags need, in few bytes."""

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from optima_lib.flags.moments import elapsed_days, timing
from optima_lib.flags.ocds import Award, Bid, Party, Period, Release, Tender

NAN = float("nan")
NO_LIST = -1
MOST = 2**62  # a number of tenderers
NO_COUNT = -1
NO_DAYS = -(2**31)
_NO_TENDER, _NO_PERIOD = Tender(), Period()

# The type of each column: of processes, of bids, of awards, of classified items.
PROCESS = {"status": "i", "method": "i", "details": "i", "buyer": "i", "entity": "i", "tenderers": "q"}
PROCESS |= {"days": "i", "strict": "b", "bids": "i", "awards": "i"}
BID = {"bid_status": "i", "amount": "d", "currency": "i", "bid_party": "i", "bid_lot": "i", "timing": "b"}
AWARD = {"award_status": "i", "award_party": "i", "award_lot": "i", "items": "i"}
ITEM = {"item_class": "i"}
TYPES = PROCESS | BID | AWARD | ITEM

# The columns that hold codes of words, of bodies, of parties.
WORDS = ("status", "method", "details", "bid_status", "currency", "bid_lot", "award_status", "award_lot", "item_class")
BODIES = ("buyer", "entity")
PARTIES = ("bid_party", "award_party")


class Codes(dict[Hashable, int]):
    """A number for each thing met; 0 is the number of nothing."""

    def __init__(self) -> None:
        super().__init__({None: 0})

    def __missing__(self, key: Hashable) -> int:
        code = self[key] = len(self)
        return code


@dataclass
class Columns:
    """Columns of numbers, which grow with the releases.

    Attributes
    ----------
    ocid, date : list of str
        Identifier of each process, and the moment of its release.
    columns : dict
        The columns of ``TYPES``. Processes tell how many bids and awards they have, awards how many classified
        items: those follow one another in the same order.
    words, bodies, parties : Codes
        What the codes stand for. A party is one identifier, or a tuple of several (or none).
    """

    ocid: list[str] = field(default_factory=list)
    date: list[str | None] = field(default_factory=list)
    columns: dict[str, "array[float]"] = field(
        default_factory=lambda: {name: array(code) for name, code in TYPES.items()}
    )
    words: Codes = field(default_factory=Codes)
    bodies: Codes = field(default_factory=Codes)
    parties: Codes = field(default_factory=Codes)

    def add(self, releases: Sequence[Release]) -> None:
        """Add releases, all of which have an identifier."""
        tenders = [release.tender or _NO_TENDER for release in releases]
        periods = [tender.tender_period or _NO_PERIOD for tender in tenders]
        details = [release.bids.details if release.bids else None for release in releases]
        self.ocid += [release.ocid or "" for release in releases]
        self.date += [release.date for release in releases]
        self._add_calls(releases, tenders, periods)
        extend = {name: column.extend for name, column in self.columns.items()}
        extend["bids"]([NO_LIST if bids is None else len(bids) for bids in details])
        extend["awards"]([NO_LIST if each.awards is None else len(each.awards) for each in releases])
        ends = [each.end_date for each, bids in zip(periods, details, strict=True) if bids for _ in bids]
        self._add_bids([bid for bids in details if bids for bid in bids], ends)
        self._add_awards([award for each in releases if each.awards for award in each.awards])

    def _add_calls(self, releases: Sequence[Release], tenders: list[Tender], periods: list[Period]) -> None:
        extend = {name: column.extend for name, column in self.columns.items()}
        word, body = self.words.__getitem__, self.bodies.__getitem__
        numbers = [tender.number_of_tenderers for tender in tenders]
        days = [elapsed_days(period.start_date, period.end_date) for period in periods]
        extend["status"](map(word, [tender.status for tender in tenders]))
        extend["method"](map(word, [tender.procurement_method for tender in tenders]))
        extend["details"](map(word, [tender.procurement_method_details for tender in tenders]))
        extend["buyer"](map(body, [each.buyer.id if each.buyer else None for each in releases]))
        entities = [tender.procuring_entity for tender in tenders]
        extend["entity"](map(body, [each.id if each else None for each in entities]))
        extend["tenderers"]([NO_COUNT if each is None or not 0 <= each <= MOST else each for each in numbers])
        extend["days"]([each[0] if each else NO_DAYS for each in days])
        extend["strict"]([each[1] if each else False for each in days])

    def _add_bids(self, bids: list[Bid], deadlines: list[str | None]) -> None:
        extend = {name: column.extend for name, column in self.columns.items()}
        values = [bid.value for bid in bids]
        word, party = self.words.__getitem__, self.parties.__getitem__
        extend["bid_status"](map(word, [bid.status for bid in bids]))
        extend["amount"]([NAN if value is None or value.amount is None else value.amount for value in values])
        extend["currency"](map(word, [value.currency if value else None for value in values]))
        extend["bid_party"](map(party, _parties([bid.tenderers for bid in bids])))
        extend["bid_lot"](map(word, [_lot(bid.related_lots) if bid.related_lots else None for bid in bids]))
        extend["timing"]([timing(bid.date, end) for bid, end in zip(bids, deadlines, strict=True)])

    def _add_awards(self, awards: list[Award]) -> None:
        extend = {name: column.extend for name, column in self.columns.items()}
        word, party = self.words.__getitem__, self.parties.__getitem__
        classes = [
            [item.classification.id for item in award.items or () if item.classification and item.classification.id]
            for award in awards
        ]
        extend["award_status"](map(word, [award.status for award in awards]))
        extend["award_party"](map(party, _parties([award.suppliers for award in awards])))
        extend["award_lot"](map(word, [_lot(award.related_lots) for award in awards]))
        extend["items"](map(len, classes))
        extend["item_class"]([word(each) for group in classes for each in group])


def _parties(lists: list[list[Party] | None]) -> list[Hashable]:
    """Name those who bid or supply together: one identifier, a tuple, or nothing when there is no list."""
    return [
        members[0].id
        if members and len(members) == 1 and members[0].id is not None
        else None
        if members is None
        else tuple(each.id for each in members)
        for members in lists
    ]


def _lot(lots: list[str] | None) -> Hashable:
    """Name the lot: one identifier, a tuple of several, or nothing."""
    if not lots:
        return None
    return lots[0] if len(lots) == 1 else tuple(lots)
