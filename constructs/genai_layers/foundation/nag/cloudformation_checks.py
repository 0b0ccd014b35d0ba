"""The CloudFormation validator as a validation plugin of the CDK core."""

from functools import cache
from importlib.metadata import version
from pathlib import Path

import aws_cdk as cdk
import jsii
from cloudformation_validate import (
    CompositeEngine,
    DetailLevel,
    Diagnostic,
    PseudoParameterOverrides,
    ReportStatus,
    Severity,
    ValidateConfig,
)

from genai_layers.foundation.nag.assembly import template_files
from genai_layers.foundation.nag.finding_id import CLOUDFORMATION_CHECKS

PROMOTED = frozenset({"W3030"})
"""Warnings that stop the synth: W3030 is a value outside its enumeration, which no deployment survives."""


@cache
def _engine() -> CompositeEngine:
    # Compiling the rules takes 0.25-0.45 s, checking a template 0.06 s: one engine for the process.
    return CompositeEngine()


@jsii.implements(cdk.IPolicyValidationPlugin)
class CloudFormationChecks:
    """
    Checks every template against the resource schemas and CloudFormation's own rules, offline.

    It stands in for the validator that is built into the core, which is ten times slower,
    takes wrong enumeration values for warnings and does not look into nested stacks.

    Example:
        cdk.Validations.of(app).add_plugins(CloudFormationChecks())
    """

    @property
    def name(self) -> str:
        """Name in the report; acknowledgements use it with a dash for the space."""
        return CLOUDFORMATION_CHECKS

    @property
    def version(self) -> str:
        """Version of the validator."""
        return version("cloudformation-validate")

    @property
    def rule_ids(self) -> None:
        """Not given: the validator has some hundreds."""
        return

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Return what the validator found; called by the core at the end of the synth."""
        violations = [violation for file in template_files(context) for violation in _check(file.path, file.region)]
        return cdk.PolicyValidationPluginReport(success=not violations, violations=violations)


def _check(path: Path, region: str | None) -> list[cdk.PolicyViolation]:
    report = _engine().validate_template(
        path,
        ValidateConfig(
            severity_level=Severity.WARN,
            detail_level=DetailLevel.STANDARD,
            pseudo_parameter_overrides=PseudoParameterOverrides(region=region),
        ),
    )
    violations = [_violation(diagnostic, path) for diagnostic in report.diagnostics if _stops(diagnostic)]
    if report.status is not ReportStatus.OK and not violations:
        violations.append(_unfinished(path))
    return violations


def _stops(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity in (Severity.FATAL, Severity.ERROR) or diagnostic.rule_id in PROMOTED


def _unfinished(path: Path) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name="UNFINISHED",
        description=f"{path.name} is too large or too deep to be checked to the end",
        fix="split the stack",
        severity="fatal",
        # The core passes over a violation that is nowhere.
        violating_resources=[cdk.PolicyViolatingResource(template_path=str(path), locations=[])],
    )


def _violation(diagnostic: Diagnostic, path: Path) -> cdk.PolicyViolation:
    entity = diagnostic.entity
    return cdk.PolicyViolation(
        rule_name=diagnostic.rule_id,
        description=diagnostic.message,
        severity="error",
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=entity.logical_id if entity else None,
                template_path=str(path),
                locations=[diagnostic.property_path] if diagnostic.property_path else [],
            )
        ],
    )
