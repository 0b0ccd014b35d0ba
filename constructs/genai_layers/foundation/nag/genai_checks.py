"""Our rules as a validation plugin of the CDK core."""

import json

import aws_cdk as cdk
import jsii

from genai_layers.compliance import Finding, Rule, check_template, genai_checks, pack
from genai_layers.foundation.nag.assembly import template_files


@jsii.implements(cdk.IPolicyValidationPlugin)
class GenAiChecks:
    """
    Asks the rules of the pack about every template of an app.

    It reads the JSON that is deployed, so it also sees property overrides, generic resources and
    nested stacks, to which cdk-nag is blind in part.

    Example:
        cdk.Validations.of(app).add_plugins(GenAiChecks())
    """

    def __init__(self) -> None:
        self._rules = genai_checks()

    @property
    def name(self) -> str:
        """Name in the report; acknowledgements use it with a dash for the space."""
        return pack.NAME

    @property
    def version(self) -> str:
        """Version of the pack."""
        return pack.VERSION

    @property
    def rule_ids(self) -> list[str]:
        """Ids of the rules that are asked."""
        return [rule.id for rule in self._rules]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Return what the rules found; called by the core at the end of the synth."""
        found: dict[Rule, list[cdk.PolicyViolatingResource]] = {}
        for file in template_files(context):
            document = json.loads(file.path.read_text(encoding="utf-8"))
            for finding in check_template(document, self._rules):
                found.setdefault(finding.rule, []).append(_resource(finding, str(file.path)))
        violations = [
            cdk.PolicyViolation(
                rule_name=rule.id,
                description=f"{rule.title}. {rule.why}",
                fix=rule.fix,
                severity=rule.severity.value,
                violating_resources=resources,
            )
            for rule, resources in found.items()
        ]
        return cdk.PolicyValidationPluginReport(success=not violations, violations=violations)


def _resource(finding: Finding, template_path: str) -> cdk.PolicyViolatingResource:
    return cdk.PolicyViolatingResource(
        resource_logical_id=finding.logical_id,
        template_path=template_path,
        locations=[finding.rule.location],
    )
