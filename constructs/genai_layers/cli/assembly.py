"""
Templates of a synthesized app: synthesizes it in a process of its own, or reads what is there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ENVIRONMENT = re.compile(r"aws://[^/]+/([a-z0-9-]+)")


class AssemblyError(ValueError):
    """
    The app cannot be synthesized, or a folder is no cloud assembly.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesizedStack:
    """
    One stack of a cloud assembly.

    Attributes:
        name: Name of the stack; a nested one has the name of its file.
        region: Region it goes to; None when only the deploy knows.
        template: Its template, parsed.
    """

    name: str
    region: str | None
    template: Mapping[str, Any]


def synthesize(environment: str, *, directory: Path, context: Mapping[str, str]) -> tuple[SynthesizedStack, ...]:
    """
    Synthesize the app in *directory* for *environment*, and read its stacks.

    Args:
        environment: Environment file, without its ending.
        directory: Folder that holds app.py and cdk.json.
        context: Further context, as with ``cdk -c``.

    Raises:
        AssemblyError: There is no app, or it does not synthesize; the message holds what the app said.
    """
    app, settings = directory / "app.py", directory / "cdk.json"
    missing = [path.name for path in (app, settings) if not path.is_file()]
    if missing:
        raise AssemblyError(
            f"{directory.resolve()} holds no {' and no '.join(missing)}: run this where the app is, or give "
            "--template-dir"
        )
    given = {**json.loads(settings.read_text("utf-8")).get("context", {}), **context, "environment": environment}
    with tempfile.TemporaryDirectory() as folder:
        # What the CDK's own command line hands an app; env(1) adds to the environment that the app inherits.
        command = ["env", f"CDK_OUTDIR={folder}", f"CDK_CONTEXT_JSON={json.dumps(given)}", sys.executable, app.name]
        run = subprocess.run(  # noqa: S603 - our own interpreter and the user's own app
            command, cwd=directory, capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            said = (run.stderr or run.stdout).strip() or "nothing"
            raise AssemblyError(f"{environment!r} does not synthesize, so it has no cost: app.py said\n{said}")
        return read(Path(folder))


def read(folder: Path) -> tuple[SynthesizedStack, ...]:
    """
    Stacks of the cloud assembly in *folder*, nested stacks and stages included.

    Raises:
        AssemblyError: *folder* is no cloud assembly.
    """
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise AssemblyError(f"{folder} holds no manifest.json: give the folder that `cdk synth` wrote, mostly cdk.out")
    stacks: list[SynthesizedStack] = []
    region: str | None = None
    for name, artifact in json.loads(manifest.read_text("utf-8")).get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact.get("type") == "aws:cloudformation:stack":
            place = _ENVIRONMENT.fullmatch(artifact.get("environment", ""))
            region = place[1] if place and place[1] != "unknown-region" else None
            template = json.loads((folder / properties["templateFile"]).read_text("utf-8"))
            stacks.append(SynthesizedStack(name=properties.get("stackName", name), region=region, template=template))
        elif artifact.get("type") == "cdk:cloud-assembly":
            stacks.extend(read(folder / properties["directoryName"]))
    for nested in sorted(folder.glob("*.nested.template.json")):
        template = json.loads(nested.read_text("utf-8"))
        name = nested.name.removesuffix(".nested.template.json")
        stacks.append(SynthesizedStack(name=name, region=region, template=template))
    return tuple(stacks)
