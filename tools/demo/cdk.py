"""Run the ordinary CDK CLI against the local cloud and tell what it does while it does it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools.local_cloud.layout import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tools.local_cloud import LocalCloud

# Such as `Stack | 3/15 | 2:04:38 PM | CREATE_COMPLETE | AWS::S3::Bucket | Docs/Resource`, at times without a total.
_EVENT = re.compile(r"^(\S+)\s+\|\s*(\d+)(?:/(\d+))?\s*\|[^|]*\|\s*(\w+)\s*\|\s*(\S+)\s*\|\s*(.*)$")
_TAIL_LINES = 25
_GRACE_SECONDS = 3
_LINES_BETWEEN_REPORTS = 12


class CdkError(RuntimeError):
    """The CDK CLI ended with an error; the message holds the end of what it printed."""


@dataclass(slots=True)
class Cdk:
    """
    The CDK CLI, pointed at one cloud.

    Args:
        cloud: The running cloud.
        tell: Takes one line of progress.
        context: Context values for the app.
    """

    cloud: LocalCloud
    tell: Callable[[str], None]
    context: dict[str, str] = field(default_factory=lambda: {"environment": "local"})

    @property
    def assembly(self) -> Path:
        """The folder that holds what was synthesized; it goes with the cloud."""
        return self.cloud.layout.home / "cdk.out"

    def bootstrap(self) -> None:
        """Prepare the account as `cdk bootstrap` does everywhere."""
        # Outside the checkout: inside it the CLI would synthesize the app only to learn what it is told here.
        self._run(["bootstrap", f"aws://{ACCOUNT}/{REGION}"], folder=self.cloud.layout.home)

    def deploy(self) -> None:
        """Synthesize, check and deploy every stack."""
        settings = [word for name, value in self.context.items() for word in ("-c", f"{name}={value}")]
        how = ["--all", "--method=direct", "--concurrency", "4", "--require-approval", "never", "--progress", "events"]
        self._run(["deploy", *how, "--output", str(self.assembly), *settings], folder=self.cloud.layout.root)

    def destroy(self) -> None:
        """Destroy every stack that was deployed."""
        self._run(["destroy", "--all", "--force", "--app", str(self.assembly)], folder=self.cloud.layout.home)

    def _run(self, arguments: Sequence[str], *, folder: Path) -> None:
        layout = self.cloud.layout
        log = layout.home / f"cdk-{arguments[0]}.log"
        lines: list[str] = []
        with (
            log.open("w") as kept,
            subprocess.Popen(
                [str(layout.node), str(layout.cdk), *arguments],
                env=self.cloud.environment(),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            ) as process,
        ):
            report = _Report(self.tell)
            try:
                for line in process.stdout or ():
                    kept.write(line)
                    lines.append(line)
                    report.take(line.rstrip())
            except BaseException:
                _end(process)
                raise
        if process.returncode:
            raise CdkError(f"cdk {arguments[0]} ended with status {process.returncode}:\n{_telling(lines)}")


def _end(process: subprocess.Popen[str]) -> None:
    """End the CLI and the app that it runs: they are a process group of their own, so Ctrl-C does not reach them."""
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, wanted)
            process.wait(_GRACE_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _telling(lines: list[str]) -> str:
    """The lines that say what failed, or the last ones where none does."""
    failures = [line for line in lines if "fail" in line.lower() or line.lstrip().startswith(("❌", "‣"))]
    return "".join(failures[-_TAIL_LINES:] or lines[-_TAIL_LINES:])


@dataclass(slots=True)
class _Report:
    """Boils the CLI's many lines down to a few."""

    tell: Callable[[str], None]
    _seen: int = 0

    def take(self, line: str) -> None:
        """Pass on what matters of one line."""
        event = _EVENT.match(line)
        if event:
            self._event(*event.groups())
        elif line.startswith(("✅", " ✅", "❌", "✨  Synthesis")) or "failed" in line.lower():
            self.tell(line.strip())

    def _event(self, stack: str, done: str, total: str | None, status: str, kind: str, what: str) -> None:
        self._seen += 1
        if status.endswith("FAILED"):
            self.tell(f"[red]{stack}: {kind} {what}: {status}[/]")
        elif kind == "AWS::CloudFormation::Stack" or self._seen % _LINES_BETWEEN_REPORTS == 0:
            count = f"{done} of {total}" if total else done
            self.tell(f"{stack}: {count} resources, {status} {kind}")
