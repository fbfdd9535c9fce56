"""The bids of an OCDS release, as rows of award data."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

from optima_lib.sources.ocds_releases import Award, Bid, Organisation, Release

SUBMITTED = {"valid": "recevable", "disqualified": "écartée", "pending": "déposée"}
WITHDRAWN = "retirée"
UNDONE = {"invited": WITHDRAWN, "withdrawn": WITHDRAWN}  # no bid, or a bid no more
OPEN_OR_WON = {None, "active", "pending"}
DAY = len("2000-01-01")
Name = Callable[[Release, Organisation], str | None]


def lot_of(award: Award) -> str | None:
    """Give the lot of an award; none where it has none, or several."""
    return award.related_lots[0] if award.related_lots and len(award.related_lots) == 1 else None


def bids_of(release: Release, lot: str | None, awards: int) -> list[Bid]:
    """Give the bids on the lot of an award, those of the whole process when it has one award."""
    details = release.bids.details or [] if release.bids else []
    if lot is not None:
        return [each for each in details if lot in (each.related_lots or ())]
    return details if awards == 1 else []


def count_bids(release: Release, lot: str | None, awards: int) -> int:
    """Count the bids of an award of which it is told that they were submitted."""
    return sum(each.status in SUBMITTED for each in bids_of(release, lot, awards))


def told_bids(release: Release, award: Award, awards: int, name: Name) -> Iterator[dict[str, Any]]:
    """Give the bids of an award as rows.

    A bid is retained when it is valid and its tenderers are the suppliers of the award, or, where no bid is of just
    them, when one of them is. It is not known without a supplier or a tenderer, nor of a bid of the supplier of
    another award of the lot. A bid is late when its moment is surely after the end of the submission period.
    Bids withdrawn, and invitations, are given as ``retirée``: they undo what an earlier release told.
    """
    bids = bids_of(release, lot_of(award), awards)
    if not bids:
        return
    parties = [_numbers(release, each.tenderers, name) for each in bids]
    suppliers = _numbers(release, award.suppliers, name)
    elsewhere = _others(release, award, name) - suppliers
    just = suppliers in [party for bid, party in zip(bids, parties, strict=True) if bid.status == "valid"]
    met: Counter[str] = Counter()
    for rank, (bid, party) in enumerate(zip(bids, parties, strict=True), start=1):
        number = bid.id or f"#{rank}"
        met[number] += 1
        value = bid.value
        yield {
            "offre_id": number if met[number] == 1 else f"{number}#{met[number]}",
            "soumissionnaire": "+".join(sorted(party)) or None,
            "lot_publie": "+".join(sorted(bid.related_lots or ())) or None,
            "statut": (SUBMITTED | UNDONE).get(bid.status or ""),
            "montant": value.amount if value and value.currency in {None, "EUR"} else None,
            "date_depot": bid.date,
            "est_retenue": _is_retained(bid, party, suppliers, elsewhere, just=just),
            "est_hors_delai": _is_late(release, bid),
        }


def _numbers(release: Release, references: Collection[Organisation] | None, name: Name) -> frozenset[str]:
    return frozenset(number for each in references or () if (number := name(release, each)))


def _others(release: Release, award: Award, name: Name) -> frozenset[str]:
    """Give the suppliers of the other awards of the same lot, won or still open."""
    told = [each for each in release.awards or () if each is not award and each.status in OPEN_OR_WON]
    same = [_numbers(release, each.suppliers, name) for each in told if lot_of(each) == lot_of(award)]
    return frozenset().union(*same)


def _is_retained(
    bid: Bid, party: frozenset[str], suppliers: frozenset[str], elsewhere: frozenset[str], *, just: bool
) -> bool | None:
    """Tell whether a bid was retained; ``just``: whether one is of the suppliers and nobody else."""
    if bid.status != "valid":
        return False if suppliers and bid.status in {*SUBMITTED, *UNDONE} else None
    if not suppliers or not party:
        return None
    own = party == suppliers if just else not party.isdisjoint(suppliers)
    return True if own else None if not party.isdisjoint(elsewhere) else False


def _is_late(release: Release, bid: Bid) -> bool | None:
    """Tell whether a bid came after the deadline.

    A deadline at midnight stands for a day without an hour, which lasts until its end. Moments of which one alone tells its time zone
    are not compared, nor the day of a bid with an hour of that day.
    """
    deadline = release.tender.tender_period.end_date if release.tender and release.tender.tender_period else None
    try:
        came, closed = (dt.datetime.fromisoformat(each or "") for each in (bid.date, deadline))
    except ValueError:
        return None
    if (came.tzinfo is None) != (closed.tzinfo is None):
        return None
    if closed.time() == dt.time.min:
        return came >= closed + dt.timedelta(days=1)
    if len(bid.date or "") == DAY:
        return None if came.date() == closed.date() else came > closed
    return came > closed
