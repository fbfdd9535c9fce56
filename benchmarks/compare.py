"""Compare every buyer of a market of national size with its peers: speed, memory, cost of each indicator; then one partner.

    python benchmarks/compare.py [CONTRACTS]

Prints the tables of the README. The default, 3 300 000 contracts of 30 000 buyers, takes some ten minutes and
2 GB of disk.
"""

import json
import sys
import tempfile
from pathlib import Path

from generate_market import write_market
from run import measure

WHOLE = """
import json, sys, time
from pathlib import Path
from optima_lib.running.facts import ready_facts
from optima_lib.running.compare import compare
data, costs = Path(sys.argv[1]), {}
start = time.perf_counter()
ready_facts(data / "processed")
facts = time.perf_counter() - start
compare(data, costs=costs)
told = {"facts": facts, "compare": time.perf_counter() - start - facts, "costs": costs}
(data / "costs.json").write_text(json.dumps(told))
"""
ONE = """
import sys, time
from pathlib import Path
import polars as pl
from optima_lib.running.confrontation import confront_one
data = Path(sys.argv[1])
buyers = pl.read_parquet(data / "processed" / "acheteurs.parquet").sort("nb_marches")
siren = buyers["acheteur_siren"][buyers.height // 2]
start = time.perf_counter()
confront_one(siren, data)
(data / "one.txt").write_text(str(time.perf_counter() - start))
"""


def main(contracts: int) -> None:
    """Print the tables."""
    print("| contracts | facts (s) | `optima compare` (s) | peak memory (MB) | one buyer (s) |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="optima-market-") as work:
        for size in sorted({contracts // 11, contracts}):
            folder = Path(work) / str(size)
            write_market(size, folder)
            found = measure([sys.executable, "-c", WHOLE, str(folder)])
            told = json.loads((folder / "costs.json").read_text())
            measure([sys.executable, "-c", ONE, str(folder)])
            one = float((folder / "one.txt").read_text())
            line = f"| {size:,} | {told['facts']:.1f} | {told['compare']:.1f} | {found.megabytes:,.0f} | {one:.1f} |"
            print(line, flush=True)
        _print_costs(told["costs"], told["compare"])


def _print_costs(costs: dict[str, float], total: float) -> None:
    print("\n| indicator | seconds | share |\n| --- | ---: | ---: |")
    for code, seconds in sorted(costs.items(), key=lambda each: -each[1])[:12]:
        print(f"| {code} | {seconds:.2f} | {seconds / total:.1%} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_300_000)
