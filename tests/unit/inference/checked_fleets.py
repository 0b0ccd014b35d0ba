"""What every check says of fleets: the packs, our own rules, the validator of CloudFormation, and cfn-lint."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from genai_layers import testing

_PACKS = ("NIST.800.53.R5-", "HIPAA.Security-", "PCI.DSS.321-")


def validation_report(app: cdk.App) -> dict[str, Any]:
    """Return what the checks that are attached to *app* find; findings beside the fleets are for other rooms."""
    with contextlib.suppress(RuntimeError):
        app.synth()
    report: dict[str, Any] = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))
    return report


def findings(report: Mapping[str, Any], kind: str, *parts: str) -> Iterator[tuple[str, str, str]]:
    """Yield construct path, rule without its pack, and text of each finding of *kind* below one of *parts*."""
    for plugin in report["pluginReports"]:
        for violation in plugin.get(kind, []):
            for construct in violation["violatingConstructs"]:
                path = construct["constructPath"]
                if any(f"/{part}/" in path for part in parts or ("Fleet",)):
                    rule = violation["ruleName"].split("[")[0]
                    for pack in _PACKS:
                        rule = rule.removeprefix(pack)
                    yield path, rule, json.dumps(violation)


def lint(templates: Mapping[str, testing.Template], folder: Path, *words: str) -> list[dict[str, Any]]:
    """Return what cfn-lint, with the schemas of the region, says of resources with one of *words* in their names."""
    files = []
    for name, template in templates.items():
        file = folder / f"{name}.json"
        file.write_text(json.dumps(template), encoding="utf-8")
        files.append(str(file))
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            # An order that is stated twice is no fault.
            *("--regions", "us-east-1", "--format", "json", "--ignore-checks", "W3005", "--"),
            *files,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [
        match
        for match in json.loads(done.stdout or "[]")
        if any(word in str(match["Location"]["Path"]) for word in words or ("Fleet",))
    ]
