"""Measure the whole catalogue on a market of national size: speed, memory, cost of each indicator, growth, peer.

    python benchmarks/catalogue.py [CONTRACTS]

Prints the tables of the README. The default, 3 300 000 contracts of 30 000 buyers, takes some ten minutes and
2 GB of disk. The peer (``naive.py``) runs on a fortieth of the buyers, and its seconds are multiplied by forty.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from generate_market import write_market
from run import measure

HERE = Path(__file__).parent
WHOLE = """
import json, sys, time
from pathlib import Path
from optima_lib.running.facts import ready_facts
from optima_lib.running.measure import measure
data, costs = Path(sys.argv[1]), {}
start = time.perf_counter()
ready_facts(data / "processed")
facts = time.perf_counter() - start
measure(data, sys.argv[2], costs=costs)
told = {"facts": facts, "measure": time.perf_counter() - start - facts, "costs": costs}
(data / "costs.json").write_text(json.dumps(told))
"""


def whole(folder: Path, engine: str = "duckdb") -> tuple[float, dict[str, Any]]:
    """Return the megabytes that the catalogue takes, and the seconds of its facts, sums and indicators."""
    found = measure([sys.executable, "-c", WHOLE, str(folder), engine])
    return found.megabytes, json.loads((folder / "costs.json").read_text())


def main(contracts: int) -> None:
    """Print the tables."""
    sizes = sorted({contracts // 11, contracts // 33 * 10, contracts})
    print("| contracts | facts (s) | indicators (s) | µs per contract | peak memory (MB) |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="optima-market-") as work:
        costs: dict[int, dict[str, float]] = {}
        for size in sizes:
            folder = Path(work) / str(size)
            write_market(size, folder)
            megabytes, told = whole(folder)
            costs[size] = told["costs"]
            each = 1e6 * (told["facts"] + told["measure"]) / size
            print(
                f"| {size:,} | {told['facts']:.1f} | {told['measure']:.1f} | {each:.1f} | {megabytes:,.0f} |",
                flush=True,
            )
        _print_costs(costs[contracts])
        _print_peer(Path(work) / str(contracts), costs[contracts])


def _print_costs(costs: dict[str, float]) -> None:
    total = sum(costs.values())
    print("\n| indicator | seconds | share |\n| --- | ---: | ---: |")
    for code, seconds in sorted(costs.items(), key=lambda each: -each[1])[:15]:
        print(f"| {code} | {seconds:.2f} | {seconds / total:.1%} |")
    print(f"| all {len(costs)} | {total:.1f} | 100 % |")


def _print_peer(folder: Path, ours: dict[str, float]) -> None:
    """Compare the indicators that the peer computes, on the same market."""
    told = subprocess.run(
        [sys.executable, str(HERE / "naive.py"), str(folder)], check=True, capture_output=True, text=True
    )
    naive = json.loads(told.stdout)
    print("\n| indicator | groupby.apply (s) | catalogue (s) | ratio |\n| --- | ---: | ---: | ---: |")
    for code, seconds in naive.items():
        print(f"| {code} | {seconds:.1f} | {ours[code]:.2f} | {seconds / ours[code]:.0f} |")
    mine = sum(ours[code] for code in naive)
    print(f"| together | {sum(naive.values()):.1f} | {mine:.2f} | {sum(naive.values()) / mine:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_300_000)
