"""The last line of an app: synthesize it, and let nothing that the checks found pass."""

import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import cx_api

from genai_layers.foundation.nag.checks_record import FILE
from genai_layers.foundation.nag.errors import FindingsError


def synthesize(app: cdk.App) -> cx_api.CloudAssembly:
    """
    Synthesize *app*, and raise if a check found anything that is not acknowledged.

    `app.synth()` alone stops on errors. Seventeen rules of AwsSolutions and one of each other pack report
    warnings; those stop it too, until the first acknowledgement in the same pack, and pass from then on.

    Args:
        app: An app that `attach_checks` has seen.

    Raises:
        FindingsError: A warning of a pack is left.
        RuntimeError: The core's own, when an error is left.
    """
    assembly = app.synth()
    directory = Path(assembly.directory)
    record = directory / FILE
    plugins = json.loads(record.read_text(encoding="utf-8"))["plugins"] if record.is_file() else []
    reports = (
        json.loads((directory / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
        if plugins
        else []
    )
    if all(report["conclusion"] == "success" for report in reports):
        left = [
            f"{violation['ruleName']} on {construct['constructPath']}: {violation['description']}"
            for report in reports
            if report["pluginName"].replace(" ", "-") in plugins
            for violation in report["violations"]
            for construct in violation["violatingConstructs"]
        ]
        if left:
            raise FindingsError(f"{len(left)} findings are left: fix or acknowledge them\n" + "\n".join(left))
    return assembly
