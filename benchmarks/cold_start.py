"""
How much processor time the import of every handler takes, and the modules that cost most of it.

    python -m benchmarks.cold_start [--rounds 5]

Each import happens in a fresh interpreter, in a folder that holds what is deployed and nothing else. The second
number adds what the first call to AWS needs, the SDK and the data of one service; a request that is refused does
without.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

RUNTIME = Path(__file__).parents[1] / "constructs" / "genai_layers" / "runtime"
_MOST_MODULES = 3
_CREDENTIALS = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
_FIRST_CALL = "import runtime.shared.clients as c; c.client('s3')"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """
    What one function takes to start.

    Attributes:
        function: Its folder.
        handler_ms: Import of the handler, in milliseconds of a processor, the median.
        with_sdk_ms: The same and a first client, in milliseconds of a processor, the median.
        dearest: The modules that cost most by themselves, with milliseconds by the clock.
    """

    function: str
    handler_ms: float
    with_sdk_ms: float
    dearest: tuple[tuple[str, float], ...]


def functions() -> list[str]:
    """The folders that hold a handler."""
    return sorted(file.parent.name for file in RUNTIME.glob("*/handler.py"))


def measure(function: str, folder: Path, rounds: int) -> ColdStart:
    """
    Import one handler again and again.

    Args:
        function: Its folder.
        folder: Where `runtime/` lies.
        rounds: How often.
    """
    handler = f"import runtime.{function}.handler"
    return ColdStart(
        function=function,
        handler_ms=statistics.median(_milliseconds(handler, folder) for _ in range(rounds)),
        with_sdk_ms=statistics.median(_milliseconds(f"{handler}\n{_FIRST_CALL}", folder) for _ in range(rounds)),
        dearest=_dearest(handler, folder),
    )


def _milliseconds(code: str, folder: Path) -> float:
    timed = "\n".join(
        ["import time", "began = time.process_time()", code, "print((time.process_time() - began) * 1000)"]
    )
    return float(_run([sys.executable, "-c", timed], folder).stdout)


def _dearest(code: str, folder: Path) -> tuple[tuple[str, float], ...]:
    told = _run([sys.executable, "-X", "importtime", "-c", code], folder).stderr
    # import time: self [us] | cumulative | imported package
    rows = [line.removeprefix("import time:").split("|") for line in told.splitlines() if "|" in line]
    own = [(name.strip(), int(self) / 1000) for self, _, name in rows if self.strip().isdigit()]
    return tuple(sorted(own, key=lambda one: -one[1])[:_MOST_MODULES])


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # The code of a function lies where Python can write no bytecode, so it is compiled at every start.
    environment = {"PYTHONDONTWRITEBYTECODE": "1"} | _CREDENTIALS
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)


def main(arguments: list[str] | None = None) -> None:
    """Measure every function and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_start", description="Cold start of every function")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args(arguments).rounds
    print(f"{'function':28} {'handler':>9} {'+ SDK':>9}  dearest modules by themselves")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(RUNTIME, folder / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
        for function in functions():
            found = measure(function, folder, rounds)
            modules = ", ".join(f"{module} {ms:.1f}" for module, ms in found.dearest)
            print(f"{function:28} {found.handler_ms:6.0f} ms {found.with_sdk_ms:6.0f} ms  {modules}")


if __name__ == "__main__":
    main()
