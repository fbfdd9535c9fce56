"""Measure the speed and memory of the suite against stated peers, side by side in one run.

    python benchmarks/run.py [SIZE_MB]

Prints the table of the README. A size of 1 000 (the default) takes several minutes, 8 GB of memory for the peer and
2 GB of disk. Each measure is a process of its own; memory is the highest sum of the resident memory of the process
and its children, sampled twenty times a second.
"""

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).parent
PEER = """
import json, sys
import pandas as pd
with open(sys.argv[1], encoding="utf-8") as file:
    records = json.load(file)["marches"]["marche"]
print(len(pd.json_normalize(records)))
"""


@dataclass
class Measure:
    """What a process took."""

    seconds: float
    megabytes: float


def measure(command: list[str]) -> Measure:
    """Run a process to its end, and sample the memory of its family."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, done = [0.0], threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, peak, done))
    sampler.start()
    status = process.wait()
    seconds = time.perf_counter() - started
    done.set()
    sampler.join()
    if status:
        raise SystemExit(f"failed: {command}")
    return Measure(seconds, peak[0] / 1e6)


def _sample(pid: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(0.05):
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            peak[0] = max(peak[0], sum(each.memory_info().rss for each in family))
        except psutil.NoSuchProcess:
            continue


def optima(*arguments: str) -> list[str]:
    """Return the command of the suite."""
    return [sys.executable, "-m", "optima_lib", *arguments]


def main(size: int) -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory(prefix="optima-bench-") as name:
        folder = Path(name)
        full, quarter = folder / "full.json", folder / "quarter.json"
        for file, megabytes in ((full, size), (quarter, size // 4)):
            subprocess.run([sys.executable, HERE / "generate_decp.py", str(megabytes), file], check=True)
        real = full.stat().st_size / 1e6
        peer = measure([sys.executable, "-c", PEER, str(full)])
        ours = measure(optima("clean", str(full), "--data", str(folder / "full")))
        small = measure(optima("clean", str(quarter), "--data", str(folder / "quarter")))
        shutil.rmtree(folder / "full")
        demo = [optima("demo", "--data", str(folder / "demo"), "--reports", str(folder / "reports"))]
        demo_measure = measure(demo[0])
        study = measure(
            optima("study", "exemple", "--data", str(folder / "demo"), "--reports", str(folder / "reports"))
        )
        bare = min(measure([sys.executable, "-c", "pass"]).seconds for _ in range(5))
        imported = min(measure([sys.executable, "-c", "import optima_lib"]).seconds for _ in range(5)) - bare
    rows = [
        (f"`json.load` + `pandas.json_normalize`, {real:.0f} MB", peer, "1"),
        ("`optima clean`, the same file", ours, f"{peer.seconds / ours.seconds:.1f} times as fast"),
        (
            "`optima clean`, a quarter of it",
            small,
            f"memory × {ours.megabytes / small.megabytes:.2f} from quarter to whole",
        ),
        ("`optima demo`", demo_measure, ""),
        ("`optima study exemple`", study, ""),
    ]
    print("| what | seconds | MB/s | peak memory, MB | ratio |\n| --- | ---: | ---: | ---: | --- |")
    for (what, each, ratio), megabytes in zip(rows, (real, real, real / 4, 0, 0), strict=True):
        speed = f"{megabytes / each.seconds:.0f}" if megabytes else ""
        print(f"| {what} | {each.seconds:.1f} | {speed} | {each.megabytes:.0f} | {ratio} |")
    print(f"| `import optima_lib` | {imported:.2f} | | | |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
