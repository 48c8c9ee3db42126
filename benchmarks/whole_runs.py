"""Time whole runs here beside those of another checkout, in turn: `python benchmarks/whole_runs.py OTHER [-n RUNS]`.

Prints the medians of the processor time of whole processes, and the median of the ratios; only the ratio is told of,
since machines differ.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
RUNS = {
    "route": ("route", "Dalian", "Rotterdam", "--via", "nsr"),
    "run": ("run", "scenarios/08-yong-sheng-2013.yaml"),
    "calendar": ("calendar", "scenarios/08-yong-sheng-2013.yaml"),
}


def seconds(tree: Path, words: tuple[str, ...]) -> float:
    """Processor time of the program as it lies in a tree, with its workers. Raises CalledProcessError on failure."""
    start = os.times()
    subprocess.run(
        [sys.executable, "-m", "northabout", *words], cwd=tree, check=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    stop = os.times()
    return stop.children_user + stop.children_system - start.children_user - start.children_system


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="checkout to compare with")
    parser.add_argument("-n", type=int, default=3, help="runs of each")
    options = parser.parse_args()
    print("| what | here, s | there, s | here / there |\n|---|---|---|---|")
    for name, words in RUNS.items():
        pairs = [(seconds(HERE, words), seconds(options.other.resolve(), words)) for _ in range(options.n)]
        here, there = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"| {name} | {here:.2f} | {there:.2f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
