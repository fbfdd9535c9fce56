"""Measure `optima flags` against a plain Python reading of the same file, side by side in one run.

    python benchmarks/flags.py [PROCESSES]

Prints a table. The file (200 000 processes by default, some 200 MB) is invented and goes to a temporary folder. Each
measure is a process of its own, its start included; memory is the highest sum of the resident memory of the process
and its children. The plain reading decodes each line with `json.loads` and computes the same definitions in a loop
(R003, R018, R024, R028, R035, R036, R058 of the mode cardinal); what it flags is checked against ours.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from run import measure, optima

HERE = Path(__file__).parent
CODES = ("R003", "R018", "R024", "R028", "R035", "R036", "R058")
PLAIN = r"""
import datetime as dt, json, sys
import numpy as np
short, single, same, lone, lowest, gaps = [], [], [], [], [], {}
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        release = json.loads(line)
        ocid, tender = release["ocid"], release.get("tender", {})
        if tender.get("status") == "cancelled":
            continue
        period = tender.get("tenderPeriod", {})
        start, end = (dt.datetime.fromisoformat(period[name]) for name in ("startDate", "endDate"))
        if (end - start).days < 15:
            short.append(ocid)
        if tender.get("procurementMethod") in ("open", "selective") and tender.get("numberOfTenderers") == 1:
            single.append(ocid)
        if "bids" not in release:
            continue
        bids, awards = release["bids"]["details"], release.get("awards", [])
        active = [award for award in awards if award["status"] == "active"]
        prices, cheapest = {}, None
        for bid in bids:
            if "value" not in bid:
                continue
            amount = bid["value"]["amount"]
            who = frozenset(each["id"] for each in bid["tenderers"])
            prices.setdefault(amount, set()).add(who)
            if active and (cheapest is None or amount < cheapest["value"]["amount"]):
                cheapest = bid
        if any(len(each) > 1 for each in prices.values()):
            same.append(ocid)
        priced = any(bid["status"] == "valid" and "value" in bid for bid in bids)
        if cheapest and cheapest["status"] == "disqualified" and priced:
            lowest.append(ocid)
        if any(award["status"] not in ("active", "cancelled", "unsuccessful") for award in awards):
            continue
        valid = {each["id"] for bid in bids if bid["status"] == "valid" for each in bid["tenderers"]}
        out = {each["id"] for bid in bids if bid["status"] == "disqualified" for each in bid["tenderers"]}
        suppliers = {each["id"] for award in active for each in award.get("suppliers", [])}
        if len(valid) == 1 and valid == suppliers and out - valid:
            lone.append(ocid)
        if len(active) != 1 or len(active[0]["suppliers"]) != 1:
            continue
        winner, best, second = active[0]["suppliers"][0]["id"], None, None
        for bid in bids:
            if bid["status"] != "valid" or "value" not in bid or len(bid["tenderers"]) != 1:
                continue
            amount = bid["value"]["amount"]
            if bid["tenderers"][0]["id"] == winner:
                best = amount if best is None else min(best, amount)
            else:
                second = amount if second is None else min(second, amount)
        if best is not None and second is not None and second >= best:
            gaps[ocid] = (second - best) / best
first, third = np.quantile(list(gaps.values()), [0.25, 0.75], method="median_unbiased")
low, high = first - 1.5 * (third - first), third + 1.5 * (third - first)
close = [ocid for ocid, gap in gaps.items() if gap <= low and low > 0 and first > 0]
far = [ocid for ocid, gap in gaps.items() if gap >= high and high > 0]
names = ("R003", "R018", "R024", "R028", "R035", "R036", "R058")
found = dict(zip(names, map(len, (short, single, close, same, lone, lowest, far))))
json.dump(found, open(sys.argv[2], "w"))
"""


def main(processes: int) -> None:
    """Measure, compare, and print the table."""
    with tempfile.TemporaryDirectory(prefix="optima-bench-") as name:
        file, ours, plain = (Path(name) / each for each in ("ocds.jsonl", "ours.json", "plain.json"))
        subprocess.run([sys.executable, HERE / "generate_ocds.py", str(processes), file], check=True)
        size = file.stat().st_size / 1e6
        measures = [
            ("`json.loads` + a loop, 7 of the 11 flags", measure([sys.executable, "-c", PLAIN, str(file), str(plain)])),
            *(
                (
                    f"`optima flags --mode {mode}`, 11 flags",
                    measure(optima("flags", str(file), "--mode", mode, "--out", str(ours))),
                )
                for mode in ("optima", "cardinal")
            ),
        ]
        flagged = json.loads(ours.read_text())["OCID"]
        counts = {code: sum(code in values for values in flagged.values()) for code in CODES}
        if counts != json.loads(plain.read_text()):
            raise SystemExit(f"they do not agree: {counts} and {plain.read_text()}")
    print(
        "| what | seconds | processes/s | MB/s | peak memory, MB | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    )
    for what, each in measures:
        speed, ratio = processes / each.seconds, measures[0][1].seconds / each.seconds
        row = f"{each.seconds:.1f} | {speed:.0f} | {size / each.seconds:.0f} | {each.megabytes:.0f} | {ratio:.1f}"
        print(f"| {what} | {row} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
