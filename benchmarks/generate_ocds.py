"""Write an invented OCDS file (JSON Lines, one compiled release per line), the same for the same seed.

    python benchmarks/generate_ocds.py PROCESSES FILE

The shares are chosen to look like opening reports: one to eight bids, price gaps skewed to the right, some bids
disqualified, some processes by lot, some without the number of tenderers or without the details of the bids.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHARES = {
    "lots": 0.08,
    "disqualified": 0.09,
    "consortium": 0.04,
    "no_details": 0.08,
    "no_count": 0.3,
    "no_amount": 0.02,
    "late": 0.004,
    "cancelled": 0.02,
    "pending": 0.02,
    "not_lowest": 0.25,
}
BIDDERS = [1] * 7 + [2] * 6 + [3] * 3 + [4, 4, 5, 8]
BUYERS, SUPPLIERS = 3_000, 30_000
METHODS = ["open"] * 60 + ["selective"] * 15 + ["limited"] * 15 + ["direct"] * 10
DETAILS = {
    "open": ["Procédure adaptée", "Appel d'offres ouvert"],
    "selective": ["Appel d'offres restreint"],
    "limited": ["Procédure avec négociation"],
    "direct": ["Marché passé sans publicité ni mise en concurrence préalable"],
}
CPV = ["45000000", "45210000", "45233140", "71200000", "79000000", "50700000", "90500000", "34100000", "30200000"]


class Generator:
    """Draws processes; the same seed gives the same file."""

    def __init__(self, seed: int = 2026) -> None:
        self.draw = random.Random(seed)

    def is_(self, share: str) -> bool:
        """Draw whether a share applies."""
        return self.draw.random() < SHARES[share]

    def processes(self, count: int) -> Iterator[dict[str, Any]]:
        """Give processes, one after the other."""
        for number in range(count):
            yield self.process(number)

    def process(self, number: int) -> dict[str, Any]:
        """Draw a compiled release."""
        draw = self.draw
        method = draw.choice(METHODS)
        month, buyer = draw.randint(1, 11), f"FR-{draw.randrange(BUYERS):09d}"
        lots = [f"L{index}" for index in range(1, draw.randint(2, 3) + 1)] if self.is_("lots") else [None]
        bids = [bid for lot in lots for bid in self.bids(month, lot)]
        release = {
            "ocid": f"ocds-inv3nt-{number:07d}",
            "id": f"{number:07d}-1",
            "date": f"2025-{month + 1:02d}-28T12:00:00Z",
            "buyer": {"id": buyer, "name": f"Collectivité {buyer[-4:]}"},
            "tender": self.tender(method, month, buyer, len({bid["tenderers"][0]["id"] for bid in bids})),
            "awards": [self.award(bids, lot) for lot in lots],
        }
        if not self.is_("no_details"):
            release["bids"] = {"details": bids}
        return release

    def tender(self, method: str, month: int, buyer: str, bidders: int) -> dict[str, Any]:
        """Draw a tender."""
        start, days = self.draw.randint(1, 9), self.draw.choice([10, *[15, 16, 17, 18, 19] * 3])
        tender = {
            "id": "1",
            "status": "cancelled" if self.is_("cancelled") else "complete",
            "procurementMethod": method,
            "procurementMethodDetails": self.draw.choice(DETAILS[method]),
            "procuringEntity": {"id": buyer},
            "tenderPeriod": {
                "startDate": f"2025-{month:02d}-{start:02d}T09:00:00Z",
                "endDate": f"2025-{month:02d}-{start + days:02d}T12:00:00Z",
            },
        }
        if not self.is_("no_count"):
            tender["numberOfTenderers"] = bidders
        return tender

    def bids(self, month: int, lot: str | None) -> list[dict[str, Any]]:
        """Draw one to eight bids for a lot, their prices skewed to the right."""
        draw, lowest = self.draw, self.draw.lognormvariate(11, 1.4)
        bidders = draw.sample(range(SUPPLIERS), draw.choice(BIDDERS))
        return [self.bid(rank, each, month, lowest, lot) for rank, each in enumerate(bidders)]

    def bid(self, rank: int, bidder: int, month: int, lowest: float, lot: str | None) -> dict[str, Any]:
        """Draw a bid."""
        draw = self.draw
        price = lowest * (1 if rank == 0 else 1 + draw.lognormvariate(-2, 1))
        month = month + 1 if self.is_("late") else month
        bid: dict[str, Any] = {
            "id": str(rank),
            "status": "disqualified" if self.is_("disqualified") else "valid",
            "date": f"2025-{month:02d}-02T0{draw.randint(0, 9)}:30:00Z",
            "tenderers": [{"id": f"FR-9{bidder:08d}"}],
        }
        if self.is_("consortium"):
            bid["tenderers"].append({"id": f"FR-9{draw.randrange(SUPPLIERS):08d}"})
        if not self.is_("no_amount"):
            bid["value"] = {"amount": round(price, 2), "currency": "EUR"}
        if lot:
            bid["relatedLots"] = [lot]
        return bid

    def award(self, bids: list[dict[str, Any]], lot: str | None) -> dict[str, Any]:
        """Draw the award of a lot: to its lowest valid bid, or to another one."""
        valid = [bid for bid in bids if bid["status"] == "valid" and bid.get("relatedLots", [lot]) == [lot]]
        valid.sort(key=lambda bid: bid.get("value", {}).get("amount", 0))
        winner = None if not valid else valid[-1] if self.is_("not_lowest") else valid[0]
        award: dict[str, Any] = {
            "id": lot or "1",
            "status": "unsuccessful" if winner is None else "pending" if self.is_("pending") else "active",
            "items": [{"id": "1", "classification": {"scheme": "CPV", "id": self.draw.choice(CPV)}}],
        }
        if winner:
            award["suppliers"] = winner["tenderers"]
        if lot:
            award["relatedLots"] = [lot]
        return award


def write(processes: int, path: Path) -> int:
    """Write a file of so many processes; return its size in bytes."""
    with path.open("w", encoding="utf-8") as file:
        for release in Generator().processes(processes):
            file.write(json.dumps(release, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path.stat().st_size


if __name__ == "__main__":
    count, target = int(sys.argv[1]), Path(sys.argv[2])
    print(f"{count} processes, {write(count, target) / 1e6:.0f} MB in {target}")
