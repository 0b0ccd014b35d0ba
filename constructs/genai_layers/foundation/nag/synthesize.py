"""The last line of an app: synthesize it, and let nothing pass that the checks found."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import cx_api

from genai_layers.foundation.nag.checks_record import FILE
from genai_layers.foundation.nag.errors import ChecksError, FindingsError

_CLI_REPORTS = "@aws-cdk/core:failSynthOnValidationErrors"


def synthesize(app: cdk.App) -> cx_api.CloudAssembly:
    """
    Synthesize *app*, and raise if a check found anything that is not acknowledged.

    `app.synth()` alone lets three things pass. Seventeen rules of AwsSolutions and one of each other pack
    report warnings, which stop it until something is acknowledged in the same pack, and never after.
    A plugin that breaks down has no findings, and the CDK CLI takes a report without any for success.
    And where `CDK_APP_MODE=process` is set without the CLI, errors are only printed.

    Args:
        app: An app that `attach_checks` has seen.

    Returns:
        The cloud assembly, as `app.synth()` does.

    Raises:
        ChecksError: No checks are attached, or one of them broke down.
        FindingsError: Findings are left that the core lets pass.
        RuntimeError: The core's own, when errors are left.

    Example:
        app = cdk.App(builtin_cloud_formation_validation=False)
        ...
        attach_checks(app)
        synthesize(app)
    """
    assembly = app.synth()
    directory = Path(assembly.directory)
    if not (directory / FILE).is_file():
        raise ChecksError("the app has no checks: call attach_checks(app) before synthesize(app)")
    plugins = _read(directory / FILE)["plugins"]
    reports = [
        report
        for report in _read(directory / "validation-report.json")["pluginReports"]
        if report["pluginName"].replace(" ", "-") in plugins
    ]
    failed = [report for report in reports if report["conclusion"] != "success"]
    broken = [report for report in failed if not _findings(report)]
    if broken:
        raise ChecksError("; ".join(_breakdown(report) for report in broken))
    if not (failed and _is_cli_reporting(app)):
        left = [line for report in reports for line in _findings(report)]
        if left:
            raise FindingsError(f"{len(left)} findings are left, fix or acknowledge them:\n" + "\n".join(left))
    return assembly


def _is_cli_reporting(app: cdk.App) -> bool:
    """Return whether the CLI prints errors and fails: raising here would cost the user its report."""
    return app.node.try_get_context(_CLI_REPORTS) in (False, "false")


def _breakdown(report: dict[str, Any]) -> str:
    metadata: dict[str, str] = report.get("metadata") or {}
    return metadata.get("error", f"plugin {report['pluginName']!r} failed without saying where")


def _findings(report: dict[str, Any]) -> list[str]:
    return [
        f"{report['pluginName'].replace(' ', '-')}::{violation['ruleName']} on {construct['constructPath']}: "
        f"{violation['description']}"
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    ]


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
