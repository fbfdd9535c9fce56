"""How often a comparison cries "different" when no authority is special: our verdict, and what other tools do.

    python benchmarks/verdicts.py [REPLICATES]

Authorities are drawn from one law: sd is that of their true effects, on log amounts whose own sd is 1.5; the one that is
compared is any of them. A test that keeps its promise rejects 5 % of the time. Takes some two minutes for 2 000
replicates (Monte Carlo error of a rate of 5 %: half a point).
"""

import sys

import numpy as np
from scipy.stats import mannwhitneyu, norm

from optima_lib.comparison import scales
from optima_lib.comparison.against import refer
from optima_lib.comparison.confront import confront
from optima_lib.comparison.measured import Margin, Measured
from optima_lib.comparison.peers import Step
from optima_lib.comparison.verdicts import ETABLI, NEGLIGEABLE, VERDICTS

SPREAD, LEVEL = 1.5, 0.05
CLAIMS = [VERDICTS.index(each) for each in (ETABLI, NEGLIGEABLE)]


def drawn(rng: np.random.Generator, sizes: np.ndarray, effect_sd: float, *, heavy: bool = False) -> list[np.ndarray]:
    """Draw the log amounts of each authority."""
    effects = rng.standard_t(3, len(sizes)) / np.sqrt(3) if heavy else rng.normal(size=len(sizes))
    return [rng.normal(effect_sd * effect, SPREAD, size) for effect, size in zip(effects, sizes, strict=True)]


def tests(logs: list[np.ndarray]) -> dict[str, bool]:
    """Return what each method claims of the first authority."""
    n = np.array([len(each) for each in logs], dtype=float)
    mean = np.array([each.mean() for each in logs])
    variance = np.array([each.var(ddof=1) for each in logs]) / n
    everyone = np.ones(len(n), dtype=bool)
    measured = Measured(scales.MONTANT, np.exp(mean), variance, n, everyone, Margin(1.2, "rapport"))
    step = Step(1, np.zeros(len(n), dtype=np.int64), [np.arange(len(n))], ["toutes"])
    made = confront(measured, [step], np.array([0]))
    others = refer(mean[None, 1:], variance[None, 1:], np.ones((1, len(n) - 1), dtype=bool))
    chance = (mean[0] - others.chance_mean[0]) / np.sqrt(variance[0])
    return {
        "pooled": bool(mannwhitneyu(logs[0], np.concatenate(logs[1:])).pvalue < LEVEL),
        "funnel": bool(2 * norm.sf(abs(chance)) < LEVEL),
        "simple": bool(made.numbers["p_simple"][0] < LEVEL),
        "verdict": int(made.verdict[0]) in CLAIMS,
        "rank": bool(made.numbers["p_rang"][0] <= LEVEL),
    }


def rates(
    rng: np.random.Generator, sizes: object, effect_sd: float, replicates: int, *, heavy: bool = False
) -> dict[str, float]:
    """Return the share of replicates in which each method claims a difference."""
    found = [tests(drawn(rng, sizes(rng), effect_sd, heavy=heavy)) for _ in range(replicates)]  # type: ignore[operator]
    return {name: float(np.mean([each[name] for each in found])) for name in found[0]}


def line(*first: object, told: dict[str, float]) -> str:
    """Write one row of a table."""
    return f"| {' | '.join(map(str, first))} | {' | '.join(f'{each:.1%}' for each in told.values())} |"


def main(replicates: int) -> None:
    """Print the tables."""
    rng = np.random.default_rng(20261124)
    heads = "pooled Mann–Whitney | funnel, chance only | one variance, t(k − 2) | **our verdict** | exact rank p"
    print(f"| sd of true effects | {heads} |\n| ---: | ---: | ---: | ---: | ---: | ---: |")
    for effect_sd in (0.0, 0.1, 0.2, 0.3):
        told = rates(rng, lambda _: np.full(20, 150), effect_sd, replicates)
        print(line(effect_sd, told=told), flush=True)
    print(f"\n| peers | sd | tails | {heads} |\n| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for k in (5, 8, 12, 19, 40):
        for effect_sd, heavy in ((0.0, False), (0.1, False), (0.3, False), (0.3, True)):
            told = rates(rng, lambda some, k=k: _unequal(some, k), effect_sd, replicates, heavy=heavy)
            print(line(k, effect_sd, "t(3)" if heavy else "normal", told=told), flush=True)


def _unequal(rng: np.random.Generator, k: int) -> np.ndarray:
    """Draw the numbers of contracts of an authority and k peers: from 15 to 600."""
    return np.exp(rng.uniform(np.log(15), np.log(600), k + 1)).astype(int)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
