"""The bids of an OCDS release, as rows of award data."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from optima_lib.sources.ocds_releases import Award, Bid, Organisation, Release

SUBMITTED = {"valid": "recevable", "disqualified": "écartée", "pending": "déposée"}
Name = Callable[[Release, Organisation], str | None]


def lot_of(award: Award) -> str | None:
    """Give the lot of an award; none where it has none, or several."""
    return award.related_lots[0] if award.related_lots and len(award.related_lots) == 1 else None


def bids_of(release: Release, lot: str | None, awards: int) -> list[Bid]:
    """Give the submitted bids on the lot of an award, those of the whole process when it has one award."""
    details = release.bids.details if release.bids else None
    submitted = [each for each in details or () if each.status in SUBMITTED]
    if lot is not None:
        return [each for each in submitted if lot in (each.related_lots or ())]
    return submitted if awards == 1 else []


def told_bids(release: Release, award: Award, awards: int, name: Name) -> Iterator[dict[str, Any]]:
    """Give the bids of an award as rows.

    A bid is retained when it is valid and one of its tenderers supplies the award; it is not known without a
    supplier. It is late when its moment is after the end of the submission period, both told in time zones or both without.
    """
    suppliers = {name(release, each) for each in award.suppliers or ()} - {None}
    for rank, bid in enumerate(bids_of(release, lot_of(award), awards), start=1):
        tenderers = sorted({number for each in bid.tenderers or () if (number := name(release, each))})
        value = bid.value
        yield {
            "offre_id": bid.id or f"#{rank}",
            "soumissionnaire": "+".join(tenderers) or None,
            "statut": SUBMITTED[bid.status or ""],
            "montant": value.amount if value and value.currency in {None, "EUR"} else None,
            "date_depot": bid.date,
            "est_retenue": bid.status == "valid" and not suppliers.isdisjoint(tenderers) if suppliers else None,
            "est_hors_delai": _is_late(release, bid),
        }


def _is_late(release: Release, bid: Bid) -> bool | None:
    period = release.tender.tender_period if release.tender else None
    try:
        came, deadline = (dt.datetime.fromisoformat(each or "") for each in (bid.date, period and period.end_date))
    except ValueError:
        return None
    return came > deadline if (came.tzinfo is None) == (deadline.tzinfo is None) else None
