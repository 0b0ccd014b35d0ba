"""What is measured: one command a side, each a whole process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """
    One way to synthesize the production app.

    Attributes:
        name: As the table shows it.
        command: Arguments of the process.
        context: CDK context for a Python app; absent for another kind of process.
    """

    name: str
    command: tuple[str, ...]
    context: dict[str, object] | None = None

    def run(self, out: Path) -> None:
        """Run the process to its end; a failed run stops the benchmark."""
        environment = dict(os.environ)
        if self.context is not None:
            environment |= {"CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps(self.context)}
        subprocess.run(self.command, cwd=ROOT, env=environment, check=True, capture_output=True)


def context_of(environment: str, **more: object) -> dict[str, object]:
    """The context that `cdk synth -c environment=...` would hand on."""
    flags: dict[str, object] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return {**flags, "environment": environment, **more}


def sides(templates: Path, out: Path) -> list[Side]:
    """
    The sides to interleave.

    Args:
        templates: A cloud assembly of the production app, which the JavaScript side includes.
        out: Folder for what the sides write.
    """
    return [
        Side(name="ours, every check", command=(sys.executable, "app.py"), context=context_of("prod")),
        Side(
            name="Python, default checks",
            command=(sys.executable, "-m", "benchmarks.default_checks"),
            context=context_of("prod"),
        ),
        Side(
            name="JavaScript, default checks",
            command=("node", str(BENCHMARKS / "same_resources.js"), str(templates), str(out / "js")),
        ),
    ]
