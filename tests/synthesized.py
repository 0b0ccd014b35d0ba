"""The app's own stacks, synthesized once an environment and test process, with the checks attached."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from genai_layers import testing
from genai_layers.settings import load
from stacks import checks
from stacks.build import Stacks, build

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = tuple(sorted(path.stem for path in (ROOT / "stacks" / "environments").glob("*.toml")))


@dataclass(frozen=True)
class Synthesized:
    """
    What a synth of one environment wrote.

    Attributes:
        directory: The cloud assembly.
        templates: Template by stack name, `GenAi-prod-Network`.
    """

    directory: Path
    templates: dict[str, dict[str, Any]]


def synthesize_edited(environment: str, edit: Callable[[cdk.App, Stacks], None]) -> Synthesized:
    """Build the app of *environment*, let *edit* change it, run every check. Raises as `app.synth()` does."""
    app = testing.app()
    directory = Path(app.outdir)
    settings = load(environment, ROOT / "stacks" / "environments")
    stacks = build(app, settings)
    edit(app, stacks)
    checks.synthesize(app, settings)
    templates = {
        path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(directory.glob("*.template.json"))
        if not path.name.endswith(".nested.template.json")
    }
    return Synthesized(directory, templates)


@functools.cache
def synthesize(environment: str) -> Synthesized:
    """The app of *environment* as it stands."""
    return synthesize_edited(environment, lambda app, stacks: None)


def masked(template: dict[str, Any]) -> dict[str, Any]:
    """*template* without what changes with every line of handler code or setting: hashes of assets, the revision."""
    text = re.sub(r"[0-9a-f]{64}(?=\.zip|\.json)", "<asset>", json.dumps(template))
    result: dict[str, Any] = json.loads(text)
    result["Outputs"]["Revision"]["Value"] = "<revision>"
    return result
