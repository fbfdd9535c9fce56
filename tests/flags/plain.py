"""Cardinal's definitions read from its documentation, written as plain loops over releases.

The flags of the suite are computed on tables; this says the same one process at a time, to compare.
"""

import datetime as dt
from collections import defaultdict

import numpy as np

FINAL = ("active", "cancelled", "unsuccessful")


def quartiles(values):
    return np.quantile(values, [0.25, 0.75], method="median_unbiased") if values else (np.nan, np.nan)


def fences(values):
    first, third = quartiles(values)
    return first, first - 1.5 * (third - first), third + 1.5 * (third - first)


def members(references):
    return [each["id"] for each in references or [] if "id" in each]


def alone(references):
    """The identifier of the only reference of a list."""
    return references[0].get("id") if references and len(references) == 1 else None


class Plain:
    """The flags of releases, as ``{group: {identifier: {code: value}}}``."""

    def __init__(self, releases, minimum_contracting_processes=20):
        self.found = defaultdict(lambda: defaultdict(dict))
        self.minimum = minimum_contracting_processes
        self.currency = None
        self.gaps, self.sides = {}, {}
        self.bids_of, self.wins_of = defaultdict(int), defaultdict(int)
        self.out_of = {group: defaultdict(lambda: [0, 0]) for group in ("Buyer", "ProcuringEntity", "Tenderer")}
        self.seen, self.divisions = defaultdict(int), defaultdict(set)
        for release in releases:
            if release.get("tender", {}).get("status") != "cancelled":
                self.read(release)
        self.conclude_gaps()
        self.conclude_regular()
        self.conclude_shares()

    def flag(self, group, identifier, code, value=1.0):
        self.found[group][identifier][code] = value

    def read(self, release):
        self.ocid, self.tender = release["ocid"], release.get("tender", {})
        self.bids = release.get("bids", {}).get("details")
        self.awards = release.get("awards")
        self.active = [each for each in self.awards or [] if each.get("status") == "active"]
        told = [each["status"] for each in self.awards or [] if "status" in each]
        self.decided = self.bids is not None and self.awards is not None and all(each in FINAL for each in told)
        self.submitted = [each for each in self.bids or [] if each.get("status") not in {None, "invited", "withdrawn"}]
        self.valid = [each for each in self.bids or [] if each.get("status") == "valid"]
        self.call()
        self.gap()
        self.regular()
        self.identical()
        self.late()
        self.lone()
        self.lowest()
        self.disqualified(release)
        self.variety()

    def call(self):
        period = self.tender.get("tenderPeriod", {})
        if {"startDate", "endDate"} <= period.keys():
            start, end = (dt.datetime.fromisoformat(period[name]) for name in ("startDate", "endDate"))
            if int((end - start).total_seconds() / 86_400) < 15:
                self.flag("OCID", self.ocid, "R003")
        if self.tender.get("procurementMethod") in {"open", "selective"} and self.tender.get("numberOfTenderers") == 1:
            self.flag("OCID", self.ocid, "R018")

    def price(self, bid):
        """The amount of a bid in the main currency, which is the first one met."""
        value = bid.get("value", {})
        if "amount" not in value or "currency" not in value:
            return None
        self.currency = self.currency or value["currency"]
        return value["amount"] if value["currency"] == self.currency else None

    def winner(self):
        return alone(self.active[0].get("suppliers")) if self.decided and len(self.active) == 1 else None

    def gap(self):
        best = second = loser = None
        if self.winner() is None:
            return
        for bid in self.valid:
            bidder = alone(bid.get("tenderers"))
            amount = None if bidder is None else self.price(bid)
            if amount is None:
                continue
            if bidder == self.winner():
                best = amount if best is None else min(best, amount)
            elif second is None or amount < second:
                second, loser = amount, bidder
        if best is not None and second is not None and second >= best:
            self.gaps[self.ocid] = (second - best) / best
            self.sides[self.ocid] = self.winner(), loser

    def regular(self):
        if self.winner() is not None:
            for bidder in {alone(bid.get("tenderers")) for bid in self.valid} - {None}:
                self.bids_of[bidder] += 1
                self.wins_of[bidder] += bidder == self.winner()

    def identical(self):
        prices = {}
        for bid in self.submitted:
            who, value = set(members(bid.get("tenderers"))), bid.get("value", {})
            if not who or not {"amount", "currency"} <= value.keys():
                continue
            key = value["amount"], value["currency"]
            if prices.get(key, who) != who:
                self.flag("OCID", self.ocid, "R028")
                for each in who | prices[key]:
                    self.flag("Tenderer", each, "R028")
            prices[key] = who

    def late(self):
        end = self.tender.get("tenderPeriod", {}).get("endDate")
        if end is None or self.bids is None:
            return
        suppliers = {each for award in self.active for each in members(award.get("suppliers"))}
        for bid in self.valid:
            if bid.get("date", "") > end:
                for each in suppliers.intersection(members(bid.get("tenderers"))):
                    self.flag("OCID", self.ocid, "R030")
                    self.flag("Tenderer", each, "R030")

    def lone(self):
        if not self.decided:
            return
        suppliers = {each for award in self.active for each in members(award.get("suppliers"))}
        valid = {each for bid in self.valid for each in members(bid.get("tenderers"))}
        out = {
            each for bid in self.bids if bid.get("status") == "disqualified" for each in members(bid.get("tenderers"))
        }
        if len(valid) == 1 and valid == suppliers and out - valid:
            self.flag("OCID", self.ocid, "R035", float(len(out - valid)))
            self.flag("Tenderer", *valid, "R035", 0.0)

    def lowest(self):
        if not self.active:
            return
        priced = [(price, bid["status"]) for bid in self.submitted if (price := self.price(bid)) is not None]
        if (
            any(status == "valid" for _, status in priced)
            and min(priced, key=lambda each: each[0])[1] == "disqualified"
        ):
            self.flag("OCID", self.ocid, "R036")

    def disqualified(self, release):
        out = [bid["status"] == "disqualified" for bid in self.submitted]
        bodies = {"Buyer": release.get("buyer", {}), "ProcuringEntity": self.tender.get("procuringEntity", {})}
        for group, body in bodies.items():
            if "id" in body and out:
                self.count(group, body["id"], sum(out), len(out))
        for bid, is_out in zip(self.submitted, out, strict=True):
            for each in members(bid.get("tenderers")):
                self.count("Tenderer", each, is_out, 1)

    def count(self, group, identifier, out, bids):
        self.out_of[group][identifier][0] += out
        self.out_of[group][identifier][1] += bids

    def variety(self):
        seen = set()
        for award in self.active:
            codes = [each["classification"]["id"] for each in award.get("items", [])]
            supplier = alone(award.get("suppliers"))
            if supplier is not None and codes:
                seen.add(supplier)
                self.divisions[supplier] |= {code[:2] for code in codes}
        for each in seen:
            self.seen[each] += 1

    def conclude_gaps(self):
        first, low, high = fences(list(self.gaps.values()))
        for ocid, gap in self.gaps.items():
            if first > 0 and low > 0 and gap <= low:
                self.flag("OCID", ocid, "R024", gap)
                for each in self.sides[ocid]:
                    self.flag("Tenderer", each, "R024", 0.0)
            if high > 0 and gap >= high:
                self.flag("OCID", ocid, "R058", gap)
                self.flag("Tenderer", self.sides[ocid][0], "R058", 0.0)

    def conclude_regular(self):
        ratios = {each: self.wins_of[each] / times for each, times in self.bids_of.items()}
        first, low, _ = fences(list(ratios.values()))
        often = quartiles(list(self.bids_of.values()))[1]
        for each, ratio in ratios.items():
            if first > 0 and low > 0 and self.bids_of[each] >= often and ratio <= low:
                self.flag("Tenderer", each, "R025", ratio)

    def conclude_shares(self):
        for group, counted in self.out_of.items():
            ratios = {each: out / bids for each, (out, bids) in counted.items() if bids >= 2}
            _, _, high = fences(list(ratios.values()))
            for each, ratio in ratios.items():
                if high > 0 and ratio >= high:
                    self.flag(group, each, "R038", ratio)
        enough = {each: len(self.divisions[each]) for each, times in self.seen.items() if times >= self.minimum}
        _, _, high = fences(list(enough.values()))
        for each, number in enough.items():
            if number >= high:
                self.flag("Tenderer", each, "R048", float(number))

    def told(self):
        return {group: {each: dict(codes) for each, codes in found.items()} for group, found in self.found.items()}
