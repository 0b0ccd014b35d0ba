"""Apps with checks, and what their report says."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk

from genai_layers import testing
from genai_layers.foundation.nag import CloudFormationChecks, GenAiChecks


def violations(app: cdk.App) -> dict[str, dict[str, list[str]]]:
    """Constructs by rule by plugin, of the report that the synth left."""
    content = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))
    return {
        plugin["pluginName"]: {
            violation["ruleName"]: [construct["constructPath"] for construct in violation["violatingConstructs"]]
            for violation in plugin["violations"]
        }
        for plugin in content["pluginReports"]
    }


def checked(*plugins: object, **context: object) -> tuple[cdk.App, cdk.Stack]:
    """An app with our own plugins, which know any template and are quick, and a stack of it."""
    app = testing.app(**context)
    cdk.Validations.of(app).add_plugins(*(plugins or (GenAiChecks(), CloudFormationChecks())))  # type: ignore[arg-type]
    return app, testing.stack(app)
