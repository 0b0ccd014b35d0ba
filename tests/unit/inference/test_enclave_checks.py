"""A key broker before every check, and the exact list of what was accepted."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from enclave_estate import broker
from inference_estate import Estate

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks

pytestmark = pytest.mark.synth


def test_a_broker_has_no_open_finding() -> None:
    """Under all packs and our own rules, with the acknowledgements that are known."""
    app = testing.app()
    attach_checks(app)
    broker(Estate(app, "Stack"))
    with contextlib.suppress(RuntimeError):
        app.synth()
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))

    def found(kind: str) -> set[str]:
        return {
            violation["ruleName"]
            for plugin in report["pluginReports"]
            for violation in plugin.get(kind, [])
            for construct in violation["violatingConstructs"]
            if "/Broker/" in construct["constructPath"]
        }

    assert found("violations") == set()
    rules = {name.split("[")[0].split("-")[-1] for name in found("suppressedViolations")}
    assert rules == {"IAM5", "IAMNoInlinePolicy", "AS3"}
