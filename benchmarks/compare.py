"""Compare every buyer of a market of national size with its peers: speed, memory, cost of each indicator; then three partners alone.

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
import json, sys, time
from pathlib import Path
import polars as pl
from scipy import special
from optima_lib.running.confrontation import confront_one
data, kinds, told = Path(sys.argv[1]), json.loads(sys.argv[2]), {}
buyers = pl.read_parquet(data / "processed" / "acheteurs.parquet").sort("nb_marches")
for name, (category, stratum) in kinds.items():
    some = buyers.filter(pl.col("categorie") == category, pl.col("strate") == stratum)
    start = time.perf_counter()
    found = confront_one(some["acheteur_siren"][some.height // 2], data)
    told[name] = time.perf_counter() - start
(data / "one.json").write_text(json.dumps(told))
"""
PARTNERS = {  # the median one of each kind
    "a town as Pau": ("commune", "75 000 à 99 999"),
    "its agglomeration": ("EPCI", "100 000 à 299 999"),
    "a town as Lescar": ("commune", "7 500 à 9 999"),
}


def main(contracts: int) -> None:
    """Print the tables."""
    print(
        f"| contracts | facts (s) | `optima compare` (s) | peak memory (MB) | {' | '.join(f'{each} (s)' for each in PARTNERS)} |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="optima-market-") as work:
        for size in sorted({contracts // 11, contracts}):
            folder = Path(work) / str(size)
            write_market(size, folder)
            found = measure([sys.executable, "-c", WHOLE, str(folder)])
            told = json.loads((folder / "costs.json").read_text())
            measure([sys.executable, "-c", ONE, str(folder), json.dumps(PARTNERS)])
            alone = json.loads((folder / "one.json").read_text())
            seconds = [f"{alone[name]:.1f}" for name in PARTNERS]
            line = f"| {size:,} | {told['facts']:.1f} | {told['compare']:.1f} | {found.megabytes:,.0f} | {' | '.join(seconds)} |"
            print(line, flush=True)
        _print_costs(told["costs"], told["compare"])


def _print_costs(costs: dict[str, float], total: float) -> None:
    print("\n| indicator | seconds | share |\n| --- | ---: | ---: |")
    for code, seconds in sorted(costs.items(), key=lambda each: -each[1])[:12]:
        print(f"| {code} | {seconds:.2f} | {seconds / total:.1%} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_300_000)
