"""
How long a fully checked synth of the production app takes, against plain CDK.

Run with `make bench`. Each side runs as a whole process, in turn with the others, so that a machine
that slows down slows all of them; the table gives medians and the ratio to our own side.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.sides import BENCHMARKS, sides


def measure(rounds: int) -> dict[str, list[float]]:
    """Wall seconds of each side, one figure a round, after one round that is not counted."""
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        templates = out / "templates"
        contenders = sides(templates, out)
        contenders[0].run(templates)
        resources = sum(
            len(json.loads(path.read_text(encoding="utf-8"))["Resources"]) for path in templates.glob("*.template.json")
        )
        print(f"{resources} resources, {rounds} rounds")
        for number in range(rounds + 1):
            for index, side in enumerate(contenders):
                started = time.perf_counter()
                side.run(out / str(index))
                if number:
                    seconds.setdefault(side.name, []).append(time.perf_counter() - started)
    return seconds


def table(seconds: dict[str, list[float]]) -> str:
    """Medians, spread, and ratio to the first side, as Markdown."""
    ours = statistics.median(next(iter(seconds.values())))
    rows = ["| side | median s | min | max | ours / side |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, runs in seconds.items():
        median = statistics.median(runs)
        rows.append(f"| {name} | {median:.2f} | {min(runs):.2f} | {max(runs):.2f} | {ours / median:.2f} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    if not (BENCHMARKS / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=BENCHMARKS, check=True)
    print(table(measure(rounds)))


if __name__ == "__main__":
    sys.exit(main())
